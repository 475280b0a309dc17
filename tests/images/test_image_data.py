"""Folders of images as the data sets of an experiment."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kgtransfer.errors import ConfigError, DataError, OntologyError
from kgtransfer.images.image_data import read_images, require_classes
from kgtransfer.knowledge.io.ontology import read_ontology

SHARES = {"train": 0.5, "val": 0.0, "test": 0.5}


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[str, int], Path]:
    """Name and number -> a folder with as many grey images of a cat, and of a dog."""

    def write(name: str, per_class: int) -> Path:
        for label in ("cat", "dog"):
            (tmp_path / name / label).mkdir(parents=True)
            for number in range(per_class):
                pixels = np.full((16, 16, 3), number, dtype=np.uint8)
                Image.fromarray(pixels).save(tmp_path / name / label / f"{number:02}.png")
        return tmp_path / name

    return write


def test_splits_and_domains_are_named_and_no_image_is_read(
    folder: Callable[[str, int], Path],
) -> None:
    pets, clinic = folder("pets", 50), folder("clinic", 6)
    (clinic / "cat" / "00.png").write_bytes(b"no image")
    data = read_images(pets, test=[clinic], size=64)
    assert {name: len(images) for name, images in data.tests.items()} == {
        "source": 30, "validation": 10, "clinic": 12
    }  # fmt: skip
    assert (len(data.train), data.size, data.colours, data.cache) == (60, 64, "", None)
    assert (data.path, data.test) == (str(pets), (str(clinic),))
    assert data.labels == ("cat", "dog")


def test_few_validation_images_are_no_test_set(folder: Callable[[str, int], Path]) -> None:
    data = read_images(folder("pets", 20), shares={"train": 0.5, "val": 0.1, "test": 0.4})
    assert {name: len(images) for name, images in data.tests.items()} == {"source": 16}


@pytest.mark.parametrize("name", ["source", "validation"])
def test_a_domain_bears_no_name_of_a_split(folder: Callable[[str, int], Path], name: str) -> None:
    with pytest.raises(ConfigError, match="two data sets have one name"):
        read_images(folder("pets", 4), test=[folder(name, 4)])


def test_a_missing_data_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="mars"):
        read_images(tmp_path / "mars")


def test_a_data_set_of_a_single_class_is_refused_at_once(
    folder: Callable[[str, int], Path],
) -> None:
    pets, clinic = folder("pets", 4), folder("clinic", 4)
    shutil.rmtree(clinic / "dog")
    with pytest.raises(DataError, match=r"clinic: all 4 images are 'cat'.*nothing to tell apart"):
        read_images(clinic)
    assert len(read_images(pets, test=[clinic]).tests["clinic"]) == 4


def test_a_domain_of_a_table_is_a_data_set(folder: Callable[[str, int], Path]) -> None:
    pets = folder("pets", 20)
    rows = [
        f"{label}/{n:02}.png,{label},{'photo' if n < 12 else 'sketch'}\n"
        for label in ("cat", "dog")
        for n in range(20)
    ]
    (pets / "labels.csv").write_text("image,label,domain\n" + "".join(rows), encoding="utf-8")
    data = read_images(f"{pets}:photo", test=[f"{pets}:sketch"], shares=SHARES)
    assert {name: len(images) for name, images in data.tests.items()} == {
        "source": 12, "sketch": 16
    }  # fmt: skip
    assert set(data.train.columns["domain"]) == {"photo"}
    assert (data.path, data.test) == (f"{pets}:photo", (f"{pets}:sketch",))
    with pytest.raises(DataError, match=r"no image with domain oil[\s\S]*photo, sketch"):
        read_images(f"{pets}:oil")
    with pytest.raises(ConfigError, match="two data sets have one name"):
        read_images(f"{pets}:photo", test=[f"{pets}:sketch"] * 2)


def test_a_folder_may_have_a_colon_in_its_name(folder: Callable[[str, int], Path]) -> None:
    assert len(read_images(folder("pets:2026", 20), size=16).train) == 24


def test_a_domain_of_images_without_a_table_is_refused(folder: Callable[[str, int], Path]) -> None:
    with pytest.raises(DataError, match="no column domain"):
        read_images(f"{folder('pets', 3)}:photo")


def test_a_training_split_of_a_single_class_is_refused_at_once(
    folder: Callable[[str, int], Path],
) -> None:
    pets = folder("pets", 4)
    lines = [f"{label}/{row:02}.png,{label}" for label in ("cat", "dog") for row in range(4)]
    table = "\n".join(f"{line},{'train' if 'cat' in line else 'test'}" for line in lines)
    (pets / "labels.csv").write_text(f"image,label,split\n{table}\n")
    with pytest.raises(DataError, match="split train: all 4 images are 'cat'"):
        read_images(pets)


GRAPH = """
@prefix : <http://example.org/pets#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:Cat a owl:Class ; rdfs:label "cat" .
:Dog a owl:Class ; rdfs:label "dog" .
"""


def test_what_an_ontology_or_the_first_set_lacks_is_told_before_images_are_read(
    folder: Callable[[str, int], Path], tmp_path: Path
) -> None:
    (tmp_path / "pets.ttl").write_text(GRAPH)
    graph = read_ontology(tmp_path / "pets.ttl")
    pets, clinic, street = folder("pets", 20), folder("clinic", 6), folder("street", 4)
    require_classes(read_images(pets, test=[clinic], shares=SHARES), graph)
    with pytest.raises(DataError, match=r"street: 8 images \(street\) do not tell"):
        require_classes(read_images(pets, test=[street], shares=SHARES), graph)
    with pytest.raises(DataError, match=r"street: 4 images \(train\)"):
        require_classes(read_images(street, shares=SHARES), graph)
    (clinic / "dog").rename(clinic / "hen")
    data = read_images(pets, test=[clinic], shares=SHARES)
    with pytest.raises(DataError, match=r"clinic: nothing is trained .* hen\n.*cat, dog"):
        require_classes(data, graph)
    (pets / "dog").rename(pets / "hen")
    with pytest.raises(OntologyError, match="no class for the label"):
        require_classes(read_images(pets, test=[clinic], shares=SHARES), graph)
