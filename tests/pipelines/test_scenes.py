"""The pipeline of scenes from above, whole, on drawn ones: lawns, lakes and parking lots."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kgtransfer.config import read_config
from kgtransfer.images.config import VisionConfig

ROOT = Path(__file__).parents[2]
SMALL = (
    "seeds=2",
    "labels_per_class=[2]",
    'arms=["none", "last_layers", "shuffled", "axioms"]',
    "embedding.dim=8",
    "backbone.weights=random",
    "backbone.size=32",
    "training.steps=0.5",
)


def _scene(label: str, random: np.random.Generator) -> np.ndarray:
    """A lawn, a lake with its bank, or rows of cars."""
    ground = {"grass": (110, 140, 80), "river_lake": (105, 125, 85), "parking": (120, 120, 122)}
    image = np.array(ground[label]) + random.normal(0, 8, (128, 128, 1))
    if label == "river_lake":
        image[:, : random.integers(50, 90)] = (25, 45, 75)
    if label == "parking":
        for row in range(random.integers(3, 9), 120, 12):
            for column in range(random.integers(2, 7), 122, 8):
                image[row : row + 6, column : column + 4] = random.choice([20, 230])
    return np.clip(image, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on 14 drawn scenes of each class, the last five of which are the test."""
    root = tmp_path_factory.mktemp("scenes")
    random = np.random.default_rng(0)
    rows = ["image,label,split"]
    for label in ("grass", "parking", "river_lake"):
        (root / "data" / label).mkdir(parents=True)
        for number in range(14):
            picture = Image.fromarray(_scene(label, random))
            picture.save(root / "data" / label / f"{number}.png")
            rows.append(f"{label}/{number}.png,{label},{'train' if number < 9 else 'test'}")
    (root / "data" / "labels.csv").write_text("\n".join(rows), encoding="utf-8")
    toml = ROOT / "pipelines" / "remote_sensing.toml"
    script = runpy.run_path(str(toml.with_name("images.py")), run_name="pipeline")
    overrides = [*SMALL, f"data.path={root / 'data'}"]
    script["run"](read_config(toml, VisionConfig, overrides), root / "run")
    return root / "run"


@pytest.mark.slow
def test_axioms_name_drawn_scenes_without_a_label(folder: Path) -> None:
    result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    arms = result["arms"]
    assert result["setting"] == "source, 2 labels"
    assert set(arms) == {"none", "last_layers", "kg", "shuffled", "axioms"}
    assert arms["axioms"]["mean"] == 1
    assert len(arms["kg"]["per_seed"]) == 2


@pytest.mark.slow
def test_the_report_shows_the_scenes_with_their_covers(folder: Path) -> None:
    page = (folder / "report.html").read_text(encoding="utf-8")
    for text in ("Which classes are taken for which", 'alt="inland water (river_lake)" src="data:'):
        assert text in page
    assert (folder / "models" / "2-0.safetensors").is_file()
