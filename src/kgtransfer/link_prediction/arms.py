"""The arms of link prediction, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kgtransfer.experiments.arms import Arm

__all__ = ["ARMS", "LinkMethod"]


@dataclass(frozen=True)
class LinkMethod:
    """What ranks the candidates of a link.

    Attributes:
        by: `popularity`, how often the training links have a candidate by the relation;
            `structure`, an embedding of the training links; `described`, the same embedding, and a
            text head over what describes the entities.
        shuffled: every entity has the description of another one of its type: the placebo.
    """

    by: Literal["popularity", "structure", "described"]
    shuffled: bool = False

    @property
    def is_seeded(self) -> bool:
        """Whether seeds make a difference: where something is learnt."""
        return self.by != "popularity"


ARMS: tuple[Arm[LinkMethod], ...] = (
    Arm(
        "none",
        says="each relation's most frequent answers; nothing is learnt",
        method=LinkMethod("popularity"),
    ),
    Arm(
        "baseline",
        says="an embedding of the links alone, its score function chosen on validation links",
        compare_to=("none",),
        method=LinkMethod("structure"),
    ),
    Arm(
        "kg",
        "knowledge",
        "the baseline and a text head over what describes the entities, weighted on validation",
        ("baseline", "shuffled", "none"),
        method=LinkMethod("described"),
    ),
    Arm(
        "shuffled",
        "placebo",
        "the same with the descriptions shuffled among the entities of a type",
        ("baseline", "none"),
        method=LinkMethod("described", shuffled=True),
    ),
)
