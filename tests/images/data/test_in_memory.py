"""Images in memory are what the same images in a folder would be."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch.utils.data import Dataset, TensorDataset

from kgtransfer.classification.outcomes import OUTCOMES
from kgtransfer.errors import ConfigError, DataError
from kgtransfer.images.data.folder import Images, read_image_table
from kgtransfer.images.data.in_memory import images_in_memory, write_images
from kgtransfer.images.image_data import read_images


def _pixels(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, 20, 24, 3), dtype=np.uint8)


class Scans(Dataset[Any]):
    classes = ("flat", "curved")

    def __init__(self, images: Sequence[Any], labels: Sequence[Any]) -> None:
        self.items = list(zip(images, labels, strict=True))

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, row: int) -> Any:
        return self.items[row]


def _read(data: Any, labels: str = "one") -> Images:
    return images_in_memory(data, "scans", OUTCOMES[labels].malformed)


def test_every_form_of_an_image_gives_its_pixels() -> None:
    (pixels,) = _pixels(1)
    tensor = torch.from_numpy(pixels).permute(2, 0, 1)
    for image in (pixels, tensor, tensor / 255, Image.fromarray(pixels)):
        (read,) = _read(([image], ["flat"])).pictures()
        assert np.array_equal(read, pixels)
    grey_pixels = np.ascontiguousarray(pixels[:, :, 0])
    for grey in (grey_pixels, pixels[:, :, :1], tensor[:1], Image.fromarray(grey_pixels)):
        (read,) = _read(([grey], ["flat"])).pictures()
        assert np.array_equal(read, np.repeat(pixels[:, :, :1], 3, axis=2))


@pytest.mark.parametrize(
    ("labels", "label", "cell"),
    [
        ("one", "flat", "flat"), ("one", 1, "curved"), ("one", torch.tensor(1), "curved"),
        ("one", np.int64(0), "flat"), ("several", ["flat", 1], "flat|curved"),
        ("several", [], ""), ("several", "curved|flat", "curved|flat"),
        ("several", torch.tensor([0.0, 1.0]), "curved"),
        ("several", np.array([1, 1]), "flat|curved"),
        ("number", 3.5, "3.5"), ("number", torch.tensor(2.0), "2.0"),
    ],
)  # fmt: skip
def test_every_form_of_a_label_is_a_cell_of_a_table(labels: str, label: Any, cell: str) -> None:
    data = Scans(_pixels(1), [label])
    if labels == "number":
        data.classes = ()
    assert _read(data, labels).labels == (cell,)


def test_integers_without_names_are_labels_themselves() -> None:
    images = _read((_pixels(3), np.array([7, 3, 7])))
    assert images.labels == ("7", "3", "7")
    assert images.names == ("0.png", "1.png", "2.png")


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (_pixels(2), ["flat"], "2 and 1 are not images and as many labels"),
        (_pixels(1).astype(np.float32), ["flat"], "image 0: float32 of shape"),
        ([torch.full((3, 20, 20), 2.0)], ["flat"], "image 0: float32 of shape"),
        (_pixels(1)[:, :8], ["flat"], "image 0: 24 x 8 pixels are too few"),
        (_pixels(1), [None], "image 0: NoneType is no label"),
        (_pixels(1), [""], "image 0: no label"),
        ([], [], "holds no image"),
    ],
)
def test_bad_items_are_named(images: Any, labels: Any, message: str) -> None:
    with pytest.raises(DataError, match=f"scans.*{message}"):
        _read((images, labels))


@pytest.mark.parametrize(
    ("label", "message"),
    [(2, "no class 2 of 2"), (np.array([1, 2]), "not a zero or a one"), (["a", ""], "empty label")],
)
def test_bad_labels_of_data_sets_are_named(label: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        _read(Scans(_pixels(1), [label]), "several")


def test_items_that_are_no_pairs_are_refused() -> None:
    with pytest.raises(DataError, match="image 0: not a pair"):
        _read(TensorDataset(torch.zeros(2, 3, 20, 20)))


def test_written_they_are_the_same_data_set(tmp_path: Path) -> None:
    images = _read((_pixels(5), ["a", "b|c", "", "a|c", "b"]), "several")
    write_images({"train": images.take([0, 1, 2]), "test": images.take([3, 4])}, tmp_path)
    again = read_image_table(tmp_path, OUTCOMES["several"].malformed)
    assert (again.names, again.labels) == (images.names, images.labels)
    assert again.columns["split"] == ("train", "train", "train", "test", "test")
    pairs = zip(again.pictures(), images.pictures(), strict=True)
    assert all(np.array_equal(read, held) for read, held in pairs)


def test_contents_have_a_digest() -> None:
    images = _read((_pixels(3), ["a", "b", "a"]))
    assert images.digest == _read((_pixels(3), ["a", "a", "b"])).digest
    assert images.digest != _read((_pixels(3, seed=1), ["a", "b", "a"])).digest
    assert images.digest != images.take([0, 1]).digest


def test_data_sets_of_an_experiment_may_be_in_memory() -> None:
    scans = Scans(_pixels(40), [0, 1] * 20)
    data = read_images(scans, test={"clinic": (_pixels(4, 1), ["flat", "curved"] * 2)}, size=32)
    assert (data.path, data.test) == ("images in memory", ("clinic",))
    assert list(data.tests) == ["source", "clinic"]
    assert [len(data.train), len(data.tests["source"]), len(data.tests["clinic"])] == [24, 12, 4]
    assert data.labels == ("curved", "flat")


class Failing:
    """A data set one of whose items cannot be read."""

    def __len__(self) -> int:
        return 3

    def __getitem__(self, row: int) -> tuple[np.ndarray, str]:
        if row == 1:
            raise OSError("the disk is gone")
        return np.zeros((20, 20), dtype=np.uint8), "cat"


def test_an_item_that_fails_is_named() -> None:
    with pytest.raises(DataError, match="memory, image 1: OSError: the disk is gone"):
        images_in_memory(Failing(), "memory", OUTCOMES["one"].malformed)


def test_what_has_no_length_is_refused() -> None:
    with pytest.raises(DataError, match="memory: a generator has no length"):
        images_in_memory(((i for i in ()), []), "memory", OUTCOMES["one"].malformed)  # type: ignore[arg-type]


def test_a_label_with_a_bar_is_not_taken_for_two() -> None:
    images = np.zeros((1, 20, 20), dtype=np.uint8)
    with pytest.raises(DataError, match=r"image 0: the label 'a\|b' has a bar"):
        images_in_memory((images, [["a|b", "c"]]), "memory", OUTCOMES["several"].malformed)


def test_a_test_set_in_memory_has_a_name() -> None:
    images = np.zeros((4, 20, 20), dtype=np.uint8), ["a", "b", "a", "b"]
    with pytest.raises(ConfigError, match="a test set in memory has no name"):
        read_images(images, test=[images])  # type: ignore[list-item]
