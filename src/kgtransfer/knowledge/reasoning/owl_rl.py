"""The rules of OWL 2 RL (W3C OWL 2 Profiles, 2012, section 4.3, tables 4 to 9), under their names.

Rules over lists use helpers that no graph contains. `list:member` joins a list to each of its
members. Property chains, intersections and keys go along the cells of their list: `cells:hasKey`
joins the list to its first cell, `item:hasKey` a cell to what it holds, `last:hasKey` the last cell
to what it holds, `list:next` a cell to the next one. A cell stands for the rest of its list: of a
chain or a key it is used as a property, of an intersection as a class.

Left out are the rules that find a contradiction; eq-ref, that everything is the same as itself; and
the types of built-in terms (cls-thing and cls-nothing1 are facts, prp-ap and dt-type1 lead to
nothing else). scm-op and scm-dp hold of every `rdf:Property`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ONE", "RULES", "TextAtom", "text_rules"]

TextAtom: TypeAlias = tuple[str, str, str]
"""Subject, predicate and object: prefixed names and `?variables`."""

ONE = "number:1"
"""Stands for each literal whose value is 1."""

RULES = """
eq-sym    ?x owl:sameAs ?y => ?y owl:sameAs ?x
eq-trans  ?x owl:sameAs ?y . ?y owl:sameAs ?z => ?x owl:sameAs ?z
eq-rep-s  ?s owl:sameAs ?t . ?s ?p ?o => ?t ?p ?o
eq-rep-p  ?p owl:sameAs ?q . ?s ?p ?o => ?s ?q ?o
eq-rep-o  ?o owl:sameAs ?t . ?s ?p ?o => ?s ?p ?t

prp-dom   ?p rdfs:domain ?c . ?x ?p ?y => ?x a ?c
prp-rng   ?p rdfs:range ?c . ?x ?p ?y => ?y a ?c
prp-fp    ?p a owl:FunctionalProperty . ?x ?p ?y . ?x ?p ?z => ?y owl:sameAs ?z
prp-ifp   ?p a owl:InverseFunctionalProperty . ?x ?p ?z . ?y ?p ?z => ?x owl:sameAs ?y
prp-symp  ?p a owl:SymmetricProperty . ?x ?p ?y => ?y ?p ?x
prp-trp   ?p a owl:TransitiveProperty . ?x ?p ?y . ?y ?p ?z => ?x ?p ?z
prp-spo1  ?p rdfs:subPropertyOf ?q . ?x ?p ?y => ?x ?q ?y
prp-spo2  ?p owl:propertyChainAxiom ?l . ?l cells:propertyChainAxiom ?k . ?x ?k ?y => ?x ?p ?y
prp-spo2  ?k last:propertyChainAxiom ?q . ?x ?q ?y => ?x ?k ?y
prp-spo2  ?k item:propertyChainAxiom ?q . ?k list:next ?m . ?x ?q ?y . ?y ?m ?z => ?x ?k ?z
prp-eqp1  ?p owl:equivalentProperty ?q . ?x ?p ?y => ?x ?q ?y
prp-eqp2  ?p owl:equivalentProperty ?q . ?x ?q ?y => ?x ?p ?y
prp-inv1  ?p owl:inverseOf ?q . ?x ?p ?y => ?y ?q ?x
prp-inv2  ?p owl:inverseOf ?q . ?x ?q ?y => ?y ?p ?x
prp-key   ?c owl:hasKey ?l . ?l cells:hasKey ?k . ?x ?k ?y . ?x a ?c . ?y a ?c => ?x owl:sameAs ?y
prp-key   ?k last:hasKey ?p . ?x ?p ?v . ?y ?p ?v => ?x ?k ?y
prp-key   ?k item:hasKey ?p . ?k list:next ?m . ?x ?m ?y . ?x ?p ?v . ?y ?p ?v => ?x ?k ?y

cls-int1  ?c owl:intersectionOf ?l . ?l cells:intersectionOf ?k . ?x a ?k => ?x a ?c
cls-int1  ?k last:intersectionOf ?d . ?x a ?d => ?x a ?k
cls-int1  ?k item:intersectionOf ?d . ?k list:next ?m . ?x a ?d . ?x a ?m => ?x a ?k
cls-int2  ?c owl:intersectionOf ?l . ?l list:member ?d . ?x a ?c => ?x a ?d
cls-uni   ?c owl:unionOf ?l . ?l list:member ?d . ?x a ?d => ?x a ?c
cls-svf1  ?r owl:someValuesFrom ?c . ?r owl:onProperty ?p . ?x ?p ?y . ?y a ?c => ?x a ?r
cls-svf2  ?r owl:someValuesFrom owl:Thing . ?r owl:onProperty ?p . ?x ?p ?y => ?x a ?r
cls-avf   ?r owl:allValuesFrom ?c . ?r owl:onProperty ?p . ?x a ?r . ?x ?p ?y => ?y a ?c
cls-hv1   ?r owl:hasValue ?y . ?r owl:onProperty ?p . ?x a ?r => ?x ?p ?y
cls-hv2   ?r owl:hasValue ?y . ?r owl:onProperty ?p . ?x ?p ?y => ?x a ?r
cls-maxc2  ?r owl:maxCardinality number:1 . ?r owl:onProperty ?p . ?x a ?r . ?x ?p ?y . ?x ?p ?z \
=> ?y owl:sameAs ?z
cls-maxqc3  ?r owl:maxQualifiedCardinality number:1 . ?r owl:onProperty ?p . ?r owl:onClass ?c . \
?x a ?r . ?x ?p ?y . ?y a ?c . ?x ?p ?z . ?z a ?c => ?y owl:sameAs ?z
cls-maxqc4  ?r owl:maxQualifiedCardinality number:1 . ?r owl:onProperty ?p . \
?r owl:onClass owl:Thing . ?x a ?r . ?x ?p ?y . ?x ?p ?z => ?y owl:sameAs ?z
cls-oo    ?c owl:oneOf ?l . ?l list:member ?x => ?x a ?c

