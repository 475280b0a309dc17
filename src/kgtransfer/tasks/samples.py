"""Image data sets made ready: pixels after hygiene, what is seen in them, and their classes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from kgtransfer.data.hygiene import fitted_to_square
from kgtransfer.errors import DataError
from kgtransfer.grounding.measured import FEWEST
from kgtransfer.progress import bar, say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt
    from torch import Tensor

    from kgtransfer.data.images import Images
    from kgtransfer.data.pictures import Picture
    from kgtransfer.grounding.base import Grounding
    from kgtransfer.grounding.measured import MeasuredGrounder, Observations

    Floats = npt.NDArray[np.float64]

__all__ = ["Preparation", "Samples", "few_labels", "readable"]

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

    @property
    def hash(self) -> str:
        """SHA-256 of pixels, targets and numbers, 64 hex digits."""
        content = hashlib.sha256(self.pixels.numpy().tobytes())
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


@dataclass(frozen=True, eq=False)
class Preparation:
    """Makes data sets ready, each of one lab or camera.

    What is ordinary in a data set (percentiles, mean and deviation of measures) is learned from its
    own images, never from their labels.

    Args:
        classes: labels in the order of the logits.
        grounder: measures and grounds.
        hygiene: colours to colours.
        size: side of the pixels.
        rows: of the concepts that may condition, by IRI.
    """

    classes: Sequence[str]
    grounder: MeasuredGrounder[Picture]
    hygiene: Callable[[Picture], Picture]
    size: int
    rows: Mapping[str, int] | None = None

    def __call__(self, images: Images, pictures: Sequence[Picture]) -> Samples:
        """A data set, ready.

        Args:
            images: names and labels.
            pictures: of the images, in order.

        Raises:
            DataError: a label is none of the classes, or there are fewer than ten images.
        """
        if unknown := sorted(set(images.labels) - set(self.classes)):
            raise DataError(
                f"{images.folder}: nothing is trained for the label {', '.join(unknown)}",
                cure=f"labels are: {', '.join(self.classes)}",
            )
        if len(pictures) < FEWEST:
            raise DataError(
                f"{images.folder}: {len(pictures)} images do not tell what is ordinary in its lab",
                cure=f"give at least {FEWEST}, of all classes",
            )
        values = self.grounder.measurer.measure(pictures)
        fitted = self.grounder.fitted_to(values)
        observed = fitted.observations(fitted.weights_of(fitted.standardised(values)))
        return Samples(
            images,
            self._pixels(images, pictures),
            np.array([self.classes.index(label) for label in images.labels], dtype=np.int64),
            observed,
            fitted.grounding(observed, self.rows),
            _z_scores(values),
        )

    def _pixels(self, images: Images, pictures: Sequence[Picture]) -> Tensor:
        squares = np.empty((len(pictures), self.size, self.size, 3), dtype=np.uint8)
        with bar(f"normalise {images.folder.name}", len(pictures)) as advance:
            for square, picture in zip(squares, pictures, strict=True):
                square[:] = fitted_to_square(self.hygiene(picture), self.size)
                advance()
        return torch.from_numpy(squares).permute(0, 3, 1, 2)


def readable(images: Images) -> tuple[Images, list[Picture]]:
    """The images that can be read, and their pixels; the others are named in a warning.

    Raises:
        DataError: none can.
    """
    found: list[Picture] = []
    rows, refused = [], []
    with bar(f"read {images.folder.name}", len(images)) as advance:
        for row, picture in enumerate(images.pictures()):
            advance()
            if isinstance(picture, DataError):
                refused.append(picture)
            else:
                rows.append(row)
                found.append(picture)
    if not rows:
        raise refused[0]
    if refused:
        say(f"warning: {len(refused)} of {len(images)} images are left out:", *refused[:5])
    return images.take(rows), found


def few_labels(samples: Samples, per_class: int, seed: int) -> list[int]:
    """Rows of a balanced draw: as many of each class, or all where it has fewer."""
    random = np.random.default_rng(seed)
    rows: list[int] = []
    for target in np.unique(samples.targets):
        members = np.flatnonzero(samples.targets == target)
        count = min(per_class, len(members))
        rows += random.choice(members, count, replace=False).tolist()
    return rows


def _z_scores(values: Floats) -> Floats:
    """Each measure by its own mean and deviation; 0 where a sample lacks it."""
    known = ~np.isnan(values)
    count = np.maximum(1, known.sum(axis=0))
    centred = np.where(known, values - np.where(known, values, 0).sum(axis=0) / count, 0)
    deviation = np.sqrt((centred**2).sum(axis=0) / count)
    return np.asarray((centred / np.maximum(deviation, 1e-9)).clip(-CLIP, CLIP))
