"""What is predicted: labels or a number, and the classes of the ontology that stand behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgtransfer.knowledge.codes import classes_by_code, numbers_of_classes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["Targets"]


@dataclass(frozen=True)
class Targets:
    """Labels and classes.

    Attributes:
        labels: what data sets write, in the order of the logits; "number" alone for numbers.
        classes: IRIs, in the order of the axioms' scores; several where a label is any of them.
        label_of: `[classes]` the row of each one's label.
        numbers: `[classes]` that each class stands for, ascending; empty but where labels are
            numbers.
    """

    labels: tuple[str, ...]
    classes: tuple[str, ...]
    label_of: tuple[int, ...]
    numbers: tuple[float, ...] = ()

    @property
    def grouped(self) -> tuple[int, ...]:
        """`label_of`, where several classes stand behind a label; else nothing."""
        return self.label_of if len(self.classes) > len(self.labels) else ()

    @classmethod
    def of(cls, graph: KnowledgeGraph, codes: Sequence[str], more: Sequence[str] = ()) -> Targets:
        """The targets of a data set.

        Args:
            graph: the ontology.
            codes: labels of the data sets.
            more: names of classes that no data set has; each has its label in the ontology.

        Raises:
            OntologyError: a code stands for no class.
        """
        classes = [*classes_by_code(graph, codes), *((graph.expand(name),) for name in more)]
        labels = [*codes, *(graph.label(graph.expand(name)) for name in more)]
        pairs = [(iri, row) for row, iris in enumerate(classes) for iri in iris]
        return cls(tuple(labels), tuple(i for i, _ in pairs), tuple(r for _, r in pairs))

    @classmethod
    def of_levels(cls, graph: KnowledgeGraph) -> Targets:
        """The targets of a data set whose labels are numbers: classes that are coded as one.

        Raises:
            OntologyError: a class is coded as several numbers.
        """
        numbers = numbers_of_classes(graph)
        levels = tuple(sorted(numbers, key=lambda iri: (numbers[iri], iri)))
        return cls(("number",), levels, (0,) * len(levels), tuple(numbers[iri] for iri in levels))
