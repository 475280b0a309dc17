"""`DomainStatistics`: what is usual in one domain, learned without its labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.grounding.source import Source, Usual

    Floats = npt.NDArray[np.float64]

__all__ = ["DomainStatistics"]

CLIP = 4.0  # standard deviations beyond which a measure is an outlier


@dataclass(frozen=True)
class DomainStatistics:
    """What a source of grounding finds usual in one domain, such as a site or a camera.

    Attributes:
        usual: what it grounds by, such as the 5th and 95th percentile of each measure.
        mean: `[numbers]` of those that arms read.
        deviation: `[numbers]` standard deviations.
    """

    usual: Usual
    mean: Floats
    deviation: Floats

    @classmethod
    def of(cls, readings: Floats, source: Source[Any]) -> DomainStatistics:
        """From what a source read of samples, `[samples, readings]`; nan where one lacks it."""
        numbers = source.numbers(readings)
        present = ~np.isnan(numbers)
        count = np.maximum(1, present.sum(axis=0))
        mean = np.where(present, numbers, 0).sum(axis=0) / count
        centred = np.where(present, numbers - mean, 0)
        deviation = np.sqrt((centred**2).sum(axis=0) / count)
        return cls(source.usual(readings), mean, deviation)

    def z_scores(self, numbers: Floats) -> Floats:
        """Numbers `[samples, numbers]` -> z-scores; 0 where a sample lacks one."""
        centred = np.where(np.isnan(numbers), 0, numbers - self.mean)
        return np.asarray((centred / np.maximum(self.deviation, 1e-9)).clip(-CLIP, CLIP))
