"""What an arm of code search is given: training pairs, concepts, the conditions of documents."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.code.texts import SearchTexts
from kgtransfer.code.verbalisers.functions import FUNCTIONS
from kgtransfer.embedding.concepts import shuffled_rows
from kgtransfer.retrieval.contrastive import Pairs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor

    from kgtransfer.backbones.text import TextEncoder
    from kgtransfer.code.corpus import SearchCorpus, Snippet
    from kgtransfer.code.methods import SearchMethod
    from kgtransfer.code.verbalisers.base import ConceptWords, Verbaliser
    from kgtransfer.embedding.concepts import ConceptEmbeddings
    from kgtransfer.grounding.base import Grounding
    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.retrieval.settings import SearchTraining

__all__ = ["SearchInputs"]

HELD_OUT, HELD_OUT_PART = 200, 10  # functions at most, and one of so many


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
        self._queries: dict[tuple[str, int], list[list[str]]] = {}

    def concepts_of(self, method: SearchMethod, seed: int) -> ConceptEmbeddings:
        """The rows that condition an arm; the placebo's are permuted within their class."""
        concepts = self.concepts.part(*method.parts)
        if method.concepts == "shuffled":
            return concepts.shuffled(self._types, seed)
        return concepts.random(seed) if method.concepts == "random" else concepts

    def words_of(self, method: SearchMethod, seed: int) -> list[ConceptWords]:
        """The words for each concept in contexts; the placebo's words go with its vectors."""
        return self._words_in(method.concepts == "shuffled", seed)

    def _words_in(self, is_shuffled: bool, seed: int) -> list[ConceptWords]:
        if not is_shuffled:
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

    def pairs(self, source: str, labels: int, seed: int) -> Pairs:
        """What an encoder trains on: labelled pairs, or functions with synthetic queries.

        Args:
            source: `labels`, or what queries are written from, see `queries`.
            labels: number of labelled pairs.
            seed: of the draws.
        """
        rng = np.random.default_rng(seed)
        if source == "labels":
            rows = rng.permutation(len(self.corpus.labelled))[:labels].tolist()
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
            groups=np.unique([snippet.module for snippet in snippets], return_inverse=True)[1],
        )

    def adaptation(self, source: str, seed: int) -> list[Snippet]:
        """The code of a seed that queries from `code` or `graph` are for; no arm has its own."""
        snippets = self.texts.adaptation(source)
        return [snippets[row] for row in self._adaptation_rows(source, seed)]

    def queries(self, source: str, seed: int) -> list[list[str]]:
        """For the unlabelled code of a seed its queries by rule.

        Args:
            source: what they are worded from: the `code`, the `graph`, or the `shuffled graph`.
            seed: of the draw of functions, and of the shuffling.
        """
        groups = self._synthetic(source, seed)
        return [groups[row] for row in self._adaptation_rows(source, seed)]

    def held_out(self, source: str, seed: int) -> tuple[list[Snippet], list[list[str]]]:
        """Unlabelled code that no arm of a seed trains on for a source, and queries by rule."""
        snippets, groups = self.texts.adaptation(source), self._synthetic(source, seed)
        rows = self._held_out_rows(source, seed)
        # The shortest and the fullest wording of each: all would take several times as long.
        return [snippets[row] for row in rows], [
            list(dict.fromkeys((groups[row][0], groups[row][-1]))) for row in rows
        ]

    def _synthetic(self, source: str, seed: int) -> list[list[str]]:
        """For all unlabelled code its queries by rule."""
        is_shuffled = source == "shuffled graph"
        key = source, seed if is_shuffled else 0
        if key not in self._queries:
            self._queries[key] = self._written(source, seed, is_shuffled=is_shuffled)
        return self._queries[key]

    def _written(self, source: str, seed: int, *, is_shuffled: bool) -> list[list[str]]:
        if source == "code":
            return self.texts.synthetic_queries(None)
        documented = [[query.text] for query in self.corpus.documented]
        if not documented:
            return self.texts.synthetic_queries(self._words_in(is_shuffled, seed))
        order = np.random.default_rng(seed).permutation(len(documented))
        return [documented[row] for row in order] if is_shuffled else documented

    def _adaptation_rows(self, source: str, seed: int) -> list[int]:
        held = len(self._held_out_rows(source, seed))
        return self._order(source, seed)[held : held + self.training.adaptation]

    def _held_out_rows(self, source: str, seed: int) -> list[int]:
        order = self._order(source, seed)
        return order[: min(HELD_OUT, len(order) // HELD_OUT_PART)]

    def _order(self, source: str, seed: int) -> list[int]:
        order = np.random.default_rng(seed).permutation(len(self.texts.adaptation(source)))
        return [int(row) for row in order]
