from __future__ import annotations

import numpy as np
import pytest

from kgtransfer.images.cells.thresholds import three_levels, two_levels

RNG = np.random.default_rng(0)
TWO = np.concatenate([RNG.normal(1, 0.1, 300), RNG.normal(3, 0.1, 100)]).astype(np.float32)
THREE = np.concatenate([TWO, RNG.normal(6, 0.1, 50).astype(np.float32)])


def test_two_classes_are_split_between_them() -> None:
    found = two_levels(TWO)
    assert 1.3 < found.threshold < 2.7
    assert found.low == pytest.approx(1, abs=0.05)
    assert found.high == pytest.approx(3, abs=0.05)


def test_three_classes_are_split_between_them() -> None:
    low, high = three_levels(THREE)
    assert 1.3 < low < 2.7
    assert 3.2 < high < 5.7


def test_one_value_is_no_error() -> None:
    found = two_levels(np.full(10, 2.0, dtype=np.float32))
    assert found.threshold == pytest.approx(2, abs=0.6)
