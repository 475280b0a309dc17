"""Near copies of photographs that come with scikit-image, and of drawn digits."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_digits

from kgtransfer.images.data.fingerprints import _fingerprint
from kgtransfer.images.data.near_copies import NearCopy, near_copies

SIDE = 96


def _scenes() -> list[np.ndarray]:
    """Twelve textures of blots, all different."""
    random = np.random.default_rng(0)
    scenes = []
    for _ in range(12):
        coarse = random.integers(0, 256, (12, 12, 3), dtype=np.uint8)
        scene = Image.fromarray(coarse).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
        scenes.append(np.asarray(scene))
    return scenes


def _grey(pictures: list[np.ndarray]) -> np.ndarray:
    return np.stack([_fingerprint(picture)[1] for picture in pictures])


def _compressed(picture: np.ndarray) -> np.ndarray:
    content = io.BytesIO()
    Image.fromarray(picture).save(content, format="JPEG", quality=60)
    return np.asarray(Image.open(content).convert("RGB"))


def _scaled(picture: np.ndarray) -> np.ndarray:
    return np.asarray(Image.fromarray(picture).resize((86, 86)))


@pytest.mark.parametrize(
    "change",
    [
        _compressed,
        _scaled,
        lambda picture: (picture * 0.9).astype(np.uint8),
        lambda picture: np.clip(picture * 1.1, 0, 255).astype(np.uint8),
        lambda picture: picture[2:-2, 3:-2],
        lambda picture: picture[:, ::-1],
        lambda picture: np.rot90(picture),
        lambda picture: np.rot90(picture)[::-1],
    ],
    ids=["JPEG", "scaled", "darker", "brighter", "cropped", "mirrored", "turned", "both"],
)
def test_a_changed_copy_is_found_and_nothing_else(change) -> None:  # type: ignore[no-untyped-def]
    scenes = _scenes()
    copy = np.ascontiguousarray(change(scenes[3]))
    (found,) = near_copies(_grey([*scenes, copy]))
    assert found[:2] == (3, 12)
    assert 0.9 < found.correlation <= 1.0


def test_sets_are_compared_with_each_other() -> None:
    scenes = _scenes()
    pairs = near_copies(_grey([*scenes, scenes[0], scenes[5]]), [0] * 12 + [1] * 2)
    assert pairs == [NearCopy(0, 12, 1.0), NearCopy(5, 13, 1.0)]


def test_digits_of_one_kind_are_no_copies() -> None:
    images = load_digits().images[:400]
    pictures = [
        np.kron(image * 15.9, np.ones((4, 4)))[:, :, None].repeat(3, 2).astype(np.uint8)
        for image in images
    ]
    found = {row for pair in near_copies(_grey(pictures)) for row in pair[:2]}
    assert len(found) <= 4


def test_images_that_show_one_thing_at_one_place_are_no_copies() -> None:
    random = np.random.default_rng(0)
    edges = random.normal(60, 8, (20, 32, 32, 3))
    edges[:, :, 16:] = 255 - edges[:, :, 16:]
    assert near_copies(_grey([*edges.clip(0, 255).astype(np.uint8)])) == []


def test_plain_images_have_no_near_copies() -> None:
    plain = np.full((3, 64, 64), 200, dtype=np.uint8)
    assert near_copies(plain) == []
    assert near_copies(np.concatenate([plain, _grey(_scenes()[:1])])) == []
    assert near_copies(plain[:0]) == []
