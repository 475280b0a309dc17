"""Decoded images in a file: what a tensor would be, whole or made anew."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from kgtransfer.classification.inputs import content_of
from kgtransfer.errors import DataError
from kgtransfer.images.data.pixels import Pixels, read_pixels, write_pixels

IMAGES, SIZE = 5, 4
SQUARES = np.arange(4 * 3 * SIZE * SIZE, dtype=np.uint8).reshape(4, 3, SIZE, SIZE)
ROWS = [0, 1, 3, 4]  # the third image cannot be read


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "pixels-0.safetensors"


def _written(path: Path) -> Pixels:
    rows, pixels = write_pixels(path, zip(ROWS, SQUARES, strict=True), IMAGES, SIZE)
    assert rows.tolist() == ROWS
    return pixels


def test_they_are_read_as_a_tensor_is(path: Path) -> None:
    pixels, tensor = _written(path), torch.from_numpy(SQUARES)
    assert (len(pixels), pixels.shape) == (4, (4, 3, SIZE, SIZE))
    assert torch.equal(pixels.to("cpu"), tensor)
    for rows in ([2, 0, 2], torch.tensor([3, 1]), slice(1, 3)):
        assert torch.equal(pixels[rows].to("cpu"), tensor[rows])
    assert torch.equal(pixels[[3, 2, 1]][1:].to("cpu"), tensor[[2, 1]])
    assert pixels[[]].to("cpu").shape == (0, 3, SIZE, SIZE)


@pytest.mark.parametrize("rows", [slice(None), [3, 0]])
def test_their_content_is_that_of_the_tensor(path: Path, rows: slice | list[int]) -> None:
    digest = hashlib.sha256(SQUARES[rows].tobytes()).hexdigest()
    pixels = _written(path)[rows]
    assert content_of(pixels).hexdigest() == digest
    assert content_of(torch.from_numpy(SQUARES)[rows]).hexdigest() == digest
    kept = read_pixels(path, IMAGES, SIZE)
    assert kept is not None
    assert content_of(kept[1]).hexdigest() == hashlib.sha256(SQUARES.tobytes()).hexdigest()


def test_others_can_read_the_file(path: Path) -> None:
    _written(path)
    tensors = load_file(path)
    assert torch.equal(tensors["pixels"], torch.from_numpy(SQUARES))
    assert tensors["readable"].tolist() == [True, True, False, True, True]


def test_what_was_written_is_read_back(path: Path) -> None:
    _written(path)
    rows, pixels = read_pixels(path, IMAGES, SIZE) or pytest.fail("damaged")
    assert rows.tolist() == ROWS
    assert torch.equal(pixels.to("cpu"), torch.from_numpy(SQUARES))


@pytest.mark.parametrize("at", [0, 9, 60, 4096, 4200, -1])
def test_a_damaged_file_is_none(path: Path, at: int) -> None:
    _written(path)
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)
    assert read_pixels(path, IMAGES, SIZE) is None


def test_a_file_that_is_cut_off_or_of_another_form_is_none(path: Path) -> None:
    assert read_pixels(path, IMAGES, SIZE) is None
    _written(path)
    assert read_pixels(path, IMAGES, SIZE + 1) is None
    assert read_pixels(path, IMAGES + 1, SIZE) is None
    os.truncate(path, path.stat().st_size - 3)
    assert read_pixels(path, IMAGES, SIZE) is None
    path.write_bytes(b"")
    assert read_pixels(path, IMAGES, SIZE) is None


def test_nothing_is_left_of_a_file_that_was_not_finished(path: Path) -> None:
    def squares() -> Iterator[tuple[int, np.ndarray]]:
        yield 0, SQUARES[0]
        raise KeyboardInterrupt

    left = path.parent / ".pixels-0.safetensors.x1"
    path.parent.mkdir()
    left.write_bytes(b"of a process that was killed")
    os.utime(left, (0, 0))
    with pytest.raises(KeyboardInterrupt):
        write_pixels(path, squares(), IMAGES, SIZE)
    assert list(path.parent.iterdir()) == []


def test_a_full_disk_is_told_before_anything_is_decoded(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10**9))
    with pytest.raises(DataError, match=r"decoded images take 3\.1 GB, 1\.0 are free"):
        write_pixels(path, iter([(0, SQUARES[0])]), 10**6, 32)


def test_a_file_that_is_removed_meanwhile_is_named(path: Path) -> None:
    pixels = _written(path)
    path.unlink()
    with pytest.raises(DataError, match=r"pixels-0\.safetensors: the images .* are gone"):
        pixels[[1]].to("cpu")