cax-sco   ?c rdfs:subClassOf ?d . ?x a ?c => ?x a ?d
cax-eqc1  ?c owl:equivalentClass ?d . ?x a ?c => ?x a ?d
cax-eqc2  ?c owl:equivalentClass ?d . ?x a ?d => ?x a ?c

scm-cls   ?c a owl:Class => ?c rdfs:subClassOf ?c . ?c owl:equivalentClass ?c . \
?c rdfs:subClassOf owl:Thing . owl:Nothing rdfs:subClassOf ?c
scm-sco   ?c rdfs:subClassOf ?d . ?d rdfs:subClassOf ?e => ?c rdfs:subClassOf ?e
scm-eqc1  ?c owl:equivalentClass ?d => ?c rdfs:subClassOf ?d . ?d rdfs:subClassOf ?c
scm-eqc2  ?c rdfs:subClassOf ?d . ?d rdfs:subClassOf ?c => ?c owl:equivalentClass ?d
scm-op    ?p a owl:ObjectProperty => ?p rdfs:subPropertyOf ?p . ?p owl:equivalentProperty ?p
scm-dp    ?p a owl:DatatypeProperty => ?p rdfs:subPropertyOf ?p . ?p owl:equivalentProperty ?p
scm-op    ?p a rdf:Property => ?p rdfs:subPropertyOf ?p . ?p owl:equivalentProperty ?p
scm-spo   ?p rdfs:subPropertyOf ?q . ?q rdfs:subPropertyOf ?r => ?p rdfs:subPropertyOf ?r
scm-eqp1  ?p owl:equivalentProperty ?q => ?p rdfs:subPropertyOf ?q . ?q rdfs:subPropertyOf ?p
scm-eqp2  ?p rdfs:subPropertyOf ?q . ?q rdfs:subPropertyOf ?p => ?p owl:equivalentProperty ?q
scm-dom1  ?p rdfs:domain ?c . ?c rdfs:subClassOf ?d => ?p rdfs:domain ?d
scm-dom2  ?p rdfs:subPropertyOf ?q . ?q rdfs:domain ?c => ?p rdfs:domain ?c
scm-rng1  ?p rdfs:range ?c . ?c rdfs:subClassOf ?d => ?p rdfs:range ?d
scm-rng2  ?p rdfs:subPropertyOf ?q . ?q rdfs:range ?c => ?p rdfs:range ?c
scm-hv    ?c owl:hasValue ?i . ?c owl:onProperty ?p . ?p rdfs:subPropertyOf ?q . \
?d owl:hasValue ?i . ?d owl:onProperty ?q => ?c rdfs:subClassOf ?d
scm-svf1  ?c owl:someValuesFrom ?y . ?c owl:onProperty ?p . ?y rdfs:subClassOf ?z . \
?d owl:someValuesFrom ?z . ?d owl:onProperty ?p => ?c rdfs:subClassOf ?d
scm-svf2  ?c owl:someValuesFrom ?y . ?c owl:onProperty ?p . ?p rdfs:subPropertyOf ?q . \
?d owl:someValuesFrom ?y . ?d owl:onProperty ?q => ?c rdfs:subClassOf ?d
scm-avf1  ?c owl:allValuesFrom ?y . ?c owl:onProperty ?p . ?y rdfs:subClassOf ?z . \
?d owl:allValuesFrom ?z . ?d owl:onProperty ?p => ?c rdfs:subClassOf ?d
scm-avf2  ?c owl:allValuesFrom ?y . ?c owl:onProperty ?p . ?p rdfs:subPropertyOf ?q . \
?d owl:allValuesFrom ?y . ?d owl:onProperty ?q => ?d rdfs:subClassOf ?c
scm-int   ?c owl:intersectionOf ?l . ?l list:member ?d => ?c rdfs:subClassOf ?d
scm-uni   ?c owl:unionOf ?l . ?l list:member ?d => ?d rdfs:subClassOf ?c
"""


def text_rules() -> Iterator[tuple[list[TextAtom], list[TextAtom]]]:
    """Body and head of every rule."""
    for line in filter(None, RULES.splitlines()):
        _, _, rule = line.partition(" ")
        body, _, head = rule.partition("=>")
        yield _atoms(body), _atoms(head)


def _atoms(text: str) -> list[TextAtom]:
    atoms = (atom.split() for atom in text.split(" . "))
    return [(subject, predicate, obj) for subject, predicate, obj in atoms]
