"""Finished fits on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from kgtransfer.experiments.cache import FitCache


def test_an_array_comes_back_however_it_was_stored(tmp_path: Path) -> None:
    rows = np.arange(6, dtype=np.float64).reshape(2, 3)
    arrays = {"rows": rows, "columns": np.asfortranarray(rows), "part": rows[:, ::2]}
    FitCache(tmp_path, "key").write(arrays, {"seconds": 1.5}, "arm", 0)
    read, figures = FitCache(tmp_path, "key").read("arm", 0) or ({}, {})
    assert {name: array.tolist() for name, array in read.items()} == {
        "rows": [[0, 1, 2], [3, 4, 5]],
        "columns": [[0, 1, 2], [3, 4, 5]],
        "part": [[0, 2], [3, 5]],
    }
    assert figures == {"seconds": 1.5}


def test_what_was_never_finished_or_is_damaged_is_not_there(tmp_path: Path) -> None:
    cache = FitCache(tmp_path, "key")
    assert cache.read("arm", 0) is None
    cache.write({"a": np.zeros(3)}, {}, "arm", 0)
    assert FitCache(tmp_path, "other").read("arm", 0) is None
    file = cache.path("fit", "arm", 0)
    assert file is not None
    file.write_bytes(file.read_bytes()[:-4])
    assert cache.read("arm", 0) is None
