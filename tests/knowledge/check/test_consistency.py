from __future__ import annotations

from collections.abc import Callable

import pytest

from kgtransfer.knowledge.check.consistency import inconsistencies
from kgtransfer.knowledge.graph import KnowledgeGraph

CELLS = """
:Colour rdfs:subClassOf kgt:Attribute . :Red rdfs:subClassOf :Colour .
:Pink rdfs:subClassOf :Colour .
:Eosinophil rdfs:subClassOf :Leukocyte ; kgt:usual :Red .
:Neutrophil rdfs:subClassOf :Leukocyte ; kgt:usual :Pink .
"""
Read = Callable[[str], KnowledgeGraph]


def findings(graph: KnowledgeGraph) -> list[tuple[str, str, str]]:
    return sorted((f.severity, f.label, f.message) for f in inconsistencies(graph))


def test_sound_facts_are_left_alone(turtle: Read) -> None:
    assert findings(turtle(CELLS)) == []


def test_a_value_with_two_frequencies_contradicts_itself(turtle: Read) -> None:
    message = "contradicts itself: Red is usual and never"
    assert findings(turtle(CELLS + ":Eosinophil kgt:never :Red .")) == [
        ("violation", "Eosinophil", message)
    ]


def test_a_subclass_may_say_otherwise(turtle: Read) -> None:
    assert findings(turtle(CELLS + ":Odd rdfs:subClassOf :Eosinophil ; kgt:never :Red .")) == []


@pytest.mark.parametrize(
    "text",
    [
        ":Eosinophil owl:disjointWith :Neutrophil .",
        "[] a owl:AllDisjointClasses ; owl:members ( :Neutrophil :Eosinophil :Other ) .",
    ],
)
def test_only_the_first_class_below_two_disjoint_ones_is_named(turtle: Read, text: str) -> None:
    both = """
        :Both rdfs:subClassOf :Eosinophil , :Neutrophil . :More rdfs:subClassOf :Both .
        :cell a :More ."""
    message = "belongs to Eosinophil and Neutrophil, which exclude each other"
    assert findings(turtle(CELLS + text + both)) == [("violation", "Both", message)]
    assert findings(turtle(CELLS + text)) == []


def test_an_instance_of_two_disjoint_classes(turtle: Read) -> None:
    text = ":Eosinophil owl:disjointWith :Neutrophil . :cell a :Eosinophil , :Neutrophil ."
    ((severity, label, _),) = findings(turtle(CELLS + text))
    assert (severity, label) == ("violation", "cell")


def test_a_class_below_itself_and_its_opposite(turtle: Read) -> None:
    text = ":Eosinophil owl:disjointWith :Leukocyte ."
    message = "belongs to Eosinophil and Leukocyte, which exclude each other"
    assert findings(turtle(CELLS + text)) == [("violation", "Eosinophil", message)]


def test_a_class_that_nothing_tells_from_its_siblings(turtle: Read) -> None:
    plain = CELLS + ":Basophil rdfs:subClassOf :Leukocyte ."
    assert findings(turtle(plain)) == [("hint", "Basophil", "has no axiom of its own")]
    same = turtle(plain + ":Basophil kgt:usual :Red .")
    assert findings(same) == [
        ("hint", "Basophil", "its axioms are those of Eosinophil too"),
        ("hint", "Eosinophil", "its axioms are those of Basophil too"),
    ]
    restricted = ":Basophil rdfs:subClassOf [ owl:onProperty :p ; owl:someValuesFrom :Lobe ] ."
    assert findings(turtle(plain + restricted)) == []
    wordnet = "<http://wordnet-rdf.princeton.edu/wn30/{}-n>"
    linked = ":Basophil skos:exactMatch " + wordnet.format("05451384") + " ."
    assert findings(turtle(plain + linked)) == []


@pytest.mark.parametrize("predicate", ["disjointWith", "complementOf"])
def test_a_class_that_excludes_itself(turtle: Read, predicate: str) -> None:
    assert findings(turtle(f":Cell owl:{predicate} :Cell .")) == [
        ("violation", "Cell", "excludes itself: nothing can belong to it")
    ]


@pytest.mark.parametrize(
    "text",
    [
        ":Basophil rdfs:subClassOf :Leukocyte ; owl:deprecated true .",
        ":Granulocyte rdfs:subClassOf :Leukocyte . :Basophil rdfs:subClassOf :Granulocyte .",
        ":Chair rdfs:subClassOf :Thing . :Table rdfs:subClassOf :Thing .",
    ],
)
def test_who_needs_no_axiom_of_its_own(turtle: Read, text: str) -> None:
    assert findings(turtle(CELLS + text)) == []


@pytest.mark.parametrize(
    "text",
    [
        ":Odd owl:equivalentClass :Red , :Pink .",
        ":Odd owl:equivalentClass :Red ; rdfs:subClassOf :Pink .",
        ":Red owl:equivalentClass :Odd . :Pink owl:equivalentClass :Odd .",
        ":Odd owl:equivalentClass [ owl:intersectionOf ( :Red :Pink ) ] .",
    ],
)
def test_a_class_equivalent_to_two_disjoint_ones(turtle: Read, text: str) -> None:
    disjoint = ":Red a owl:Class ; owl:disjointWith :Pink . :Pink a owl:Class . "
    message = "belongs to Pink and Red, which exclude each other"
    assert findings(turtle(disjoint + text)) == [("violation", "Odd", message)]


def test_two_disjoint_classes_that_are_the_same(turtle: Read) -> None:
    text = ":Red owl:disjointWith :Pink ; owl:equivalentClass :Pink ."
    message = "belongs to Pink and Red, which exclude each other"
    assert findings(turtle(text)) == [("violation", "Pink", message)]


@pytest.mark.parametrize(
    "text",
    [
        "rdfs:subClassOf owl:Nothing",
        "owl:equivalentClass owl:Nothing",
        "rdfs:subClassOf [ owl:intersectionOf ( :B owl:Nothing ) ]",
        "a owl:Nothing",
    ],
)
def test_what_is_said_to_be_nothing(turtle: Read, text: str) -> None:
    message = "is said to be owl:Nothing: nothing can belong to it"
    assert findings(turtle(f":A {text} .")) == [("violation", "A", message)]
