"""Attributes and classes of a graph's nodes in RDF, in the vocabulary of `ontology/attributes.ttl`.

The nodes themselves stay out: knowledge is about attributes, and a million nodes say nothing new.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

import pyoxigraph as ox

from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.vocabulary import RDF_TYPE, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = [
    "ATT",
    "NODES",
    "AttributeFacts",
    "attribute_iri",
    "attribute_iris",
    "build_attribute_graph",
    "class_iris",
    "concepts_by_name",
    "name_key",
]

ATT = "https://w3id.org/kgtransfer/attributes#"
KIND = "NodeAttribute"
NODES = "https://w3id.org/kgtransfer/nodes/"
XSD_INTEGER = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")


@dataclass(frozen=True)
class AttributeFacts:
    """What is to be written about a data set.

    Attributes:
        dataset: its name, part of the IRIs.
        attributes: name of each column; empty names become `attribute 12`.
        counts: nodes that have each attribute.
        classes: names of the classes of nodes.
        together: pairs of columns that occur together more often than by chance.
        marks: (column, class): attributes that training nodes of a class have more often.
        columns: column of the attribute matrix of each attribute, where these are some of them.
        numbers: how many of the attributes, the first ones, are amounts and no words.
    """

    dataset: str
    attributes: Sequence[str]
    counts: Sequence[int]
    classes: Sequence[str]
    together: Iterable[tuple[int, int]] = ()
    marks: Iterable[tuple[int, int]] = ()
    columns: Sequence[int] = ()
    numbers: int = 0


def attribute_iri(dataset: str, column: int, name: str) -> str:
    """Data set, column and name of an attribute -> its IRI; a nameless one has its column in it."""
    return f"{NODES}{quote(dataset)}/attribute/{quote(name, safe='') or column}"


def attribute_iris(facts: AttributeFacts, ontology: KnowledgeGraph | None = None) -> list[str]:
    """Attributes of a data set -> the IRI of each: the ontology's by its label, or a new one.

    An attribute may be called by the last part of its IRI, or by all of it, instead of its label.
    """
    columns = facts.columns or range(len(facts.attributes))
    defined = concepts_by_name(ontology, f"{ATT}NodeAttribute") if any(facts.attributes) else {}
    return [
        defined.get(name_key(name), attribute_iri(facts.dataset, column, name))
        for column, name in zip(columns, facts.attributes, strict=True)
    ]


def class_iris(facts: AttributeFacts, ontology: KnowledgeGraph | None = None) -> list[str]:
    """Classes of a data set -> the IRI of each: the ontology's by its label, or a new one."""
    defined = concepts_by_name(ontology, f"{ATT}NodeClass")
    return [
        defined.get(name_key(name), f"{NODES}{quote(facts.dataset)}/class/{quote(name, safe='')}")
        for name in facts.classes
    ]


def concepts_by_name(ontology: KnowledgeGraph | None, kind: str) -> dict[str, str]:
    """Ontology and class -> its concepts by what data may call them: IRI, its end, or label.

    Keys are those of `name_key`.
    """
    if ontology is None:
        return {}
    kinds = {kind, *ontology.subclasses(kind)}
    concepts = [
        iri
        for iri in ontology.concepts
        if not iri.startswith(NODES) and kinds.intersection(ontology.types(iri))
    ]
    ends = {name_key(re.split(r"[#/]", iri)[-1]): iri for iri in concepts}
    labels = {name_key(ontology.label(iri)): iri for iri in concepts}
    return {**{name_key(iri): iri for iri in concepts}, **ends, **labels}


def name_key(name: str) -> str:
    """What a name is found by: capitals, underscores and spaces make no difference."""
    return _plain(name).casefold()


def build_attribute_graph(
    facts: AttributeFacts, ontology: KnowledgeGraph | None = None
) -> KnowledgeGraph:
    """Attributes and classes of a data set -> a graph of them.

    An attribute whose words hold all words of another is joined to it by `att:broader`: graph
    matching to graph; the nearest ones only.

    Args:
        facts: of the data set.
        ontology: whose classes of nodes are meant where labels agree (underscores are spaces).
    """
    prefixes = {"att": ATT, "rdfs": RDFS, "nodes": f"{NODES}{quote(facts.dataset)}/"}
    return KnowledgeGraph(_triples(facts, ontology), prefixes)


def _triples(facts: AttributeFacts, ontology: KnowledgeGraph | None) -> Iterator[ox.Triple]:
    has_names = any(facts.attributes)
    nodes = [ox.NamedNode(iri) for iri in attribute_iris(facts, ontology)]
    columns = facts.columns or range(len(nodes))
    for row, (node, name) in enumerate(zip(nodes, facts.attributes, strict=True)):
        is_word = has_names and row >= facts.numbers
        yield ox.Triple(node, RDF_TYPE, ox.NamedNode(ATT + ("Keyword" if is_word else KIND)))
        if node.value.startswith(NODES):
            yield _text(node, f"{RDFS}label", name or f"attribute {columns[row]}")
        yield _number(node, "column", columns[row])
        yield _number(node, "nodeCount", facts.counts[row])
    classes = [ox.NamedNode(iri) for iri in class_iris(facts, ontology)]
    for node, name in zip(classes, facts.classes, strict=True):
        yield ox.Triple(node, RDF_TYPE, ox.NamedNode(f"{ATT}NodeClass"))
        if not node.value.startswith(NODES):
            continue
        yield _text(node, f"{RDFS}label", _plain(name))
    for pair in facts.together:
        yield ox.Triple(nodes[min(pair)], ox.NamedNode(f"{ATT}occursWith"), nodes[max(pair)])
    for column, row in facts.marks:
        yield ox.Triple(nodes[column], ox.NamedNode(f"{ATT}marks"), classes[row])
    for narrow, broad in _broader(facts.attributes) if has_names else ():
        yield ox.Triple(nodes[narrow], ox.NamedNode(f"{ATT}broader"), nodes[broad])


def _broader(names: Sequence[str]) -> Iterator[tuple[int, int]]:
    """(narrow, broad): the largest proper parts of a name's words that are names themselves."""
    words = [frozenset(name.split()) for name in names]
    column: dict[frozenset[str], int] = {}
    for index, parts in enumerate(words):
        column.setdefault(parts, index)
    for narrow, parts in enumerate(words):
        if not 2 <= len(parts) <= 6:
            continue
        broader: set[frozenset[str]] = set()
        level = {parts}
        while level and not broader:
            level = {part - {word} for part in level for word in part if len(part) > 1}
            broader = {part for part in level if part in column}
        for part in sorted(broader, key=sorted):
            yield narrow, column[part]


def _plain(name: str) -> str:
    return re.sub(r"[\s_]+", " ", name).strip()


def _text(node: ox.NamedNode, predicate: str, text: str) -> ox.Triple:
    return ox.Triple(node, ox.NamedNode(predicate), ox.Literal(text))


def _number(node: ox.NamedNode, name: str, value: int) -> ox.Triple:
    literal = ox.Literal(str(int(value)), datatype=XSD_INTEGER)
    return ox.Triple(node, ox.NamedNode(ATT + name), literal)
