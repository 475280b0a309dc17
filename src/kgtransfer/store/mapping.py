"""RDF as a property graph that neosemantics can read, and back without loss.

Every subject and object is a `:Resource {uri}`; classes are labels, literals are properties,
links are relationships, all named `prefix__local`. Two things are added. A blank node's uri is
built from the hash of its structure, so a second import finds it again. And
`C subClassOf (R some D)` also gives the edge `(C)-[R {quantifier: 'some', derived: true}]->(D)`,
because restriction nodes are of little use to a query.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import groupby, product
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, cast

import pyoxigraph as ox

from kgtransfer.errors import StoreError
from kgtransfer.store.facts import about
from kgtransfer.store.literals import Value, decode, encode, faithful
from kgtransfer.store.names import WELL_KNOWN, Names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from kgtransfer.store.facts import Facts

__all__ = [
    "EXACT",
    "GRAPH_CONFIG",
    "Edge",
    "Resource",
    "bare",
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
GRAPH_CONFIG: Mapping[str, Any] = {  # how neosemantics would have been configured
    "_handleVocabUris": 0,  # SHORTEN
    "_handleMultival": 1,  # ARRAY, for the properties in _multivalPropList
    "_handleRDFTypes": 0,  # LABELS
    "_keepLangTag": True,
    "_applyNeo4jNaming": False,
    "_keepCustomDataTypes": False,
}
_TYPE = f"<{WELL_KNOWN['rdf']}type>"
_SUBCLASS = f"<{WELL_KNOWN['rdfs']}subClassOf>"
_ON, _SOME = f"<{WELL_KNOWN['owl']}onProperty>", f"<{WELL_KNOWN['owl']}someValuesFrom>"


class Resource(NamedTuple):
    """A node with everything that is written for it; `digest` covers all the rest."""

    uri: str
    labels: tuple[str, ...]
    properties: dict[str, Value]
    edges: tuple[Edge, ...]
    digest: str


@dataclass(slots=True)
class _Draft:
    labels: list[str]
    literals: dict[str, list[ox.Literal]]
    edges: list[Edge]


def resources(
    facts: Iterable[str],
    names: Names,
    multivalued: Collection[str] = (),
    *,
    within: Facts = b"",
) -> tuple[dict[str, Resource], frozenset[str]]:
    """Facts as nodes with their outgoing relationships.

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
    drafts = {
        uri_of(subject): _draft(list(rows), names, within)
        for subject, rows in groupby(map(_split, facts), itemgetter(0))
    }
    several = (name for d in drafts.values() for name, found in d.literals.items() if found[1:])
    arrays = frozenset((*multivalued, *several)) - SCALAR
    found = {uri: _finish(uri, draft, arrays) for uri, draft in drafts.items()}
    targets = {target for draft in drafts.values() for _, target, _ in draft.edges}
    found.update((uri, bare(uri)) for uri in targets - found.keys())
    return found, arrays


def bare(uri: str) -> Resource:
    """A node that is pointed to, and nothing more."""
    return Resource(uri, (), {}, (), _BARE)


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
    kind, exact = ox.NamedNode(_TYPE[1:-1]), list[str]()
    for uri, labels, properties in nodes:
        subject = _term(uri)
        classes = (iri for label in labels if (iri := names.full(label)) is not None)
        found.extend(ox.Triple(subject, kind, ox.NamedNode(iri)) for iri in classes)
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


def _split(fact: str) -> list[str]:
    parts = fact.split(" ", 2)
    if len(parts) != 3 or not (parts[0][0] == "_" or parts[0][-1] == ">" == parts[1][-1]):
        raise StoreError(
            f"{fact!r} cannot be a label or relationship type", cure="use IRIs without spaces"
        )
    return parts


def _draft(rows: Iterable[Sequence[str]], names: Names, within: Facts) -> _Draft:
    draft = _Draft([], {}, [])
    for subject, predicate, obj in rows:
        if obj[0] == '"':
            draft.literals.setdefault(names.short(predicate[1:-1]), []).append(_literal(obj))
        elif predicate == _TYPE and obj[0] == "<":
            draft.labels.append(names.short(uri_of(obj)))
        else:
            draft.edges.append((names.short(predicate[1:-1]), uri_of(obj), False))
            if predicate == _SUBCLASS and obj[0] == "_" and subject[0] == "<":
                draft.edges.extend(_derived(about(within, obj), names))
    return draft


def _derived(restriction: Iterable[str], names: Names) -> Iterator[Edge]:
    """`owl:onProperty R; owl:someValuesFrom D` as an edge to D."""
    parts = [fact.split(" ", 2)[1:] for fact in restriction]
    relations = [obj for predicate, obj in parts if predicate == _ON and obj[0] == "<"]
    fillers = [obj for predicate, obj in parts if predicate == _SOME and obj[0] == "<"]
    for relation, filler in product(relations, fillers):
        yield names.short(uri_of(relation)), uri_of(filler), True


def _literal(text: str) -> ox.Literal:
    value, _, kind = text[1:].rpartition('"')
    if "\\" in value or "--" in kind:  # escapes and text direction are left to the parser
        (quad,) = ox.parse(f"<a:a> <a:a> {text} .".encode(), format=ox.RdfFormat.N_TRIPLES)
        return cast("ox.Literal", quad.object)
    if not kind:
        return ox.Literal(value)
    if kind[0] == "@":
        return ox.Literal(value, language=kind[1:])
    return ox.Literal(value, datatype=ox.NamedNode(kind[3:-1]))


def _finish(uri: str, draft: _Draft, arrays: frozenset[str]) -> Resource:
    properties: dict[str, Value] = {}
    exact: list[str] = []
    for name, literals in sorted(draft.literals.items()):
        value = properties[name] = encode(literals, many=name in arrays)
        if not faithful(literals, value):
            exact.extend(f"{name} {literal}" for literal in literals)
    if exact:
        properties[EXACT] = [*exact]
    labels, edges = tuple(sorted(draft.labels)), tuple(sorted(set(draft.edges)))
    return Resource(uri, labels, properties, edges, _digest(labels, properties, edges))


def _digest(*content: object) -> str:
    text = repr(content).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=16).hexdigest()


def uri_of(text: str) -> str:
    """The uri of the node that a term in N-Triples is."""
    if text[0] == "<" and text[1] != "<":
        return text[1:-1]
    if text[0] == "_":
        return BLANK + text[2:]
    raise StoreError(f"{text} cannot be a node", cure="state it without triples about triples")


def term_of(uri: str) -> str:
    """The term in N-Triples that a node is."""
    return f"_:{uri.removeprefix(BLANK)}" if uri.startswith(BLANK) else f"<{uri}>"


def _term(uri: str) -> ox.NamedNode | ox.BlankNode:
    if uri.startswith(BLANK):
        return ox.BlankNode(uri.removeprefix(BLANK))
    return ox.NamedNode(uri)


_BARE = _digest((), {}, ())
