from __future__ import annotations

from pathlib import Path

import numpy as np

from kgtransfer.images.data.folder import Images
from kgtransfer.images.data.groups import components, group_numbers, joined, with_groups

NAMES = ("a.png", "b.png", "c.png", "d.png")


def _images(**columns: tuple[str, ...]) -> Images:
    return Images(Path("set"), NAMES, ("cat",) * 4, columns)


def test_a_column_says_what_belongs_together_and_an_empty_cell_stands_alone() -> None:
    images = with_groups(_images(slide=("s", "", "s", "")), "slide")
    assert images.columns["group"] == ("s", "b.png", "s", "d.png")
    numbers = group_numbers(images)
    assert numbers is not None
    assert numbers.tolist() == [2, 0, 2, 1]


def test_the_column_group_is_read_where_nothing_else_is_named() -> None:
    both = _images(group=("1", "1", "2", "2"), slide=("s", "t", "s", "t"))
    assert with_groups(both).columns["group"] == ("1", "1", "2", "2")
    assert with_groups(both, "slide").columns["group"] == ("s", "t", "s", "t")
    assert "group" not in with_groups(both, "patient").columns


def test_where_every_image_stands_by_itself_there_are_no_groups() -> None:
    assert group_numbers(_images()) is None
    assert group_numbers(_images(group=NAMES)) is None


def test_pairs_join_the_groups_of_both() -> None:
    grouped = _images(group=("s", "s", "t", "d.png"))
    assert joined(grouped, [(1, 2)]).columns["group"] == ("s", "s", "s", "d.png")
    assert joined(_images(), [(0, 3)]).columns["group"] == ("a.png", "b.png", "c.png", "a.png")
    assert joined(grouped, []) is grouped


def test_components_follow_pairs_and_groups() -> None:
    assert components(5, [(0, 1), (1, 4)]).tolist() == [0, 0, 1, 2, 0]
    assert components(4, [(0, 1)], np.array([7, 8, 8, 9])).tolist() == [0, 0, 0, 1]
