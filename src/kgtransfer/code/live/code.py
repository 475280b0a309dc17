"""A saved run and a code base -> its index as the code is now, kept in the run's folder."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgtransfer.backbones.text import TextEncoder
from kgtransfer.code.index import LIVE, SearchIndex, under
from kgtransfer.code.languages.python import find_source
from kgtransfer.code.live.index import LiveIndex
from kgtransfer.code.live.sources import Sources
from kgtransfer.code.verbalisers.functions import FUNCTIONS
from kgtransfer.errors import DataError, RunError
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.retrieval.vectors import TextVectors
from kgtransfer.training.checkpoint import read_tensors, write_safetensors
from kgtransfer.utils.files import json_bytes, read_bytes, read_json, write_atomically
from kgtransfer.utils.resources import resource

if TYPE_CHECKING:
    from collections.abc import Callable

    from kgtransfer.code.languages.source import SourceModule
    from kgtransfer.code.live.index import Update
    from kgtransfer.code.run import SavedRun
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["Kept", "LiveCode", "kept_index"]

LISTING, GRAPH, TEXTS = "live.json", "ontology.ttl", "texts.safetensors"
CODE_TEXTS, CONCEPT_TEXTS = "code.", "concepts."


@dataclass(frozen=True)
class Kept:
    """What `LiveCode.save` wrote.

    Attributes:
        index: the functions.
        graph: of the code, beside what people wrote.
        paths: of the code base.
    """

    index: SearchIndex
    graph: KnowledgeGraph
    paths: tuple[Path, ...]


class LiveCode:
    """A code base with the index of a run's model over it.

    Args:
        saved: the run.
        path: a folder or file, the name of an installed package, or `stdlib`; by default the code
            base of the index that the run keeps, else the one that the run searches.

    Raises:
        RunError: the run's model or its ontology are such that new code cannot be taken up.
        DataError: there is no such code base.
    """

    def __init__(self, saved: SavedRun, path: str = "") -> None:
        self._saved, folder = saved, saved.folder / LIVE
        listing = _listing(saved) if (folder / LISTING).is_file() else {}
        self.sources = Sources(_paths(saved, path, listing), saved.config.data.languages)
        tensors = _tensors(folder, listing)
        encoder = saved.index.encoder
        reader = TextEncoder.from_pretrained(
            saved.folder / "encoder",
            trained_layers=len(encoder.layers),
            max_tokens=encoder.max_tokens,
        )
        self._live = LiveIndex(
            saved.index,
            saved.graph,
            _written(saved),
            reader,
            TextVectors.restored(under(CODE_TEXTS, tensors)) if tensors else saved.texts(),
            TextVectors.restored(under(CONCEPT_TEXTS, tensors)) if tensors else None,
        )
        self._modules: list[SourceModule] = []
        self.index: SearchIndex

    @property
    def graph(self) -> KnowledgeGraph:
        """What is known of the code as it is now."""
        return self._live.graph

    @property
    def labels(self) -> dict[str, str]:
        """IRI of each concept that may condition -> its label."""
        return self._live.labels

    def update(self, progress: Callable[[int], None] = lambda done: None) -> Update | None:
        """Look at the files, and take up what changed; None where nothing did.

        Raises:
            DataError: the code base is gone, or has no function.
        """
        modules = self.sources.modules()
        if [*map(id, modules)] == [*map(id, self._modules)]:
            return None
        if all(d.kind == "class" for module in modules for d in module.definitions):
            raise DataError("no function to answer about", cure="check the path of the code base")
        update = self._live.update(modules, progress)
        self.index, self._modules = self._live.index(), modules
        return update

    def save(self) -> None:
        """Keep the index in the run's folder, so that `kept_index` finds it."""
        folder = self._saved.folder / LIVE
        self.index.save(folder, with_encoder=False)
        write_atomically(folder / GRAPH, self.graph.to_turtle().encode())
        parts = zip((CODE_TEXTS, CONCEPT_TEXTS), self._live.known_texts(), strict=True)
        tensors = {f"{part}{k}": v for part, texts in parts for k, v in texts.state().items()}
        write_safetensors(folder / TEXTS, tensors)
        files = sorted(f for f in folder.iterdir() if f.name[0] != "." and f.name != LISTING)
        listing = {
            "run": self._saved.result.run_hash,
            "paths": [str(path.resolve()) for path in self.sources.paths],
            "files": {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in files},
        }
        write_atomically(folder / LISTING, json_bytes(listing))


def kept_index(saved: SavedRun) -> Kept | None:
    """A run -> the index of its code base that it keeps; None where it keeps none.

    Raises:
        RunError: a file of it is missing or altered, or it is another run's.
    """
    folder = saved.folder / LIVE
    if not (folder / LISTING).is_file():
        return None
    listing = _listing(saved)
    for name, sha256 in listing["files"].items():
        read_bytes(folder / name, sha256)
    index = SearchIndex.load(folder, encoder_of=saved.folder)
    index.read = TextVectors.restored(under(CODE_TEXTS, read_tensors(folder / TEXTS)))
    paths = tuple(map(Path, listing["paths"]))
    return Kept(index, read_ontology(folder / GRAPH), paths)


def _listing(saved: SavedRun) -> dict[str, Any]:
    file = saved.folder / LIVE / LISTING
    listing = read_json(file)
    names = listing.get("files", {})
    if listing.get("run") != saved.result.run_hash or any(Path(n).name != n for n in names):
        raise RunError(
            f"{file}: is not of this run",
            cure=f"remove {file.parent}, and make it again: kgtransfer reindex",
        )
    return listing


def _written(saved: SavedRun) -> KnowledgeGraph:
    """What people say of the code, as it is now: the vocabulary, and what stands beside it."""
    return read_ontology(*map(resource, saved.config.ontology.sources(FUNCTIONS.vocabulary)))


def _paths(saved: SavedRun, path: str, listing: dict[str, Any]) -> list[Path]:
    if path:
        return find_source(path)
    if listing:
        return [Path(known) for known in listing["paths"]]
    data = saved.config.data
    return find_source(data.test) if data.test else find_source(data.path, data.packages)


def _tensors(folder: Path, listing: dict[str, Any]) -> dict[str, Any]:
    """Vectors of texts that an index keeps; none where it keeps none."""
    if not listing:
        return {}
    read_bytes(folder / TEXTS, listing["files"].get(TEXTS, ""))
    return dict(read_tensors(folder / TEXTS))
