from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from kgtransfer.errors import DataError
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.knowledge.wordnet import linked_synsets, read_wordnet, synset_iri

TABLE = """wnid\tlemmas\thypernyms
n00000001\tanimal\t
n00000002\tpet|puppy|dog\tn00000001
n00000003\t"canine\tn00000001
n00000004\tdog|Domestic_Dog\tn00000002|n00000003
"""


@pytest.fixture(params=["nouns.tsv", "nouns.tsv.gz"])
def table(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    file = tmp_path / str(request.param)
    content = TABLE.encode()
    file.write_bytes(gzip.compress(content, mtime=0) if file.suffix == ".gz" else content)
    return file


def test_what_lies_above_a_synset_with_the_fewest_steps(table: Path) -> None:
    wordnet = read_wordnet(table)
    assert wordnet.hypernyms["n00000004"] == ("n00000002", "n00000003")
    above = {"n00000004": 0, "n00000002": 1, "n00000003": 1, "n00000001": 2}
    assert wordnet.hypernym_distances("n00000004") == above
    assert wordnet.hypernym_distances("n00000001") == {"n00000001": 0}


@pytest.mark.parametrize(
    ("name", "senses"),
    [
        ("dog", ("n00000002", "n00000004")),
        ("Big domestic dogs", ("n00000004",)),
        ("puppies", ("n00000002",)),
        ("dog food", ()),
        ("", ()),
    ],
)
def test_the_noun_of_a_name(table: Path, name: str, senses: tuple[str, ...]) -> None:
    assert read_wordnet(table).noun_of(name) == senses


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"wnid\tgloss\n", ":1: no column hypernyms"), (b"wnid\t\xff", "cannot be read")],
)
def test_what_is_no_such_table_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "bad.tsv"
    file.write_bytes(content)
    with pytest.raises(DataError, match=message):
        read_wordnet(file)


def test_a_missing_table_says_what_to_get(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="give a table made of WordNet"):
        read_wordnet(tmp_path / "nouns.tsv.gz")


def test_links_of_a_concept(tmp_path: Path) -> None:
    (tmp_path / "pets.ttl").write_text(
        """@prefix e: <https://e.example/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        @prefix wn30: <http://wordnet-rdf.princeton.edu/wn30/> .
        e:Dog a owl:Class ; skos:exactMatch wn30:00000004-n , e:Hound ; skos:related e:Bone .
        e:Beast a owl:Class ; skos:closeMatch wn30:00000003-n ; skos:broadMatch wn30:00000001-n .
        e:Run a owl:Class ; skos:exactMatch wn30:00000009-v .""",
        encoding="utf-8",
    )
    graph = read_ontology(tmp_path / "pets.ttl")
    assert linked_synsets(graph, "https://e.example/Dog") == ("n00000004",)
    assert linked_synsets(graph, "https://e.example/Beast") == ("n00000001", "n00000003")
    assert linked_synsets(graph, "https://e.example/Run") == ()
    assert synset_iri("n00000004") == "http://wordnet-rdf.princeton.edu/wn30/00000004-n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (bytes(3_000_000), r"more than 2 MiB unpacked"),
        (f"wnid\thypernyms\nn1\t{'n' * 200_000}\n".encode(), "field larger than field limit"),
    ],
    ids=["large", "one endless cell"],
)
def test_what_is_too_large_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, message: str
) -> None:
    monkeypatch.setattr("kgtransfer.knowledge.wordnet.MAX_BYTES", 2_000_000)
    (tmp_path / "nouns.tsv.gz").write_bytes(gzip.compress(content, mtime=0))
    with pytest.raises(DataError, match=rf"nouns\.tsv\.gz: .*{message}"):
        read_wordnet(tmp_path / "nouns.tsv.gz")
