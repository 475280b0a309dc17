"""serve, as a user meets what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from kgtransfer.experiments.arms import Arm
from kgtransfer.experiments.comparison import ArmScores
from kgtransfer.experiments.results import RunResult
from kgtransfer.experiments.setting import SettingResult

Said = tuple[int, str, str]


def _save(folder: Path, kind: str) -> Path:
    arms = [ArmScores(Arm("none"), np.zeros((1, 8)))]
    settings = {"named": SettingResult.of("named", arms)}
    RunResult("x", "d", "d", "mrr", [0], settings, kind=kind, run_hash="x").save(folder)
    return folder


def test_only_runs_of_code_search_are_served(here: Callable[..., Said], tmp_path: Path) -> None:
    run = _save(tmp_path / "cells", "images")
    status, _, told = here("serve", run)
    assert status == 2
    assert f"error: {run} is no run of code search: only these are served" in told


def test_other_machines_are_refused_before_anything_is_loaded(
    here: Callable[..., Said], tmp_path: Path
) -> None:
    status, _, told = here("serve", _save(tmp_path / "code", "code"), "--host", "0.0.0.0")
    assert status == 2
    assert "error: whoever reaches 0.0.0.0 could ask this run" in told
    assert "--token-file" in told


def test_mcp_has_no_port(here: Callable[..., Said], tmp_path: Path) -> None:
    status, _, told = here("serve", _save(tmp_path / "code", "code"), "--mcp", "--port", "1")
    assert status == 2
    assert "error: --mcp goes with none of --host, --port and --token-file" in told
