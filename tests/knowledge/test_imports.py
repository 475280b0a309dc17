from __future__ import annotations

from pathlib import Path

from kgtransfer.knowledge.imports import Import, imports, unresolved
from kgtransfer.knowledge.rdf import read_turtle

OWL = "@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix : <http://e/> .\n"
ASKS = read_turtle(OWL + ":a a owl:Ontology ; owl:imports :b , :c , :d .", Path("a.ttl"))
ANSWERS = read_turtle(OWL + ":b a owl:Ontology ; owl:versionIRI :c .", Path("b.ttl"))


def test_imports_are_named_with_who_asks() -> None:
    assert sorted(imports(ASKS)) == [
        Import(Path("a.ttl"), "http://e/a", f"http://e/{name}") for name in "bcd"
    ]
    assert imports(ANSWERS) == []


def test_what_no_file_is_remains_unresolved() -> None:
    assert unresolved([ASKS, ANSWERS]) == [Import(Path("a.ttl"), "http://e/a", "http://e/d")]
