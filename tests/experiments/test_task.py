"""What a fit gives: one finite number a sample, figures of any number type."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from kgtransfer.errors import RunError
from kgtransfer.experiments.task import FitResult


def test_numbers_of_any_type_are_kept() -> None:
    fit = FitResult(
        [0, 1], {"f1": np.float32(0.5)}, {"g": np.int64(1)}, np.float64(2), np.array([0, 1])
    )  # type: ignore[arg-type]
    back = FitResult.from_json(json.loads(json.dumps(fit.to_json())))
    assert back.per_sample.tolist() == [0.0, 1.0]
    assert (back.metrics, back.gates, back.seconds) == ({"f1": 0.5}, {"g": 1.0}, 2.0)
    assert list(back.strata) == [0, 1]


@pytest.mark.parametrize(
    ("fit", "complaint"),
    [
        ({"per_sample": [0.1, float("nan")]}, "not one finite number a test sample"),
        ({"per_sample": [[0.1]]}, "not one finite number a test sample"),
        ({"per_sample": []}, "not one finite number a test sample"),
        ({"per_sample": [0.1, 0.2], "strata": [0]}, "1 strata for 2 samples"),
        ({"per_sample": [0.1], "strata": [-1]}, "strata for 1 samples"),
        ({"per_sample": [0.1], "metrics": {"auc": float("nan")}}, "metrics: auc is not a finite"),
    ],
)
def test_what_no_interval_can_be_drawn_of_is_refused(fit: Any, complaint: str) -> None:
    with pytest.raises(RunError, match=complaint):
        FitResult(**fit)


def test_groups_are_a_number_for_each_sample() -> None:
    fit = FitResult(np.array([0.5, 1.0]), groups=np.array([4, 4]))  # type: ignore[arg-type]
    assert fit.groups == [4, 4]
    assert FitResult.from_json(json.loads(json.dumps(fit.to_json()))).groups == [4, 4]
    with pytest.raises(RunError, match="1 groups for 2 samples"):
        FitResult(np.array([0.5, 1.0]), groups=[0])
