"""Graphs -> text in the standard syntaxes: all that they say, or a refusal."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.io.ontology import merge, parse
from kgtransfer.knowledge.io.sources import Source
from kgtransfer.utils.terminal import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["SYNTAXES", "serialised"]


_NAMESPACES = re.compile(rb"(?<=<rdf:RDF)(?: xmlns:[^ =>]+=\"[^\"]*\")+")
_DECLARATION = re.compile(rb" xmlns:[^ =>]+=\"[^\"]*\"")


class Syntax(NamedTuple):
    """A syntax: its name, the suffix of its files, and how pyoxigraph calls it, if it does."""

    name: str
    suffix: str
    format: ox.RdfFormat | None


SYNTAXES: Mapping[str, Syntax] = {
    "turtle": Syntax("Turtle", ".ttl", ox.RdfFormat.TURTLE),
    "ntriples": Syntax("N-Triples", ".nt", ox.RdfFormat.N_TRIPLES),
    "rdfxml": Syntax("RDF/XML", ".rdf", ox.RdfFormat.RDF_XML),
    "jsonld": Syntax("JSON-LD", ".jsonld", ox.RdfFormat.JSON_LD),
    "obo": Syntax("OBO", ".obo", None),
}
"""Short name -> syntax."""
SHOWN = 4  # predicates that a refusal names


def serialised(graph: KnowledgeGraph, syntax: str) -> bytes:
    """Graph -> a file's bytes: the same triples in the same order give the same bytes.

    Args:
        graph: the graph.
        syntax: a key of `SYNTAXES`.

    Returns:
        UTF-8 text that was read again and says the same.

    Raises:
        OntologyError: the syntax cannot say all of it, as RDF/XML, which has no words for a
            control character or for a predicate without a name at its end, or OBO, which has
            words for what came from OBO.
    """
    chosen = SYNTAXES[syntax]
    data = _written(graph, chosen.format)
    if not len(graph):
        return data
    try:
        reread = merge([parse(Source(Path(f"graph{chosen.suffix}"), data))])
    except OntologyError as error:
        raise _refused(graph, chosen, f": {error.reason}") from None
    if reread != graph:
        raise _refused(graph, chosen, _difference(graph, reread))
    return data


def _difference(graph: KnowledgeGraph, reread: KnowledgeGraph) -> str:
    """Two graphs -> what each says beyond the other, counted by predicate, in words."""
    sides = []
    for one_side, other_side, verb in ((graph, reread, "lost"), (reread, graph, "added")):
        only = set(one_side.triples).difference(other_side.triples)
        counts = Counter(graph.compact(triple.predicate.value) for triple in only).most_common()
        if counts:
            named = ", ".join(f"{count} of {predicate}" for predicate, count in counts[:SHOWN])
            more = " and others" if len(counts) > SHOWN else ""
            sides.append(f"{counted(len(only), 'statement')} would be {verb} ({named}{more})")
    return f": {'; '.join(sides)}"


def _written(graph: KnowledgeGraph, syntax: ox.RdfFormat | None) -> bytes:
    """The graph with its prefixes in order: in pyoxigraph, chance orders them."""
    if syntax is None:
        from kgtransfer.knowledge.io.obo.writer import write_obo  # fastobo takes a while to load

        return write_obo(graph)
    if syntax == ox.RdfFormat.TURTLE:
        return graph.to_turtle().encode()
    data = ox.serialize(graph.triples, format=syntax, prefixes=dict(graph.prefixes)) or b""
    match = _NAMESPACES.search(data) if syntax == ox.RdfFormat.RDF_XML else None
    if match is None:
        return data
    ordered = b"".join(sorted(_DECLARATION.findall(match.group())))
    return data[: match.start()] + ordered + data[match.end() :]


def _refused(graph: KnowledgeGraph, syntax: Syntax, why: str) -> OntologyError:
    message = f"{syntax.name} cannot say all {len(graph):,} statements{why}"
    return OntologyError(message, cure="choose turtle or ntriples, which can say everything")
