"""BERT beside transformers' own: the same weights, the same bits."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file
from transformers import AutoModel, AutoTokenizer

from kgtransfer.backbones.bert import Bert
from kgtransfer.backbones.text import TextEncoder
from kgtransfer.backbones.text_models import Tokenizer, model_folder, read_text_model
from kgtransfer.errors import DataError

TEXTS = ["read a csv file row by row", "def f(x): return x", "tea " * 100, ""]
FOLDER = model_folder("minilm")


@pytest.fixture(scope="module")
def reference() -> tuple[Any, Any]:
    """What transformers reads from the same folder."""
    model = AutoModel.from_pretrained(FOLDER, local_files_only=True, attn_implementation="sdpa")
    return model.eval(), AutoTokenizer.from_pretrained(FOLDER, local_files_only=True)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the model's folder."""
    return Path(shutil.copytree(FOLDER, tmp_path / "model"))


@pytest.mark.parametrize("rows", [[0], [0, 1], [0, 2, 3]])
def test_token_states_are_those_of_transformers_to_the_bit(
    reference: tuple[Any, Any], rows: list[int]
) -> None:
    model, tokenizer = read_text_model(FOLDER)
    assert isinstance(model, Bert)
    texts = [TEXTS[row] for row in rows]
    ids = tokenizer(texts, truncation=True, max_length=64)["input_ids"]
    padded = torch.nn.utils.rnn.pad_sequence([*map(torch.tensor, ids)], batch_first=True)
    mask = torch.arange(padded.shape[1]) < torch.tensor([*map(len, ids)])[:, None]
    with torch.inference_mode():
        states = model(padded, attention_mask=mask)
        expected = reference[0](padded, attention_mask=mask.long()).last_hidden_state
    assert torch.equal(states, expected)


@given(st.lists(st.text(max_size=200), min_size=1, max_size=3), st.integers(3, 64))
@settings(max_examples=50)
def test_ids_are_those_of_transformers(texts: list[str], length: int) -> None:
    own, theirs = Tokenizer.read(FOLDER / "tokenizer.json"), AutoTokenizer.from_pretrained(FOLDER)
    expected = theirs(texts, truncation=True, max_length=length)["input_ids"]
    assert own(texts, truncation=True, max_length=length)["input_ids"] == expected


def test_a_model_with_a_head_of_its_own_is_read_without_it(copied: Path) -> None:
    weights = load_file(copied / "model.safetensors")
    headed = {f"bert.{name}": value for name, value in weights.items()}
    save_file({**headed, "cls.bias": torch.zeros(3)}, copied / "model.safetensors")
    plain = TextEncoder.from_pretrained(FOLDER).encode(["a text"])
    assert torch.equal(TextEncoder.from_pretrained(copied).encode(["a text"]), plain)


def test_a_weight_that_is_missing_is_a_clear_error(copied: Path) -> None:
    weights = load_file(copied / "model.safetensors")
    del weights["encoder.layer.3.output.dense.weight"]
    save_file(weights, copied / "model.safetensors")
    with pytest.raises(DataError, match="no text encoder"):
        read_text_model(copied)


@pytest.mark.parametrize(
    "more", [{"num_hidden_layers": 10**9}, {"hidden_size": 10**6}, {"vocab_size": 10**15}]
)
def test_a_form_that_the_weights_do_not_have_is_a_clear_error(
    copied: Path, more: dict[str, int]
) -> None:
    config = json.loads((copied / "config.json").read_text())
    (copied / "config.json").write_text(json.dumps(config | more))
    with pytest.raises(DataError, match="no text encoder"):
        read_text_model(copied)


def test_a_model_without_its_fast_tokenizer_is_read_by_transformers(copied: Path) -> None:
    (copied / "tokenizer.json").unlink()
    plain = TextEncoder.from_pretrained(FOLDER).encode(TEXTS)
    again = TextEncoder.from_pretrained(copied).encode(TEXTS)
    assert torch.equal(again, plain)
