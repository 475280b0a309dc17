"""The strongest of several methods without knowledge, by cross-validation within the labels."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

__all__ = ["Choice", "Fold", "chosen", "folds_of"]

FOLDS = 5  # at most; no more than the most frequent class has samples
Fold = tuple[list[int], list[int]]
"""Rows to fit on, rows to score."""


@dataclass(frozen=True)
class Choice:
    """What a baseline is, and what it was preferred to.

    Attributes:
        name: of the candidate that was chosen.
        by: "cross-validation"; "held-out queries", written by rule, where no label may choose;
            "rule" where there is too little to hold some out.
        losses: candidate -> its mean loss a held-out sample; empty where a rule chose.
    """

    name: str
    by: Literal["cross-validation", "held-out queries", "rule"]
    losses: Mapping[str, float]

    def to_json(self) -> dict[str, Any]:
        """JSON-able."""
        return asdict(self) | {"losses": dict(self.losses)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Choice:
        """Read back what `to_json` wrote."""
        return cls(values["name"], values["by"], dict(values["losses"]))


def chosen(losses: Mapping[str, Callable[[Fold], np.ndarray]], folds: Sequence[Fold]) -> Choice:
    """Candidates, each with what it loses on held-out samples -> the one that loses least.

    Args:
        losses: candidate -> a fold -> losses `[held-out samples]` of a fit to the others. The first
            is taken where there is nothing to hold out, and where several lose as little.
        folds: of the labelled samples.
    """
    if not folds or len(losses) == 1:
        return Choice(next(iter(losses)), "rule", {})
    means = {
        name: float(np.concatenate([loss(fold) for fold in folds]).mean())
        for name, loss in losses.items()
    }
    return Choice(min(means, key=means.__getitem__), "cross-validation", means)


def folds_of(
    samples: int, *, strata: Sequence[int] = (), groups: Sequence[object] = (), seed: int = 0
) -> list[Fold]:
    """Labelled samples -> folds that hold out each of them once; none where that cannot be.

    What is the only one of its class, or all of it in one group, is fitted on but never scored:
    no method could have learned its class, and how surely each denies it says nothing of them.

    Args:
        samples: how many.
        strata: class of each, which each fold has its share of; none where labels are no classes.
        groups: of each, such as its patient or slide: one group is never on both sides.
        seed: of the order.
    """
    from sklearn.model_selection import GroupKFold, KFold, StratifiedGroupKFold, StratifiedKFold

    # a rare class is missing from some folds; fewer folds would leave all others fewer labels
    most = int(np.unique(strata, return_counts=True)[1].max()) if len(strata) else samples
    count = min(FOLDS, most)
    count = min(count, len(set(groups))) if len(groups) else count
    if count < 2:
        return []
    splitters: dict[tuple[bool, bool], Any] = {
        (False, False): KFold,
        (True, False): StratifiedKFold,
        (False, True): GroupKFold,
        (True, True): StratifiedGroupKFold,
    }
    splitter = splitters[bool(len(strata)), bool(len(groups))]
    rows = np.arange(samples)
    labels = np.array(strata) if len(strata) else None
    held = np.unique(list(map(str, groups)), return_inverse=True)[1] if len(groups) else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of a class with fewer samples than folds
        parts = list(splitter(count, shuffle=True, random_state=seed).split(rows, labels, held))
    if labels is not None:
        parts = [
            (fitted, scored[np.isin(labels[scored], labels[fitted])]) for fitted, scored in parts
        ]
    return [(fitted.tolist(), scored.tolist()) for fitted, scored in parts if len(scored)]
