"""The settings that stand beside the pipelines: each can be read, and names arms that there are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kgtransfer.config import read_config
from kgtransfer.errors import ConfigError
from kgtransfer.images.config import VisionConfig

PIPELINES = Path(__file__).parents[2] / "pipelines"
FOUR = ("none", "baseline", "kg", "shuffled")


def _read(name: str, *overrides: str) -> VisionConfig:
    return read_config(PIPELINES / f"{name}.toml", VisionConfig, overrides)


@pytest.mark.parametrize("name", ["images", "wbc", "remote_sensing"])
def test_each_says_what_its_runs_are_called(name: str) -> None:
    assert (_read(name).pipeline, _read(name).name) == ("images", name)


def test_images_stay_upright_but_cells_and_scenes_from_above() -> None:
    augmented = {name: _read(name).augmentation for name in ("images", "wbc", "remote_sensing")}
    turned = {name: (a.turns, a.mirrors, a.colours) for name, a in augmented.items()}
    assert turned == {
        "images": (False, False, 0.2),
        "wbc": (True, True, 0.2),
        "remote_sensing": (True, True, 0.2),
    }


def test_controls_run_beside_the_four_arms() -> None:
    assert _read("images").arms_to_run == (*FOUR, "probe", "measures", "axioms")
    assert _read("wbc", "controls=[]").arms_to_run == FOUR
    assert _read("wbc", 'arms=["none"]').arms_to_run == ("none",)


def test_a_control_that_is_no_arm_is_refused() -> None:
    with pytest.raises(ConfigError, match="no arm colour; arms are: none, baseline, kg"):
        _read("wbc", 'controls=["colour"]')


@pytest.mark.parametrize(
    ("preset", "message"),
    [("remote_sensing", "nowhere"), ("graph_control", "are: images, pacs, remote_sensing, wbc")],
)
def test_a_preset_is_named_on_the_command_line(preset: str, message: str, tmp_path: Path) -> None:
    command = [sys.executable, str(PIPELINES / "images.py"), "--preset", preset]
    more = ["--data", "nowhere", "--out", str(tmp_path / "run")]
    done = subprocess.run([*command, *more], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert message in done.stderr
