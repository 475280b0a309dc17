"""Reads an edit, and tells at once, without any model, whether it changes anything."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer.errors import RunError
from kgtransfer.files import read_json
from kgtransfer.knowledge.ontology import read_ontology
from kgtransfer.knowledge.validate import require_valid
from kgtransfer.resources import resource

if TYPE_CHECKING:
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["Edited", "free_folder", "read_edited"]


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


def read_edited(run: Path, ontology: Path | None = None) -> Edited:
    """Read the ontology of a run again.

    Args:
        run: folder of the run.
        ontology: the file or folder; by default where the run read it from.

    Raises:
        RunError: the folder holds no run.
        OntologyError: the ontology cannot be read, or breaks the shapes; nothing is changed.
    """
    import tomllib

    known = read_json(run / "result.json").get("graph_hash", "")
    try:
        settings = tomllib.loads((run / "run.toml").read_text(encoding="utf-8"))["ontology"]
        path = ontology or Path(resource(settings["vocabulary"]))
        shapes = Path(resource(settings["shapes"]))
    except (OSError, ValueError, KeyError) as error:
        raise RunError(
            f"{run / 'run.toml'}: does not say which ontology the run has ({error})",
            cure="name it: --ontology PATH",
        ) from error
    graph = read_ontology(path)
    if graph.hash == known:
        return Edited(path, graph, False)
    require_valid(graph, [shapes])
    return Edited(path, graph, True)


def free_folder(run: Path) -> Path:
    """Where the next run goes: beside it, with the first number that is free."""
    stem, _, number = run.name.rpartition("-")
    base = stem if stem and number.isdigit() else run.name
    taken = {path.name for path in run.parent.glob(f"{base}*")}
    return run.with_name(
        next(n for n in (f"{base}-{k}" for k in range(2, 10**6)) if n not in taken)
    )
