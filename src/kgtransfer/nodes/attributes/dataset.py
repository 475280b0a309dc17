"""From a data set to what is known of its attributes: facts for RDF, vectors for conditions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.embedding import embed
from kgtransfer.nodes.attributes.graph import AttributeFacts, attribute_iri, class_iris
from kgtransfer.nodes.attributes.knowledge import AttributeKnowledge, marking_attributes
from kgtransfer.nodes.attributes.similarity import co_occurrence
from kgtransfer.utils.progress import bar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    import numpy.typing as npt

    from kgtransfer.embedding import Encoder
    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.nodes.data.graph import NodeGraph

__all__ = ["attribute_facts", "attribute_knowledge"]

TOGETHER = 3  # partners of an attribute that are written down
NAMELESS = re.compile(r"class \d+")


def attribute_facts(graph: NodeGraph, *, train: npt.NDArray[np.int64]) -> AttributeFacts:
    """Data set -> what RDF says of it; what marks a class is counted over training nodes alone."""
    if graph.attributes is None:
        return AttributeFacts(graph.name, (), (), graph.classes)
    names = graph.attribute_names or ("",) * graph.attributes.shape[1]
    counts = np.bincount(graph.attributes.indices, minlength=len(names))
    together = co_occurrence(graph.attributes, TOGETHER).tocoo()
    row, column = together.coords
    pairs = {
        (min(a, b), max(a, b)) for a, b in zip(row.tolist(), column.tolist(), strict=True) if a != b
    }
    marks = marking_attributes(graph.attributes, graph.labels, train)
    return AttributeFacts(graph.name, names, counts.tolist(), graph.classes, sorted(pairs), marks)


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
        None where the graph has no attributes.
    """
    if graph.attributes is None:
        return None
    chosen = set(select)
    columns = {
        iri: column
        for column, name in enumerate(facts.attributes)
        if (iri := attribute_iri(facts.dataset, column, name)) in chosen
    }
    if not graph.attribute_names or not columns:
        return AttributeKnowledge.of(graph, columns, (), None)
    classes = class_iris(facts, knowledge)
    named = [] if all(map(NAMELESS.fullmatch, graph.classes)) else classes
    with bar("embedding the concepts") as advance:
        concepts = embed(
            knowledge,
            select=[*columns, *(iri for iri in named if iri in chosen)],
            model=None,
            text=encoder(),
            cache=cache,
            progress=lambda message, done: advance(0, message),
        )
    return AttributeKnowledge.of(graph, columns, named or ("",), concepts)
