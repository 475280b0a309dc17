"""The folder of a saved run: the files that it is made of, its ontology, its key."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import torch

from kgtransfer.config import read_config
from kgtransfer.errors import ConfigError, RunError
from kgtransfer.experiments.results import read_result
from kgtransfer.experiments.runner import digest
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.utils.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import BaseModel

    from kgtransfer.experiments.results import RunResult

__all__ = ["code_digest", "graph_of", "run_key", "saved_config", "verify", "written"]

C = TypeVar("C", bound="BaseModel")

VOLATILE = {"fits", "cache", "live", "result.json", "details.json", "scores.safetensors"}
SUFFIXES = (".safetensors", ".json", ".usearch")  # of files that a run is made of
COUNTED = (
    "arms",
    "few_labels",
    "labels_per_class",
    "seeds",
    "settings",
)  # say which fits are made, not how


def written(folder: Path) -> dict[str, str]:
    """Path inside the run -> SHA-256 of each file that the run is made of.

    What can be made again is none of them: fits, caches, the store, the report.
    """
    parts = [path for name in ("run.toml", "ontology.ttl") if (path := folder / name).is_file()]
    parts += [path for path in folder.rglob("*") if path.suffix in SUFFIXES]
    parts += (folder / "code").rglob("*.py")  # of the user's own
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(set(parts))
        if not path.name.startswith("worth-")  # written by `explain`, later
        and not VOLATILE & set(path.relative_to(folder).parts)
        and not path.name.startswith(".")
    }


def verify(folder: Path) -> None:
    """Make sure that a run is as it was written.

    Raises:
        RunError: a file is missing, cut off, altered or not in the run, or a folder in it is a
            link; the message names it.
    """
    files = read_result(folder).get("files", {})
    for place in folder.iterdir():
        if place.is_symlink() and place.is_dir():
            raise RunError(
                f"{place} is a link to another folder, which the run may not write to",
                cure="put the folder itself in its place",
            )
    for name, sha256 in files.items():
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise RunError(f"{folder / 'result.json'}: {name} is no file of the run")
        read_bytes(folder / name, sha256)


def saved_config(folder: Path, model: type[C], overrides: Sequence[str] = ()) -> C:
    """Folder of a run -> its settings.

    Args:
        folder: of the run.
        model: of the settings of its kind.
        overrides: settings that are now written another way.

    Raises:
        RunError: it keeps none, or those of another version.
    """
    try:
        return read_config(folder / "run.toml", model, overrides)
    except ConfigError as error:
        if not (folder / "run.toml").exists():
            raise RunError(
                f"{folder} keeps no settings, run.toml: a script of its own made it",
                cure="run the script again, with the edited ontology",
            ) from error
        raise RunError(
            f"{folder} was made by another version of kgtransfer ({error.message})",
            cure="make the run again",
        ) from error


def run_key(config: BaseModel | None, *hashes: str) -> str:
    """Digest of all that a run's scores depend on, arms and seeds aside: the run's hash.

    The code of kgtransfer counts too, so that no result outlives a change of what made it.

    Args:
        config: the run's settings, where it has any.
        hashes: of the graph, the concepts, the data, the weights: all that the run reads.
    """
    settings = config.model_dump_json(exclude=set(COUNTED)) if config else ""
    return digest(settings, code_digest(), torch.__version__, *hashes)


@cache
def code_digest() -> str:
    """Digest of the code of kgtransfer: what it made is kept no longer than it stays the same."""
    sources = sorted(Path(__file__).parents[1].rglob("*.py"))
    return digest(*(source.read_text(encoding="utf-8") for source in sources))


def graph_of(folder: Path, result: RunResult) -> KnowledgeGraph:
    """The ontology of a saved run; an empty graph of one that was made without any.

    Raises:
        RunError: the file in the folder is not the one that the run was trained on.
    """
    if result.graph_hash == (nothing := KnowledgeGraph(())).hash:
        return nothing
    graph = read_ontology(folder / "ontology.ttl")
    if graph.hash != result.graph_hash:
        raise RunError(
            f"{folder / 'ontology.ttl'} is not the ontology that this run was trained on",
            cure="put the original file back, or train again with the new one",
        )
    return graph
