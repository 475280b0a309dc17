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
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any, TypeAlias

import pyoxigraph as ox

from kgtransfer.errors import StoreError
from kgtransfer.store.embedded.wire import pack
from kgtransfer.store.literals import Scalar, Value, decode, encode, faithful, parse, plain
from kgtransfer.store.names import WELL_KNOWN, Names
from kgtransfer.store.triple_text import about

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from kgtransfer.store.triple_text import Facts

__all__ = [
    "EXACT",
    "Edge",
    "Resource",
    "resources",
    "term_of",
    "triples",
    "uri_of",
]

EXACT = "_rdf"  # property: literals whose native value says less than they do, `name N-Triples`
BLANK = "bnode://"
# Type, target, and whether we derived it. A plain tuple: there are millions, and the garbage
# collector does not follow those.
Edge: TypeAlias = tuple[str, str, bool]
# Of these a concept has one that counts (English first): they stay scalar.
SCALAR = frozenset({"rdfs__label", "rdfs__comment", "skos__prefLabel", "skos__definition"})
_TYPE = f"<{WELL_KNOWN['rdf']}type>"
_SUBCLASS = f"<{WELL_KNOWN['rdfs']}subClassOf>"
_ON, _SOME = f"<{WELL_KNOWN['owl']}onProperty>", f"<{WELL_KNOWN['owl']}someValuesFrom>"


@dataclass(eq=False)
class Resource:
    """A node with everything that is written for it.

    Properties and digest are worked out when they are first asked for: in a large load, while
    the engine writes the nodes before it.

    Args:
        uri: its name.
        labels: short names of its classes.
        literals: property name -> literals in N-Triples.
        edges: its outgoing relationships, no two of them alike.
        arrays: names of the properties that are arrays in this store.
    """

    uri: str
    labels: list[str] = field(default_factory=list)
    literals: dict[str, list[str]] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    arrays: frozenset[str] = frozenset()

    @cached_property
    def properties(self) -> dict[str, Value]:
        """Name -> value, and under `EXACT` the literals that such values do not reproduce."""
        values: dict[str, Value] = {}
        exact: list[Scalar] = []
        for name, texts in self.literals.items():
            many = name in self.arrays
            if not many and not texts[1:] and (text := plain(texts[0])) is not None:
                values[name] = text
                continue
            literals = [*map(parse, texts)]
            value = values[name] = encode(literals, many=many)
            if not faithful(literals, value):
                exact.extend(f"{name} {text}" for text in texts)
        return {**values, EXACT: exact} if exact else values

    @cached_property
    def digest(self) -> str:
        """Hash of labels, properties and edges, 32 hex digits."""
        content = pack((self.labels, self.properties, self.edges))
        return hashlib.blake2b(content, digest_size=16).hexdigest()


def resources(
    facts: Iterable[str],
    names: Names,
    multivalued: Collection[str] = (),
    *,
    within: Facts = b"",
) -> tuple[dict[str, Resource], frozenset[str]]:
    """Facts -> nodes with their outgoing relationships.

    Args:
        facts: all facts about some subjects, as sorted N-Triples without the final dot.
        names: short names; new namespaces are added to it.
        multivalued: names of the properties that are arrays already.
        within: the facts of the whole graph, where restrictions are looked up.

    Returns:
        uri -> resource, and the names of all properties that are arrays now. A subject's
        resource is complete; one that is only pointed to is bare.

    Raises:
        StoreError: the graph has triples about triples, which a property graph cannot hold, or
            a name that no IRI has.
    """
    by_uri = _described(facts, names, within)
    several = (name for r in by_uri.values() for name, texts in r.literals.items() if texts[1:])
    arrays = frozenset((*multivalued, *several)) - SCALAR
    for resource in by_uri.values():
        resource.arrays = arrays
    return by_uri, arrays


