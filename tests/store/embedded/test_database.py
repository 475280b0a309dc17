from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kgtransfer.store.embedded.database import Database


@pytest.mark.parametrize("suffix", ["-wal", ".lock", ".lock-owner", ".tmp.1.0", "-new"])
@pytest.mark.parametrize("link", [Path.symlink_to, Path.hardlink_to])
def test_a_link_beside_the_file_is_not_written_through(
    tmp_path: Path, suffix: str, link: Callable[[Path, Path], None]
) -> None:
    thesis = tmp_path / "thesis.txt"
    thesis.write_text("months of work")
    link(tmp_path / f"store.kglite{suffix}", thesis)
    with pytest.raises(FileExistsError, match="is a link or no plain file"):
        Database(tmp_path / "store.kglite")
    assert thesis.read_text() == "months of work"


def test_a_pipe_in_the_place_of_the_log_keeps_nobody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "store.kglite-wal")
    with pytest.raises(FileExistsError, match="is a link or no plain file"):
        Database(tmp_path / "store.kglite")
