"""Two dyes are found in an image, and exchanged for others."""

from __future__ import annotations

import numpy as np
import pytest

from kgtransfer.errors import DataError
from kgtransfer.images.data.colour_transfer import colours_from_json, colours_to_json
from kgtransfer.images.data.macenko import Macenko
from kgtransfer.images.data.reinhard import Reinhard

BLUE, PINK = np.array([0.65, 0.70, 0.29]), np.array([0.27, 0.80, 0.53])


def _stained(blue: np.ndarray, pink: np.ndarray, strength: float = 1.0) -> np.ndarray:
    """An image whose pixels hold drawn amounts of two dyes."""
    random = np.random.default_rng(0)
    amounts = random.uniform(0.1, 1.2, (64, 64, 2)) * strength
    amounts[::4, :, 0], amounts[1::4, :, 1] = 0.02, 0.02  # some show one dye alone
    dyes = np.stack([blue / np.linalg.norm(blue), pink / np.linalg.norm(pink)])
    return np.asarray(240 * np.exp(-amounts @ dyes) + 0.5, dtype=np.uint8)


def test_the_dyes_are_found() -> None:
    found = Macenko.fitted([_stained(BLUE, PINK)])
    for dye, true in zip(found.dyes, (BLUE, PINK), strict=True):
        assert np.dot(dye, true / np.linalg.norm(true)) > 0.995


def test_another_stain_looks_like_the_reference_afterwards() -> None:
    reference, other = _stained(BLUE, PINK), _stained(PINK[::-1], BLUE[::-1], 0.6)
    moved = Macenko.fitted([reference])(other)
    before, after = (
        np.abs(image.astype(float).mean(axis=(0, 1)) - reference.mean(axis=(0, 1))).max()
        for image in (other, moved)
    )
    assert after < before / 3


def test_what_is_not_stained_stays_as_it_is() -> None:
    empty = np.full((32, 32, 3), 235, dtype=np.uint8)
    np.testing.assert_array_equal(Macenko.fitted([_stained(BLUE, PINK)])(empty), empty)
    with pytest.raises(DataError, match="no image shows two dyes"):
        Macenko.fitted([empty])


@pytest.mark.parametrize("kind", [Macenko, Reinhard])
def test_a_method_is_read_back_the_same(kind: type[Macenko | Reinhard]) -> None:
    colours = kind.fitted([_stained(BLUE, PINK)])
    assert colours_from_json(colours_to_json(colours)) == colours
    assert colours_from_json(colours_to_json(None)) is None
