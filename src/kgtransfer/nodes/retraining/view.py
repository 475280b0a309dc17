"""What two ontologies make of the nodes of a run, as far as they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.edits.plan import View
from kgtransfer.nodes.attributes.graph import attribute_iris, class_iris
from kgtransfer.nodes.attributes.stated import LEVELS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from kgtransfer.edits.edit import Edit
    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.nodes.attributes.graph import AttributeFacts
    from kgtransfer.nodes.data.graph import NodeGraph

__all__ = ["renamed", "views_of"]

CLASSES, ATTRIBUTES = "the classes", "the attributes"


def renamed(facts: AttributeFacts, before: KnowledgeGraph, after: KnowledgeGraph) -> dict[str, str]:
    """Old IRI -> new IRI of the attributes and classes of data that an ontology came to define."""
    old, new = (
        [*attribute_iris(facts, graph), *class_iris(facts, graph)] for graph in (before, after)
    )
    return {a: b for a, b in zip(old, new, strict=True) if a != b}


def views_of(nodes: NodeGraph, facts: AttributeFacts, edit: Edit) -> tuple[View, View]:
    """Nodes, and an edit of what is known of them -> what either ontology makes of them.

    Attributes and classes that both see alike are in neither: a graph has thousands.

    Args:
        nodes: the data.
        facts: of it.
        edit: of the graph of attributes and classes.
    """
    before, after = (_View(nodes, facts, graph) for graph in (edit.before, edit.after))
    moved = set(before.attributes.items()) ^ set(after.attributes.items())
    reworded = {name for name, texts in after.readings.items() if texts != before.readings[name]}
    return before.without(moved, reworded), after.without(moved, reworded)


class _View:
    """What one ontology makes of nodes."""

    def __init__(self, nodes: NodeGraph, facts: AttributeFacts, graph: KnowledgeGraph) -> None:
        self.nodes, self.graph = nodes, graph
        names = attribute_iris(facts, graph)
        columns = facts.columns or range(len(names))
        self.attributes = dict(zip(names, columns, strict=True))
        self.classes = class_iris(facts, graph)
        has_names = any(facts.attributes) or bool(nodes.texts)
        self.readings: dict[str, Sequence[str]] = {
            CLASSES: self._texts(self.classes) if has_names else (),
            ATTRIBUTES: self._texts(names) if any(facts.attributes) else (),
        }

    def without(self, moved: set[tuple[str, int]], reworded: set[str]) -> View:
        """A view of what differs."""
        weights = {iri: self._weights(iri, column) for iri, column in sorted(moved)}
        readings = {name: self.readings[name] for name in sorted(reworded)}
        return View({self.nodes.name: weights}, self._levels(), readings=readings)

    def _weights(self, iri: str, column: int) -> npt.NDArray[np.float64]:
        """How strongly each node shows a concept; not at all where the column is another's."""
        attributes = self.nodes.attributes
        if attributes is None or self.attributes.get(iri) != column:
            return np.zeros(self.nodes.num_nodes)
        return np.asarray(attributes[:, [column]].todense(), dtype=np.float64).ravel()

    def _levels(self) -> Mapping[str, Mapping[tuple[str, str], float]]:
        """Class of a table's rows -> where its attributes are said to be high or low."""
        levels: dict[str, dict[tuple[str, str], float]] = {iri: {} for iri in self.classes}
        for predicate, level in LEVELS.items() if self.nodes.groups else ():
            for subject, term in self.graph.statements(predicate):
                iri = getattr(term, "value", "")
                if iri in levels and subject in self.attributes:
                    levels[iri][subject, predicate] = level
        return levels

    def _texts(self, iris: Sequence[str]) -> tuple[str, ...]:
        return tuple(self.graph.text(iri) for iri in iris)
