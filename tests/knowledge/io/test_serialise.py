from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.knowledge.io.serialise import SYNTAXES, serialised

OF_RDF = sorted(SYNTAXES.keys() - {"obo"})

START = "@prefix : <http://e/> . @prefix x: <http://x/> . @prefix b: <http://b/> .\n"


def graph(turtle: str) -> KnowledgeGraph:
    parser = ox.parse(input=START + turtle, format=ox.RdfFormat.TURTLE)
    return KnowledgeGraph((quad.triple for quad in parser), parser.prefixes)


@pytest.mark.parametrize("syntax", OF_RDF)
def test_what_is_written_reads_back(syntax: str, repository: Path, tmp_path: Path) -> None:
    pacs = read_ontology(repository / "ontology" / "pacs.ttl")
    path = tmp_path / f"pacs{SYNTAXES[syntax].suffix}"
    path.write_bytes(serialised(pacs, syntax))
    assert read_ontology(path) == pacs


@pytest.mark.parametrize("syntax", OF_RDF)
def test_the_same_graph_gives_the_same_bytes(syntax: str) -> None:
    one, other = graph(":a x:p b:c , [ :q ( 1 2 ) ] ."), graph(":a x:p [ :q ( 1 2 ) ] , b:c .")
    assert len({serialised(g, syntax) for g in (one, other) for _ in range(5)}) == 1


def test_an_empty_graph_is_written() -> None:
    assert serialised(KnowledgeGraph([]), "ntriples") == b""


@pytest.mark.parametrize(
    ("turtle", "syntax"),
    [(r':a :p "bell\u0007" .', "rdfxml"), (":a <http://e/1> 1 .", "rdfxml")],
)
def test_what_a_syntax_has_no_words_for_is_refused(turtle: str, syntax: str) -> None:
    with pytest.raises(OntologyError, match="RDF/XML cannot say all 1 statements"):
        serialised(graph(turtle), syntax)
    for able in ("turtle", "ntriples", "jsonld"):
        assert serialised(graph(turtle), able)
