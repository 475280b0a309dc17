from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from kgtransfer.errors import DataError
from kgtransfer.images.data.folder import Images
from kgtransfer.images.data.splits import with_splits


def _images(**columns: tuple[str, ...]) -> Images:
    labels = ("cat",) * 20 + ("dog",) * 10
    names = tuple(f"{number}.png" for number in range(30))
    return Images(Path("set"), names, labels, columns)


def test_a_split_of_its_own_is_kept() -> None:
    own = ("train",) * 30
    assert with_splits(_images(split=own)).columns["split"] == own


def test_each_class_is_split_60_10_30() -> None:
    split = with_splits(_images()).columns["split"]
    assert Counter(split[:20]) == {"train": 12, "val": 2, "test": 6}
    assert Counter(split[20:]) == {"train": 6, "val": 1, "test": 3}


def test_the_draw_is_the_seeds() -> None:
    draws = [with_splits(_images(), seed=seed).columns["split"] for seed in (0, 0, 1)]
    assert draws[0] == draws[1] != draws[2]


def test_other_shares_leave_half_for_training() -> None:
    shares = {"train": 0.5, "val": 0.1, "test": 0.4}
    split = with_splits(_images(), shares=shares).columns["split"]
    assert Counter(split[:20]) == {"train": 10, "val": 2, "test": 8}
    assert Counter(split[20:]) == {"train": 5, "val": 1, "test": 4}


def test_splits_are_known_by_their_usual_names() -> None:
    own = ("Training", "dev", "TEST") * 10
    assert with_splits(_images(split=own)).columns["split"] == ("train", "val", "test") * 10


@pytest.mark.parametrize("other", ["", "tset"])
def test_no_image_is_lost_by_a_split_that_is_none(other: str) -> None:
    own = ("train",) * 28 + (other,) * 2
    message = f"set: the split of 28.png is {other!r}, and of 1 more"
    with pytest.raises(DataError, match=message):
        with_splits(_images(split=own))


def test_groups_are_split_whole() -> None:
    groups = tuple(f"g{number // 4}" for number in range(20)) + ("h",) * 4 + ("i",) * 6
    split = with_splits(_images(group=groups)).columns["split"]
    of_group = {
        group: {s for g, s in zip(groups, split, strict=True) if g == group} for group in groups
    }
    assert {len(splits) for splits in of_group.values()} == {1}
    assert Counter(split[:20]) == {"train": 12, "val": 4, "test": 4}
    assert Counter(split[20:]) == {"train": 6, "test": 4}


def test_groups_of_one_image_change_nothing() -> None:
    own = tuple(map(str, range(30)))
    split = with_splits(_images(group=own)).columns["split"]
    assert split == with_splits(_images()).columns["split"]


def test_a_group_of_two_classes_goes_with_that_of_most_of_its_images() -> None:
    groups = (*map(str, range(18)), "both", "both", "both", *map(str, range(21, 30)))
    split = with_splits(_images(group=groups)).columns["split"]
    assert len(set(split[18:21])) == 1
    assert Counter(split) == {"train": 18, "val": 3, "test": 9}


def test_a_pair_leaves_the_other_images_nearly_where_they_were() -> None:
    pair = ("0", "0", *map(str, range(2, 30)))
    drawn = with_splits(_images(group=pair)).columns["split"]
    before = with_splits(_images()).columns["split"]
    assert drawn[0] == drawn[1]
    assert sum(a != b for a, b in zip(drawn, before, strict=True)) <= 3
