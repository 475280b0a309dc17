from __future__ import annotations

import numpy as np
import pytest

from kgtransfer.conditioning.prior_weight import learned_weight

TARGETS = np.arange(60) % 3
TRUTH = np.eye(3)[TARGETS]
RANDOM = np.random.default_rng(0)
NOISE = RANDOM.normal(size=TRUTH.shape)
UNSURE = 1.5 * TRUTH + RANDOM.normal(size=TRUTH.shape)  # logits of a model that is often wrong


def test_scores_that_know_more_than_the_model_get_more_weight() -> None:
    assert learned_weight(3 * TRUTH, TARGETS, UNSURE) > 1
    assert learned_weight(3 * TRUTH, TARGETS) > 1


def test_wrong_scores_shut_the_door_and_noise_nearly_does() -> None:
    wrong = 3 * np.roll(TRUTH, 1, axis=1)
    assert learned_weight(wrong, TARGETS, UNSURE) < 0.01
    assert learned_weight(NOISE, TARGETS, UNSURE) < 0.25


def test_scores_add_nothing_to_a_model_that_is_right_already() -> None:
    assert learned_weight(TRUTH, TARGETS, 9 * TRUTH) == pytest.approx(0.5, abs=0.02)


def test_a_single_label_hardly_moves_the_weight_and_none_leaves_it() -> None:
    assert learned_weight(3 * TRUTH[:1], TARGETS[:1], UNSURE[:1]) == pytest.approx(0.5, abs=0.25)
    assert learned_weight(TRUTH[:0], TARGETS[:0], expected=0.7) == pytest.approx(0.7, abs=1e-3)


def test_the_weight_stays_within_its_bounds() -> None:
    assert learned_weight(0.1 * TRUTH, TARGETS, most=0.8, spread=9) == pytest.approx(0.8, abs=1e-3)
