"""Which few samples are labelled: seeded draws that serve each class, label or range of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["balanced_draw", "label_draw", "quantile_draw"]


def balanced_draw(targets: npt.NDArray[np.int64], per_class: int, seed: int) -> list[int]:
    """Classes `[samples]` -> rows: as many of each class, or all where it has fewer."""
    random = np.random.default_rng(seed)
    rows: list[int] = []
    for target in np.unique(targets):
        members = np.flatnonzero(targets == target)
        count = min(per_class, len(members))
        rows += random.choice(members, count, replace=False).tolist()
    return rows


def label_draw(targets: Floats, per_label: int, seed: int) -> list[int]:
    """Labels `[samples, labels]`, 0 or 1 -> rows, so many with each label and as many without it.

    Or all, where there are fewer. What is rarest is drawn first, since the samples that have it
    serve what is common as well (iterative stratification: Sechidis, Tsoumakas, Vlahavas, ECML
    PKDD 2011).
    """
    random = np.random.default_rng(seed)
    shown = np.hstack([targets > 0, targets <= 0])  # [samples, 2 labels]: with, without
    lacking = np.minimum(per_label, shown.sum(axis=0))
    left = np.ones(len(targets), dtype=bool)
    rows: list[int] = []
    while lacking.any():
        available = np.where(lacking > 0, shown[left].sum(axis=0), len(targets) + 1)
        members = np.flatnonzero(left & shown[:, int(available.argmin())])
        row = int(random.choice(members))
        left[row] = False
        lacking = np.maximum(0, lacking - shown[row])
        rows.append(row)
    return rows


def quantile_draw(targets: Floats, count: int, seed: int) -> list[int]:
    """Numbers `[samples]` -> rows: one from each of `count` ranges of quantiles, or all samples."""
    random = np.random.default_rng(seed)
    ties = random.permutation(len(targets))
    order = ties[np.argsort(targets[ties], kind="stable")]
    parts = np.array_split(order, min(count, len(order))) if count else []
    return [int(random.choice(part)) for part in parts]
