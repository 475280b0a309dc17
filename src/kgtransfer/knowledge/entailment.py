"""What follows from an ontology by the rules of OWL 2 RL, which hold those of RDFS (W3C, 2012)."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.knowledge.quiet import without_complaints
from kgtransfer.knowledge.vocabulary import OWL, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib.term import Node

__all__ = ["entailed"]

THING = OWL + "Thing"


def entailed(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """What follows from the triples without being among them.

    Left out is what says nothing: that something is an `owl:Thing`, or below or the same as
    itself; what concerns OWL's own terms; and what concerns blank nodes, which have no name
    outside their graph.
    """
    from rdflib import BNode
    from reasonable import PyReasoner

    # By way of a file the reasoner parses the terms itself, and keeps the blank nodes' names.
    with tempfile.NamedTemporaryFile(suffix=".ttl") as file:
        ox.serialize(triples, output=file, format=ox.RdfFormat.N_TRIPLES)
        file.flush()
        reasoner = PyReasoner()
        reasoner.load_file(file.name)
    with without_complaints():
        asserted, derived = set(reasoner.get_base_triples()), reasoner.reason()
    for triple in derived:
        subject, predicate, obj = triple
        if triple in asserted or isinstance(subject, BNode) or isinstance(obj, BNode):
            continue
        empty = str(predicate) == RDF_TYPE.value and str(obj) == THING
        if subject != obj and not empty and not str(subject).startswith(OWL):
            yield ox.Triple(_named(subject), _named(predicate), _term(obj))


def _named(node: Node) -> ox.NamedNode:
    return ox.NamedNode(str(node))


def _term(node: Node) -> ox.NamedNode | ox.Literal:
    from rdflib import Literal

    if not isinstance(node, Literal):
        return _named(node)
    if node.language:
        return ox.Literal(str(node), language=node.language)
    return ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype)))
