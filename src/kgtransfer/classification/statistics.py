"""`DomainStatistics`: what measures amount to in one domain, learned without its labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from kgtransfer.grounding.measured import MeasuredGrounder
    from kgtransfer.grounding.thresholds import PercentileRange

    Floats = npt.NDArray[np.float64]

__all__ = ["DomainStatistics"]

CLIP = 4.0  # standard deviations beyond which a measure is an outlier


@dataclass(frozen=True)
class DomainStatistics:
    """Range, mean and deviation of each measure in one domain, such as a site or a camera.

    Attributes:
        ranges: measure -> 5th and 95th percentile.
        mean: `[measures]`.
        deviation: `[measures]` standard deviations.
    """

    ranges: Mapping[str, PercentileRange]
    mean: Floats
    deviation: Floats

    @classmethod
    def of(cls, measures: Floats, grounder: MeasuredGrounder[Any]) -> DomainStatistics:
        """From measures `[samples, measures]`; nan where a sample lacks one."""
        present = ~np.isnan(measures)
        count = np.maximum(1, present.sum(axis=0))
        mean = np.where(present, measures, 0).sum(axis=0) / count
        centred = np.where(present, measures - mean, 0)
        deviation = np.sqrt((centred**2).sum(axis=0) / count)
        return cls(grounder.fitted_to(measures).ranges, mean, deviation)

    def z_scores(self, measures: Floats) -> Floats:
        """Measures `[samples, measures]` -> z-scores; 0 where a sample lacks one."""
        centred = np.where(np.isnan(measures), 0, measures - self.mean)
        return np.asarray((centred / np.maximum(self.deviation, 1e-9)).clip(-CLIP, CLIP))
