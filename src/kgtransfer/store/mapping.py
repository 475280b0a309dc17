"""RDF as a property graph that neosemantics can read, and back without loss.

Every subject and object is a `:Resource {uri}`; classes are labels, literals are properties,
links are relationships, all named `prefix__local`. Two things are added. A blank node's uri is
built from the hash of its structure, so a second import finds it again. And
`C subClassOf (R some D)` also gives the edge `(C)-[R {quantifier: 'some', derived: true}]->(D)`,
because restriction nodes are of little use to a query.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import pyoxigraph as ox

from kgtransfer.errors import StoreError
from kgtransfer.store.literals import Value, decode, encode, faithful
from kgtransfer.store.names import WELL_KNOWN, Names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["EXACT", "GRAPH_CONFIG", "Edge", "Resource", "resources", "triples"]

EXACT = "_rdf"  # property: literals whose native value says less than they do, `name N-Triples`
BLANK = "bnode://"
# Type, target, and whether we derived it. A plain tuple: there are millions, and the garbage
# collector does not follow those.
Edge: TypeAlias = tuple[str, str, bool]
# Of these a concept has one that counts (English first): they stay scalar.
SCALAR = frozenset({"rdfs__label", "rdfs__comment", "skos__prefLabel", "skos__definition"})
GRAPH_CONFIG: Mapping[str, Any] = {  # how neosemantics would have been configured
    "_handleVocabUris": 0,  # SHORTEN
    "_handleMultival": 1,  # ARRAY, for the properties in _multivalPropList
    "_handleRDFTypes": 0,  # LABELS
    "_keepLangTag": True,
    "_applyNeo4jNaming": False,
    "_keepCustomDataTypes": False,
}
_TYPE = ox.NamedNode(WELL_KNOWN["rdf"] + "type")


class Resource(NamedTuple):
    """A node with everything that is written for it; `digest` covers all the rest."""

    uri: str
    labels: tuple[str, ...]
    properties: dict[str, Value]
    edges: tuple[Edge, ...]
    digest: str


@dataclass(slots=True)
class _Draft:
    labels: set[str] = field(default_factory=set)
    literals: dict[str, list[ox.Literal]] = field(default_factory=dict)
    edges: set[Edge] = field(default_factory=set)


def resources(
    graph: KnowledgeGraph, names: Names, multivalued: Collection[str] = ()
) -> tuple[dict[str, Resource], frozenset[str]]:
    """The graph as nodes with their outgoing relationships.

    Args:
        graph: the knowledge graph.
        names: short names; new namespaces are added to it.
        multivalued: names of the properties that are arrays already.

    Returns:
        uri -> resource, and the names of all properties that are arrays now.

    Raises:
        StoreError: the graph has triples about triples, which a property graph cannot hold.
    """
    drafts: dict[str, _Draft] = {}
    for triple in graph.triples:
        _add(triple, drafts, names)
    for cls, relation, filler in graph.restrictions():
        drafts[cls].edges.add((names.short(relation), filler, True))
        _draft(drafts, filler)
    several = (name for d in drafts.values() for name, found in d.literals.items() if found[1:])
    arrays = frozenset((*multivalued, *several)) - SCALAR
    return {uri: _finish(uri, draft, arrays) for uri, draft in drafts.items()}, arrays


def triples(
    nodes: Iterable[tuple[str, Sequence[str], Mapping[str, Any]]],
    edges: Iterable[tuple[str, str, str]],
    names: Names,
) -> list[ox.Triple]:
    """The triples that stored nodes and relationships stand for.

    Args:
        nodes: uri, labels and properties of each.
        edges: source uri, type and target uri of each, derived ones left out.
        names: short names as the store has them.
    """
    found = [
        ox.Triple(_term(source), ox.NamedNode(iri), _term(target))
        for source, kind, target in edges
        if (iri := names.full(kind)) is not None
    ]
    exact: list[str] = []
    for uri, labels, properties in nodes:
        subject = _term(uri)
        classes = (iri for label in labels if (iri := names.full(label)) is not None)
        found.extend(ox.Triple(subject, _TYPE, ox.NamedNode(iri)) for iri in classes)
        aside = [line.split(" ", 1) for line in properties.get(EXACT, ())]
        exact.extend(f"{subject} <{names.full(name)}> {text} ." for name, text in aside)
        told = {name for name, _ in aside}
        for name, value in properties.items():
            iri = names.full(name)
            if iri is not None and name not in told:
                predicate = ox.NamedNode(iri)
                found.extend(ox.Triple(subject, predicate, o) for o in decode(value))
    quads = ox.parse("\n".join(exact).encode(), format=ox.RdfFormat.N_TRIPLES)
    return [*found, *(quad.triple for quad in quads)]


def _add(triple: ox.Triple, drafts: dict[str, _Draft], names: Names) -> None:
    draft = _draft(drafts, _uri(triple.subject))
    predicate, obj = triple.predicate, triple.object
    if isinstance(obj, ox.Literal):
        draft.literals.setdefault(names.short(predicate.value), []).append(obj)
    elif predicate == _TYPE and isinstance(obj, ox.NamedNode):
        draft.labels.add(names.short(obj.value))
    else:
        target = _uri(obj)
        draft.edges.add((names.short(predicate.value), target, False))
        _draft(drafts, target)


def _draft(drafts: dict[str, _Draft], uri: str) -> _Draft:
    draft = drafts.get(uri)
    if draft is None:
        draft = drafts[uri] = _Draft()
    return draft


def _finish(uri: str, draft: _Draft, arrays: frozenset[str]) -> Resource:
    properties: dict[str, Value] = {}
    exact: list[str] = []
    for name, literals in sorted(draft.literals.items()):
        value = properties[name] = encode(literals, many=name in arrays)
        if not faithful(literals, value):
            exact.extend(f"{name} {literal}" for literal in literals)
    if exact:
        properties[EXACT] = [*exact]
    labels, edges = tuple(sorted(draft.labels)), tuple(sorted(draft.edges))
    content = repr((labels, properties, edges))
    digest = hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=16)
    return Resource(uri, labels, properties, edges, digest.hexdigest())


def _uri(term: object) -> str:
    if isinstance(term, ox.NamedNode):
        return term.value
    if isinstance(term, ox.BlankNode):
        return BLANK + term.value
    raise StoreError(f"{term} cannot be a node", cure="state it without triples about triples")


def _term(uri: str) -> ox.NamedNode | ox.BlankNode:
    if uri.startswith(BLANK):
        return ox.BlankNode(uri.removeprefix(BLANK))
    return ox.NamedNode(uri)
