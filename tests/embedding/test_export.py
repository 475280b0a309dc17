from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch

from kgtransfer.embedding.concepts import ConceptEmbeddings
from kgtransfer.embedding.export import exports, write_parquet, write_word2vec
from kgtransfer.errors import ConfigError, DataError
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.store import connect

EX = "http://x.example/"


def concepts(*names: str, vectors: torch.Tensor | None = None) -> ConceptEmbeddings:
    iris = tuple(EX + name for name in names)
    if vectors is None:
        vectors = torch.randn(len(iris), 3, generator=torch.Generator().manual_seed(0))
    return ConceptEmbeddings(iris, vectors, {"text": (0, 2), "structure": (2, 3)}, {"seed": "0"})


def read_word2vec(file: Path) -> tuple[list[str], np.ndarray]:
    """As gensim does: a header, then words and numbers with single spaces between."""
    header, *lines = file.read_bytes().decode().splitlines()
    count, width = map(int, header.split())
    rows = [line.rstrip().split(" ") for line in lines]
    numbers = np.array([row[1:] for row in rows], dtype=np.float32).reshape(count, width)
    return [row[0] for row in rows], numbers


def test_word2vec_is_a_header_and_a_line_a_concept(tmp_path: Path) -> None:
    pair = concepts("a", "b", vectors=torch.tensor([[0.1, -2.0, 0.0], [1e-20, 1 / 3, 1e6]]))
    assert write_word2vec(pair, tmp_path / "c.vec").read_text() == (
        "2 3\n"
        "http://x.example/a 0.100000001 -2 0\n"
        "http://x.example/b 9.99999968e-21 0.333333343 1000000\n"
    )


def test_word2vec_keeps_every_bit(tmp_path: Path) -> None:
    bits = torch.randint(-(2**31), 2**31, (40, 3), generator=torch.Generator().manual_seed(0))
    vectors = bits.to(torch.int32).view(torch.float32).nan_to_num(1.0, 2.0, 3.0)
    names = [f"c{row}" for row in range(40)]
    words, numbers = read_word2vec(
        write_word2vec(concepts(*names, vectors=vectors), tmp_path / "f")
    )
    assert words == [EX + name for name in names]
    assert np.array_equal(numbers, vectors.numpy())


def test_white_space_in_a_name_ends_no_word(tmp_path: Path) -> None:
    file = write_word2vec(concepts("New York", "a\tb\nc", "d\u2028e", "é"), tmp_path / "c.vec")
    assert read_word2vec(file)[0] == [
        EX + name for name in ("New%20York", "a%09b%0Ac", "d%E2%80%A8e", "é")
    ]


def test_names_that_word2vec_cannot_tell_apart_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot tell two of the IRIs apart"):
        write_word2vec(concepts("New York", "New%20York"), tmp_path / "c.vec")
    nameless = ConceptEmbeddings(("",), torch.ones(1, 3), {"text": (0, 3)})
    with pytest.raises(DataError, match="one of them is empty"):
        write_word2vec(nameless, tmp_path / "c.vec")
    assert not list(tmp_path.iterdir())


def test_parquet_holds_names_labels_vectors_and_their_origin(tmp_path: Path) -> None:
    pair = concepts("a", "b c")
    file = write_parquet(pair, tmp_path / "new" / "c.parquet", {EX + "a": "the a"})
    table = pq.read_table(file)
    assert table.schema.names == ["iri", "label", "vector"]
    assert table.schema.field("vector").type == pa.list_(pa.float32(), 3)
    assert table["iri"].to_pylist() == [EX + "a", EX + "b c"]
    assert table["label"].to_pylist() == ["the a", None]
    numbers = table["vector"].combine_chunks().flatten().to_numpy().reshape(2, 3)
    assert np.array_equal(numbers, pair.vectors.numpy())
    assert json.loads(table.schema.metadata[b"kgtransfer"]) == {
        "parts": {"text": [0, 2], "structure": [2, 3]},
        "provenance": {"seed": "0"},
    }
    assert [entry.name for entry in file.parent.iterdir()] == ["c.parquet"]


def test_parquet_has_a_column_of_labels_only_where_there_are_labels(tmp_path: Path) -> None:
    table = pq.read_table(write_parquet(concepts("a"), tmp_path / "c.parquet"))
    assert table.schema.names == ["iri", "vector"]


def test_no_concepts_are_a_table_without_rows(tmp_path: Path) -> None:
    nothing = concepts("a").select([])
    assert write_word2vec(nothing, tmp_path / "c.vec").read_text() == "0 3\n"
    assert pq.read_table(write_parquet(nothing, tmp_path / "c.parquet")).num_rows == 0


def test_vectors_that_are_columns_of_others_keep_their_order(tmp_path: Path) -> None:
    part = concepts("a", "b").part("structure")
    assert read_word2vec(write_word2vec(part, tmp_path / "c.vec"))[1].shape == (2, 1)
    table = pq.read_table(write_parquet(concepts("a", "b").part("text"), tmp_path / "c.parquet"))
    assert table["vector"].to_pylist() == concepts("a", "b").vectors[:, :2].tolist()


def test_parquet_without_pyarrow_names_the_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigError, match=r'pip install "kgtransfer\[parquet\]"'):
        write_parquet(concepts("a"), tmp_path / "c.parquet")
    with pytest.raises(ConfigError, match="not installed"):
        exports(["parquet"])


def test_exports_are_files_of_a_folder(tmp_path: Path) -> None:
    kinds = ["word2vec", "parquet", "word2vec"]
    names = [write(concepts("a"), tmp_path, {}).name for write in exports(kinds)]
    assert names == ["concepts.vec", "concepts.parquet"]
    with pytest.raises(ConfigError, match="no export 'csv'"):
        exports(["csv"])


def test_a_graph_store_takes_the_vectors_and_finds_the_nearest(
    tmp_path: Path, family: KnowledgeGraph
) -> None:
    vectors = torch.randn(len(family.concepts), 5, generator=torch.Generator().manual_seed(0))
    embeddings = ConceptEmbeddings(family.concepts, vectors, {"structure": (0, 5)})
    with connect(tmp_path / "family.kglite") as store:
        store.sync(family)
        store.write_vectors(embeddings.iris, embeddings.vectors.numpy())
        neighbours = store.nearest(embeddings.iris[0], 3)
    near = embeddings.nearest(embeddings.iris[0], 3)
    assert [iri for iri, _ in neighbours] == [iri for iri, _ in near]
    assert [score for _, score in neighbours] == pytest.approx(
        [score for _, score in near], abs=1e-6
    )
