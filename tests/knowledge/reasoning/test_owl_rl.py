"""The rules as a whole, against another implementation of them."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from owlrl import DeductiveClosure, OWLRL_Semantics

from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.reasoning.owl_rl import text_rules

PREFIXES = """
@prefix : <http://e/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
BUILT_IN = tuple(
    f"http://www.w3.org/{name}#"
    for name in ("2002/07/owl", "1999/02/22-rdf-syntax-ns", "2000/01/rdf-schema", "2001/XMLSchema")
)
DECLARED = " . ".join(
    [f":{name} a owl:Class" for name in "ABC"] + [f":{name} a owl:ObjectProperty" for name in "pqr"]
)

classes = st.sampled_from([":A", ":B", ":C", ":D", "owl:Thing", "owl:Nothing"])
properties = st.sampled_from([":p", ":q", ":r"])
individuals = st.sampled_from([":x", ":y", ":z"])
values = st.one_of(individuals, st.sampled_from(["1", '"1"^^xsd:byte', "2.5", '"a"@en']))
datatypes = st.sampled_from(["xsd:integer", "xsd:decimal"])


def listed(members: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(members, min_size=1, max_size=3).map(lambda chosen: f"( {' '.join(chosen)} )")


def statement(*parts: st.SearchStrategy[str] | str) -> st.SearchStrategy[str]:
    strategies = [st.just(part) if isinstance(part, str) else part for part in parts]
    return st.tuples(*strategies).map(" ".join)


def restricted(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Class expressions over class expressions."""
    number = st.sampled_from(["1", '"1"^^xsd:nonNegativeInteger'])
    on = statement("[ owl:onProperty", properties, ";")
    return st.one_of(
        statement(on, st.sampled_from(["owl:someValuesFrom", "owl:allValuesFrom"]), inner, "]"),
        statement(on, "owl:someValuesFrom", datatypes, "]"),
        statement(on, "owl:hasValue", values, "]"),
        statement(on, "owl:maxCardinality", number, "]"),
        statement(on, "owl:maxQualifiedCardinality", number, "; owl:onClass", inner, "]"),
        statement("[ owl:intersectionOf", listed(inner), "]"),
        statement("[ owl:unionOf", listed(inner), "]"),
        statement("[ owl:oneOf", listed(individuals), "]"),
    )


expressions = st.recursive(classes, restricted, max_leaves=4)
characteristics = st.sampled_from(
    [
        f"owl:{kind}Property"
        for kind in ("Functional", "InverseFunctional", "Symmetric", "Transitive")
    ]
)
relating = st.sampled_from(["rdfs:subPropertyOf", "owl:equivalentProperty", "owl:inverseOf"])
axioms = st.one_of(
    statement(classes, st.sampled_from(["rdfs:subClassOf", "owl:equivalentClass"]), expressions),
    statement(expressions, "rdfs:subClassOf", classes),
    statement(properties, relating, properties),
    statement(properties, st.sampled_from(["rdfs:domain", "rdfs:range"]), expressions),
    statement(properties, "a", characteristics),
    statement(properties, "owl:propertyChainAxiom", listed(properties)),
    statement(individuals, "owl:sameAs", individuals),
)
assertions = st.one_of(
    statement(individuals, "a", expressions),
    statement(individuals, properties, values),
)
graphs = st.tuples(
    st.lists(axioms, max_size=6), st.lists(assertions, max_size=6), st.booleans()
).map(lambda parts: " .\n".join([*parts[0], *parts[1], *([DECLARED] if parts[2] else [])]))


Texts = set[tuple[str, str, str]]


def telling(triples: Texts) -> Texts:
    """What says something, and about something else than the built-in terms."""
    thing = f"<{BUILT_IN[0]}Thing>"
    return {
        (subject, predicate, obj)
        for subject, predicate, obj in triples
        if obj not in (subject, thing) and not subject[1:].startswith(BUILT_IN)
    }


def by_owlrl(turtle: str) -> Texts:
    """All that holds by owlrl, about named terms."""
    graph = rdflib.Graph().parse(data=turtle, format="turtle")
    DeductiveClosure(OWLRL_Semantics).expand(graph)
    return telling(
        {
            (subject.n3(), predicate.n3(), str(in_oxigraph(obj)))
            for subject, predicate, obj in graph
            if isinstance(subject, rdflib.URIRef) and not isinstance(obj, rdflib.BNode)
        }
    )


def in_oxigraph(node: rdflib.term.Node) -> ox.NamedNode | ox.Literal:
    if not isinstance(node, rdflib.Literal):
        return ox.NamedNode(str(node))
    if node.language:
        return ox.Literal(str(node), language=node.language)
    return ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype)))


def by_us(turtle: str) -> Texts:
    """The same by us: what is stated and what is entailed."""
    parser = ox.parse(input=turtle, format=ox.RdfFormat.TURTLE)
    graph = KnowledgeGraph(quad.triple for quad in parser)
    return telling(
        {
            (str(t.subject), str(t.predicate), str(t.object))
            for t in (*graph.triples, *graph.entailed().triples)
            if isinstance(t.subject, ox.NamedNode) and not isinstance(t.object, ox.BlankNode)
        }
    )


@pytest.mark.slow
@settings(max_examples=30)
@given(graphs)
def test_it_is_what_owlrl_derives(text: str) -> None:
    turtle = f"{PREFIXES}{text} .\n" if text else PREFIXES
    assert by_us(turtle) == by_owlrl(turtle)


def test_every_variable_of_a_head_is_bound_by_the_body() -> None:
    for body, head in text_rules():
        bound = {term for atom in body for term in atom if term.startswith("?")}
        assert {term for atom in head for term in atom if term.startswith("?")} <= bound
