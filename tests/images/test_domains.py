from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kgtransfer.errors import ConfigError
from kgtransfer.grounding.measured import MeasuredGrounder
from kgtransfer.images.domains import Domains, read_domains
from kgtransfer.images.scenes.measurer import SceneMeasurer
from kgtransfer.knowledge.io.ontology import read_ontology

ONTOLOGY = Path(__file__).parents[2] / "ontology"
GREENS = {"forest": (40, 70, 35), "grass": (110, 150, 70)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twenty plain forests and lawns, in folders."""
    random = np.random.default_rng(0)
    for label, colour in GREENS.items():
        (tmp_path / "home" / label).mkdir(parents=True)
        for number in range(20):
            image = np.array(colour) + random.normal(0, 8, (48, 48, 1))
            image[8:14, 8:14] = image[30:36, 20:26] = 200  # two houses
            picture = Image.fromarray(np.clip(image, 0, 255).astype(np.uint8))
            picture.save(tmp_path / "home" / label / f"{number}.png")
    return tmp_path / "home"


@pytest.fixture
def read(folder: Path) -> Callable[..., Domains]:
    graph = read_ontology(ONTOLOGY / "kgt.ttl", ONTOLOGY / "land_cover.ttl")
    grounder = MeasuredGrounder(graph, SceneMeasurer())
    return lambda *others, **more: read_domains(folder, others, grounder, size=32, **more)


def test_colours_stay_where_they_tell_of_what_is_shown(read: Callable[..., Domains]) -> None:
    shares = {"train": 0.5, "val": 0.1, "test": 0.4}
    labs = read(shares=shares, colours="")
    assert (len(labs.train), len(labs.tests["home"])) == (20, 16)
    green = labs.train.pixels[:, 1].float().mean(dim=(1, 2)).numpy()
    assert green[labs.train.targets == 0].max() < 80 < green[labs.train.targets == 1].min()
    assert [iri.rpartition("#")[2] for iri in labs.targets.classes] == ["Forest", "Grassland"]


def test_colours_are_brought_together_where_they_tell_of_the_lab(
    read: Callable[..., Domains],
) -> None:
    labs = read()
    assert len(labs.train) == 24
    green = labs.train.pixels[:, 1].float().mean(dim=(1, 2)).numpy()
    assert np.ptp(green) < 5


def test_two_data_sets_of_one_name_are_refused(read: Callable[..., Domains], folder: Path) -> None:
    with pytest.raises(ConfigError, match="two data sets have one name"):
        read(folder)
