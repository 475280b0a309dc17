"""Watching an ontology: every save is dealt with, none is read by half."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from kgtransfer.retraining.loop import saves

ROOT = Path(__file__).parents[2]


def test_the_first_look_and_each_save_of_the_file_count(tmp_path: Path) -> None:
    path, other = tmp_path / "a.ttl", tmp_path / "b.ttl"
    path.write_text("one", encoding="utf-8")
    looks = saves(path)
    next(looks)
    other.write_text("not asked for", encoding="utf-8")
    path.write_text("tw", encoding="utf-8")
    path.write_text("two", encoding="utf-8")  # saved in two goes, seen once
    next(looks)
    assert path.read_text(encoding="utf-8") == "two"
    replaced = tmp_path / "a.ttl.new"  # as editors do it
    replaced.write_text("three", encoding="utf-8")
    replaced.replace(path)
    next(looks)
    assert path.read_text(encoding="utf-8") == "three"
    looks.close()  # type: ignore[attr-defined]


def test_files_and_folders_are_watched_together(tmp_path: Path) -> None:
    folder, path = tmp_path / "folder", tmp_path / "a.ttl"
    (folder / "below").mkdir(parents=True)
    path.write_text("one", encoding="utf-8")
    looks = saves(folder, path)
    next(looks)
    (tmp_path / "b.ttl").write_text("not asked for", encoding="utf-8")
    (folder / "below" / "c.ttl").write_text("one", encoding="utf-8")
    next(looks)
    path.write_text("two", encoding="utf-8")
    next(looks)
    assert path.read_text(encoding="utf-8") == "two"
    looks.close()  # type: ignore[attr-defined]


def _listens_to_ctrl_c() -> None:
    """Whoever runs the tests in the background may have it ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _line(stream: IO[str], wanted: str) -> str:
    """The next line with some words in it."""
    return next(line for line in stream if wanted in line)


@pytest.mark.slow
def test_a_save_retrains_a_mistake_is_told_and_the_next_save_goes_on(
    cell_run: Path, tmp_path: Path
) -> None:
    for name in ("wbc.ttl", "kgt.ttl", "catalog-v001.xml"):
        (tmp_path / name).write_bytes((ROOT / "ontology" / name).read_bytes())
    path = tmp_path / "wbc.ttl"
    text = path.read_text(encoding="utf-8")
    edited = text.replace("kgt:threshold 2.5", "kgt:threshold 2.4")
    command = [sys.executable, "-m", "kgtransfer", "retrain", str(cell_run), "--watch"]
    with subprocess.Popen(
        [*command, "--ontology", str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        preexec_fn=_listens_to_ctrl_c,  # noqa: PLW1509  # this test has no threads
    ) as process:
        assert process.stdout is not None
        assert "watching" in _line(process.stdout, "watching")
        assert "nothing to do" in _line(process.stdout, "nothing to do")
        path.write_text(edited[: len(edited) // 2], encoding="utf-8")
        assert "wbc.ttl" in _line(process.stdout, "error")
        path.write_text(edited, encoding="utf-8")
        report = Path(_line(process.stdout, "report: ").split("report: ")[1].strip())
        path.write_text(f"# a comment\n{edited}", encoding="utf-8")
        assert report.parent.name in _line(process.stdout, "nothing to do")  # goes on from there
        process.send_signal(signal.SIGINT)
        assert process.wait() == 0
    assert report.is_file()
