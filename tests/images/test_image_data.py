"""Folders of images as the data sets of an experiment."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kgtransfer.errors import ConfigError, DataError
from kgtransfer.images.image_data import read_images


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
