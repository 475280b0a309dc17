"""The weight of what was learned: near 1 in the same domain, near 0 in another."""

from __future__ import annotations

import numpy as np

from kgtransfer.classification.domain_shift import domain_shift_weight


def _features(n: int, seed: int, shift: float = 0.0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, 8)) + shift


def test_what_was_learned_counts_in_the_same_domain_and_hardly_in_another() -> None:
    source = _features(300, 0)
    assert domain_shift_weight(source, _features(300, 1)) > 0.8
    assert domain_shift_weight(source, _features(300, 1, shift=3.0)) == 0.2


def test_the_weight_falls_with_distance() -> None:
    source = _features(300, 0)
    shifts = (0.0, 0.1, 0.25, 0.5)
    weights = [domain_shift_weight(source, _features(200, 2, shift)) for shift in shifts]
    assert weights == sorted(weights, reverse=True)


def test_too_few_samples_tell_nothing() -> None:
    assert domain_shift_weight(_features(300, 0), _features(19, 1, shift=3.0)) == 1.0
