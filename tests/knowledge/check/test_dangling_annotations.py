from __future__ import annotations

from collections.abc import Callable

import pytest

from kgtransfer.knowledge.check.dangling_annotations import dangling_annotations
from kgtransfer.knowledge.graph import KnowledgeGraph

Read = Callable[[str], KnowledgeGraph]
EX = "http://example.org/"
CLASSES = """
:Eosinophil a owl:Class ; rdfs:label "eosinophil" .
:Red a owl:Class ; rdfs:label "red granules" .
"""
AXIOM = """
[] a owl:Axiom ; owl:annotatedSource :Eosinophil ; owl:annotatedProperty kgt:usual ;
    owl:annotatedTarget :Red ; kgt:evidence "seen" .
"""
SOME = "[ a owl:Restriction ; owl:onProperty :shows ; owl:someValuesFrom :Red ]"
LONG = f"""
[] a owl:Axiom ; owl:annotatedSource :Eosinophil ; owl:annotatedProperty rdfs:subClassOf ;
    owl:annotatedTarget {SOME} ; kgt:frequency kgt:rare .
"""


@pytest.mark.parametrize(
    "stated",
    [
        f":Eosinophil kgt:usual :Red . {AXIOM}",
        f":Eosinophil rdfs:subClassOf {SOME} . {LONG}",
    ],
)
def test_an_annotation_of_what_is_stated_is_fine(turtle: Read, stated: str) -> None:
    assert list(dangling_annotations(turtle(CLASSES + stated))) == []


def test_an_annotation_whose_fact_is_gone(turtle: Read) -> None:
    (findings,) = dangling_annotations(turtle(CLASSES + ":Eosinophil kgt:rare :Red ." + AXIOM))
    assert (findings.severity, findings.concept, findings.label) == (
        "warning",
        EX + "Eosinophil",
        "eosinophil",
    )
    assert findings.message == (
        "an annotation is left of a statement that is gone: usual red granules"
    )
    assert findings.cure == (
        'state it again with kgt:usual, or remove its owl:Axiom (evidence "seen")'
    )


def test_a_frequency_whose_restriction_is_gone(turtle: Read) -> None:
    (findings,) = dangling_annotations(turtle(CLASSES + LONG))
    assert findings.message.endswith("is gone: superclass (shows some red granules)")
    assert findings.cure.endswith("(frequency rare)")


def test_an_annotation_of_an_annotation_is_about_the_same_concept(turtle: Read) -> None:
    graph = turtle(f"""{CLASSES} :Eosinophil kgt:usual :Red .
        [] a owl:Annotation ; owl:annotatedProperty kgt:evidence ; owl:annotatedTarget "lost" ;
            owl:annotatedSource {AXIOM.strip().removesuffix(".").replace("[]", "[")} ] .""")
    (findings,) = dangling_annotations(graph)
    assert (findings.label, findings.message.rpartition(": ")[2]) == (
        "eosinophil",
        'evidence "lost"',
    )


@pytest.mark.parametrize(
    ("axiom", "label", "wrong"),
    [
        (AXIOM.replace("annotatedTarget", "annotedTarget"), "eosinophil", "Target"),
        (AXIOM.replace(":Red ;", ":Red , :Blue ;"), "eosinophil", "Target"),
        ('[] a owl:Axiom ; kgt:evidence "seen" .', "unnamed Axiom", "Source, owl:annotatedProper"),
    ],
)
def test_an_annotation_that_lacks_a_part(turtle: Read, axiom: str, label: str, wrong: str) -> None:
    (findings,) = dangling_annotations(turtle(CLASSES + axiom))
    assert findings.label == label
    assert f"it has not exactly one owl:annotated{wrong}" in findings.message
