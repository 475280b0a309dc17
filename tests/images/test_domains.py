from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from kgtransfer.errors import ConfigError
from kgtransfer.grounding.measured import MeasuredGrounder
from kgtransfer.images.domains import Domains, measure_domains
from kgtransfer.images.image_data import read_images
from kgtransfer.images.scenes.measurer import SceneMeasurer
from kgtransfer.knowledge.io.ontology import read_ontology

ONTOLOGY = Path(__file__).parents[2] / "ontology"
GREENS = {"forest": (40, 70, 35), "grass": (110, 150, 70)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twenty plain forests and lawns, in folders."""
    random = np.random.default_rng(0)
    for label, colour in GREENS.items():
        (tmp_path / "pictures" / label).mkdir(parents=True)
        for number in range(20):
            image = np.array(colour) + random.normal(0, 8, (48, 48, 1))
            for top, left in random.integers(0, 42, (2, 2)):
                image[top : top + 6, left : left + 6] = 200  # a house
            picture = Image.fromarray(np.clip(image, 0, 255).astype(np.uint8))
            picture.save(tmp_path / "pictures" / label / f"{number}.png")
    return tmp_path / "pictures"


@pytest.fixture
def read(folder: Path) -> Callable[..., Domains]:
    graph = read_ontology(ONTOLOGY / "kgt.ttl", ONTOLOGY / "land_cover.ttl")
    grounder = MeasuredGrounder(graph, SceneMeasurer())

    def read(*others: Path, **more: Any) -> Domains:
        data = read_images(folder, test=others, size=32, **more)
        return Domains.of(measure_domains(data, grounder), grounder)

    return read


def test_colours_stay_where_they_tell_of_what_is_shown(read: Callable[..., Domains]) -> None:
    shares = {"train": 0.5, "val": 0.1, "test": 0.4}
    domains = read(shares=shares)
    assert (len(domains.train), len(domains.tests["source"])) == (20, 16)
    green = domains.train.inputs[:, 1].float().mean(dim=(1, 2)).numpy()
    assert green[domains.train.targets == 0].max() < 80 < green[domains.train.targets == 1].min()
    assert [iri.rpartition("#")[2] for iri in domains.outcome.targets.classes] == [
        "Forest",
        "Grassland",
    ]


def test_colours_are_brought_together_where_they_tell_of_the_domain(
    read: Callable[..., Domains],
) -> None:
    domains = read(colours="reinhard")
    assert len(domains.train) == 24
    green = domains.train.inputs[:, 1].float().mean(dim=(1, 2)).numpy()
    assert np.ptp(green) < 5


def test_an_unknown_way_with_colours_is_refused(folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"no colours 'sepia'[\s\S]*macenko"):
        read_images(folder, colours="sepia")


def test_there_is_an_example_of_each_label_as_it_came(read: Callable[..., Domains]) -> None:
    examples = read().examples()
    assert list(examples) == ["forest", "grass"]
    assert examples["forest"].shape == (48, 48, 3)


def test_two_data_sets_of_one_name_are_refused(read: Callable[..., Domains], folder: Path) -> None:
    with pytest.raises(ConfigError, match="two data sets have one name"):
        read(folder, folder)


def test_copies_of_an_image_are_in_one_part_of_a_split_that_is_drawn(
    folder: Path, read: Callable[..., Domains], capsys: pytest.CaptureFixture[str]
) -> None:
    for label in GREENS:
        for number in range(19):
            (folder / label / f"copy{number}.png").write_bytes(
                (folder / label / "19.png").read_bytes()
            )
    domains = read(shares={"train": 0.5, "val": 0.1, "test": 0.4})
    parts = [{n.partition("/")[0] for n in images.names if "copy" in n or "/19" in n}
             for images in domains.images.values()]  # fmt: skip
    assert sum(map(len, parts)) == 2
    assert capsys.readouterr().err == ""
