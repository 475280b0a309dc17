from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kgtransfer.errors import StoreError
from kgtransfer.store.vectors import load, merge, save

TABLE = np.array([[2.0, 0.0], [1.0, 1.0], [0.0, 3.0]])


def test_nearest_by_cosine() -> None:
    vectors = merge(None, ["a", "b", "c"], TABLE)
    assert vectors.nearest("a", 5) == [("b", pytest.approx(0.5**0.5)), ("c", 0.0)]
    assert vectors.nearest(np.array([0.0, 9.0]), 1) == [("c", 1.0)]
    assert vectors.nearest("a", 0) == []


def test_merge_replaces_rows_and_another_width_replaces_all() -> None:
    vectors = merge(None, ["a", "b", "c"], TABLE)
    moved = merge(vectors, ["a"], np.array([[0.0, 1.0]]))
    assert moved.iris == ("b", "c", "a")
    assert moved.nearest("a", 1) == [("c", 1.0)]
    assert merge(vectors, ["z"], np.ones((1, 3))).iris == ("z",)


def test_wrong_input() -> None:
    vectors = merge(None, ["a", "b", "c"], TABLE)
    for iris, table in ((["a"], TABLE), (["a", "a", "b"], TABLE), (["a"], np.ones(3))):
        with pytest.raises(StoreError, match="one row an IRI"):
            merge(None, iris, table)
    with pytest.raises(StoreError, match="infinite or undefined"):
        merge(None, ["a"], np.array([[np.nan]]))
    with pytest.raises(StoreError, match="z has no vector"):
        vectors.nearest("z", 1)
    with pytest.raises(StoreError, match="2 are stored"):
        vectors.nearest(np.ones(3), 1)


def test_file(tmp_path: Path) -> None:
    file = tmp_path / "store.vectors"
    assert load(file) is None
    vectors = merge(None, ["a", "ü", "c"], TABLE)
    save(file, vectors)
    loaded = load(file)
    assert loaded is not None
    assert loaded.iris == vectors.iris
    assert np.array_equal(loaded.unit, vectors.unit)
    assert list(tmp_path.iterdir()) == [file]
    file.write_bytes(b"garbage")
    with pytest.raises(StoreError, match="damaged"):
        load(file)
