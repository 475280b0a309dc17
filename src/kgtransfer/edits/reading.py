"""Reads an edit, and tells at once, without any model, whether it changes anything."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from pathlib import Path

from kgtransfer.errors import RunError
from kgtransfer.experiments.results import read_result
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
        path: where it is read from.
        graph: the ontology.
        is_new: whether it says anything else than the run's; order, prefixes and comments do not
            count.
    """

    path: Path
    graph: KnowledgeGraph
    is_new: bool


def read_edited(run: Path, ontology: Path | KnowledgeGraph | None = None) -> Edited:
    """Read the ontology of a run again.

    Args:
        run: folder of the run.
        ontology: the file or folder, or what was read of it; by default where the run read it
            from.

    Raises:
        RunError: the folder holds no run, or one that does not say where its ontology was.
        DataError: the ontology is not where it should be.
        OntologyError: it cannot be read, or breaks the shapes; nothing is changed.
    """
    known_hash = read_result(run).get("graph_hash", "")
    settings = _settings(run)
    source = settings.get("vocabulary") if ontology is None else ontology
    if source is None:
        raise RunError(
            f"{run / 'run.toml'}: does not say which ontology the run has",
            cure="name it: --ontology PATH",
        )
    if isinstance(source, KnowledgeGraph):
        path, graph = Path("the graph"), source
    else:
        path = Path(resource(source))
        graph = read_ontology(path)
    if graph.hash == known_hash:
        return Edited(path, graph, False)
    require_valid(graph, [resource(settings["shapes"])] if "shapes" in settings else [])
    return Edited(path, graph, True)


def _settings(run: Path) -> dict[str, str]:
    """Folder of a run -> what its settings say in texts of its ontology; nothing without them."""
    try:
        section = toml_values(plain_bytes(run / "run.toml").decode()).get("ontology")
    except (OSError, ValueError):
        return {}
    if not isinstance(section, dict):
        return {}
    return {name: value for name, value in section.items() if isinstance(value, str)}


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
