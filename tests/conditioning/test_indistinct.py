from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.conditioning.indistinct import indistinct
from kgtransfer.knowledge.axioms import axioms_of
from kgtransfer.knowledge.axioms.axioms import Axioms
from kgtransfer.knowledge.io.ontology import read_ontology

EX = "http://example.org/"
TURTLE = """
@prefix : <http://example.org/> .
@prefix kgt: <https://w3id.org/kgtransfer/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:Size rdfs:subClassOf kgt:Attribute .
:Big rdfs:subClassOf :Size . :Small rdfs:subClassOf :Size .
:Tone rdfs:subClassOf kgt:Attribute .
:Dark rdfs:subClassOf :Tone . :Pale rdfs:subClassOf :Tone .
:Dog a owl:Class ; kgt:usual :Big , :Dark .
:Wolf a owl:Class ; kgt:usual :Big , :Pale .
:Cat a owl:Class ; kgt:usual :Small , :Dark .
:Poodle a owl:Class ; rdfs:subClassOf :Dog ; kgt:usual :Small .
"""


@pytest.fixture
def axioms(tmp_path: Path) -> Axioms:
    (tmp_path / "pets.ttl").write_text(TURTLE, encoding="utf-8")
    return axioms_of(read_ontology(tmp_path / "pets.ttl"))


def _names(groups: list[tuple[str, ...]]) -> list[set[str]]:
    return [{iri.removeprefix(EX) for iri in group} for group in groups]


def test_classes_that_differ_only_in_what_is_not_measured_are_a_group(axioms: Axioms) -> None:
    size = {EX + "Big", EX + "Small"}
    assert _names(indistinct(axioms, size)) == [{"Cat", "Poodle"}]  # a Dog is one of its kinds


def test_a_measured_difference_tells_apart(axioms: Axioms) -> None:
    tone = {EX + "Dark", EX + "Pale"}
    assert _names(indistinct(axioms, tone)) == [{"Cat", "Poodle"}]
    assert _names(indistinct(axioms, {EX + "Big", EX + "Small", *tone})) == [{"Cat", "Poodle"}]


def test_of_one_measured_value_there_is_no_alternative(axioms: Axioms) -> None:
    assert _names(indistinct(axioms, {EX + "Big"})) == [{"Cat", "Poodle", "Wolf"}]
    assert _names(indistinct(axioms, set())) == [{"Cat", "Poodle", "Wolf"}]
