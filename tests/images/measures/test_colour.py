from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from kgtransfer.images.measures import colour
from kgtransfer.images.measures.view import View

HUES = {
    (255, 0, 0): colour.red_share,
    (200, 30, 50): colour.red_share,
    (255, 128, 0): colour.orange_share,
    (120, 70, 20): colour.orange_share,
    (255, 255, 0): colour.yellow_share,
    (0, 200, 0): colour.green_share,
    (0, 255, 255): colour.cyan_share,
    (0, 0, 255): colour.blue_share,
    (255, 0, 255): colour.violet_share,
    (128, 0, 255): colour.violet_share,
    (250, 250, 250): colour.grey_share,
    (10, 20, 10): colour.grey_share,
    (130, 128, 120): colour.grey_share,
}


@pytest.mark.parametrize("painted", HUES)
def test_a_quarter_of_a_colour_on_grey(painted: tuple[int, int, int]) -> None:
    image = np.full((128, 128, 3), 128, dtype=np.uint8)
    image[:64, 64:] = painted
    expected = 1 if HUES[painted] is colour.grey_share else 0.25
    assert HUES[painted](View(image)) == expected
    others = set(HUES.values()) - {HUES[painted], colour.grey_share}
    assert [share(View(image)) for share in others] == [0] * len(others)


def test_the_shares_of_hues_and_of_grey_are_one(draw: Any) -> None:
    for seed in range(5):
        view = View(draw.natural(seed))
        assert sum(share(view) for share in set(HUES.values())) == pytest.approx(1)


def test_vivid_colours_are_saturated_and_not_dark() -> None:
    image = np.full((128, 128, 3), (200, 160, 160), dtype=np.uint8)
    image[:32] = (200, 40, 40)
    image[32:64] = (60, 0, 0)
    assert colour.vivid_share(View(image)) == 0.25


def test_chroma_and_warmth(even: np.ndarray) -> None:
    assert colour.chroma(View(even)) == pytest.approx(110 / 255)
    assert colour.warmth(View(even)) == pytest.approx(-110 / 255)
    assert colour.warmth(View(even[..., ::-1])) == pytest.approx(110 / 255)
    assert colour.chroma(View(np.full((9, 9, 3), 77, dtype=np.uint8))) == 0


def test_colours_are_counted_by_their_shares() -> None:
    image = np.zeros((128, 128, 3), dtype=np.uint8)
    assert colour.colour_count(View(image)) == 1
    image[:64, :, 0] = 255
    image[:, 64:, 2] = 255
    assert colour.colour_count(View(image)) == pytest.approx(4)
    image[:] = 0
    image[0, 0] = 255
    assert 1 < colour.colour_count(View(image)) < 1.01


def test_all_216_colours_are_counted() -> None:
    cells = np.indices((6, 6, 6)).reshape(3, 216).T * 51
    image = np.tile(np.repeat(cells, 76, axis=0)[:16384].astype(np.uint8), (1, 1))
    assert colour.colour_count(View(image.reshape(128, 128, 3))) == pytest.approx(216, abs=0.5)
