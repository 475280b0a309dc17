"""The pipeline of blood cells, whole, on drawn cells: round nuclei and lobed ones, two labs."""

from __future__ import annotations

import csv
import json
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from safetensors import safe_open

from kgtransfer.config import VisionConfig, read_config
from kgtransfer.errors import OntologyError
from kgtransfer.results import RunResult

pytestmark = pytest.mark.timeout(600)  # a whole run, also on a busy machine
ROOT = Path(__file__).parents[2]
SMALL = (
    "seeds=2",
    "labels_per_class=[3]",
    'arms=["none", "baseline", "shuffled", "axioms", "numbers"]',
    "embedding.dim=8",
    "backbone.weights=random",
    "backbone.size=32",
    "training.steps=0.5",
)
LAMPS = {"home": (1.0, 1.0, 1.0), "away": (0.9, 1.0, 0.8)}


def _cell(label: str, random: np.random.Generator, lamp: tuple[float, ...]) -> np.ndarray:
    """A lymphocyte is small with a large round nucleus; a neutrophil large with three lobes."""
    rows, columns = np.ogrid[:96, :96]

    def disk(row: float, column: float, radius: float) -> np.ndarray:
        return np.asarray((rows - row) ** 2 + (columns - column) ** 2 <= radius**2)

    image = np.full((96, 96, 3), (240, 228, 210), dtype=np.float64)
    size = random.uniform(0.92, 1.08)
    if label == "lymphocyte":
        cell, nucleus = disk(48, 48, 17 * size), disk(48, 47, 14.5 * size)
    else:
        lobes = (disk(40, 40, 9 * size), disk(40, 56, 8 * size), disk(57, 49, 9 * size))
        cell, nucleus = disk(48, 48, 27 * size), np.logical_or.reduce(lobes)
    image[cell], image[nucleus & cell] = (215, 190, 215), (90, 50, 130)
    image += random.normal(0, 2, image.shape)
    return np.clip(image * lamp, 0, 255).astype(np.uint8)


def _data(folder: Path, lab: str, per_class: int) -> Path:
    folder.mkdir()
    random = np.random.default_rng(0 if lab == "home" else 1)
    rows = [("image", "label")]
    for number in range(per_class):
        for label in ("lymphocyte", "neutrophil"):
            name = f"{label}{number}.png"
            Image.fromarray(_cell(label, random, LAMPS[lab])).save(folder / name)
            rows.append((name, label))
    with (folder / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return folder


def _run(out: Path, data: Path, *more: str) -> RunResult:
    toml = ROOT / "pipelines" / "wbc.toml"
    script = runpy.run_path(str(toml.with_suffix(".py")), run_name="pipeline")
    overrides = [*SMALL, f"data.path={data}", *more]
    result: RunResult = script["run"](read_config(toml, VisionConfig, overrides), out)
    return result


@pytest.fixture(scope="module")
def labs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    root = tmp_path_factory.mktemp("cells")
    return _data(root / "home", "home", 36), _data(root / "away", "away", 14)


@pytest.fixture(scope="module")
def folder(labs: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    home, away = labs
    out = tmp_path_factory.mktemp("runs") / "wbc"
    _run(out, home, f"data.test={away}")
    return out


def _result(folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    return loaded


@pytest.mark.slow
def test_axioms_name_cells_of_either_lab_without_a_label(folder: Path) -> None:
    result = _result(folder)
    (away,) = result["other_settings"]
    assert (result["setting"], away["setting"]) == ("home, 3 labels", "away, 3 labels")
    for setting in (result, away):
        arms = setting["arms"]
        assert set(arms) == {"none", "baseline", "kg", "shuffled", "axioms", "numbers"}
        assert arms["axioms"]["mean"] >= 0.75
        assert arms["kg"]["mean"] >= 0.75
        seeds = {arm: len(arms[arm]["per_seed"]) for arm in ("axioms", "numbers", "kg")}
        assert seeds == {"axioms": 1, "numbers": 2, "kg": 2}  # no label, no seed
        assert arms["shuffled"]["mean"] > 0.1  # a shut door leaves the word to what was learned
    assert result["labels_per_class"] == 3


@pytest.mark.slow
def test_the_run_folder_is_whole_and_the_report_shows_what_it_should(folder: Path) -> None:
    names = {path.name for path in folder.iterdir()}
    assert names >= {
        *("README.md", "concepts", "models", "ontology.ttl", "report.html", "result.json"),
        "run.toml",
    }
    page = (folder / "report.html").read_text(encoding="utf-8")
    for heading in ("Which classes are taken for which", "What the classes show", "Grounded"):
        assert heading in page
    for label in ("lymphocyte", "neutrophil"):
        assert f'alt="{label}" src="data:image/png;base64,' in page
    with safe_open(folder / "models" / "3-0.safetensors", "np") as file:
        assert {"axioms.weight", "numbers.slopes"} <= set(file.keys())


@pytest.mark.slow
def test_the_same_run_again_fits_nothing(
    folder: Path, labs: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    scores = _result(folder)["arms"]
    fits = {path.name: path.stat().st_mtime_ns for path in (folder / "fits").iterdir()}
    _run(folder, labs[0], f"data.test={labs[1]}")
    assert {p.name: p.stat().st_mtime_ns for p in (folder / "fits").iterdir()} == fits
    assert _result(folder)["arms"] == scores


@pytest.mark.slow
def test_a_label_that_the_ontology_does_not_know_is_named(
    labs: tuple[Path, Path], tmp_path: Path
) -> None:
    table = (labs[0] / "labels.csv").read_text(encoding="utf-8")
    strange = tmp_path / "strange"
    strange.mkdir()
    (strange / "lymphocyte0.png").write_bytes((labs[0] / "lymphocyte0.png").read_bytes())
    (strange / "labels.csv").write_text(table.replace(",neutrophil", ",n-phil"), encoding="utf-8")
    with pytest.raises(OntologyError, match="no class for the label 'n-phil'"):
        _run(tmp_path / "run", strange)
