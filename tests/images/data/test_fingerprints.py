from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kgtransfer.images.data import fingerprints as module
from kgtransfer.images.data.fingerprints import fingerprints
from kgtransfer.images.data.folder import Images


@pytest.fixture
def images(tmp_path: Path) -> Images:
    """One picture as PNG and as BMP, another one, and a file that is no image."""
    pixels = np.random.default_rng(0).integers(0, 256, (20, 30, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    Image.fromarray(pixels).save(tmp_path / "b.bmp")
    Image.fromarray(255 - pixels).save(tmp_path / "c.png")
    (tmp_path / "d.png").write_bytes(b"no image")
    return Images(tmp_path, ("a.png", "b.bmp", "c.png", "d.png"), ("",) * 4, {})


def test_copies_have_one_key_whatever_the_kind_of_file(images: Images) -> None:
    found = fingerprints(images)
    a, b, c, d = found.keys()
    assert a == b != c
    assert d is None
    assert found.grey.shape == (4, 64, 64)
    assert found.grey.dtype == np.uint8
    assert np.array_equal(found.grey[0], found.grey[1])
    assert np.ptp(found.grey[0]) > 100
    assert not found.grey[3].any()


def test_another_size_of_the_same_bytes_is_another_image() -> None:
    flat = np.arange(24 * 32 * 3, dtype=np.uint8)
    held = {"a": flat.reshape(24, 32, 3), "b": flat.reshape(32, 24, 3)}
    a, b = fingerprints(Images(Path("held"), ("a", "b"), ("", ""), {}, held=held)).keys()
    assert a != b


def test_what_was_kept_is_not_made_again(
    images: Images, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = fingerprints(images, tmp_path / "cache")
    (kept,) = (tmp_path / "cache").glob("fingerprints-*.safetensors")
    with monkeypatch.context() as patched:
        patched.setattr(module, "each", None)  # nothing is decoded
        again = fingerprints(images.take([0, 1, 2, 3]), tmp_path / "cache")
    assert again.keys() == made.keys()
    assert np.array_equal(again.grey, made.grey)
    kept.write_bytes(b"damaged")
    assert fingerprints(images, tmp_path / "cache").keys() == made.keys()
