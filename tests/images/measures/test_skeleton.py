from __future__ import annotations

import numpy as np
import pytest

from kgtransfer.images.measures.skeleton import Skeleton


def _bar(width: int, length: int = 80) -> np.ndarray:
    mask = np.zeros((60, 100), dtype=bool)
    mask[20 : 20 + width, 10 : 10 + length] = True
    return mask


@pytest.mark.parametrize("width", [3, 6, 9, 12, 20])
def test_a_bar_is_as_wide_as_it_is_and_has_two_ends(width: int) -> None:
    skeleton = Skeleton(_bar(width))
    assert np.median(skeleton.widths) == pytest.approx(width, abs=1.5)
    assert (skeleton.end_points, skeleton.branch_points) == (2, 0)


def test_a_bump_makes_no_branch() -> None:
    mask = _bar(12)
    mask[17:20, 50:54] = True
    skeleton = Skeleton(mask)
    assert (skeleton.end_points, skeleton.branch_points) == (2, 0)


def test_a_dot_has_no_ends() -> None:
    skeleton = Skeleton(_bar(20, length=20))
    assert (skeleton.end_points, skeleton.branch_points) == (0, 0)
    assert skeleton.widths.max() == pytest.approx(20, abs=1.5)


def test_nothing_has_no_lines() -> None:
    skeleton = Skeleton(np.zeros((20, 20), dtype=bool))
    assert skeleton.widths.size == 0
    assert (skeleton.end_points, skeleton.branch_points) == (0, 0)


def test_a_mask_that_reaches_the_border_ends_there() -> None:
    skeleton = Skeleton(np.ones((9, 60), dtype=bool))
    assert np.median(skeleton.widths) == pytest.approx(9, abs=1)
    assert skeleton.end_points == 2
