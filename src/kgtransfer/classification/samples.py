"""Image data sets made ready: pixels after hygiene, what is seen in them, and their classes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.errors import DataError
from kgtransfer.grounding.measured import FEWEST, MeasuredGrounder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    from torch import Tensor

    from kgtransfer.grounding.base import Grounding
    from kgtransfer.grounding.observations import Observations
    from kgtransfer.grounding.thresholds import PercentileRange
    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.data.folder import Images
    from kgtransfer.images.measured_data import MeasuredImages

    Floats = npt.NDArray[np.float64]

__all__ = ["DomainStatistics", "Samples", "few_labels", "ground"]

CLIP = 4.0  # standard deviations beyond which a measured number is an outlier


@dataclass(frozen=True, eq=False)
class Samples:
    """A data set as arms see it.

    Attributes:
        images: names and labels.
        pixels: `[n, 3, size, size]` uint8, after hygiene.
        targets: `[n]` row of each sample's class among the classes of the experiment.
        observed: how strongly each sample shows each value.
        grounding: the same, as the concepts that condition.
        numbers: `[n, measures]` what was measured, z-scored within the data set, without names.
    """

    images: Images
    pixels: Tensor
    targets: npt.NDArray[np.int64]
    observed: Observations
    grounding: Grounding
    numbers: Floats

    def __len__(self) -> int:
        return len(self.targets)

    @cached_property
    def pixel_hash(self) -> str:
        """SHA-256 of the pixels, 64 hex digits."""
        return hashlib.sha256(self.pixels.contiguous().numpy().data).hexdigest()

    @cached_property
    def hash(self) -> str:
        """SHA-256 of pixels, targets and numbers, 64 hex digits."""
        content = hashlib.sha256(self.pixel_hash.encode())
        content.update(self.targets.tobytes())
        content.update(self.numbers.tobytes())
        return content.hexdigest()

    def __getitem__(self, rows: Sequence[int]) -> Samples:
        """Some of the samples, in the order given."""
        rows = list(rows)
        return Samples(
            self.images.take(rows),
            self.pixels[rows],
            self.targets[rows],
            self.observed[rows],
            self.grounding[rows],
            self.numbers[rows],
        )


@dataclass(frozen=True)
class DomainStatistics:
    """What is usual in the images of a lab, learned without their labels.

    Attributes:
        ends: measure -> 5th and 95th percentile.
        mean: `[measures]`.
        deviation: `[measures]` standard deviations.
    """

    ends: Mapping[str, PercentileRange]
    mean: Floats
    deviation: Floats

    @classmethod
    def of(cls, measures: Floats, grounder: MeasuredGrounder[Picture]) -> DomainStatistics:
        """From measures `[samples, measures]`."""
        known = ~np.isnan(measures)
        count = np.maximum(1, known.sum(axis=0))
        mean = np.where(known, measures, 0).sum(axis=0) / count
        centred = np.where(known, measures - mean, 0)
        deviation = np.sqrt((centred**2).sum(axis=0) / count)
        return cls(grounder.fitted_to(measures).ranges, mean, deviation)

    def numbers(self, measures: Floats) -> Floats:
        """Each measure as a z-score; 0 where a sample lacks it."""
        centred = np.where(np.isnan(measures), 0, measures - self.mean)
        return np.asarray((centred / np.maximum(self.deviation, 1e-9)).clip(-CLIP, CLIP))


def ground(
    reading: MeasuredImages,
    labels: Sequence[str],
    grounder: MeasuredGrounder[Picture],
    concepts: Sequence[str] | None = None,
    usual: DomainStatistics | None = None,
) -> Samples:
    """A data set, grounded.

    Args:
        reading: of one lab or camera.
        labels: in the order of the logits.
        grounder: of the ontology.
        concepts: IRIs of those that may condition; all that are measured by default.
        usual: what is usual in the lab; by default what these images say of it.

    Raises:
        DataError: a label is none of those, or there are fewer than ten images to tell what is
            usual.
    """
    images = reading.images
    if unknown := sorted(set(images.labels) - set(labels)):
        raise DataError(
            f"{images.folder}: nothing is trained for the label {', '.join(unknown)}",
            cure=f"labels are: {', '.join(labels)}",
        )
    if usual is None and len(reading) < FEWEST:
        raise DataError(
            f"{images.folder}: {len(reading)} images do not tell what is ordinary in its lab",
            cure=f"give at least {FEWEST}, of all classes",
        )
    usual = usual or DomainStatistics.of(reading.measures, grounder)
    fitted = MeasuredGrounder(grounder.graph, grounder.measurer, usual.ends)
    observed = fitted.observations(fitted.weights_of(fitted.standardised(reading.measures)))
    return Samples(
        images,
        reading.pixels,
        np.array([labels.index(label) for label in images.labels], dtype=np.int64),
        observed,
        observed.grounding(fitted.concepts if concepts is None else concepts),
        usual.numbers(reading.measures),
    )


def few_labels(samples: Samples, per_class: int, seed: int) -> list[int]:
    """Rows of a balanced draw: as many of each class, or all where it has fewer."""
    random = np.random.default_rng(seed)
    rows: list[int] = []
    for target in np.unique(samples.targets):
        members = np.flatnonzero(samples.targets == target)
        count = min(per_class, len(members))
        rows += random.choice(members, count, replace=False).tolist()
    return rows
