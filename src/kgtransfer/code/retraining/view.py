"""What a graph makes of a code base: as data that two graphs are compared by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.code.grounder import CodeGrounder
from kgtransfer.code.verbalisers.base import ConceptWords
from kgtransfer.edits.plan import View

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from kgtransfer.code.corpus import SearchCorpus
    from kgtransfer.code.verbalisers.base import Verbaliser
    from kgtransfer.knowledge.graph import KnowledgeGraph

    Floats = npt.NDArray[np.float64]

__all__ = ["view_of"]


def view_of(
    graph: KnowledgeGraph,
    concepts: Sequence[str],
    corpora: Mapping[str, SearchCorpus],
    verbaliser: Verbaliser,
) -> View:
    """Graph, and the concepts that may condition -> weights and readings of each setting's code.

    Args:
        graph: the API graph.
        concepts: IRIs.
        corpora: setting -> its documents.
        verbaliser: what the code is grounded on, and how it is said in words.
    """
    words = {iri: ConceptWords.of(iri, graph) for iri in concepts}
    views = {name: _view(graph, words, corpus, verbaliser) for name, corpus in corpora.items()}
    return View(
        {name: weights for name, (weights, _) in views.items()},
        axioms={},
        readings={name: readings for name, (_, readings) in views.items()},
    )


def _view(
    graph: KnowledgeGraph,
    words: Mapping[str, ConceptWords],
    corpus: SearchCorpus,
    verbaliser: Verbaliser,
) -> tuple[dict[str, Floats], tuple[str, ...]]:
    """IRI of a concept -> its weight in each document; and each document in its context."""
    grounder = CodeGrounder(graph, tuple(words), masked=corpus.masked, verbaliser=verbaliser)
    grounding = grounder.ground(corpus.documents)
    weights: dict[str, Floats] = {}
    readings = []
    for row, document in enumerate(corpus.documents):
        around = grounding.concepts_of(row)
        for relation in around.values():
            for iri in relation:
                weights.setdefault(iri, np.zeros(len(corpus.documents)))[row] += 1 / len(relation)
        named = {relation: {iri: words[iri] for iri in iris} for relation, iris in around.items()}
        readings.append(verbaliser.context(document, named))
    return weights, tuple(readings)
