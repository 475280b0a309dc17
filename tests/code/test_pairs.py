"""Files of queries and code read as search corpora."""

from __future__ import annotations

import gzip
import json
from codecs import BOM_UTF8
from collections.abc import Mapping
from pathlib import Path

import pytest

from kgtransfer.code.pairs import Pair, pairs_corpus, read_pairs
from kgtransfer.errors import DataError

ROWS: tuple[Mapping[str, str], ...] = (
    {"id": "a", "query": "how many singers", "code": "SELECT count(*) FROM singer", "db_id": "s"},
    {"id": "b", "query": "number of singers ", "code": "SELECT count(*) FROM singer"},
    {"query": "all names", "code": "SELECT name FROM singer", "split": "test"},
    {"query": "all ages", "code": "SELECT age FROM singer", "split": "train"},
    {"query": "ages", "code": "SELECT age FROM singer", "split": "train"},
    {"query": "names", "code": "SELECT name FROM singer", "split": "train"},
    {"query": "kept out", "code": "SELECT 1", "split": "valid"},
    {"code": "SELECT id FROM singer"},
)


def written(folder: Path, *rows: object) -> Path:
    file = folder / "pairs.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)) + "\n\n", encoding="utf-8")
    return file


def test_rows_are_read_plain_and_packed(tmp_path: Path) -> None:
    plain = written(tmp_path, *ROWS)
    packed = tmp_path / "pairs.jsonl.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes(), mtime=0))
    pairs = read_pairs(plain)
    assert pairs == read_pairs(packed)
    assert pairs[0] == Pair(
        "a", "how many singers", "SELECT count(*) FROM singer", "test", module="s"
    )
    assert [pair.split for pair in pairs[1:]] == ["test", "test", *["train"] * 3, "dev", ""]
    assert pairs[2].id == "row-3"


def test_the_pool_is_the_code_of_the_scored_split(tmp_path: Path) -> None:
    corpus = pairs_corpus(read_pairs(written(tmp_path, *ROWS)))
    count, name = corpus.documents
    assert (count.iri, count.module) == ("https://w3id.org/kgtransfer/snippet/a", "s")
    assert [(query.text, query.answer) for query in corpus.test] == [
        ("how many singers", count),
        ("number of singers", count),
        ("all names", name),
    ]
    assert corpus.targets(corpus.test) == (0, 0, 1)
    assert [snippet.code.split()[1] for snippet in corpus.adaptation] == [
        "count(*)",
        "name",
        "age",
        "id",
    ]
    # what is labelled is no document, and what is kept out is nowhere
    assert [query.text for query in corpus.labelled] == ["all ages", "ages"]
    assert corpus.dev == ()
    assert "kept out" not in corpus.held_out


def test_code_that_nobody_asks_for_is_searched_too(tmp_path: Path) -> None:
    rows = [ROWS[0], {"code": "SELECT 1", "split": "test"}, {"code": "SELECT 2"}]
    corpus = pairs_corpus(read_pairs(written(tmp_path, *rows)))
    assert [document.code for document in corpus.documents] == [ROWS[0]["code"], "SELECT 1"]
    assert len(corpus.test) == 1
    assert len(corpus.adaptation) == 3


def test_settings_are_chosen_on_the_other_split(tmp_path: Path) -> None:
    rows = [*ROWS, {"query": "two", "code": "SELECT 2", "split": "dev"}]
    corpus = pairs_corpus(read_pairs(written(tmp_path, *rows)), scored="dev")
    assert [query.text for query in corpus.dev] == ["kept out", "two"]
    assert corpus.test == ()


def test_columns_are_named(tmp_path: Path) -> None:
    file = written(tmp_path, {"intent": "sort a list", "snippet": "sorted(x)"})
    (pair,) = read_pairs(file, query="intent", code="snippet")
    assert (pair.query, pair.code) == ("sort a list", "sorted(x)")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"query": "a"}, r"pairs.jsonl:2: no code in a column 'code'; its columns are: query"),
        ({"query": "a", "code": " "}, r"pairs.jsonl:2: no code"),
        ({"query": "a", "code": "b", "split": "tset"}, r"pairs.jsonl:2: unknown split 'tset'"),
        ({"query": ["a"], "code": "b"}, r"pairs.jsonl:2: query is no text"),
        ({"query": "b", "code": "c", "id": "x"}, r"pairs.jsonl:2: its id 'x' is that of line 1"),
        (["a"], r"pairs.jsonl:2: not an object"),
    ],
)
def test_a_bad_row_is_named_with_its_line(tmp_path: Path, row: object, message: str) -> None:
    file = written(tmp_path, {"query": "a", "code": "b", "id": "x"}, row)
    with pytest.raises(DataError, match=message):
        read_pairs(file)


def test_what_is_no_json_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_bytes(b'{"code": "a"}\n{"code": "\xff"}\n')
    with pytest.raises(DataError, match=r"pairs.jsonl:2: no JSON in UTF-8"):
        read_pairs(file)
    file.write_text("\n")
    with pytest.raises(DataError, match="empty"):
        read_pairs(file)
    with pytest.raises(DataError, match="No such file"):
        read_pairs(tmp_path / "none.jsonl")


def test_a_column_that_no_row_has_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no column 'intent'; its columns are: query, code"):
        read_pairs(written(tmp_path, {"query": "a", "code": "b"}), query="intent")


def test_nothing_to_search_is_an_error(tmp_path: Path) -> None:
    pairs = read_pairs(written(tmp_path, {"query": "a", "code": "b", "split": "train"}))
    with pytest.raises(DataError, match="0 queries of the split 'test'"):
        pairs_corpus(pairs)


def test_the_mark_that_some_editors_write_first_is_no_part_of_a_row(tmp_path: Path) -> None:
    file = written(tmp_path, *ROWS)
    plain = read_pairs(file)
    file.write_bytes(BOM_UTF8 + file.read_bytes())
    assert read_pairs(file) == plain


def test_half_a_character_is_refused_with_its_line(tmp_path: Path) -> None:
    file = written(tmp_path, *ROWS, {"query": "a \ud800", "code": "b"})
    with pytest.raises(DataError, match=r"pairs.jsonl:9: no JSON in UTF-8"):
        read_pairs(file)


def test_a_file_without_a_column_of_queries_says_how_to_name_it(tmp_path: Path) -> None:
    rows = [{"question": "names", "code": "SELECT 1"}, {"question": "ages", "code": "SELECT 2"}]
    with pytest.raises(DataError, match="0 queries") as raised:
        pairs_corpus(read_pairs(written(tmp_path, *rows)))
    assert raised.value.cure == "name the column of queries: --set data.query=NAME"
