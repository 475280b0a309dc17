"""An image-text model from a folder."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from kgtransfer.errors import DataError
from kgtransfer.images.texts.pretrained import PretrainedImageTexts

WORDS = ["<|startoftext|>", "<|endoftext|>", "a", "photo", "of", "picture", "dog", "cat"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CLIP of random weights, of 16 px."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import CLIPConfig, CLIPModel, PreTrainedTokenizerFast

    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("clip")
    small = {"hidden_size": 16, "intermediate_size": 32, "num_attention_heads": 2}
    small |= {"num_hidden_layers": 2, "projection_dim": 8}
    config = CLIPConfig(
        text_config=small
        | {"vocab_size": 8, "max_position_embeddings": 10, "eos_token_id": 1, "bos_token_id": 0},
        vision_config=small | {"image_size": 16, "patch_size": 8},
        projection_dim=8,
    )
    CLIPModel(config).save_pretrained(path)
    vocabulary = {word: number for number, word in enumerate(WORDS)}
    words = Tokenizer(models.WordLevel(vocabulary, unk_token="a"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(
        tokenizer_object=words, eos_token=WORDS[1], pad_token=WORDS[1], unk_token="a"
    ).save_pretrained(path)
    processor = {"image_processor_type": "CLIPImageProcessor", "size": {"shortest_edge": 16}}
    processor |= {"crop_size": {"height": 16, "width": 16}}
    (path / "preprocessor_config.json").write_text(json.dumps(processor), encoding="utf-8")
    return path


def test_a_folder_is_enough(folder: Path) -> None:
    model = PretrainedImageTexts(folder)
    photos = [np.full((20, 30, 3), shade, dtype=np.uint8) for shade in (0, 250)]
    features = model.features(photos)
    assert features.shape == (2, model.width) == (2, 8)
    np.testing.assert_allclose(np.linalg.norm(features, axis=1), 1)
    heads = model.heads(["dog", "cat"])
    np.testing.assert_allclose(np.linalg.norm(heads, axis=1), 1)
    assert np.abs(heads[0] - heads[1]).max() > 0.01
    np.testing.assert_allclose(model.scores(features, ["dog"]).mean(axis=0), 0, atol=1e-9)
    assert model.hash == PretrainedImageTexts(folder).hash
    assert len(model.code) == 32


def test_no_images_have_no_features(folder: Path) -> None:
    assert PretrainedImageTexts(folder).features([]).shape == (0, 8)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no image-text model"):
        PretrainedImageTexts(tmp_path)
