from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.io.rdf import read_ntriples, read_turtle

FILE = Path("a.ttl")


def test_more_triples_than_the_memory_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kgtransfer.knowledge.io.rdf.MAX_TRIPLES", 1000)
    text = "@prefix : <http://e/> . :a :b " + ",".join(["[]"] * 1000)
    assert len(read_turtle(text + " .", FILE).triples) == 1000
    with pytest.raises(OntologyError, match=r"a\.ttl: more than 1,000 triples"):
        read_turtle(text + ", [] .", FILE)


def test_nesting_is_refused_before_the_parser_sees_it() -> None:
    for text in (":a :b " + "(" * 200_000, ":a :b " + "[ :p " * 200_000):
        with pytest.raises(OntologyError, match="nested deeper than 200"):
            read_turtle("@prefix : <http://e/> . " + text, FILE)
    with pytest.raises(OntologyError, match="nested deeper than 200"):
        read_ntriples("<<( " * 200_000, FILE)
