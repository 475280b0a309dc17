"""The vocabulary: frequencies and what its shapes object to."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.knowledge.check.findings import Finding
from kgtransfer.knowledge.check.shacl.findings import violations
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology

ANNOTATION_PROPERTY = "http://www.w3.org/2002/07/owl#AnnotationProperty"

PREFIXES = """
@prefix e: <http://example.org/> .
@prefix kgt: <https://w3id.org/kgtransfer/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
SOUND = """
e:Shape a owl:Class ; rdfs:subClassOf kgt:Attribute ; rdfs:label "shape" .
e:Round a owl:Class ; rdfs:subClassOf e:Shape ; rdfs:label "round" .
e:Long a owl:Class ; rdfs:subClassOf e:Shape ; rdfs:label "long" .
e:length a kgt:Measure ; rdfs:label "length" ; skos:definition "End to end." ; kgt:unit "mm" .
e:Pea a owl:Class ; rdfs:label "pea" ; kgt:source "a gardener" ; kgt:usual e:Round .
e:finder a kgt:Grounder ; rdfs:label "finder" ; kgt:grounds e:Shape .
"""
MEASURED = "e:Long kgt:measuredBy e:length ; kgt:threshold 8 ; kgt:softness 1 ."
BAND = "e:Long kgt:measuredBy e:length ; kgt:minimum 2 ; kgt:maximum 9 ; kgt:softness 1 ."
FACT = """
e:Pea kgt:usual e:length .
[] a owl:Axiom ; owl:annotatedSource e:Pea ; owl:annotatedProperty kgt:usual ;
    owl:annotatedTarget e:length ; kgt:minimum 4 ; kgt:maximum 9 .
"""


# A cure starts with what to do; the stand-in for a missing one, with `see`.
CURES = {"add", "check", "declare", "exchange", "keep", "write"}


@pytest.fixture(scope="module")
def vocabulary() -> KnowledgeGraph:
    return read_ontology(Path(__file__).parents[2] / "ontology" / "kgt.ttl")


def violated(repository: Path, folder: Path, text: str) -> list[Finding]:
    """What the vocabulary's shapes object to in a sound ontology and this."""
    file = folder / "peas.ttl"
    file.write_text(PREFIXES + SOUND + text, encoding="utf-8")
    return list(violations(read_ontology(file), [repository / "ontology" / "shapes" / "kgt.ttl"]))


@pytest.mark.parametrize(
    ("frequency", "probability"),
    [("usual", "0.9"), ("sometimes", "0.3"), ("rare", "0.05"), ("never", "0.01")],
)
def test_a_frequency_is_a_predicate_with_a_probability(
    vocabulary: KnowledgeGraph, frequency: str, probability: str
) -> None:
    iri = vocabulary.expand(f"kgt:{frequency}")
    said = vocabulary.objects(iri, vocabulary.expand("kgt:probability"))
    assert [literal.value for literal in said] == [probability]
    assert ANNOTATION_PROPERTY in vocabulary.types(iri)


def test_there_are_four_frequencies(vocabulary: KnowledgeGraph) -> None:
    names = [vocabulary.label(iri) for iri in vocabulary.instances("kgt:Frequency")]
    assert names == ["never", "rare", "sometimes", "usual"]


@pytest.mark.parametrize("text", ["", MEASURED, BAND, FACT, "e:Pea kgt:rare e:Long ."])
def test_what_is_sound_passes(repository: Path, tmp_path: Path, text: str) -> None:
    assert violated(repository, tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "label", "message"),
    [
        ('e:x rdfs:label "x" ; kgt:usual e:Round ; kgt:source "y" .', "x", "is not a class"),
        ("e:Pea kgt:usual e:Shape .", "pea", "neither a value of an attribute nor a measure"),
        ("e:Pea kgt:sometimes e:Pea .", "pea", "neither a value of an attribute nor a measure"),
        ("e:Pea kgt:rare e:Shape .", "pea", "neither a value of an attribute nor a measure"),
        ("e:Pea kgt:never e:Shape .", "pea", "neither a value of an attribute nor a measure"),
        ("e:Pea kgt:never e:Round .", "pea", "usual and also of another frequency"),
        ("e:Pea kgt:sometimes e:Long ; kgt:rare e:Long .", "pea", "sometimes and is also of"),
        ("e:Pea kgt:rare e:Long ; kgt:never e:Long .", "pea", "is rare and never occurs"),
        (
            'e:Bean a owl:Class ; rdfs:label "bean" ; kgt:usual e:Long .',
            "bean",
            "nobody is named who states",
        ),
        (
            'kgt:often a kgt:Frequency ; rdfs:label "often" .',
            "often",
            "needs exactly one probability",
        ),
        (
            'e:Taste a owl:Class ; rdfs:subClassOf kgt:Attribute ; rdfs:label "taste" .',
            "taste",
            "fewer than two values",
        ),
        (
            'e:w a kgt:Measure ; rdfs:label "w" ; skos:definition "W." .',
            "w",
            "needs exactly one unit",
        ),
        (
            'e:w a kgt:Measure ; rdfs:label "w" ; skos:definition "W." ; kgt:unit "µm" .',
            "w",
            "no UCUM code",
        ),
        ('e:w a kgt:Measure ; rdfs:label "w" ; kgt:unit "mg" .', "w", "nothing says how"),
        (
            "e:Long kgt:measuredBy e:Round ; kgt:threshold 8 ; kgt:softness 1 .",
            "long",
            "measured by what is no measure",
        ),
        ("e:Long kgt:measuredBy e:length ; kgt:softness 1 .", "long", "needs a threshold, or"),
        (f"{MEASURED} e:Long kgt:minimum 2 .", "long", "not both kinds"),
        ("e:Long kgt:threshold 8 .", "long", "without a measure means nothing"),
        (
            "e:Long kgt:measuredBy e:length ; kgt:threshold 8 .",
            "long",
            "needs exactly one softness",
        ),
        ('e:g a kgt:Grounder ; rdfs:label "g" .', "g", "a grounder grounds nothing"),
    ],
)
def test_what_is_wrong_is_found_once_and_named(
    repository: Path, tmp_path: Path, text: str, label: str, message: str
) -> None:
    (finding,) = violated(repository, tmp_path, text)
    assert finding.label == label
    assert message in finding.message
    assert finding.cure.partition(" ")[0] in CURES
