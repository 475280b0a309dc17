"""What an ontology states of attributes in classes: high here, low there."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.nodes.attributes.graph import ATT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import numpy.typing as npt

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["stated_levels", "unheard"]

LEVELS = {f"{ATT}highIn": 1.0, f"{ATT}lowIn": -1.0}


def stated_levels(
    knowledge: KnowledgeGraph, columns: Mapping[str, int], classes: Sequence[str], attributes: int
) -> npt.NDArray[np.float32] | None:
    """Ontology -> `[D, classes]`: 1 where an attribute is said to be high in a class, -1 low.

    Args:
        knowledge: holds `att:highIn` and `att:lowIn`, from attributes to classes.
        columns: IRI of an attribute -> its column.
        classes: IRI of each class.
        attributes: D.

    Returns:
        None where nothing is said of them.
    """
    row_of = {iri: row for row, iri in enumerate(classes)}
    levels = np.zeros((attributes, len(classes)), dtype=np.float32)
    for predicate, level in LEVELS.items():
        for subject, term in knowledge.statements(predicate):
            column, row = columns.get(subject), row_of.get(getattr(term, "value", ""))
            if column is not None and row is not None:
                levels[column, row] += level
    return levels if levels.any() else None


def unheard(
    knowledge: KnowledgeGraph, columns: Mapping[str, str], classes: Mapping[str, str]
) -> list[str]:
    """Ontology -> a line for each column and class that it tells levels of and the table lacks.

    Args:
        knowledge: holds `att:highIn` and `att:lowIn`, from attributes to classes.
        columns: IRI of an attribute -> name of its column.
        classes: IRI of each class -> its name.
    """
    said = [statement for level in LEVELS for statement in knowledge.statements(level)]
    subjects = dict.fromkeys(subject for subject, _ in said)
    objects = dict.fromkeys(getattr(term, "value", "") for _, term in said)
    return [
        _unheard(kind, knowledge.label(iri), held.values())
        for kind, held, iris in (("column", columns, subjects), ("class", classes, objects))
        for iri in iris
        if iri not in held
    ]


def _unheard(kind: str, name: str, held: Collection[str]) -> str:
    near = get_close_matches(name, held, 1)
    meant = f" (did you mean {near[0]}?)" if near else ""
    return f"warning: no {kind} is called {name}{meant}: what is said of it counts for nothing"
