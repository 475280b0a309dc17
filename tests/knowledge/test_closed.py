from __future__ import annotations

from collections.abc import Callable

import pytest
import rdflib

from kgtransfer.knowledge.closed import TERMS, unknown_terms
from kgtransfer.knowledge.graph import KnowledgeGraph

Read = Callable[[str], KnowledgeGraph]
RDF_1_2 = {"dirLangString", "reifies"}
NOT_IN_XSD_ITSELF = {
    *("Assertions", "bounded", "cardinality", "numeric", "ordered", "timezoneOffset"),
    *("year", "month", "day", "hour", "minute", "second"),
}  # properties of datatypes, which have no IRI
ABSTRACT = {"anyType", "anySimpleType", "anyAtomicType"}


@pytest.mark.parametrize(
    ("statement", "term", "cure"),
    [
        ("rdfs:subClasOf :b", "rdfs:subClasOf", "did you mean rdfs:subClassOf?"),
        ("rdfs:lable 1", "rdfs:lable", "did you mean rdfs:label?"),
        ("a owl:class", "owl:class", "did you mean owl:Class?"),
        (":p 'x'^^xsd:interger", "xsd:interger", "did you mean xsd:integer?"),
        ("skos:altLable 'x'", "skos:altLable", "did you mean skos:altLabel?"),
        ("owl:zzz 1", "owl:zzz", "use a term that it has"),
    ],
)
def test_a_misspelt_standard_term(turtle: Read, statement: str, term: str, cure: str) -> None:
    (finding,) = unknown_terms(turtle(f":a {statement} ."))
    assert (finding.severity, finding.label, finding.cure) == ("violation", "a", cure)
    assert finding.message == f"{term} is no term of the vocabulary {term.partition(':')[0]}"


def test_terms_that_exist_and_positions_in_containers(turtle: Read) -> None:
    rdf = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#_12>"
    assert not list(unknown_terms(turtle(f":a rdfs:subClassOf owl:Thing ; {rdf} 'x'@en , 1 .")))


def test_the_terms_are_those_that_rdflib_knows() -> None:
    known = {
        prefix: set(getattr(rdflib, prefix.upper()).__annotations__)
        for prefix in ("rdf", "rdfs", "owl", "xsd", "skos")
    }
    known["rdf"] |= RDF_1_2
    known["xsd"] = known["xsd"] - NOT_IN_XSD_ITSELF | ABSTRACT
    assert {prefix: set(names) for (prefix, _), names in TERMS.items()} == known
