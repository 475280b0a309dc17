"""N-Triples -> rdflib, in whose in-memory store pySHACL is five times as fast as in Oxigraph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Mapping

    import rdflib
    from rdflib.term import Node

__all__ = ["to_rdflib"]


def to_rdflib(ntriples: bytes, prefixes: Mapping[str, str]) -> rdflib.Graph:
    """N-Triples and prefixes -> a graph of rdflib, blank nodes under the same names."""
    import rdflib

    terms: dict[str, Node] = {}

    def converted(term: object) -> Node:
        key = str(term)
        if key not in terms:
            terms[key] = _rdflib_term(term)
        return terms[key]

    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, space in prefixes.items():
        graph.bind(prefix, space)
    for quad in ox.parse(input=ntriples, format=ox.RdfFormat.N_TRIPLES):
        nodes = (converted(quad.subject), converted(quad.predicate), converted(quad.object))
        graph.store.add(nodes, graph)
    return graph


def _rdflib_term(term: object) -> Node:
    import rdflib

    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.Literal):
        # rdflib wants plain strings without a datatype, to match what shapes say of them.
        plain = term.language or term.datatype.value.endswith("XMLSchema#string")
        datatype = None if plain else rdflib.URIRef(term.datatype.value)
        return rdflib.Literal(term.value, lang=term.language, datatype=datatype, normalize=False)
    return rdflib.BNode(str(term)[2:])
