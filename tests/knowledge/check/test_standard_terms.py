from __future__ import annotations

from collections.abc import Callable

import pytest
import rdflib

from kgtransfer.knowledge.check.standard_terms import unknown_terms
from kgtransfer.knowledge.check.standards import TERMS
from kgtransfer.knowledge.graph import KnowledgeGraph

Read = Callable[[str], KnowledgeGraph]
RDF_1_2 = {"dirLangString", "reifies"}
NOT_IN_XSD_ITSELF = {
    *("Assertions", "bounded", "cardinality", "numeric", "ordered", "timezoneOffset"),
    *("year", "month", "day", "hour", "minute", "second"),
}  # properties of datatypes, which have no IRI
NOT_IN_RDFLIB = {
    *("and", "class", "in", "not", "or"),  # words of Python
    *("count", "desc", "distinct", "else", "exists", "groupConcat", "if", "limit", "max", "min"),
    *("minus", "offset", "orderBy", "separator", "sum", "then", "values"),  # node expressions
}
TERMS_OF_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDF_XML_WORD = "it is a word of the syntax RDF/XML: write the statement itself"
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
        ("rdfs:type :b", "rdfs:type", "did you mean rdf:type?"),
        ("owl:subClassOf :b", "owl:subClassOf", "did you mean rdfs:subClassOf?"),
        ("a rdfs:Property", "rdfs:Property", "did you mean rdf:Property?"),
        ("a rdfs:property", "rdfs:property", "did you mean rdf:Property?"),
        ("a rdfs:ObjectProperty", "rdfs:ObjectProperty", "did you mean owl:ObjectProperty?"),
        ("owl:label 1", "owl:label", "did you mean rdfs:label?"),
        ("skos:comment 1", "skos:comment", "did you mean rdfs:comment?"),
        (":p 'x'^^rdfs:string", "rdfs:string", "did you mean xsd:string?"),
        ("owl:creator 1", "owl:creator", "did you mean dcterms:creator?"),
        ("owl:subclasof :b", "owl:subclasof", "did you mean rdfs:subClassOf?"),
    ],
)
def test_a_misspelt_standard_term(turtle: Read, statement: str, term: str, cure: str) -> None:
    (finding,) = unknown_terms(turtle(f":a {statement} ."))
    assert (finding.severity, finding.label, finding.cure) == ("violation", "a", cure)
    assert finding.message == f"{term} is no term of the vocabulary {term.partition(':')[0]}"


@pytest.mark.parametrize(
    ("term", "cure"),
    [
        ("dc/elements/1.1/creater", "did you mean dc:creator?"),
        ("dc/elements/1.1/license", "did you mean dcterms:license?"),
        ("dc/terms/licence", "did you mean dcterms:license?"),
    ],
)
def test_of_a_vocabulary_that_only_describes_it_is_a_warning(
    turtle: Read, term: str, cure: str
) -> None:
    (finding,) = unknown_terms(turtle(f":a <http://purl.org/{term}> 1 ."))
    assert (finding.severity, finding.cure) == ("warning", cure)


@pytest.mark.parametrize(
    ("word", "cure"),
    [
        *((word, RDF_XML_WORD) for word in ("about", "ID", "id", "nodeId", "li", "datatype")),
        ("Resource", "did you mean rdfs:Resource?"),
        ("description", "did you mean dcterms:description?"),
    ],
)
def test_words_of_rdf_xml_are_no_terms(turtle: Read, word: str, cure: str) -> None:
    (finding,) = unknown_terms(turtle(f":a <{TERMS_OF_RDF}{word}> :b ."))
    assert finding.cure == cure


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        (":a rdfs:subClassOf [ owl:onProprty :b ] .", "http://example.org/a"),
        (":a :p ( :b rdfs:lable ) .", "http://example.org/a"),
        ("[] rdfs:lable 'x' .", "http://www.w3.org/2000/01/rdf-schema#lable"),
    ],
)
def test_a_term_in_an_unnamed_node_is_told_of_its_concept_or_of_itself(
    turtle: Read, text: str, concept: str
) -> None:
    (finding,) = unknown_terms(turtle(text))
    assert finding.concept == concept


def test_terms_that_exist_and_positions_in_containers(turtle: Read) -> None:
    rdf = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#_12>"
    assert not list(unknown_terms(turtle(f":a rdfs:subClassOf owl:Thing ; {rdf} 'x'@en , 1 .")))


def test_the_terms_are_those_that_rdflib_knows() -> None:
    terms = {
        prefix: set(getattr(rdflib, prefix.upper()).__annotations__)
        for prefix in ("rdf", "rdfs", "owl", "xsd", "skos", "dc", "dcterms", "sh")
    }
    terms["rdf"] |= RDF_1_2
    terms["xsd"] = terms["xsd"] - NOT_IN_XSD_ITSELF | ABSTRACT
    terms["sh"] |= NOT_IN_RDFLIB
    assert {prefix: set(names) for (prefix, _), names in TERMS.items()} == terms
