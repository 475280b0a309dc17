from __future__ import annotations

import gzip

import pytest

from kgtransfer.embedding.kge.files import (
    is_triples_folder,
    read_labels,
    read_numbers,
    read_texts,
    read_triples,
)
from kgtransfer.errors import DataError


def test_a_folder_is_read_with_entities_that_only_test_has(tmp_path):
    (tmp_path / "train.tsv").write_text("b\tr\ta\na\ts\tc\n")
    (tmp_path / "test.tsv.gz").write_bytes(gzip.compress(b"z\tr\tb\n", mtime=0))
    triples = read_triples(tmp_path)
    assert triples.entities == ("a", "b", "c", "z")
    assert triples.relations == ("r", "s")
    assert triples.train.tolist() == [[1, 0, 0], [0, 1, 2]]
    assert triples.valid.shape == (0, 3)
    assert triples.test.tolist() == [[3, 0, 1]]


def test_a_line_without_three_names_is_pointed_at(tmp_path):
    (tmp_path / "train.tsv").write_text("a\tr\tb\na b\n")
    with pytest.raises(DataError, match=r"train\.tsv:2: 'a b'"):
        read_triples(tmp_path)


def test_a_folder_without_train_is_refused(tmp_path):
    with pytest.raises(DataError, match="no triples in train"):
        read_triples(tmp_path)


def test_a_triple_given_twice_counts_once(tmp_path):
    (tmp_path / "train.tsv").write_text("a\tr\tb\na\tr\tb\r\n\nb\tr\ta\n")
    assert read_triples(tmp_path).train.tolist() == [[0, 0, 1], [1, 0, 0]]


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", gzip.compress(b"a\tr\tb\n", mtime=0)[:15], b"not packed at all"]
)
def test_a_file_that_is_no_text_is_named(tmp_path, content):
    (tmp_path / "train.tsv.gz").write_bytes(content)
    with pytest.raises(DataError, match=r"train\.tsv\.gz: cannot be read"):
        read_triples(tmp_path)


def test_a_folder_of_triples_is_known_by_its_train_file(tmp_path):
    assert not is_triples_folder(tmp_path)
    (tmp_path / "train.tsv.gz").write_bytes(b"")
    assert is_triples_folder(tmp_path)


def test_texts_are_the_columns_after_the_entity(tmp_path):
    assert read_texts(tmp_path) == {}
    (tmp_path / "entity_text.tsv").write_text("a\talpha\tthe first\nb\tbeta\t\n")
    assert read_texts(tmp_path) == {"a": "alpha. the first", "b": "beta"}


def test_labels_by_entity(tmp_path):
    assert read_labels(tmp_path) == {}
    (tmp_path / "entity_label.tsv").write_text("a\talpha\tthe first\n")
    assert read_labels(tmp_path) == {"a": "alpha"}


def test_numbers_by_entity_and_attribute(tmp_path):
    assert read_numbers(tmp_path) == {}
    (tmp_path / "numeric_literals.tsv").write_text("a\tarea\t1.5e3\n")
    assert read_numbers(tmp_path) == {("a", "area"): 1500.0}


@pytest.mark.parametrize("value", ["nan", "inf", "many"])
def test_a_value_that_is_no_number_is_pointed_at(tmp_path, value):
    (tmp_path / "numeric_literals.tsv").write_text(f"a\tarea\t1\nb\tarea\t{value}\n")
    with pytest.raises(DataError, match=rf"numeric_literals\.tsv:2: '{value}'"):
        read_numbers(tmp_path)


def test_a_file_that_unpacks_to_too_much_is_named(tmp_path, monkeypatch):
    (tmp_path / "train.tsv.gz").write_bytes(gzip.compress(bytes(3_000_000), mtime=0))
    monkeypatch.setattr("kgtransfer.embedding.kge.files.MAX_BYTES", 2_000_000)
    with pytest.raises(DataError, match=r"train\.tsv\.gz: cannot be read \(more than 2 MiB"):
        read_triples(tmp_path)
