from __future__ import annotations

from collections import Counter
from pathlib import Path

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
