"""What a run over nodes keeps of its work, and what the run after an edit takes over of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kgtransfer.nodes import kept as module
from kgtransfer.nodes.kept import Kept

ROWS = np.asfortranarray(np.arange(6, dtype=np.float32).reshape(2, 3))


def made() -> dict[str, np.ndarray]:
    """Arrays whose names are not in the order of the alphabet."""
    return {"z": ROWS, "a": np.array([7])}


def never() -> dict[str, np.ndarray]:
    raise AssertionError("made again")


def test_arrays_are_made_once_and_come_back_as_they_were(tmp_path: Path) -> None:
    first = Kept(tmp_path).arrays(made, "blocks", "x")
    again = Kept(tmp_path).arrays(never, "blocks", "x")
    for arrays in (first, again):
        assert list(arrays) == ["z", "a"]
        assert arrays["z"].tolist() == [[0, 1, 2], [3, 4, 5]]
        assert arrays["z"].flags.c_contiguous  # what is computed with it does not depend on that
        assert arrays["z"].dtype == np.float32
    with pytest.raises(AssertionError, match="made again"):
        Kept(tmp_path).arrays(never, "blocks", "y")


def test_the_run_after_takes_over_what_it_needs_and_no_more(tmp_path: Path) -> None:
    older, own = tmp_path / "older", tmp_path / "own"
    Kept(older).arrays(made, "needed")
    Kept(older).arrays(made, "stale")
    assert list(Kept(own, older).arrays(never, "needed")) == ["z", "a"]
    (file,) = own.iterdir()
    assert file.samefile(older / file.name)
    assert list(Kept(own).arrays(never, "needed")) == ["z", "a"]


def test_without_a_folder_nothing_is_kept() -> None:
    kept = Kept()
    kept.arrays(made, "blocks")
    with pytest.raises(AssertionError, match="made again"):
        kept.arrays(never, "blocks")


def test_very_much_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST", 10)
    assert list(Kept(tmp_path).arrays(made, "blocks")) == ["z", "a"]
    assert not list(tmp_path.iterdir())


def test_what_other_code_made_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Kept(tmp_path).arrays(made, "blocks")
    monkeypatch.setattr(module, "code_digest", lambda: "another version")
    with pytest.raises(AssertionError, match="made again"):
        Kept(tmp_path).arrays(never, "blocks")
