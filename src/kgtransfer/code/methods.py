"""How code search may adapt an encoder to a code base, and the methods that need no graph."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kgtransfer.experiments.choice import Choice

__all__ = ["CANDIDATES", "CHOSEN", "JUDGED", "LEARNED", "SearchMethod", "strongest"]

LEARNED = "learned"
WORDS, LINES = 0.2, 0.3  # shares that are not learned, chosen on dev queries


@dataclass(frozen=True)
class SearchMethod:
    """One way to adapt an encoder to a code base.

    Attributes:
        train_on: what the encoder is fine-tuned on: queries by rule from the `code`, human
            `labels`, or nothing (empty).
        gates_trained_on: queries by rule from the `code` or the `graph` that the gates learn from,
            once the encoder is trained and frozen; empty where no gate learns.
        context: how far the vector of a document moves to that of the document in its context:
            `learned`, or a fixed value of the context gate; 0 where contexts are not read.
        gates: relation gates: `learned`, or fixed values by relation; empty where no concept's
            vector conditions.
        concepts: the `true` ones, their words and vectors `shuffled` within their type (the
            placebo), or `random` vectors.
        parts: which columns of the concept embeddings condition.
        lines: how far the vector of a document stands towards that of the document under the lines
            just above it in its own file. No graph is in it.
        lexical: weight of BM25 beside the encoder, see `kgtransfer.retrieval.fusion.fused`;
            infinite: BM25 alone.
        labels: number of labelled pairs, where `train_on` is labels.
        graph_queries: how far the encoder's weights stand towards those that were trained on
            queries worded from the graph: `learned` (without a label), or a share.
        chosen: whether `train_on`, `lines` and `lexical` are those of the strongest candidate
            without the graph, and all else comes on top of it.
        every_setting: whether it runs in every setting, or in the first one alone.
    """

    train_on: str = ""
    gates_trained_on: str = ""
    context: str | float = 0.0
    gates: str | Mapping[str, float] = field(default_factory=dict)
    concepts: str = "true"
    parts: tuple[str, ...] = ("text",)
    lines: float = 0.0
    lexical: float = 0.0
    labels: int = 0
    graph_queries: str | float = 0.0
    chosen: bool = False
    every_setting: bool = True

    @property
    def is_seeded(self) -> bool:
        """Whether seeds make a difference: only where something is trained or drawn."""
        trained = self.train_on or self.gates_trained_on or self.graph_queries
        return self.chosen or bool(trained) or self.concepts != "true"

    @property
    def graph_source(self) -> str:
        """What queries worded from the graph are called: the placebo's are worded from its own."""
        return "graph" if self.concepts != "shuffled" else "shuffled graph"

    def over(self, candidate: SearchMethod) -> SearchMethod:
        """The same on top of a candidate, where it asks for one."""
        if not self.chosen:
            return self
        read = {name: getattr(candidate, name) for name in ("lines", "lexical")}
        return replace(self, train_on=self.train_on or candidate.train_on, chosen=False, **read)


#: Methods without a graph, of which the baseline is the strongest: zero-shot, BM25, their fusion,
#: and RAPID-like adaptation without a graph, the last ones also reading the file's own lines.
CANDIDATES: Mapping[str, SearchMethod] = {
    "zero_shot": SearchMethod(),
    "bm25": SearchMethod(lexical=math.inf),
    "zero_shot_words": SearchMethod(lexical=WORDS),
    "zero_shot_words_lines": SearchMethod(lexical=WORDS, lines=LINES),
    "adapted": SearchMethod(train_on="code"),
    "adapted_words": SearchMethod(train_on="code", lexical=WORDS),
    "adapted_words_lines": SearchMethod(train_on="code", lexical=WORDS, lines=LINES),
}
CHOSEN = SearchMethod(chosen=True)
BY_RULE = "adapted_words"
JUDGED = ("adapted_words", "adapted_words_lines", "zero_shot_words", "zero_shot_words_lines")


def strongest(losses: Mapping[str, float]) -> Choice:
    """What candidates lose on held-out queries written by rule -> the strongest, without a label.

    That a fifth of BM25 helps was seen on dev queries; queries by rule, made of the code's own
    words, would have it all. Whether adapting helps, and whether lines do, is asked of functions
    that were held out.

    Args:
        losses: candidate with BM25 -> mean loss; empty where nothing could be held out.
    """
    if not losses:
        return Choice(BY_RULE, "rule", {})
    return Choice(min(losses, key=losses.__getitem__), "held-out queries", dict(losses))
