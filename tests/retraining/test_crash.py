"""Cut off in the middle, or out of room: nothing is lost, and the next call ends the same."""

from __future__ import annotations

import hashlib
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from watchfiles import watch

from kgtransfer.retraining import retrain
from kgtransfer.runs.folder import verify
from kgtransfer.runs.registry import entries

pytestmark = pytest.mark.slow
ONTOLOGY = Path(__file__).parents[2] / "ontology"
ROOM = 200_000  # bytes of a file, less than a model has


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    for name in ("kgt.ttl", "catalog-v001.xml"):
        shutil.copy(ONTOLOGY / name, tmp_path)
    text = (ONTOLOGY / "wbc.ttl").read_text(encoding="utf-8")
    path = tmp_path / "wbc.ttl"
    path.write_text(text.replace("kgt:threshold 2.5", "kgt:threshold 2.4"), encoding="utf-8")
    return path


@pytest.fixture
def run(cell_run: Path, tmp_path: Path) -> Path:
    """A run in a folder of its own."""
    copied = tmp_path / "runs" / "cells"
    shutil.copytree(cell_run, copied, ignore=shutil.ignore_patterns("fits"))
    return copied


def _command(run: Path, edited: Path) -> list[str]:
    return [sys.executable, "-m", "kgtransfer", "retrain", str(run), "--ontology", str(edited)]


def _end(run: Path) -> dict[str, str]:
    files = [run / "scores.safetensors", *(run / "models").iterdir()]
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_a_retraining_that_was_killed_goes_on_to_the_same_end(run: Path, edited: Path) -> None:
    whole = run.parent / "whole"
    assert retrain(run, edited, out=whole) is not None
    with subprocess.Popen(_command(run, edited), stdout=subprocess.DEVNULL) as process:
        for changes in watch(run.parent, step=10, rust_timeout=1_000, yield_on_timeout=True):
            if any("model-" in path and "fits" in path for _, path in changes):
                process.kill()  # the first model is written, the run is not
                break
            assert process.poll() is None  # else there is nothing to wait for
    assert [entry.folder.name for entry in entries(run.parent)] == ["cells", "whole"]
    done = subprocess.run(_command(run, edited), check=True, capture_output=True, text=True)
    assert "cells-2/report.html" in done.stdout  # the folder that was begun
    verify(run.parent / "cells-2")
    assert _end(run.parent / "cells-2") == _end(whole)


def test_a_full_disk_is_told_and_loses_nothing(run: Path, edited: Path) -> None:
    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))

    done = subprocess.run(
        _command(run, edited), capture_output=True, text=True, preexec_fn=little_room, check=False
    )
    assert done.returncode == 2
    assert "error: File too large" in done.stderr
    verify(run)
    assert [entry.folder.name for entry in entries(run.parent)] == ["cells"]
    assert retrain(run, edited) is not None
