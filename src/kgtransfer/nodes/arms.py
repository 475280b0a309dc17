"""The arms of node classification, as data."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from kgtransfer.experiments.arms import Arm

if TYPE_CHECKING:
    from kgtransfer.nodes.data.graph import NodeGraph

__all__ = [
    "ARMS",
    "CONTROL",
    "NEEDS_EDGES",
    "ROW_ARMS",
    "STRONGEST",
    "NodeMethod",
    "arms_for",
    "learning_curve",
]


@dataclass(frozen=True)
class NodeMethod:
    """One way to classify the nodes of a graph.

    Attributes:
        kind: `chosen`, the strongest candidate without knowledge; `tuned`, the encoder fine-tuned
            on structure alone; `gnn`, a graph network on raw attributes; `linear`; `forest`;
            `control`, a frozen encoder with conditions; or `unlabelled`, what texts and knowledge
            say of classes, by no label.
        encoder: weights of the encoder.
        knowledge: of attributes and classes; empty for none.
    """

    kind: Literal["chosen", "tuned", "gnn", "linear", "forest", "control", "unlabelled"]
    encoder: Literal["pretrained", "random"] = "pretrained"
    knowledge: Literal["", "true", "shuffled"] = ""

    @property
    def is_seeded(self) -> bool:
        """Always: a seed draws the split."""
        return True


#: The strongest method without knowledge: what a run is about where nothing is known.
STRONGEST = Arm(
    "baseline",
    says="the strongest of several methods without knowledge, by cross-validation within labels",
    compare_to=("baseline_linear", "control", "none", "gnn"),
    method=NodeMethod("chosen"),
)
CONTROL = Arm(
    "control",
    says="the frozen encoder and gated conditions, propagated over the graph",
    compare_to=("baseline_linear", "none", "control_random", "gnn"),
    method=NodeMethod("control"),
)
KNOWLEDGE = Arm(
    "kg",
    role="knowledge",
    says="`baseline` with what is known of attributes and classes",
    compare_to=("baseline", "shuffled", "baseline_linear", "control", "none", "gnn"),
    method=NodeMethod("chosen", knowledge="true"),
)
PLACEBO = Arm(
    "shuffled",
    role="placebo",
    says="as `kg`, every attribute with the knowledge of another: the placebo",
    compare_to=("baseline",),
    method=NodeMethod("chosen", knowledge="shuffled"),
)
ARMS: tuple[Arm[NodeMethod], ...] = (
    Arm(
        "none",
        says="the pre-trained encoder fine-tuned on structure alone (`gcc`)",
        method=NodeMethod("tuned"),
    ),
    Arm(
        "gcc",
        says="the pre-trained encoder fine-tuned on structure alone, no attributes",
        method=NodeMethod("tuned"),
    ),
    Arm("gnn", says="a graph convolutional network on raw attributes", method=NodeMethod("gnn")),
    Arm(
        "baseline_linear",
        says="linear: factors of the attributes smoothed over the graph, logistic regression",
        compare_to=("none",),
        method=NodeMethod("linear"),
    ),
    Arm(
        "control_random",
        says="as `control`, the encoder's weights random",
        method=NodeMethod("control", encoder="random"),
    ),
    CONTROL,
    STRONGEST,
    KNOWLEDGE,
    PLACEBO,
)
CLASS_NAMES = Arm(
    "class_names",
    says="the name of each class against the text of each row, by a sentence encoder; no label",
    method=NodeMethod("unlabelled"),
)
FOREST = Arm("forest", says="a random forest on all that rows say", method=NodeMethod("forest"))
#: Arms over rows of a table, whose texts all of them read.
ROW_ARMS: tuple[Arm[NodeMethod], ...] = (
    CLASS_NAMES,
    FOREST,
    Arm(
        "baseline_linear",
        says="linear: logistic regression on columns, words, texts or all, whichever is best",
        compare_to=("class_names",),
        method=NodeMethod("linear"),
    ),
    replace(
        CONTROL,
        says="gated columns, words and texts, and the names of classes; no knowledge",
        compare_to=("baseline_linear", "forest", "class_names"),
    ),
    replace(STRONGEST, compare_to=("baseline_linear", "control", "forest", "class_names")),
    replace(
        KNOWLEDGE,
        says="`baseline` with what is known of columns and classes",
        compare_to=(
            "baseline",
            "shuffled",
            "baseline_linear",
            "control",
            "forest",
            "class_names",
        ),
    ),
    Arm(
        "kg_unlabelled",
        role="knowledge",
        says="what is known of columns and classes alone, by no label",
        compare_to=("class_names", "kg"),
        method=NodeMethod("unlabelled", knowledge="true"),
    ),
    replace(
        PLACEBO,
        says="as `kg`, every column and class with the knowledge of another: the placebo",
    ),
)
NEEDS_EDGES = tuple(arm.name for arm in ARMS if arm.name not in {row.name for row in ROW_ARMS})
PUBLISHED = "GraphControl as published: a copy of the encoder, steered by a condition"


def arms_for(
    nodes: NodeGraph, *, knowledge: bool, unlabelled: Collection[str] = (), preset: str = ""
) -> tuple[Arm[NodeMethod], ...]:
    """Data, what is known of it and how arms are fitted -> the arms that can run.

    Args:
        nodes: without an edge, no arm needs neighbours.
        knowledge: whether anything is known; without it, no arm has any.
        unlabelled: names of the arms that can do without labels.
        preset: of the recipe; its arms with conditions are the published ones.
    """
    every = ARMS if nodes.has_edges else ROW_ARMS
    if nodes.is_table and nodes.has_edges:
        every = (*ARMS[:3], CLASS_NAMES, FOREST, *ARMS[3:])
    arms = [
        arm
        for arm in every
        if arm.method
        and (knowledge or not arm.method.knowledge)
        and (arm.method.kind != "unlabelled" or arm.name in unlabelled)
    ]
    if not preset:
        return tuple(arms)
    weights = {"pretrained": "", "random": "; its weights random"}
    return tuple(
        replace(arm, says=PUBLISHED + weights[arm.method.encoder])
        if arm.method and arm.method.kind == "control"
        else arm
        for arm in arms
    )


def learning_curve(labels: Iterable[int]) -> tuple[Arm[NodeMethod], ...]:
    """Numbers of labels of each class -> the strongest arm without knowledge with each of them."""
    return tuple(
        Arm(
            f"labels_{number}",
            role="labels",
            says=f"`{STRONGEST.name}` with {number} label{'s' if number > 1 else ''} a class",
            compare_to=(STRONGEST.name,),
            labels=number,
            method=STRONGEST.method,
        )
        for number in labels
        if number
    )
