from __future__ import annotations

from collections.abc import Callable

import pytest

from kgtransfer.knowledge.axioms.axioms import Disjoint, Interval, SomeValues, SubClass, axioms_of
from kgtransfer.knowledge.graph import KnowledgeGraph

EX = "http://example.org/"
CELLS = """
:Colour rdfs:subClassOf kgt:Attribute .
:Red rdfs:subClassOf :Colour . :Pink rdfs:subClassOf :Colour .
:Shape rdfs:subClassOf kgt:Attribute . :Round rdfs:subClassOf :Shape .
:Leukocyte kgt:usual :Pink , :Round .
:Granulocyte rdfs:subClassOf :Leukocyte .
:Eosinophil rdfs:subClassOf :Granulocyte ; kgt:usual :Red ; kgt:never :Pink .
:Myelocyte rdfs:subClassOf :Eosinophil , :Leukocyte .
"""
Read = Callable[[str], KnowledgeGraph]


def stated(graph: KnowledgeGraph, cls: str, *, inherited: bool = True) -> list[tuple[str, ...]]:
    facts = axioms_of(graph).facts(EX + cls, inherited=inherited)
    return [(graph.label(f.cls), graph.label(f.frequency), graph.label(f.value)) for f in facts]


def test_a_subclass_inherits_and_overrides_by_attribute(turtle: Read) -> None:
    graph = turtle(CELLS)
    own = [("Eosinophil", "never", "Pink"), ("Eosinophil", "usual", "Red")]
    assert stated(graph, "Eosinophil", inherited=False) == own
    assert stated(graph, "Eosinophil") == [*own, ("Leukocyte", "usual", "Round")]
    assert stated(graph, "Granulocyte", inherited=False) == []
    assert stated(graph, "Granulocyte") == [
        ("Leukocyte", "usual", "Pink"),
        ("Leukocyte", "usual", "Round"),
    ]


def test_the_most_specific_class_counts_whichever_way_leads_to_it(turtle: Read) -> None:
    graph = turtle(CELLS)
    assert stated(graph, "Myelocyte") == stated(graph, "Eosinophil")


def test_two_superclasses_of_equal_rank_both_count(turtle: Read) -> None:
    graph = turtle(CELLS + ":Odd kgt:rare :Red . :Both rdfs:subClassOf :Odd , :Leukocyte .")
    assert stated(graph, "Both") == [
        ("Leukocyte", "usual", "Pink"),
        ("Odd", "rare", "Red"),
        ("Leukocyte", "usual", "Round"),
    ]


def test_classes_that_are_each_others_superclass_share_their_facts(turtle: Read) -> None:
    graph = turtle(CELLS + ":A rdfs:subClassOf :B ; kgt:rare :Red . :B rdfs:subClassOf :A .")
    assert stated(graph, "A") == stated(graph, "B") == [("A", "rare", "Red")]


def test_attributes_have_their_values(turtle: Read) -> None:
    assert axioms_of(turtle(CELLS)).attributes == {
        EX + "Colour": (EX + "Pink", EX + "Red"),
        EX + "Shape": (EX + "Round",),
    }


@pytest.mark.parametrize(
    "text",
    [
        ":B owl:disjointWith :A .",
        ":A owl:disjointWith :B . :B owl:disjointWith :A .",
        "[] a owl:AllDisjointClasses ; owl:members ( :A :B ) .",
        ":C owl:disjointUnionOf ( :B :A ) .",
    ],
)
def test_disjoint_classes(turtle: Read, text: str) -> None:
    assert axioms_of(turtle(text)).disjoint == (Disjoint((EX + "A", EX + "B")),)


def test_different_individuals_and_expressions_are_no_disjoint_classes(turtle: Read) -> None:
    graph = turtle("""
        [] a owl:AllDifferent ; owl:members ( :a :b ) .
        :A owl:disjointWith [ owl:complementOf :B ] .""")
    assert axioms_of(graph).disjoint == ()


def test_the_class_tree_and_restrictions(turtle: Read) -> None:
    graph = turtle("""
        :A rdfs:subClassOf :B , [ owl:onProperty :r ; owl:someValuesFrom :D ] ,
            [ owl:intersectionOf ( :C [ owl:onProperty :r ; owl:someValuesFrom :E ] ) ] .
        [] rdfs:subClassOf :B .""")
    axioms = axioms_of(graph)
    assert axioms.sub_classes == (SubClass(EX + "A", EX + "B"), SubClass(EX + "A", EX + "C"))
    assert axioms.some_values == (
        SomeValues(EX + "A", EX + "r", EX + "D"),
        SomeValues(EX + "A", EX + "r", EX + "E"),
    )


def test_ranges_of_a_value_and_of_its_measure(turtle: Read) -> None:
    graph = turtle("""
        :lobeCount a kgt:Measure ; kgt:minimum 1 .
        :Bilobed kgt:measuredBy :lobeCount ; kgt:minimum 1.5 ; kgt:maximum 2.5 .""")
    axioms = axioms_of(graph)
    assert axioms.intervals == (
        Interval(EX + "Bilobed", EX + "lobeCount", 1.5, 2.5),
        Interval(EX + "lobeCount", EX + "lobeCount", 1.0, None),
    )
