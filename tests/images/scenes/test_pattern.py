from __future__ import annotations

import numpy as np
import pytest

from kgtransfer.images.scenes.pattern import _autocorrelation, repetition
from kgtransfer.images.scenes.scene import Scene


def test_rows_repeat_and_crowns_do_not(parking: Scene, forest: Scene, grass: Scene) -> None:
    assert repetition(parking) > 0.5
    assert repetition(forest) < 0.12
    assert repetition(grass) < 0.1


def test_autocorrelation_is_one_at_zero_and_again_a_period_away() -> None:
    waves = np.tile(np.sin(np.arange(64) * 2 * np.pi / 8).astype(np.float32), (64, 1))
    found = _autocorrelation(waves)
    assert found.shape == (65, 65)
    assert found[32, 32] == pytest.approx(1, abs=1e-4)
    assert found[32, 40] == pytest.approx(1, abs=0.01)
    assert found[32, 36] == pytest.approx(-1, abs=0.01)


def test_an_even_image_repeats_nothing() -> None:
    assert repetition(Scene(np.full((128, 128, 3), 90, dtype=np.uint8))) == 0
