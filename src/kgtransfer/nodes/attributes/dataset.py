"""From a data set to what is known of its attributes: facts for RDF, vectors for conditions."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.nodes.attributes.graph import AttributeFacts, attribute_iris, class_iris
from kgtransfer.nodes.attributes.knowledge import AttributeKnowledge, marking_attributes
from kgtransfer.nodes.attributes.rows import row_facts, row_knowledge, text_concepts
from kgtransfer.nodes.attributes.similarity import co_occurrence
from kgtransfer.nodes.kept import Kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    import numpy.typing as npt
    import scipy.sparse as sp

    from kgtransfer.embedding import Encoder
    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.nodes.data.graph import NodeGraph

__all__ = ["attribute_facts", "attribute_knowledge"]

TOGETHER = 3  # partners of an attribute that are written down
NAMELESS = re.compile(r"class \d+")


def attribute_facts(
    graph: NodeGraph,
    *,
    train: npt.NDArray[np.int64],
    ontology: KnowledgeGraph | None = None,
    kept: Kept | None = None,
) -> AttributeFacts:
    """Data set -> what RDF says of it; what marks a class is counted over training nodes alone.

    Args:
        graph: the data.
        train: training nodes.
        ontology: of a table's words those are said that it has as attributes.
        kept: what the run keeps of its work.
    """
    if graph.groups:
        return row_facts(graph, train, ontology)
    if graph.attributes is None:
        return AttributeFacts(graph.name, (), (), graph.classes)
    attributes = graph.attributes
    names = graph.attribute_names or ("",) * attributes.shape[1]
    counts = np.bincount(graph.attributes.indices, minlength=len(names))
    pairs = (kept or Kept()).arrays(
        lambda: {"pairs": _together(attributes)}, "together", graph.hash
    )["pairs"]
    marks = marking_attributes(graph.attributes, graph.labels, train)
    return AttributeFacts(
        graph.name, names, counts.tolist(), graph.classes, list(map(tuple, pairs.tolist())), marks
    )


def _together(attributes: sp.csr_array) -> npt.NDArray[np.int64]:
    """Attributes `[N, D]` -> pairs of columns `[n, 2]` that occur together most, ascending."""
    row, column = co_occurrence(attributes, TOGETHER).tocoo().coords
    apart = row != column
    pairs = np.stack([np.minimum(row, column)[apart], np.maximum(row, column)[apart]], axis=1)
    return np.unique(pairs.astype(np.int64), axis=0)


def attribute_knowledge(
    graph: NodeGraph,
    knowledge: KnowledgeGraph,
    facts: AttributeFacts,
    *,
    select: Iterable[str],
    encoder: Callable[[], Encoder],
    cache: Path | None = None,
) -> AttributeKnowledge | None:
    """Data set and knowledge graph -> vectors and relations of its attributes and classes.

    Args:
        graph: the data.
        knowledge: holds its attributes and classes.
        facts: of the data.
        select: the concepts that may condition.
        encoder: makes the encoder of names, where there are names to encode.
        cache: folder that keeps vectors between calls.

    Returns:
        None where the graph has no attributes, or the knowledge says nothing of a table.
    """
    if graph.attributes is None:
        return None
    chosen = set(select)
    iris = attribute_iris(facts, knowledge)
    columns = {
        iri: column
        for column, iri in zip(facts.columns or range(len(iris)), iris, strict=True)
        if iri in chosen
    }
    if graph.groups:
        return row_knowledge(graph, knowledge, facts, columns, encoder=encoder, cache=cache)
    if not graph.attribute_names or not columns:
        return AttributeKnowledge.of(graph, columns, (), None)
    classes = class_iris(facts, knowledge)
    named = [] if all(map(NAMELESS.fullmatch, graph.classes)) else classes
    concepts = text_concepts(knowledge, encoder(), cache)
    selected = concepts.select([*columns, *(iri for iri in named if iri in chosen)])
    known = AttributeKnowledge.of(graph, columns, named or ("",), selected)
    return replace(known, concepts=concepts)
