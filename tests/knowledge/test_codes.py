"""What a data set writes is found in the ontology."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.codes import classes_by_code, codes_with_classes
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology

E = "https://example.org/"
ZOO = """
@prefix e: <https://example.org/> . @prefix kgt: <https://w3id.org/kgtransfer/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
e:zooCode rdfs:subPropertyOf kgt:codedAs .
e:Cat a owl:Class ; rdfs:label "cat"@en ; e:zooCode "C1" .
e:Dog a owl:Class ; rdfs:label "dog"@en ; skos:altLabel "hound"@en .
e:Fox a owl:Class ; kgt:codedAs "red" . e:Wolf a owl:Class ; kgt:codedAs "grey" , "canis" .
e:Jackal a owl:Class ; kgt:codedAs "canis" ; rdfs:subClassOf e:Canine .
e:Canine a owl:Class ; kgt:codedAs "canis" . e:Hyena a owl:Class ; skos:altLabel "hound"@en .
e:Red e:zooCode "dog" .
"""


@pytest.fixture
def zoo(tmp_path: Path) -> KnowledgeGraph:
    (tmp_path / "zoo.ttl").write_text(ZOO, encoding="utf-8")
    return read_ontology(tmp_path / "zoo.ttl")


def test_codes_labels_synonyms_and_names_are_known(zoo: KnowledgeGraph) -> None:
    codes = ["c1", "Cat", "red", "wolf", "dog"]
    names = ("Cat", "Cat", "Fox", "Wolf", "Dog")
    assert classes_by_code(zoo, codes) == tuple((E + name,) for name in names)


def test_an_unknown_code_names_what_is_near(zoo: KnowledgeGraph) -> None:
    with pytest.raises(OntologyError, match=r"no class for the label 'hond'[\s\S]*hound"):
        classes_by_code(zoo, ["hond"])


def test_all_unknown_codes_are_named_at_once(zoo: KnowledgeGraph) -> None:
    with pytest.raises(OntologyError, match="no class for the labels 'cow', 'gnu'\n") as refused:
        classes_by_code(zoo, ["cow", "cat", "gnu", "cow"])
    assert refused.value.cure.startswith("write kgt:codedAs 'cow' at the class that it stands for")
    many = [f"kind {number}" for number in range(12)]
    with pytest.raises(OntologyError, match="'kind 9' and 2 more\n"):
        classes_by_code(zoo, many)


def test_a_code_of_several_classes_means_the_most_specific_ones(zoo: KnowledgeGraph) -> None:
    assert classes_by_code(zoo, ["canis"]) == ((E + "Jackal", E + "Wolf"),)


def test_a_name_of_two_classes_is_refused(zoo: KnowledgeGraph) -> None:
    with pytest.raises(OntologyError, match=r"several classes: .*Dog.*Hyena"):
        classes_by_code(zoo, ["hound"])


def test_codes_that_stand_for_something(zoo: KnowledgeGraph) -> None:
    assert codes_with_classes(zoo, ["cat", "cow", "canis"]) == ("cat", "canis")
