"""What samples show, and how much that tells them apart."""

from __future__ import annotations

import numpy as np
import pytest

from kgtransfer.grounding.observations import Observations, most_shown

VALUES = {"e:Size": ("e:Big", "e:Small"), "e:Tone": ("e:Dark", "e:Light")}


def _shown(size: list[float], tone: list[float]) -> Observations:
    weights = {
        name: np.array([[w, 1 - w] for w in of])
        for name, of in zip(VALUES, (size, tone), strict=True)
    }
    return Observations(VALUES, weights)


def test_information_is_that_of_the_values_about_the_samples() -> None:
    told = _shown([0.99, 0.01, 0.99, 0.01], [0.5] * 4).information()
    entropy = -(0.99 * np.log(0.99) + 0.01 * np.log(0.01))
    assert told == pytest.approx([np.log(2) - entropy] * 4)


def test_a_threshold_beyond_all_samples_tells_nothing() -> None:
    assert _shown([0.99] * 3, [0.01] * 3).information() == pytest.approx([0.0] * 3)


def test_most_shown_values_come_in_their_order() -> None:
    assert most_shown(_shown([0.1, 0.2], [0.9, 0.9]), 1) == ("e:Small", "e:Dark")
