"""The arms of code search, as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kgtransfer.errors import ConfigError
from kgtransfer.experiments.arms import Arm

__all__ = ["HEADLINE", "LEARNED", "SearchMethod", "method_of", "search_arms"]

LEARNED = "learned"
HEADLINE = "kg"  # the arm that a run is about


@dataclass(frozen=True)
class SearchMethod:
    """One way to adapt an encoder to a code base.

    Attributes:
        train_on: what the encoder is fine-tuned on: queries by rule from the `code` or the `graph`,
            human `labels`, or nothing (empty).
        gates_trained_on: queries by rule from the `code` or the `graph` that the gates learn from,
            once the encoder is trained and frozen; empty where no gate learns.
        context: how far the vector of a document moves to that of the document in its context:
            `learned`, or a fixed value of the context gate; 0 where contexts are not read.
        gates: relation gates: `learned`, or fixed values by relation; empty where no concept's
            vector conditions.
        concepts: the `true` ones, their words and vectors `shuffled` within their type (the
            placebo), or `random` vectors.
        parts: which columns of the concept embeddings condition.
        lexical: rank by BM25 instead of by an encoder.
        every_setting: whether it runs in every setting, or in the first one alone.
    """

    train_on: str = ""
    gates_trained_on: str = ""
    context: str | float = 0.0
    gates: str | Mapping[str, float] = field(default_factory=dict)
    concepts: str = "true"
    parts: tuple[str, ...] = ("text",)
    lexical: bool = False
    every_setting: bool = True

    @property
    def is_seeded(self) -> bool:
        """Whether seeds make a difference: only where something is trained or drawn."""
        return bool(self.train_on or self.gates_trained_on) or self.concepts != "true"


VECTORS = SearchMethod(train_on="code", gates_trained_on="graph", gates=LEARNED)
KG = replace(VECTORS, context=LEARNED)
SOURCE = replace(VECTORS, every_setting=False)
SOURCES = "Where the concept vectors come from"

# In the order of their fits: texts are encoded in batches of those that are still new, so that
# another order moves last digits.
ARMS = (
    Arm("bm25", says="lexical search, no model", method=SearchMethod(lexical=True)),
    Arm("none", says="the same backbone, no knowledge", method=SearchMethod()),
    Arm(
        "baseline",
        says="the encoder fine-tuned on queries worded from the code, no knowledge",
        compare_to=("none",),
        method=SearchMethod(train_on="code"),
    ),
    Arm(
        "baseline_smoothed",
        role="knowledge",
        says="the baseline with fixed, unlearned smoothing over the graph",
        method=SearchMethod(train_on="code", gates={"class": 0.3}),
    ),
    Arm(
        "baseline_read",
        role="knowledge",
        says="the baseline with a fixed, unlearned share of the code in its context",
        method=SearchMethod(train_on="code", context=0.6),
    ),
    Arm(
        "queries",
        role="knowledge",
        says="trained on queries worded from the graph, gates frozen at 0",
        compare_to=("baseline",),
        method=SearchMethod(train_on="graph"),
    ),
    Arm(
        HEADLINE,
        role="knowledge",
        says="with the knowledge graph",
        compare_to=(
            *("baseline", "none", "shuffled", "baseline_smoothed", "baseline_read"),
            *("kg_vectors", "queries", "labels_100"),
        ),
        method=KG,
    ),
    Arm(
        "shuffled",
        role="placebo",
        says="the graph shuffled within its types, in training and test: the placebo",
        compare_to=("baseline", "queries"),
        method=replace(KG, concepts="shuffled"),
    ),
    Arm(
        "kg_vectors",
        role="knowledge",
        says="with the graph; concept vectors alone, code without its context",
        method=VECTORS,
    ),
)
VECTOR_SOURCES = (
    Arm(
        "kg_structure",
        role="knowledge",
        says="with the graph; concept vectors from its structure only",
        panel=SOURCES,
        method=replace(SOURCE, parts=("structure",)),
    ),
    Arm(
        "kg_both",
        role="knowledge",
        says="with the graph; concept vectors from text and structure",
        panel=SOURCES,
        method=replace(SOURCE, parts=("text", "structure")),
    ),
    Arm(
        "kg_random",
        role="knowledge",
        says="with the graph; random concept vectors",
        panel=SOURCES,
        method=replace(SOURCE, concepts="random"),
    ),
)


def search_arms(labels: Sequence[int]) -> list[Arm[SearchMethod]]:
    """Numbers of labelled pairs -> all arms, one of them for each number."""
    return [*ARMS, *map(_few_label_arm, labels), *VECTOR_SOURCES]


def _few_label_arm(labels: int) -> Arm[SearchMethod]:
    return Arm(
        f"labels_{labels}",
        role="labels",
        says=f"trained on {labels} labelled pairs, no knowledge",
        compare_to=("none",),
        labels=labels,
        method=SearchMethod(train_on="labels"),
    )


def method_of(arm: Arm[SearchMethod]) -> SearchMethod:
    """What code search does for an arm.

    Raises:
        ConfigError: the arm says nothing of it.
    """
    if arm.method is None:
        raise ConfigError(f"arm {arm.name} has no method", cure="give it one: Arm(..., method=...)")
    return arm.method