def triples(
    nodes: Iterable[tuple[str, Sequence[str], Mapping[str, Any]]],
    edges: Iterable[tuple[str, str, str]],
    names: Names,
) -> list[ox.Triple]:
    """Stored nodes and relationships -> the triples that they stand for.

    Args:
        nodes: uri, labels and properties of each.
        edges: source uri, type and target uri of each, derived ones left out.
        names: short names as the store has them.
    """
    statements = [
        ox.Triple(_term(source), ox.NamedNode(iri), _term(target))
        for source, kind, target in edges
        if (iri := names.full(kind)) is not None
    ]
    kind, exact = ox.NamedNode(_TYPE[1:-1]), list[str]()
    for uri, labels, properties in nodes:
        subject = _term(uri)
        classes = (iri for label in labels if (iri := names.full(label)) is not None)
        statements.extend(ox.Triple(subject, kind, ox.NamedNode(iri)) for iri in classes)
        exact_literals = [line.split(" ", 1) for line in properties.get(EXACT, ())]
        exact.extend(f"{subject} <{names.full(name)}> {text} ." for name, text in exact_literals)
        exact_names = {name for name, _ in exact_literals}
        for name, value in properties.items():
            iri = names.full(name)
            if iri is not None and name not in exact_names:
                predicate = ox.NamedNode(iri)
                statements.extend(ox.Triple(subject, predicate, o) for o in decode(value))
    quads = ox.parse("\n".join(exact).encode(), format=ox.RdfFormat.N_TRIPLES)
    return [*statements, *(quad.triple for quad in quads)]


def _described(facts: Iterable[str], names: Names, within: Facts) -> dict[str, Resource]:
    """Facts -> uri -> node of each subject, and bare nodes of what they point to."""
    by_uri: dict[str, Resource] = {}
    shorts: dict[str, str] = {}
    uris: dict[str, str] = {}  # one text for all that point to a node: a third of the time
    subject, resource = "", Resource("")
    for fact in facts:
        term, predicate, obj = fact.split(" ", 2)
        if term != subject:
            subject, uri = term, uri_of(_whole(term, fact))
            resource = by_uri[uri] = Resource(uri)
        if (name := shorts.get(predicate)) is None:
            name = shorts[predicate] = names.short(_whole(predicate, fact)[1:-1])
        if obj[0] == '"':
            resource.literals.setdefault(name, []).append(obj)
        elif predicate == _TYPE and obj[0] == "<":
            resource.labels.append(names.short(uri_of(obj)))
        else:
            if (target := uris.get(obj)) is None:
                target = uris[obj] = uri_of(obj)
            resource.edges.append((name, target, False))
            if predicate == _SUBCLASS and obj[0] == "_" and subject[0] == "<":
                derived = dict.fromkeys(_derived(about(within, obj), names))
                resource.edges.extend(edge for edge in derived if edge not in resource.edges)
                uris.update((term_of(uri), uri) for _, uri, _ in derived)
    by_uri.update((uri, Resource(uri)) for uri in uris.values() if uri not in by_uri)
    return by_uri


def _whole(term: str, fact: str) -> str:
    """A fact's subject or predicate, unless a space cut it short."""
    if term[0] != "_" and term[-1] != ">":
        raise StoreError(
            f"{fact!r} cannot be a label or relationship type", cure="use IRIs without spaces"
        )
    return term


def _derived(restriction: Iterable[str], names: Names) -> Iterator[Edge]:
    """`owl:onProperty R; owl:someValuesFrom D` as an edge to D."""
    parts = [fact.split(" ", 2)[1:] for fact in restriction]
    relations = [obj for predicate, obj in parts if predicate == _ON and obj[0] == "<"]
    fillers = [obj for predicate, obj in parts if predicate == _SOME and obj[0] == "<"]
    for relation, filler in product(relations, fillers):
        yield names.short(uri_of(relation)), uri_of(filler), True


def uri_of(text: str) -> str:
    """Term in N-Triples -> uri of its node."""
    if text[0] == "<" and text[1] != "<":
        return text[1:-1]
    if text[0] == "_":
        return BLANK + text[2:]
    raise StoreError(f"{text} cannot be a node", cure="state it without triples about triples")


def term_of(uri: str) -> str:
    """Uri of a node -> its term in N-Triples."""
    return f"_:{uri.removeprefix(BLANK)}" if uri.startswith(BLANK) else f"<{uri}>"


def _term(uri: str) -> ox.NamedNode | ox.BlankNode:
    if uri.startswith(BLANK):
        return ox.BlankNode(uri.removeprefix(BLANK))
    return ox.NamedNode(uri)
