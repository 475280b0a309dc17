"""Trust: near 1 for the same lab, near 0 for another."""

from __future__ import annotations

import numpy as np

from kgtransfer.classification.domain_shift import trust


def _features(n: int, seed: int, shift: float = 0.0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, 8)) + shift


def test_the_same_lab_is_trusted_and_another_is_not() -> None:
    home = _features(300, 0)
    assert trust(home, _features(300, 1)) > 0.8
    assert trust(home, _features(300, 1, shift=3.0)) == 0.01


def test_trust_falls_with_distance() -> None:
    home = _features(300, 0)
    found = [trust(home, _features(200, 2, shift)) for shift in (0.0, 0.25, 0.6, 1.5)]
    assert found == sorted(found, reverse=True)


def test_too_few_samples_tell_nothing() -> None:
    assert trust(_features(300, 0), _features(19, 1, shift=3.0)) == 1.0
