"""The start as a user has it: written, checked, measured, trained, asked, retrained."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kgtransfer import cli

SMALL = (
    *("seeds=1", "labels_per_class=[3]", "embedding.dim=8", "backbone.weights=random"),
    *("backbone.size=32", "training.steps=0.5"),
)


def _drawn(label: str, random: np.random.Generator) -> Image.Image:
    """A ring or a bar, dark on a bright ground, about in the middle."""
    rows, columns = np.ogrid[:64, :64]
    y, x = (grid - random.uniform(30, 34) for grid in (rows, columns))
    if label == "ring":
        radius, distance = random.uniform(21, 25), np.hypot(y, x)
        shape = (distance < radius) & (distance > 0.7 * radius)
    else:
        angle = random.uniform(0, np.pi)
        along, across = (x * np.cos(a) + y * np.sin(a) for a in (angle, angle + np.pi / 2))
        shape = (abs(along) < random.uniform(20, 27)) & (abs(across) < random.uniform(6, 8))
    image = np.where(shape[:, :, None], 60.0, 230.0) + random.normal(0, 4, (64, 64, 3))
    return Image.fromarray(np.clip(image, 0, 255).astype(np.uint8))


@pytest.fixture
def here(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., tuple[int, str]]:
    """Runs the command line in this process, as a user who trusts nothing yet: status, output."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["kgtransfer", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return int(ended.value.code or 0), capsys.readouterr().out

    return run


@pytest.mark.slow
def test_the_five_commands_of_the_start(
    here: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    domain = tmp_path / "shapes of tools"
    assert here("new", "images", str(domain), "--name", 'Tools, "drawn"')[0] == 0
    random = np.random.default_rng(0)
    for label in ("ring", "bar"):
        (domain / "images" / label).mkdir(parents=True)
        for number in range(20):
            _drawn(label, random).save(domain / "images" / label / f"{number}.png")
    with contextlib.chdir(domain):
        _five(here, "shapes_of_tools")


def _five(here: Callable[..., tuple[int, str]], short: str) -> None:
    ontology = f"{short}.ttl"
    assert here("check", "--strict", ontology, "--measures", "my_measures.py")[0] == 0

    status, said = here("suggest", ontology, "images", "--measures", "my_measures.py", "--json")
    assert status == 0
    suggested = json.loads(said)
    assert suggested["not_computed"] == []
    assert suggested["not_told_apart"] == []
    clear = {m["measure"].rpartition("#")[2]: m["two"]["clarity"] for m in suggested["measures"]}
    assert clear.keys() == {"elongation", "middleDarkness"}
    assert min(clear.values()) > 0.5

    settings = [part for setting in SMALL for part in ("--set", setting)]
    line = ("train", f"{short}.toml", "--out", "runs/first", *settings, "--json")
    status, said = here(*line)
    assert status == 0
    assert {"none", "baseline", "kg", "shuffled"} <= json.loads(said)["arms"].keys()

    assert here("trust", "runs/first/code")[0] == 0
    status, said = here("predict", "runs/first", "images/ring/0.png", "images/bar/0.png", "--json")
    assert status == 0
    ring, bar = (prediction["shares"] for prediction in json.loads(said))
    assert ring["ring"] > 0.5 > bar["ring"]

    text = Path(ontology).read_text(encoding="utf-8")
    Path(ontology).write_text(text.replace("threshold 0.25", "threshold 0.3"), encoding="utf-8")
    assert here("retrain", "runs/first")[0] == 0
    assert Path("runs/first-2/result.json").is_file()
