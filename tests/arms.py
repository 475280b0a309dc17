"""The arms that tests of comparisons and reports work with, as tasks write them."""

from __future__ import annotations

from typing import Any

from kgtransfer.experiments.arms import Arm

PANEL = "Where the concept vectors come from"
KNOWLEDGE = ("baseline", "none", "shuffled", "bm25", "labels_100")
ARMS: dict[str, Arm[Any]] = {
    arm.name: arm
    for arm in (
        Arm("none", says="the same backbone, no knowledge"),
        Arm("baseline", says="the strongest method without knowledge", compare_to=("none",)),
        Arm("control", says="conditions without knowledge", compare_to=("baseline", "none")),
        Arm("kg", "knowledge", "with the knowledge graph", ("control", *KNOWLEDGE)),
        Arm("before", "knowledge", "the run's model before the edit"),
        Arm("kg_both", "knowledge", "of text and structure", panel=PANEL),
        Arm("shuffled", "placebo", "the graph shuffled", ("control", "baseline", "none")),
    )
}


def arm(name: str) -> Arm[Any]:
    """An arm by its name; `labels_N` is a point of the learning curve of `none`."""
    count = name.removeprefix("labels_")
    if count.isdigit():
        return Arm(name, "labels", f"trained on {count} labels", ("none",), labels=int(count))
    return ARMS.get(name, Arm(name))
