from __future__ import annotations

import numpy as np
import pytest

from kgtransfer.classification.calibration import abstention, reliability
from kgtransfer.classification.metrics import class_metrics


def test_bins_tell_confidence_accuracy_and_number() -> None:
    shares = np.array([[0.9, 0.1], [0.9, 0.1], [0.9, 0.1], [0.45, 0.55]])
    found = reliability(np.log(shares), np.array([0, 0, 1, 1]))
    unsure, sure = found["bins"]
    assert unsure == {"confidence": pytest.approx(0.55), "accuracy": 1.0, "count": 1}
    assert sure == {"confidence": pytest.approx(0.9), "accuracy": pytest.approx(2 / 3), "count": 3}
    assert found["ece"] == pytest.approx((0.45 + 3 * (0.9 - 2 / 3)) / 4)


def test_the_gaps_of_the_bins_are_the_calibration_error_of_the_metrics() -> None:
    rng = np.random.default_rng(0)
    logits, targets = rng.normal(0, 2, (200, 4)), rng.integers(0, 4, 200)
    found = reliability(logits, targets)
    gaps = [bin_["count"] * abs(bin_["confidence"] - bin_["accuracy"]) for bin_ in found["bins"]]
    assert sum(gaps) / 200 == pytest.approx(found["ece"])
    assert found["ece"] == class_metrics(logits, targets)["ece"]
    assert sum(bin_["count"] for bin_ in found["bins"]) == 200


def test_the_surest_are_answered_first() -> None:
    confidence = np.array([0.6, 0.9, 0.8, 0.7])
    right = np.array([False, True, True, False])
    accuracies = {row["answered"]: row["accuracy"] for row in abstention(confidence, right)}
    assert accuracies[0.5] == 1.0
    assert accuracies[0.8] == pytest.approx(2 / 3)
    assert accuracies[1.0] == 0.5
    assert 0.1 not in accuracies  # of four samples a tenth is none


def test_no_answers_have_no_curve() -> None:
    assert abstention(np.empty(0), np.empty(0, dtype=bool)) == []
