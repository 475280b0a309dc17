"""Queries by a sequence-to-sequence model: a tiny one, with random weights."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from transformers import PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration

from kgtransfer.code.corpus import Snippet
from kgtransfer.code.data import read_code
from kgtransfer.code.generator import Seq2SeqQueries
from kgtransfer.code.verbalisers.functions import FUNCTIONS
from kgtransfer.errors import DataError

WORDS = ("<pad>", "</s>", "<unk>", "def", "read", "file", "csv")
READ = Snippet("x:read", "read", "m", "def read ( file )")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("t5")
    words = Tokenizer(WordLevel({word: row for row, word in enumerate(WORDS)}, unk_token="<unk>"))
    words.pre_tokenizer = Whitespace()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=words, pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
    )
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    config = T5Config(
        vocab_size=len(WORDS),
        d_model=16,
        d_kv=8,
        d_ff=16,
        num_layers=1,
        num_heads=2,
        pad_token_id=0,
        eos_token_id=1,
        decoder_start_token_id=0,
    )
    T5ForConditionalGeneration(config).save_pretrained(folder)
    return folder


def test_a_model_writes_the_queries_of_a_verbaliser(folder: Path) -> None:
    generator = Seq2SeqQueries(folder, queries=2, max_query=4)
    verbaliser = replace(FUNCTIONS, code_queries=generator)
    queries = verbaliser.code_queries(READ)
    assert 1 <= len(queries) <= 2
    assert {word for query in queries for word in query.split()} <= set(WORDS)
    assert queries == Seq2SeqQueries(folder, queries=2, max_query=4)(READ)


def test_data_is_read_with_the_queries_of_a_model(folder: Path) -> None:
    data = read_code("json", settings=["named"], generator=str(folder))
    assert isinstance(data.verbaliser.code_queries, Seq2SeqQueries)
    assert data.verbaliser.paths is FUNCTIONS.paths


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(DataError, match="no sequence-to-sequence model"):
        Seq2SeqQueries(tmp_path)
