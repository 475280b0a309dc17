"""The same concept under another name."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.knowledge.diff.diff import diff
from kgtransfer.knowledge.diff.renames import renamed, renames
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology

E = "https://example.org/"
HEAD = """
@prefix e: <https://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix obo: <http://purl.obolibrary.org/obo/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def _graph(folder: Path, text: str) -> KnowledgeGraph:
    path = folder / "zoo.ttl"
    path.write_text(HEAD + text, encoding="utf-8")
    return read_ontology(path)


@pytest.mark.parametrize(
    "text",
    [
        "e:Feline owl:sameAs e:Cat .",
        "e:Cat owl:sameAs e:Feline .",
        "e:Cat dcterms:isReplacedBy e:Feline .",
        "e:Feline dcterms:replaces e:Cat .",
        "e:Cat obo:IAO_0100001 e:Feline .",
    ],
)
def test_each_way_to_say_it_is_heard(tmp_path: Path, text: str) -> None:
    old = _graph(tmp_path, "e:Cat a owl:Class ; rdfs:subClassOf e:Animal .")
    new = _graph(tmp_path, f"e:Feline a owl:Class ; rdfs:subClassOf e:Animal . {text}")
    names = renames(old, new)
    assert names == {E + "Cat": E + "Feline"}
    moved = renamed(old, names)
    assert moved.named(E + "Feline", "http://www.w3.org/2000/01/rdf-schema#subClassOf") == (
        E + "Animal",
    )
    assert E + "Cat" not in moved.rows


def test_two_old_names_of_one_thing_are_no_renaming(tmp_path: Path) -> None:
    old = _graph(tmp_path, "e:Cat a owl:Class . e:Feline a owl:Class .")
    new = _graph(tmp_path, "e:Cat a owl:Class ; owl:sameAs e:Feline . e:Feline a owl:Class .")
    assert renames(old, new) == {}
    assert renamed(old, {}) is old


def test_a_diff_compares_under_the_new_names(tmp_path: Path) -> None:
    old = _graph(tmp_path, "e:Cat a owl:Class . e:Lion a owl:Class ; rdfs:subClassOf e:Cat .")
    new = _graph(
        tmp_path,
        "e:Feline a owl:Class ; owl:sameAs e:Cat . e:Lion a owl:Class ; rdfs:subClassOf e:Feline .",
    )
    difference = diff(old, new)
    assert difference.renamed == ((E + "Cat", E + "Feline"),)
    assert (difference.added, difference.removed) == ((), ())
    assert [change.concept.iri for change in difference.changed] == [
        E + "Feline"
    ]  # the link to itself
    assert str(difference).startswith(f"= <{E}Cat> is now <{E}Feline>\n")
    assert difference.to_json()["renamed"] == {E + "Cat": E + "Feline"}
