from __future__ import annotations

from collections.abc import Callable

import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.axioms.axioms import axioms_of
from kgtransfer.knowledge.axioms.facts import Fact, frequencies
from kgtransfer.knowledge.graph import KnowledgeGraph

EX = "http://example.org/"
KGT = "https://w3id.org/kgtransfer/ns#"
NUCLEUS = """
:NucleusShape rdfs:subClassOf kgt:Attribute .
:Multilobed rdfs:subClassOf :NucleusShape .
:Bilobed rdfs:subClassOf :NucleusShape .
"""
SHORT = """
:Neutrophil kgt:usual :Multilobed ; kgt:rare :Bilobed ; kgt:source :Atlas .
[] a owl:Axiom ; owl:annotatedSource :Neutrophil ; owl:annotatedProperty kgt:usual ;
    owl:annotatedTarget :Multilobed ; kgt:source :Book , "Smith 1999" ; kgt:evidence "3-5 lobes" .
"""
SOME = "[ a owl:Restriction ; owl:onProperty :nucleus ; owl:someValuesFrom :Multilobed ]"
AXIOM = f"""[] a owl:Axiom ; owl:annotatedSource :Neutrophil ;
    owl:annotatedProperty rdfs:subClassOf ; owl:annotatedTarget {SOME} ; """
Read = Callable[[str], KnowledgeGraph]


def test_the_short_form_with_source_and_evidence(turtle: Read) -> None:
    graph = turtle(NUCLEUS + SHORT)
    rare, usual = sorted(axioms_of(graph).stated, key=lambda fact: fact.probability)
    assert usual == Fact(
        cls=EX + "Neutrophil",
        value=EX + "Multilobed",
        attribute=EX + "NucleusShape",
        frequency=KGT + "usual",
        probability=0.9,
        source=("Smith 1999", EX + "Book"),
        evidence=("3-5 lobes",),
    )
    assert (rare.probability, rare.source, rare.evidence) == (0.05, (EX + "Atlas",), ())


def test_the_long_form_has_its_frequency_on_the_axiom(turtle: Read) -> None:
    graph = turtle(
        NUCLEUS + f":Neutrophil rdfs:subClassOf {SOME} . {AXIOM} kgt:frequency kgt:sometimes ."
    )
    (fact,) = axioms_of(graph).stated
    assert (fact.value, fact.frequency) == (EX + "Multilobed", KGT + "sometimes")
    assert (fact.attribute, fact.probability) == (EX + "NucleusShape", 0.3)


def test_a_restriction_to_a_value_without_a_frequency_is_usual(turtle: Read) -> None:
    plain = NUCLEUS + f":Neutrophil rdfs:subClassOf {SOME} . "
    (fact,) = axioms_of(turtle(plain)).stated
    assert (fact.value, fact.probability, fact.source) == (EX + "Multilobed", 0.9, ())
    (sourced,) = axioms_of(turtle(f'{plain} {AXIOM} kgt:source "Smith" .')).stated
    assert (sourced.probability, sourced.source) == (0.9, ("Smith",))


def test_a_restriction_to_what_is_no_value_is_no_fact(turtle: Read) -> None:
    assert axioms_of(turtle(f":Neutrophil rdfs:subClassOf {SOME} .")).stated == ()


def test_a_fact_in_both_forms_is_one(turtle: Read) -> None:
    both = NUCLEUS + SHORT + f":Neutrophil rdfs:subClassOf {SOME} ."
    assert axioms_of(turtle(both)).stated == axioms_of(turtle(NUCLEUS + SHORT)).stated


def test_a_fact_about_a_measure_has_a_range(turtle: Read) -> None:
    graph = turtle("""
        :Neutrophil kgt:usual :lobeCount . :lobeCount a kgt:Measure .
        [] a owl:Axiom ; owl:annotatedSource :Neutrophil ; owl:annotatedProperty kgt:usual ;
            owl:annotatedTarget :lobeCount ; kgt:minimum 3 ; kgt:maximum 5.5 .""")
    (fact,) = axioms_of(graph).stated
    assert (fact.value, fact.attribute) == (EX + "lobeCount", "")
    assert (fact.minimum, fact.maximum) == (3.0, 5.5)


def test_an_annotation_alone_states_no_fact(turtle: Read) -> None:
    assert axioms_of(turtle(NUCLEUS + f"{AXIOM} kgt:frequency kgt:rare .")).stated == ()


def test_the_graph_says_what_a_frequency_stands_for(turtle: Read) -> None:
    graph = turtle("""
        kgt:usual a kgt:Frequency ; kgt:probability 0.8 .
        :often a kgt:Frequency ; kgt:probability 0.6 .
        :Neutrophil :often :Multilobed .""")
    assert frequencies(graph) == {
        KGT + "usual": 0.8,
        KGT + "sometimes": 0.3,
        KGT + "rare": 0.05,
        KGT + "never": 0.01,
        EX + "often": 0.6,
    }
    assert [fact.probability for fact in axioms_of(graph).stated] == [0.6]


@pytest.mark.parametrize("probability", ["0", "1", "1.5"])
def test_a_probability_that_is_none_is_refused(turtle: Read, probability: str) -> None:
    graph = turtle(f"kgt:usual a kgt:Frequency ; kgt:probability {probability} .")
    with pytest.raises(OntologyError, match="kgt:usual has no probability above 0 and below 1"):
        axioms_of(graph)


@pytest.mark.parametrize("probability", ['"high"', "0,9", "0.1, 0.2"])
def test_a_probability_is_one_number(turtle: Read, probability: str) -> None:
    graph = turtle(f"kgt:usual a kgt:Frequency ; kgt:probability {probability} .")
    with pytest.raises(OntologyError, match=r"usual: kgt:probability (is not|has 2)"):
        axioms_of(graph)


def test_an_unknown_frequency_is_refused(turtle: Read) -> None:
    graph = turtle(f":Neutrophil rdfs:subClassOf {SOME} . {AXIOM} kgt:frequency kgt:often .")
    with pytest.raises(OntologyError, match="kgt:often, said of Neutrophil, is no frequency"):
        axioms_of(graph)
