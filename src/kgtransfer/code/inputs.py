"""What an arm of code search is given: training pairs, concepts, the conditions of documents."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.code.arms import method_of
from kgtransfer.code.texts import SearchTexts
from kgtransfer.code.verbalisers.functions import FUNCTIONS
from kgtransfer.embedding.concepts import shuffled_rows
from kgtransfer.retrieval.contrastive import Pairs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor

    from kgtransfer.backbones.text import TextEncoder
    from kgtransfer.code.arms import SearchMethod
    from kgtransfer.code.corpus import SearchCorpus, Snippet
    from kgtransfer.code.verbalisers.base import ConceptWords, Verbaliser
    from kgtransfer.embedding.concepts import ConceptEmbeddings
    from kgtransfer.experiments.arms import Arm
    from kgtransfer.grounding.base import Grounding
    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.retrieval.settings import SearchTraining

__all__ = ["SearchInputs"]


class SearchInputs:
    """A corpus and its graph -> what each arm trains on and is conditioned by.

    Args:
        corpus: documents, queries and code to adapt on.
        graph: the API graph.
        concepts: embeddings of the concepts that may condition.
        encoder: the pre-trained encoder; only its frozen layers are used.
        training: how much is trained on.
        frozen_states: text -> token states, shared with other tasks of the same encoder.
        verbaliser: what the code is grounded on, and how it is said in words.
    """

    def __init__(
        self,
        corpus: SearchCorpus,
        graph: KnowledgeGraph,
        concepts: ConceptEmbeddings,
        encoder: TextEncoder,
        training: SearchTraining,
        frozen_states: dict[str, Tensor] | None = None,
        verbaliser: Verbaliser = FUNCTIONS,
    ) -> None:
        self.corpus, self.graph, self.concepts, self.training = corpus, graph, concepts, training
        self.texts = SearchTexts(corpus, graph, concepts.iris, encoder, frozen_states, verbaliser)

    def concepts_of(self, method: SearchMethod, seed: int) -> ConceptEmbeddings:
        """The rows that condition an arm; the placebo's are permuted within their class."""
        concepts = self.concepts.part(*method.parts)
        if method.concepts == "shuffled":
            return concepts.shuffled(self._types, seed)
        return concepts.random(seed) if method.concepts == "random" else concepts

    def words_of(self, method: SearchMethod, seed: int) -> list[ConceptWords]:
        """The words for each concept in contexts; the placebo's words go with its vectors."""
        if method.concepts != "shuffled":
            return self.texts.words
        rows = shuffled_rows(self.concepts.iris, self._types, seed)
        return [self.texts.words[row] for row in rows]

    @cached_property
    def _types(self) -> Mapping[str, tuple[str, ...]]:
        return {iri: self.graph.types(iri) for iri in self.concepts.iris}

    def contexts(
        self, method: SearchMethod, seed: int, snippets: Sequence[Snippet], grounding: Grounding
    ) -> list[str]:
        """Functions -> their code in context as an arm reads it; empty where it reads none."""
        if not method.context:
            return []
        return self.texts.contexts(snippets, grounding, self.words_of(method, seed))

    def pairs(self, arm: Arm[SearchMethod], seed: int) -> Pairs:
        """What an encoder trains on: labelled pairs, or functions with synthetic queries."""
        rng, source = np.random.default_rng(seed), method_of(arm).train_on
        if source == "labels":
            rows = rng.permutation(len(self.corpus.labelled))[: arm.labels].tolist()
            labelled = [self.corpus.labelled[row] for row in rows]
            snippets = [query.answer for query in labelled]
            queries = [[query.text] for query in labelled]
        else:
            snippets, groups = self.adaptation(source, seed), self.queries(source, seed)
            # As many as there are epochs will do: one is shown in each.
            queries = [rng.choice(group, self.training.epochs).tolist() for group in groups]
        return Pairs(
            documents=self.texts.states([snippet.code for snippet in snippets]),
            queries=self.texts.states([query for group in queries for query in group]),
            offsets=np.cumsum([0, *map(len, queries)]),
        )

    def adaptation(self, source: str, seed: int) -> list[Snippet]:
        """The code of a seed that queries from `code` or `graph` are for; no arm has its own."""
        snippets = self.texts.adaptation(source)
        return [snippets[row] for row in self._adaptation_rows(source, seed)]

    def queries(self, source: str, seed: int) -> list[list[str]]:
        """For each unlabelled function of a seed its queries by rule from `code` or `graph`."""
        groups = self.texts.synthetic_queries(source)
        return [groups[row] for row in self._adaptation_rows(source, seed)]

    def _adaptation_rows(self, source: str, seed: int) -> list[int]:
        rows = np.random.default_rng(seed).permutation(len(self.texts.adaptation(source)))
        return [int(row) for row in rows[: self.training.adaptation]]
