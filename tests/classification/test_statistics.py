"""Measures as z-scores of their domain."""

from __future__ import annotations

from typing import Any

import numpy as np

from kgtransfer.classification.statistics import DomainStatistics


class _Numbers:
    """A source that reads nothing but numbers."""

    def usual(self, readings: np.ndarray) -> dict[str, tuple[float, ...]]:
        return {"e:count": (float(len(readings)),)}

    def numbers(self, readings: np.ndarray) -> np.ndarray:
        return readings


def test_a_measure_that_no_sample_has_is_zero_and_no_outlier_rules() -> None:
    values = np.array([[1.0, np.nan, 5.0], [3.0, np.nan, np.nan], [5.0, np.nan, 5.0]])
    source: Any = _Numbers()
    statistics = DomainStatistics.of(values, source)
    assert statistics.usual == {"e:count": (3.0,)}
    scores = statistics.z_scores(values)
    root = np.sqrt(1.5)
    np.testing.assert_allclose(scores, [[-root, 0, 0], [0, 0, 0], [root, 0, 0]], atol=1e-9)
    outlier = np.array([[0.0]] * 99 + [[1e6]])
    assert DomainStatistics.of(outlier, source).z_scores(outlier).max() == 4.0
