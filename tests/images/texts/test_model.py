"""A classifier opened to words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from kgtransfer.images.backbone import VisionBackbone
from kgtransfer.images.texts.model import TextImageMap, text_scores


class _Letters:
    """Encodes a text by how often each letter is in it."""

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> torch.Tensor:
        self.encoded += texts
        counts = [[text.lower().count(chr(97 + i)) for i in range(26)] for text in texts]
        return torch.tensor(counts, dtype=torch.float32)


@pytest.fixture(scope="module")
def backbone() -> VisionBackbone:
    return VisionBackbone.named("mobilenetv2_035", weights="random")


def test_scores_of_a_text_are_standardised_over_images() -> None:
    scores = text_scores(np.array([[1.0, 5], [3, 5]]), np.eye(2))
    assert scores.tolist() == [[-1.0, 0.0], [1.0, 0.0]]  # one says the same of all images


def test_any_text_scores_any_image(backbone: VisionBackbone) -> None:
    opened = TextImageMap(backbone, text=_Letters(), size=32)
    photos = [np.full((40, 30, 3), shade, dtype=np.uint8) for shade in (0, 90, 250)]
    features = opened.features(photos)
    assert features.shape == (3, opened.width)
    heads = opened.heads(["tench", "an idea"])
    np.testing.assert_allclose(np.linalg.norm(heads, axis=1), 1)
    scores = opened.scores(features, ["tench", "an idea"])
    np.testing.assert_allclose(scores.mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(scores, text_scores(features, heads))


def test_texts_are_encoded_once_for_good(backbone: VisionBackbone, tmp_path: Path) -> None:
    torch.manual_seed(0)
    first = TextImageMap(backbone, text=_Letters(), size=32, cache=tmp_path).heads(["tench"])
    letters = _Letters()
    torch.manual_seed(0)  # weights are random
    again = TextImageMap(backbone, text=letters, size=32, cache=tmp_path)
    np.testing.assert_array_equal(again.heads(["tench"]), first)
    again.heads(["horse"])
    probe = {"The quick brown fox jumps over the lazy dog."}
    fresh = {"horse", "a photo of a horse", "a picture of a horse"}
    assert set(letters.encoded) <= probe | fresh


def test_the_encoder_is_asked_who_it_is_once(backbone: VisionBackbone) -> None:
    letters = _Letters()
    opened = TextImageMap(backbone, text=letters, size=32)
    assert opened.hash == opened.hash
    assert len(letters.encoded) == 1  # of each reading a run asks which model made it


def test_another_encoder_is_another_model_that_reads_the_same(backbone: VisionBackbone) -> None:
    class Doubled(_Letters):
        def encode(self, texts: Sequence[str]) -> torch.Tensor:
            return super().encode(texts) ** 2

    one, other = (TextImageMap(backbone, text=text(), size=32) for text in (_Letters, Doubled))
    assert one.hash != other.hash
    assert one.code == other.code
