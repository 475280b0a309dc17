"""Reads an edit, and tells at once, without any model, whether it changes anything."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from pathlib import Path

from kgtransfer.errors import RunError
from kgtransfer.experiments.results import WRITTEN, read_result
from kgtransfer.knowledge.check.validate import require_valid
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.utils.bounded import toml_values
from kgtransfer.utils.files import json_bytes, plain_bytes, read_json, write_atomically
from kgtransfer.utils.resources import resource

__all__ = ["Edited", "begin", "next_folder", "read_edited"]

BEGUN = "retrain.json"


@dataclass(frozen=True)
class Edited:
    """An ontology as it is now, beside a run that knows it as it was.

    Attributes:
        paths: where it is read from.
        graph: the ontology.
        is_new: whether it says anything else than the run's; order, prefixes and comments do not
            count.
    """

    paths: tuple[Path, ...]
    graph: KnowledgeGraph
    is_new: bool

    @property
    def where(self) -> str:
        """Where it is read from, for people."""
        return ", ".join(map(str, self.paths)) or "the graph"


def read_edited(run: Path, ontology: Path | KnowledgeGraph | None = None) -> Edited:
    """Read the ontology of a run again.

    Args:
        run: folder of the run.
        ontology: the file or folder, or what was read of it; by default where the run read it
            from, all files of it.

    Raises:
        RunError: the folder holds no run, or one that does not say where its ontology was.
        DataError: the ontology is not where it should be.
        OntologyError: it cannot be read, or breaks the shapes; nothing is changed.
    """
    settings = _settings(run)
    if isinstance(ontology, KnowledgeGraph):
        sources: tuple[str | Path, ...] = ()
    else:
        sources = settings.files if ontology is None else (ontology,)
    if not sources and ontology is None:
        raise RunError(
            f"{run / 'run.toml'}: does not say which ontology the run has",
            cure="name it: --ontology PATH",
        )
    paths = tuple(map(resource, sources))
    graph = ontology if isinstance(ontology, KnowledgeGraph) else read_ontology(*paths)
    if graph.hash == _known_hash(run):
        return Edited(paths, graph, False)
    require_valid(graph, list(map(resource, settings.shapes)))
    return Edited(paths, graph, True)


def _known_hash(run: Path) -> str:
    """Folder of a run -> the hash of its ontology: of what people wrote, where its graph is more.

    Runs of older versions do not say the second: then an edit is told by what it changes.
    """
    result = read_result(run)
    details = run / "details.json"
    written = read_json(details).get(WRITTEN) if details.is_file() else None
    return str(written or result.get("graph_hash", ""))


@dataclass(frozen=True)
class _Settings:
    """What a run's settings say of its ontology."""

    files: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()


def _settings(run: Path) -> _Settings:
    """Folder of a run -> where its ontology and its shapes are; nowhere without settings."""
    try:
        section = toml_values(plain_bytes(run / "run.toml").decode()).get("ontology")
    except (OSError, ValueError):
        return _Settings()
    if not isinstance(section, dict):
        return _Settings()
    files = section.get("files", [])
    named = [section.get("vocabulary"), *(files if isinstance(files, list) else [files])]
    shapes = section.get("shapes")
    return _Settings(
        tuple(file for file in named if file and isinstance(file, str)),
        (shapes,) if isinstance(shapes, str) else (),
    )


def next_folder(run: Path, edited: Edited) -> Path:
    """Where the next run goes: beside it, with the first number that is free.

    A folder in which the same retraining was made, or cut off, is taken again.
    """
    stem, _, number = run.name.rpartition("-")
    base = stem if stem and number.isdigit() else run.name
    folders = (run.with_name(f"{base}-{k}") for k in count(2))
    return next(at for at in folders if not at.exists() or _is_meant(at, run, edited))


def begin(folder: Path, run: Path, edited: Edited) -> bool:
    """Note in a new run's folder what is going to be made there; False where it was made before.

    Raises:
        RunError: it holds something else.
    """
    if _is_meant(folder, run, edited):
        return not (folder / "result.json").exists()
    if folder.exists() and any(folder.iterdir()):
        raise RunError(f"{folder} is not empty", cure="name another folder: --out PATH")
    write_atomically(folder / BEGUN, json_bytes(_purpose(run, edited)))
    return True


def _is_meant(folder: Path, run: Path, edited: Edited) -> bool:
    """Whether a folder is the place of this retraining."""
    begun = folder / BEGUN
    return begun.is_file() and read_json(begun) == _purpose(run, edited)


def _purpose(run: Path, edited: Edited) -> dict[str, str]:
    parent = str(read_result(run).get("run_hash", ""))
    return {"parent": parent, "ontology": edited.graph.hash}
