from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from kgtransfer.images.scenes import tone
from kgtransfer.images.scenes.scene import Scene


@pytest.mark.parametrize(
    ("colour", "share"),
    [
        ((30, 60, 25), tone.dark_green_share),
        ((110, 160, 70), tone.light_green_share),
        ((110, 80, 50), tone.brown_share),
        ((220, 190, 140), tone.tan_share),
        ((120, 120, 120), tone.grey_share),
        ((40, 60, 120), tone.dark_blue_share),
        ((20, 20, 20), tone.dark_blue_share),
        ((240, 240, 240), tone.white_share),
    ],
)
def test_each_colour_has_one_tone(
    colour: tuple[int, int, int], share: Callable[[Scene], float]
) -> None:
    image = np.full((128, 128, 3), 110, dtype=np.uint8) * np.uint8([1, 1, 1])
    image[:32] = colour
    scene = Scene(image)
    assert share(scene) == pytest.approx(1.0 if share is tone.grey_share else 0.25)
    others = {getattr(tone, name) for name in tone.__all__} - {share, tone.grey_share}
    assert [other(scene) for other in others] == [0] * len(others)
    assert tone.grey_share(scene) == (1 if share is tone.grey_share else 0.75)
