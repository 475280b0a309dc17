from __future__ import annotations

from collections.abc import Callable

import pytest

from kgtransfer.knowledge.check.misuse import misuses
from kgtransfer.knowledge.graph import KnowledgeGraph

Read = Callable[[str], KnowledgeGraph]
OLD = """:Old a owl:Class ; rdfs:label "old" ; owl:deprecated true .
:A a owl:Class ; rdfs:label "A" . """
PROPERTIES = ":part a owl:ObjectProperty . :size a owl:DatatypeProperty . :A rdfs:label 'A' ; "


@pytest.mark.parametrize(
    "use",
    [
        ":A rdfs:subClassOf :Old .",
        ":A rdfs:subClassOf [ owl:onProperty :p ; owl:someValuesFrom [ owl:unionOf ( :Old ) ] ] .",
        ":A a :Old .",
    ],
)
def test_a_deprecated_class_in_use(turtle: Read, use: str) -> None:
    (finding,) = misuses(turtle(OLD + use))
    assert (finding.severity, finding.label) == ("warning", "A")
    assert finding.message == "uses old (:Old), which is deprecated"
    assert finding.cure == "use a term that is kept up"


def test_a_deprecated_property_and_its_replacement(turtle: Read) -> None:
    text = ":p a owl:DeprecatedProperty ; <http://purl.obolibrary.org/obo/IAO_0100001> :q . "
    (finding,) = misuses(turtle(text + ":a :p :b , :c . :q rdfs:label 'new' ."))
    assert finding.message == "uses p (:p), which is deprecated"
    assert finding.cure == "use its replacement: new <http://example.org/q>"


@pytest.mark.parametrize(
    "mention",
    [
        ":A rdfs:seeAlso :Old .",
        ":Older rdfs:subClassOf :Old ; owl:deprecated true .",
        ":Old rdfs:subClassOf :A .",
        "[] a owl:Axiom ; owl:annotatedSource :Old ; owl:annotatedProperty :p .",
        ":New a owl:Class ; owl:deprecated false . :A rdfs:subClassOf :New .",
    ],
)
def test_who_only_mentions_what_is_deprecated_uses_it_not(turtle: Read, mention: str) -> None:
    assert list(misuses(turtle(OLD + mention))) == []


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (':part "leaf"', ':part is an owl:ObjectProperty, its value "leaf" is a text or number'),
        (":size :Big", ":size is an owl:DatatypeProperty, its value :Big is a resource"),
        (":size []", ":size is an owl:DatatypeProperty, its value [ ] is a resource"),
        (
            "rdfs:subClassOf [ owl:onProperty :part ; owl:hasValue 3 ]",
            ':part is an owl:ObjectProperty, its value "3" is a text or number',
        ),
    ],
)
def test_values_of_another_kind_than_declared(turtle: Read, statement: str, message: str) -> None:
    (finding,) = misuses(turtle(f"{PROPERTIES}{statement} ."))
    assert (finding.severity, finding.label, finding.message) == ("violation", "A", message)


def test_values_of_the_right_kind(turtle: Read) -> None:
    text = f"{PROPERTIES} :part :b , [] ; :size 3 , 'x'@en . :size a rdfs:Resource ."
    assert list(misuses(turtle(text))) == []
    assert list(misuses(turtle(text + ":part a owl:DatatypeProperty ; rdfs:label 'p' ."))) == []
