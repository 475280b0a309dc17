"""`Samples`: a data set as arms see it, whatever it is of: what samples show, and their classes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kgtransfer.classification.inputs import content_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from kgtransfer.classification.inputs import Inputs
    from kgtransfer.grounding.base import Grounding
    from kgtransfer.grounding.observations import Observations

    Floats = npt.NDArray[np.float64]

__all__ = ["Samples"]


@dataclass(frozen=True, eq=False)
class Samples:
    """A data set as arms see it.

    Attributes:
        names: of the samples.
        labels: of the samples, as the data set writes them.
        targets: labels as numbers, see `LabelForm.encoded`: `[n]`, or `[n, labels]`.
        observed: how strongly each sample shows each value.
        grounding: the same, as the concepts that condition.
        measures: `[n, measures]` what was measured, z-scored within the data set.
        inputs: `[n, ...]` what only a network reads, such as pixels.
        groups: `[n]` number of the group that each belongs to, such as a patient: folds keep groups
            whole, and the bootstrap draws them whole. None where each stands by itself.
    """

    names: tuple[str, ...]
    labels: tuple[str, ...]
    targets: npt.NDArray[Any]
    observed: Observations
    grounding: Grounding
    measures: Floats
    inputs: Inputs
    groups: npt.NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self.targets)

    @property
    def group_list(self) -> list[int]:
        """The groups; empty where each sample stands by itself."""
        return [] if self.groups is None else [int(group) for group in self.groups]

    @cached_property
    def inputs_hash(self) -> str:
        """SHA-256 of the inputs, 64 hex digits."""
        return content_of(self.inputs).hexdigest()

    @cached_property
    def hash(self) -> str:
        """SHA-256 of inputs, targets, measures and groups, 64 hex digits."""
        content = hashlib.sha256(self.inputs_hash.encode())
        content.update(self.targets.tobytes())
        content.update(self.measures.tobytes())
        if self.groups is not None:
            content.update(self.groups.tobytes())
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
            None if self.groups is None else self.groups[rows],
        )
