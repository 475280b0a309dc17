"""Measured images -> grounded samples: what an ontology sees in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from kgtransfer.classification.samples import Samples
from kgtransfer.classification.statistics import DomainStatistics
from kgtransfer.errors import DataError
from kgtransfer.grounding.measured import FEWEST
from kgtransfer.images.data.groups import group_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from kgtransfer.classification.outcomes.outcome import Outcome
    from kgtransfer.grounding.source import Source
    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.data.folder import Images
    from kgtransfer.images.measured_data import MeasuredImages

__all__ = ["grounded_samples"]


def grounded_samples(
    measured: MeasuredImages,
    outcome: Outcome | None,
    grounder: Source[Picture],
    concepts: Sequence[str] | None = None,
    statistics: DomainStatistics | None = None,
) -> Samples:
    """Measured images of one domain -> samples.

    Args:
        measured: pixels and readings.
        outcome: what the labels are; None of images without labels.
        grounder: what read the images, on the ontology.
        concepts: IRIs of those that may condition; all that are grounded by default.
        statistics: of the domain; by default those of these images.

    Raises:
        DataError: a label is none of those, or there are fewer than ten images to take statistics
            of.
    """
    images = measured.images
    if statistics is None and len(measured) < FEWEST:
        raise DataError(
            f"{images.folder}: {len(measured)} images do not tell what is ordinary in their domain",
            cure=f"give at least {FEWEST}, of all classes",
        )
    statistics = statistics or DomainStatistics.of(measured.readings, grounder)
    observed = grounder.observed(measured.readings, statistics.usual)
    return Samples(
        images.names,
        images.labels,
        np.zeros(len(images)) if outcome is None else _encoded(images, outcome),
        observed,
        observed.grounding(grounder.concepts if concepts is None else concepts),
        statistics.z_scores(grounder.numbers(measured.readings)) * grounder.scale,
        measured.pixels,
        group_numbers(images),
    )


def _encoded(images: Images, outcome: Outcome) -> npt.NDArray[Any]:
    """Labels of images as numbers, all of them such as are trained for."""
    labels = outcome.targets.labels
    if unknown := sorted({*outcome.labels_in(images.labels)} - {*labels}):
        raise DataError(
            f"{images.folder}: nothing is trained for the label {', '.join(unknown)}",
            cure=f"labels are: {', '.join(labels)}",
        )
    return outcome.encoded(images.labels)
