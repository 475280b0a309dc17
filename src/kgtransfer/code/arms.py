"""The arms of code search, as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kgtransfer.code.methods import CANDIDATES, CHOSEN, LEARNED, SearchMethod
from kgtransfer.errors import ConfigError
from kgtransfer.experiments.arms import Arm

__all__ = ["HEADLINE", "method_of", "search_arms"]

HEADLINE = "kg"  # the arm that a run is about
CONTEXT = 0.6  # share of the context where none is learned, chosen on dev queries


VECTORS = replace(CHOSEN, gates_trained_on="graph", gates=LEARNED)
KG = replace(VECTORS, context=LEARNED, graph_queries=LEARNED)
SOURCE = replace(VECTORS, every_setting=False)
SOURCES = "Where the concept vectors come from"

# In the order of their fits: texts are encoded in batches of those that are still new, so that
# another order moves last digits.
ARMS = (
    Arm("bm25", says="lexical search, no model", method=CANDIDATES["bm25"]),
    Arm("none", says="the same backbone, no knowledge", method=SearchMethod()),
    Arm(
        "baseline",
        says="the strongest of several methods without the graph",
        compare_to=("none",),
        method=CHOSEN,
    ),
    Arm(
        "adapted",
        says="the encoder fine-tuned on queries worded from the code, nothing else",
        compare_to=("none",),
        method=CANDIDATES["adapted"],
    ),
    Arm(
        "kg_fixed",
        role="knowledge",
        says="the baseline with a fixed, unlearned share of the code in its context",
        compare_to=("baseline",),
        method=replace(CHOSEN, context=CONTEXT),
    ),
    Arm(
        "queries",
        role="knowledge",
        says="the baseline, its encoder trained on queries worded from the graph; gates at 0",
        compare_to=("baseline",),
        method=replace(CHOSEN, graph_queries=1.0),
    ),
    Arm(
        HEADLINE,
        role="knowledge",
        says="with the knowledge graph",
        compare_to=(
            *("baseline", "none", "shuffled", "kg_fixed"),
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
        says=f"the baseline, its encoder trained on {labels} labelled pairs; no knowledge",
        compare_to=("none",),
        labels=labels,
        method=replace(CHOSEN, train_on="labels", labels=labels),
    )


def method_of(arm: Arm[SearchMethod]) -> SearchMethod:
    """What code search does for an arm.

    Raises:
        ConfigError: the arm says nothing of it.
    """
    if arm.method is None:
        raise ConfigError(f"arm {arm.name} has no method", cure="give it one: Arm(..., method=...)")
    return arm.method
