"""The arms of node classification, as data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from kgtransfer.experiments.arms import Arm

__all__ = ["ARMS", "STRONGEST", "NodeMethod", "arms_for", "learning_curve"]


@dataclass(frozen=True)
class NodeMethod:
    """One way to classify the nodes of a graph.

    Attributes:
        kind: `tuned`, the encoder fine-tuned on structure alone; `gnn`, a graph network on raw
            attributes; `linear`; or `control`, a frozen encoder with conditions.
        encoder: weights of the encoder.
        knowledge: of attributes and classes; empty for none.
    """

    kind: Literal["tuned", "gnn", "linear", "control"]
    encoder: Literal["pretrained", "random"] = "pretrained"
    knowledge: Literal["", "true", "shuffled"] = ""

    @property
    def is_seeded(self) -> bool:
        """Always: a seed draws the split."""
        return True


#: The strongest arm without knowledge: what a run is about where nothing is known.
STRONGEST = Arm(
    "control",
    says="the frozen encoder and gated conditions, propagated over the graph",
    compare_to=("baseline", "none", "control_random", "gnn"),
    method=NodeMethod("control"),
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
        "baseline",
        says="linear: factors of the attributes smoothed over the graph, logistic regression",
        compare_to=("none",),
        method=NodeMethod("linear"),
    ),
    Arm(
        "control_random",
        says="as `control`, the encoder's weights random",
        method=NodeMethod("control", encoder="random"),
    ),
    STRONGEST,
    Arm(
        "kg",
        role="knowledge",
        says="as `control`, with what is known of attributes and classes",
        compare_to=("control", "none", "shuffled", "baseline", "gnn"),
        method=NodeMethod("control", knowledge="true"),
    ),
    Arm(
        "shuffled",
        role="placebo",
        says="as `kg`, every attribute with the knowledge of another: the placebo",
        compare_to=("control",),
        method=NodeMethod("control", knowledge="shuffled"),
    ),
)
PUBLISHED = "GraphControl as published: a copy of the encoder, steered by a condition"


def arms_for(*, knowledge: bool, preset: str = "") -> tuple[Arm[NodeMethod], ...]:
    """What is known of the attributes and how arms are fitted -> the arms that can run.

    Args:
        knowledge: whether anything is known; without it, no arm has any.
        preset: of the recipe; its arms with conditions are the published ones.
    """
    arms = [arm for arm in ARMS if arm.method and (knowledge or not arm.method.knowledge)]
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
    )
