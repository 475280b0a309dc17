"""Pieces of what is known of attributes and classes, and the knowledge without one of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.nodes.attributes.graph import NODES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy.typing as npt

    from kgtransfer.nodes.attributes.knowledge import AttributeKnowledge

__all__ = ["PIECES", "KnowledgePiece", "knowledge_pieces"]

PIECES = ("attribute", "concept", "axiom")


@dataclass(frozen=True)
class KnowledgePiece:
    """What is known of one attribute or of one class, or one level that is stated.

    Attributes:
        kind: "attribute", "concept" (a class), or "axiom" (an attribute is high or low in a class).
        iris: of the attribute; of the class; of the class and the attribute.
        column: of the attribute.
        row: of the class.
    """

    kind: str
    iris: tuple[str, ...]
    column: int | None = None
    row: int | None = None

    def without(
        self, knowledge: AttributeKnowledge, names: npt.NDArray[np.float32] | None = None
    ) -> AttributeKnowledge:
        """The knowledge as if this were not known; relations between attributes stay.

        An attribute means what the others mean on average. A class has its name, which no ontology
        has to give; where names are nothing that a text could be set against, what is said of the
        others on average, by which no row is told from another.

        Args:
            knowledge: all of it.
            names: `[classes, d]`, vectors of the classes' names.
        """
        column, row = slice(None) if self.column is None else self.column, self.row
        stated, vectors, described = knowledge.stated, knowledge.vectors, knowledge.described
        if stated is not None:
            stated = stated.copy()
            stated[column, slice(None) if row is None else row] = 0.0
        if self.kind == "attribute" and vectors is not None:
            vectors = _averaged(vectors, self.column)
        if self.kind == "concept" and described is not None:
            described = _averaged(described, row)
            if names is not None:
                described[row] = names[row]
        return replace(knowledge, stated=stated, vectors=vectors, described=described)


def knowledge_pieces(
    knowledge: AttributeKnowledge, columns: Mapping[str, int], classes: Sequence[str], most: int
) -> Iterator[KnowledgePiece]:
    """Knowledge -> its pieces: attributes, classes, and levels.

    Args:
        knowledge: all of it.
        columns: IRI of an attribute -> its column, those first that matter most.
        classes: IRI of each class.
        most: attributes of which nothing but their text is known that are pieces; all others are.
    """
    levels = knowledge.stated
    said = {c for c in columns.values() if levels is not None and levels[c].any()}
    texts = knowledge.vectors is not None
    worded = [iri for iri, column in columns.items() if texts and column not in said][:most]
    for iri, column in columns.items():
        if column in said or iri in worded:
            yield KnowledgePiece("attribute", (iri,), column=column)
    is_described = knowledge.described is not None or knowledge.classes is not None
    for row, iri in enumerate(classes):
        is_told = is_described and (knowledge.classes is not None or not iri.startswith(NODES))
        if is_told or (levels is not None and levels[:, row].any()):
            yield KnowledgePiece("concept", (iri,), row=row)
    for iri, column in columns.items():
        for row in [] if levels is None else np.flatnonzero(levels[column]).tolist():
            yield KnowledgePiece("axiom", (classes[row], iri), column, row)


def _averaged(vectors: npt.NDArray[np.float32], row: int | None) -> npt.NDArray[np.float32]:
    """Vectors `[n, d]`, one of them the mean of the others."""
    assert row is not None
    changed = vectors.copy()
    changed[row] = np.delete(vectors, row, axis=0).mean(axis=0)
    return changed
