"""trust, and the code that `train` runs, as a user meets them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kgtransfer.trust import CodeUnit

Said = tuple[int, str, str]

PIPELINE = """
from pathlib import Path
from pydantic import BaseModel
import helper

Path("ran").write_text(helper.WORD)

class Config(BaseModel):
    seeds: int = 1

def run(config, out):
    raise SystemExit(0)
"""


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a pipeline of the user's own, and another one that he unpacked."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "work"
    for place in (folder, folder / "download"):
        place.mkdir(mode=0o755)
        # A unit is imported once in a process: each test has one of its own.
        (place / "mine.py").write_text(f"{PIPELINE}# {tmp_path}\n")
        (place / "helper.py").write_text(f"WORD = {place.name!r}\n")
        (place / "mine.toml").write_text("seeds = 2\n")
    monkeypatch.chdir(folder)
    return folder


def test_a_pipeline_in_the_working_folder_runs(here: Callable[..., Said], work: Path) -> None:
    status, _, error = here("train", "mine.toml", "--out", "o")
    assert (status, error) == (0, "")
    assert (work / "ran").read_text() == "work"


def test_a_pipeline_that_comes_with_a_download_or_a_run_does_not(
    here: Callable[..., Said], work: Path
) -> None:
    (work / "download" / "result.json").write_text("{}")
    status, _, error = here("train", "download/mine.toml", "--out", "o")
    assert status == 2
    assert "does not stand directly in the current folder" in error
    assert f"kgtransfer trust {work}/download/mine.py" in error
    assert not (work / "ran").exists()


def test_trust_is_said_for_a_hash_shown_and_taken_back(
    here: Callable[..., Said], work: Path
) -> None:
    unit = CodeUnit.read("download/mine.py")
    status, told, _ = here("trust", "download/mine.py", "--dry-run")
    assert (status, told.splitlines()) == (
        0,
        [
            f"code         {work}/download/mine.py",
            f"sha256       {unit.hash}",
            "helper.py    18 bytes",
            f"mine.py      {len(unit.files['mine.py'])} bytes",
        ],
    )
    assert json.loads(here("trust", "--list", "--json")[1]) == []
    assert f"--revoke {unit.hash[:12]}" in here("trust", "download/mine.py")[1]
    assert here("train", "download/mine.toml", "--out", "o")[0] == 0
    assert (work / "ran").read_text() == "download"
    (entry,) = json.loads(here("trust", "--list", "--json")[1])
    assert (entry["hash"], entry["label"]) == (unit.hash, f"{work}/download/mine.py")
    assert unit.hash[:12] in here("trust", "--list")[1]
    (work / "download" / "helper.py").write_text("WORD = 'other'\n")
    assert here("train", "download/mine.toml", "--out", "o")[0] == 2
    told = here("trust", "--revoke", unit.hash[:12])[1]
    assert told == f"trusted no longer: {work}/download/mine.py\n"
    assert json.loads(here("trust", "--list", "--json")[1]) == []


def test_settings_that_name_a_pipeline_of_ours_need_no_script(
    here: Callable[..., Said], work: Path
) -> None:
    (work / "download" / "cells.toml").write_text('pipeline = "images"\n[data]\npath = "nowhere"\n')
    status, _, error = here("train", "download/cells.toml", "--out", "o")
    assert status == 2
    assert "nowhere" in error  # it ran, and looked for the data


def test_settings_that_name_no_pipeline_of_ours_are_refused(
    here: Callable[..., Said], work: Path
) -> None:
    (work / "cells.toml").write_text('pipeline = "download/mine"\n')
    status, _, error = here("train", "cells.toml", "--out", "o")
    assert status == 2
    assert "kgtransfer has no pipeline 'download/mine'" in error
    assert "code_search, graph_control, images" in error
    assert not (work / "ran").exists()


@pytest.mark.parametrize("arguments", [[], ["x.py", "--list"], ["--list", "--revoke", "ab"]])
def test_one_thing_at_a_time(here: Callable[..., Said], arguments: list[str]) -> None:
    status, _, error = here("trust", *arguments)
    assert (status, "give UNIT, --list or --revoke HASH" in error) == (2, True)
