"""What every task returns for one arm and one seed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["FitResult"]


@dataclass(frozen=True)
class FitResult:
    """What one arm gave for one seed.

    Attributes:
        per_sample: score of each test sample; the mean is the arm's metric.
        metrics: further figures.
        gates: the weights of the doors through which knowledge entered, by name.
        seconds: wall time of fit and scoring.
        strata: class of each test sample, where intervals are to be drawn within classes.
    """

    per_sample: npt.NDArray[np.float64]
    metrics: Mapping[str, float] = field(default_factory=dict)
    gates: Mapping[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    strata: Sequence[int] = ()

    def to_json(self) -> dict[str, Any]:
        """JSON-able; floats keep every bit."""
        return {**asdict(self), "per_sample": self.per_sample.tolist()}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> FitResult:
        """Read back what `to_json` wrote."""
        return cls(**{**values, "per_sample": np.array(values["per_sample"], dtype=np.float64)})
