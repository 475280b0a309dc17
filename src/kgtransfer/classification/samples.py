"""`Samples`: a data set as arms see it, whatever it is of: what samples show, and their classes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from torch import Tensor

    from kgtransfer.grounding.base import Grounding
    from kgtransfer.grounding.observations import Observations

    Floats = npt.NDArray[np.float64]

__all__ = ["Samples", "few_labels"]


@dataclass(frozen=True, eq=False)
class Samples:
    """A data set as arms see it.

    Attributes:
        names: of the samples.
        labels: of the samples, as the data set writes them.
        targets: `[n]` row of each sample's class among the classes of the experiment.
        observed: how strongly each sample shows each value.
        grounding: the same, as the concepts that condition.
        measures: `[n, measures]` what was measured, z-scored within the data set.
        inputs: `[n, ...]` what only a network reads, such as pixels.
    """

    names: tuple[str, ...]
    labels: tuple[str, ...]
    targets: npt.NDArray[np.int64]
    observed: Observations
    grounding: Grounding
    measures: Floats
    inputs: Tensor

    def __len__(self) -> int:
        return len(self.targets)

    @cached_property
    def inputs_hash(self) -> str:
        """SHA-256 of the inputs, 64 hex digits."""
        return hashlib.sha256(self.inputs.contiguous().numpy().data).hexdigest()

    @cached_property
    def hash(self) -> str:
        """SHA-256 of inputs, targets and measures, 64 hex digits."""
        content = hashlib.sha256(self.inputs_hash.encode())
        content.update(self.targets.tobytes())
        content.update(self.measures.tobytes())
        return content.hexdigest()

    def __getitem__(self, rows: Sequence[int]) -> Samples:
        """Some of the samples, in the order given."""
        rows = list(rows)
        return Samples(
            tuple(self.names[row] for row in rows),
            tuple(self.labels[row] for row in rows),
            self.targets[rows],
            self.observed[rows],
            self.grounding[rows],
            self.measures[rows],
            self.inputs[rows],
        )


def few_labels(samples: Samples, per_class: int, seed: int) -> list[int]:
    """Samples -> rows of a balanced draw: as many of each class, or all where it has fewer."""
    random = np.random.default_rng(seed)
    rows: list[int] = []
    for target in np.unique(samples.targets):
        members = np.flatnonzero(samples.targets == target)
        count = min(per_class, len(members))
        rows += random.choice(members, count, replace=False).tolist()
    return rows
