"""The real MiniLM, its lower layers frozen."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
import torch
from sentence_transformers import SentenceTransformer

from kgtransfer.backbones.text import TextEncoder
from kgtransfer.errors import DataError

TEXTS = ["read a csv file row by row", "def f(x): return x", "tea " * 100]


def test_vectors_are_those_of_sentence_transformers(encoder: TextEncoder) -> None:
    assert encoder.folder is not None
    reference = SentenceTransformer(str(encoder.folder), device="cpu")
    reference.max_seq_length = encoder.max_tokens
    expected = torch.tensor(reference.encode(TEXTS, normalize_embeddings=True))
    cosines = (encoder.encode(TEXTS) * expected).sum(1)
    assert cosines.min() > 0.9995  # bfloat16 on processors that are fast at it


def test_vectors_have_unit_length_and_do_not_depend_on_their_batch(encoder: TextEncoder) -> None:
    vectors = encoder.encode(TEXTS)
    torch.testing.assert_close(vectors.norm(dim=1), torch.ones(3))
    alone = torch.cat([encoder.encode([text]) for text in TEXTS])
    assert (vectors * alone).sum(1).min() > 0.9999


def test_frozen_layers_are_shared_by_copies_and_no_part_of_the_state(encoder: TextEncoder) -> None:
    assert all(name.startswith("layers.0.") for name in encoder.state_dict())
    copied = copy.deepcopy(encoder)
    assert copied.frozen is encoder.frozen
    assert copied.layers is not encoder.layers
    assert not any(p.requires_grad for p in encoder.frozen.model.parameters())


def test_the_hash_tells_weights_and_the_longest_text_apart(encoder: TextEncoder) -> None:
    copied = copy.deepcopy(encoder)
    assert len(encoder.hash) == 64
    assert copied.hash == encoder.hash
    next(copied.layers.parameters()).data[0] += 1e-3
    assert copied.hash != encoder.hash
    shorter = copy.deepcopy(encoder)
    shorter.max_tokens = 32
    assert shorter.hash != encoder.hash


def test_cut_texts_have_the_most_tokens(encoder: TextEncoder) -> None:
    states = encoder.frozen_states(TEXTS)
    assert len(states) == 3
    assert len(states.states[2]) == encoder.max_tokens
    padded, mask = states.batch([1, 2])
    assert padded.shape == (2, encoder.max_tokens, encoder.width)
    assert mask.sum(1).tolist() == [len(states.states[1]), encoder.max_tokens]


def test_a_saved_encoder_gives_the_same_bits(encoder: TextEncoder, tmp_path: Path) -> None:
    encoder.save_pretrained(tmp_path)
    again = TextEncoder.from_pretrained(tmp_path, trained_layers=1, max_tokens=64)
    assert torch.equal(again.encode(TEXTS), encoder.encode(TEXTS))
    assert {path.suffix for path in tmp_path.iterdir()} <= {".json", ".safetensors", ".txt"}


def test_a_folder_without_a_model_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no model folder \(it has no config.json\)"):
        TextEncoder.from_pretrained(tmp_path)


def test_too_many_layers_to_train_is_a_clear_error() -> None:
    with pytest.raises(DataError, match="has 6 layers, not 7 to train"):
        TextEncoder.from_pretrained("minilm", trained_layers=7)


@pytest.mark.parametrize("name", ["config.json", "tokenizer_config.json"])
def test_settings_nested_without_end_are_a_clear_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "bert"}')
    (tmp_path / "model.safetensors").touch()
    (tmp_path / name).write_text("[" * 100_000)
    with pytest.raises(DataError, match=rf"{name}: not JSON \(nested deeper than 200\)"):
        TextEncoder.from_pretrained(tmp_path)


@pytest.mark.parametrize("config", ["", "{}", '{"model_type": "bert"}'])
def test_a_folder_with_a_damaged_model_is_a_clear_error(tmp_path: Path, config: str) -> None:
    (tmp_path / "config.json").write_text(config)
    with pytest.raises(DataError, match=r"no text encoder|not JSON"):
        TextEncoder.from_pretrained(tmp_path)


@pytest.fixture
def bundled(tmp_path: Path) -> Path:
    """A copy of MiniLM's folder."""
    folder = tmp_path / "minilm"
    TextEncoder.from_pretrained("minilm").save_pretrained(folder)
    return folder


@pytest.mark.parametrize(
    "more",
    [
        {"_attn_implementation": "somebody/kernel", "attn_implementation": "somebody/kernel"},
        {"auto_map": {"AutoModel": "somebody/repository--model.Model"}},
        {"quantization_config": {"quant_method": "bitsandbytes", "load_in_8bit": True}},
    ],
)
def test_code_that_a_folder_names_has_no_part_in_its_model(
    bundled: Path, more: dict[str, object]
) -> None:
    plain = TextEncoder.from_pretrained(bundled).encode(["a text"])
    config = json.loads((bundled / "config.json").read_text())
    (bundled / "config.json").write_text(json.dumps(config | more))
    assert torch.equal(TextEncoder.from_pretrained(bundled).encode(["a text"]), plain)


@pytest.mark.parametrize(
    "more",
    [
        {"model_type": "timm_backbone", "backbone": "resnet18", "use_pretrained_backbone": True},
        {"hidden_size": 0},
        {"num_hidden_layers": "many"},
    ],
)
def test_settings_of_no_text_encoder_are_a_clear_error(
    bundled: Path, more: dict[str, object]
) -> None:
    config = json.loads((bundled / "config.json").read_text())
    (bundled / "config.json").write_text(json.dumps(config | more))
    with pytest.raises(DataError, match="no text encoder"):
        TextEncoder.from_pretrained(bundled)


def test_an_adapter_for_another_model_is_refused(bundled: Path) -> None:
    adapter = {"base_model_name_or_path": "somebody/model", "peft_type": "LORA"}
    (bundled / "adapter_config.json").write_text(json.dumps(adapter))
    with pytest.raises(DataError, match="holds an adapter for another model"):
        TextEncoder.from_pretrained(bundled)
