"""Code, contexts and queries -> token states, each text through the frozen layers once."""

from __future__ import annotations

from collections import ChainMap
from functools import cached_property
from typing import TYPE_CHECKING

from kgtransfer.backbones.text import TokenStates
from kgtransfer.code.grounder import CodeGrounder
from kgtransfer.code.verbalisers.base import ConceptWords
from kgtransfer.code.verbalisers.functions import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

    from kgtransfer.backbones.text import TextEncoder
    from kgtransfer.code.corpus import SearchCorpus, Snippet
    from kgtransfer.code.verbalisers.base import Around, Verbaliser
    from kgtransfer.grounding.base import Grounding
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["SearchTexts"]


class SearchTexts:
    """Documents and queries as token states, contexts as texts, and the synthetic queries.

    Args:
        corpus: documents, queries and code to adapt on; decides whether names are masked.
        graph: the API graph.
        iris: the concepts that may condition, in the order of their rows.
        encoder: the pre-trained encoder; only its frozen layers are used.
        frozen_states: text -> token states; tasks with the same encoder may share them.
        verbaliser: what the code is grounded on, and how it is said in words.
    """

    def __init__(
        self,
        corpus: SearchCorpus,
        graph: KnowledgeGraph,
        iris: Sequence[str],
        encoder: TextEncoder,
        frozen_states: dict[str, Tensor] | None = None,
        verbaliser: Verbaliser = FUNCTIONS,
    ) -> None:
        self.corpus, self.graph, self.iris, self.encoder = corpus, graph, tuple(iris), encoder
        self.verbaliser = verbaliser
        self.grounder = CodeGrounder(graph, iris, masked=corpus.masked, verbaliser=verbaliser)
        self._states = {} if frozen_states is None else frozen_states

    @cached_property
    def grounding(self) -> Grounding:
        """Of the documents."""
        return self.grounder.ground(self.corpus.documents)

    @cached_property
    def documents(self) -> TokenStates:
        """Token states of the documents' code."""
        return self.states([document.code for document in self.corpus.documents])

    def states(self, texts: Sequence[str], *, keep: bool = True) -> TokenStates:
        """Texts -> token states; those kept pass the frozen layers once in a task's life."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._states]
        computed = dict(zip(fresh, self._frozen_states(fresh), strict=True))
        if keep:
            self._states |= computed
        states = ChainMap(computed, self._states)
        return TokenStates(tuple(states[text] for text in texts))

    def contexts(
        self, snippets: Sequence[Snippet], grounding: Grounding, words: Sequence[ConceptWords]
    ) -> list[str]:
        """Functions -> their code under the words for the concepts around them.

        Args:
            snippets: the functions.
            grounding: of them.
            words: of each concept, in the order of `iris`.
        """
        return [
            self.verbaliser.context(snippet, self._around(grounding, row, words))
            for row, snippet in enumerate(snippets)
        ]

    @cached_property
    def words(self) -> list[ConceptWords]:
        """What people say for each concept, in the order of `iris`."""
        return [ConceptWords.of(iri, self.graph) for iri in self.iris]

    def _around(self, grounding: Grounding, row: int, words: Sequence[ConceptWords]) -> Around:
        return {
            relation: {self.iris[concept]: words[concept] for concept in concepts}
            for relation, concepts in grounding.rows_of(row).items()
        }

    def synthetic_queries(self, words: Sequence[ConceptWords] | None) -> list[list[str]]:
        """For every unlabelled function its queries by rule, worded from its code.

        Args:
            words: of each concept, in the order of `iris`, where queries also say what is around a
                function in the graph.
        """
        snippets = self.corpus.adaptation
        if words is None:
            return [list(self.verbaliser.code_queries(snippet)) for snippet in snippets]
        grounding = self.grounder.ground(snippets)
        return [
            list(self.verbaliser.graph_queries(snippet, self._around(grounding, row, words)))
            for row, snippet in enumerate(snippets)
        ]

    def adaptation(self, source: str) -> tuple[Snippet, ...]:
        """The code that queries from the `code`, the `graph` or the `shuffled graph` are for."""
        if source != "code" and self.corpus.documented:
            return tuple(query.answer for query in self.corpus.documented)
        return self.corpus.adaptation

    def _frozen_states(self, texts: Sequence[str]) -> tuple[Tensor, ...]:
        return self.encoder.frozen_states(texts).states if texts else ()
