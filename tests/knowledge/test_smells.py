from __future__ import annotations

import pyoxigraph as ox
import pytest

from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.smells import smells

EX = "http://example.org/"
PREFIXES = {
    "": EX,
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
}
HEAD = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in PREFIXES.items())
SOUND = """
:Animal a owl:Class ; rdfs:label "animal" .
:Dog a owl:Class ; rdfs:label "dog" ; rdfs:subClassOf :Animal .
"""


def found(turtle: str) -> list[tuple[str, str, str]]:
    parser = ox.parse(input=HEAD + turtle, format=ox.RdfFormat.TURTLE)
    graph = KnowledgeGraph((quad.triple for quad in parser), PREFIXES)
    return [(f.severity, f.label, f.message) for f in smells(graph)]


def test_a_sound_ontology_smells_of_nothing() -> None:
    assert found(SOUND) == []


def test_subclass_cycles_are_violations_shown_in_order() -> None:
    cycle = SOUND + ":Animal rdfs:subClassOf :Puppy . :Puppy rdfs:subClassOf :Dog ; a owl:Class ."
    severity, label, message = found(cycle)[0]
    assert (severity, label) == ("violation", "animal")
    assert message == "is its own superclass: animal > Puppy > dog > animal"


def test_every_cycle_is_found() -> None:
    cycles = ":a rdfs:subClassOf :b , :a . :b rdfs:subClassOf :a . :c rdfs:subClassOf :c ."
    assert sum("own superclass" in message for *_, message in found(cycles)) == 3


def test_a_concept_without_a_label() -> None:
    assert found(SOUND + ":Cat a owl:Class ; rdfs:subClassOf :Animal .") == [
        ("warning", "Cat", "has no label")
    ]


def test_ontology_headers_and_foreign_terms_need_no_label() -> None:
    assert found(SOUND + ":o a owl:Ontology . owl:versionInfo a owl:AnnotationProperty .") == []


def test_a_misspelt_term_is_undefined_and_the_near_one_suggested() -> None:
    turtle = HEAD + SOUND + ':Cat a owl:Class ; rdfs:label "cat" ; rdfs:subClassOf :Anmal .'
    parser = ox.parse(input=turtle, format=ox.RdfFormat.TURTLE)
    (finding,) = smells(KnowledgeGraph((quad.triple for quad in parser), PREFIXES))
    assert (finding.concept, finding.label) == (EX + "Cat", "cat")
    assert finding.message == "the term :Anmal, used by cat, is described nowhere"
    assert finding.cure.startswith("did you mean :Animal?")


@pytest.mark.parametrize(("known", "misspelt"), [("Q42", "Q43"), ("CL_10", "CL_12"), ("p", "q")])
def test_numbers_and_short_names_are_not_taken_for_typing_errors(known: str, misspelt: str) -> None:
    turtle = HEAD + SOUND + f':{known} rdfs:label "known" ; rdfs:seeAlso :{misspelt} .'
    parser = ox.parse(input=turtle, format=ox.RdfFormat.TURTLE)
    (finding,) = smells(KnowledgeGraph((quad.triple for quad in parser), PREFIXES))
    assert finding.cure == "describe it with a type and an rdfs:label"


def test_classes_of_one_namespace_that_share_a_label() -> None:
    twin = SOUND + ':Hound a owl:Class ; rdfs:subClassOf :Animal ; rdfs:label " Dog" '
    assert found(twin + ".") == [("warning", " Dog", "has the same label as :Dog")]
    assert found(twin.replace('" Dog"', '" Dog"@en') + ".") == []
    assert found(twin + "; owl:equivalentClass :Dog .") == []
    assert found(twin + "; owl:deprecated true .") == []
    assert found(twin.replace(":Hound", "<http://elsewhere.org/Hound>") + ".") == []


def test_terms_of_other_namespaces_are_not_asked_for() -> None:
    assert found(SOUND + ":Dog rdfs:seeAlso <http://elsewhere.org/Dog> .") == []


def test_an_orphan_class() -> None:
    assert found(SOUND + ':Moon a owl:Class ; rdfs:label "moon" .') == [
        ("warning", "moon", "stands alone: no superclass, no subclass, no instance, used nowhere")
    ]


def test_a_misspelt_term_of_our_vocabulary_is_found_without_its_file() -> None:
    kgt = "@prefix kgt: <https://w3id.org/kgtransfer/ns#> . "
    sound = kgt + SOUND + ":Dog kgt:usual :Animal ; kgt:source :Animal ."
    assert found(sound) == []
    message = "the term https://w3id.org/kgtransfer/ns#ususal, used by dog, is described nowhere"
    assert found(sound.replace("kgt:usual", "kgt:ususal")) == [("warning", "dog", message)]


def test_an_import_that_was_not_read_is_a_hint() -> None:
    imports = SOUND + ':o a owl:Ontology ; rdfs:label "dogs" ; owl:imports :other .'
    message = "imports <http://example.org/other>, which is not among the files read"
    assert found(imports) == [("hint", "dogs", message)]
    assert found(imports + ":other a owl:Ontology .") == []
    assert found(imports + ":any a owl:Ontology ; owl:versionIRI :other .") == []
