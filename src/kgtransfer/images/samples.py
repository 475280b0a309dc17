"""Measured images -> grounded samples: what an ontology sees in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.classification.samples import Samples
from kgtransfer.classification.statistics import DomainStatistics
from kgtransfer.errors import DataError
from kgtransfer.grounding.measured import FEWEST, MeasuredGrounder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.measured_data import MeasuredImages

__all__ = ["grounded_samples"]


def grounded_samples(
    measured: MeasuredImages,
    labels: Sequence[str],
    grounder: MeasuredGrounder[Picture],
    concepts: Sequence[str] | None = None,
    statistics: DomainStatistics | None = None,
) -> Samples:
    """Measured images of one domain -> samples.

    Args:
        measured: pixels and measures.
        labels: in the order of the logits.
        grounder: of the ontology.
        concepts: IRIs of those that may condition; all that are measured by default.
        statistics: of the domain; by default those of these images.

    Raises:
        DataError: a label is none of those, or there are fewer than ten images to take statistics
            of.
    """
    images = measured.images
    if unknown := sorted(set(images.labels) - set(labels)):
        raise DataError(
            f"{images.folder}: nothing is trained for the label {', '.join(unknown)}",
            cure=f"labels are: {', '.join(labels)}",
        )
    if statistics is None and len(measured) < FEWEST:
        raise DataError(
            f"{images.folder}: {len(measured)} images do not tell what is ordinary in their domain",
            cure=f"give at least {FEWEST}, of all classes",
        )
    statistics = statistics or DomainStatistics.of(measured.measures, grounder)
    fitted = MeasuredGrounder(grounder.graph, grounder.measurer, statistics.ranges)
    observed = fitted.observations(fitted.weights_of(fitted.standardised(measured.measures)))
    return Samples(
        images.names,
        images.labels,
        np.array([labels.index(label) for label in images.labels], dtype=np.int64),
        observed,
        observed.grounding(fitted.concepts if concepts is None else concepts),
        statistics.z_scores(measured.measures),
        measured.pixels,
    )
