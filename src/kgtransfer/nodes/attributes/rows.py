"""What is known of the columns and classes of a table: facts for RDF, levels, vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from kgtransfer.embedding import embed
from kgtransfer.nodes.attributes.graph import (
    ATT,
    NODES,
    AttributeFacts,
    class_iris,
    concepts_by_name,
    name_key,
)
from kgtransfer.nodes.attributes.knowledge import AttributeKnowledge, marking_attributes
from kgtransfer.nodes.attributes.similarity import nearest
from kgtransfer.nodes.attributes.stated import stated_levels, unheard
from kgtransfer.utils.progress import bar, say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from kgtransfer.embedding import ConceptEmbeddings, Encoder
    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.nodes.data.graph import NodeGraph

__all__ = ["row_facts", "row_knowledge", "text_concepts"]


def row_facts(
    rows: NodeGraph, train: npt.NDArray[np.int64], ontology: KnowledgeGraph | None = None
) -> AttributeFacts:
    """Table -> what RDF says of it: its numbers and categories, and words of the ontology.

    Args:
        rows: the data.
        train: rows over which is counted what marks a class.
        ontology: whose attributes words may be.
    """
    assert rows.attributes is not None
    named = concepts_by_name(ontology, f"{ATT}NodeAttribute")
    words = range(*rows.groups.get("words", (0, 0)))
    numbers = rows.groups.get("numbers", (0, 0))[1]
    columns = [
        column
        for column in range(rows.attributes.shape[1])
        if column not in words or name_key(rows.attribute_names[column]) in named
    ]
    place = {column: row for row, column in enumerate(columns)}
    marks = marking_attributes(rows.attributes, rows.labels, train)
    return AttributeFacts(
        rows.name,
        [rows.attribute_names[column] for column in columns],
        np.bincount(rows.attributes.indices, minlength=rows.attributes.shape[1])[columns].tolist(),
        rows.classes,
        marks=[(place[c], row) for c, row in marks if c in place and c >= numbers],
        columns=columns,
        numbers=numbers,
    )


def row_knowledge(
    rows: NodeGraph,
    knowledge: KnowledgeGraph,
    facts: AttributeFacts,
    columns: Mapping[str, int],
    *,
    encoder: Callable[[], Encoder],
    cache: Path | None = None,
) -> AttributeKnowledge | None:
    """Table and knowledge graph -> what is high and low in which class, and vectors of meanings.

    Args:
        rows: the data.
        knowledge: holds its attributes and classes.
        facts: of the data.
        columns: IRI of an attribute that may condition -> its column.
        encoder: makes the encoder of texts; asked for only where there are words to encode.
        cache: folder that keeps vectors between calls.

    Returns:
        None where the knowledge says nothing of these attributes and classes.
    """
    assert rows.attributes is not None
    size = rows.attributes.shape[1]
    classes = class_iris(facts, knowledge)
    stated = stated_levels(knowledge, columns, classes, size)
    names = {iri: rows.attribute_names[column] for iri, column in columns.items()}
    for line in unheard(knowledge, names, dict(zip(classes, rows.classes, strict=True))):
        say(line)
    defined = [iri for iri in classes if not iri.startswith(NODES)]
    worded = [iri for iri, column in columns.items() if column >= facts.numbers]
    if stated is None and not (defined and rows.texts) and all(w.startswith(NODES) for w in worded):
        return None
    selected = [*worded, *(classes if rows.texts else ())]
    related, vectors, described = sp.eye_array(size, format="csr", dtype=np.float32), None, None
    concepts = None
    if selected:
        concepts = text_concepts(knowledge, encoder(), cache)
        chosen = concepts.vectors[concepts.rows(selected)].numpy()
        if len(worded) > 1:
            own = chosen[: len(worded)]
            places = [columns[iri] for iri in worded]
            vectors = np.tile(own.mean(axis=0), (size, 1))
            vectors[places] = own
            related = _placed(nearest(own), places, size)
        described = chosen[len(worded) :] if rows.texts else None
    related = sp.csr_array(related)
    return AttributeKnowledge(vectors, None, related, described, stated, concepts)


def text_concepts(
    knowledge: KnowledgeGraph, encoder: Encoder, cache: Path | None = None
) -> ConceptEmbeddings:
    """Knowledge graph -> vectors of the texts of all its concepts.

    Args:
        knowledge: with their texts.
        encoder: of texts.
        cache: folder that keeps vectors between calls.
    """
    with bar("embedding the concepts") as advance:
        return embed(
            knowledge,
            model=None,
            text=encoder,
            cache=cache,
            progress=lambda message, done: advance(0, message),
        )


def _placed(related: sp.csr_array, places: Sequence[int], size: int) -> sp.csr_array:
    """S of some attributes -> S `[D, D]`: the others are related to themselves alone."""
    parts = related.tocoo()
    at = np.array(places)
    rest = np.setdiff1d(np.arange(size), at)
    rows = np.concatenate([at[parts.coords[0]], rest])
    columns = np.concatenate([at[parts.coords[1]], rest])
    values = np.concatenate([parts.data, np.ones(len(rest), dtype=np.float32)])
    return sp.csr_array(sp.coo_array((values, (rows, columns)), shape=(size, size)))
