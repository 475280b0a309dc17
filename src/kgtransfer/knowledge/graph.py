"""`KnowledgeGraph`: an immutable snapshot of an ontology, indexed for lookups and for matrices."""

from __future__ import annotations

import hashlib
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import pyoxigraph as ox

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.canonical import canonical_triples, structures
from kgtransfer.knowledge.class_tree import class_tree
from kgtransfer.knowledge.indexes import by_object, by_predicate, by_subject, reachable
from kgtransfer.knowledge.terms import node_name, number
from kgtransfer.knowledge.vocabulary import (
    COMMENTS,
    LABELS,
    RDF,
    RDF_TYPE,
    SYNONYMS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import networkx

    from kgtransfer.knowledge.terms import Term


__all__ = ["KnowledgeGraph", "Quantity"]


class Quantity(NamedTuple):
    """A number that the graph states of a concept."""

    concept: str
    predicate: str
    value: float


class KnowledgeGraph:
    """An ontology as a set of RDF triples with stable rows.

    Blank nodes are renamed to a hash of their structure, so that two files that say the same
    have the same triples, the same rows and the same `hash`, whatever their order, prefixes,
    comments or blank-node names. Nodes that say the same in the same place stay as many as they
    are. Graphs are equal when their hashes are. A node is named by its IRI, a blank node by `_:`
    and its name.

    `canonical` is the graph as text: a line for each triple, in the order of `triples`, in
    N-Triples without the final dot, as UTF-8.

    Args:
        triples: the RDF triples; duplicates are dropped.
        prefixes: prefix -> namespace, for `expand` and `compact`; no part of the hash.
    """

    def __init__(
        self, triples: Iterable[ox.Triple], prefixes: Mapping[str, str] | None = None
    ) -> None:
        by_text = canonical_triples(triples)
        self.triples: tuple[ox.Triple, ...] = tuple(by_text.values())
        self.canonical = "".join(f"{text}\n" for text in by_text).encode()
        self.prefixes: Mapping[str, str] = MappingProxyType(dict(prefixes or {}))

    def __len__(self) -> int:
        return len(self.triples)

    def __or__(self, other: KnowledgeGraph) -> KnowledgeGraph:
        """The union of two graphs; blank nodes that say the same in the same place are one."""
        return KnowledgeGraph((*self.triples, *other.triples), {**self.prefixes, **other.prefixes})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, KnowledgeGraph) and self.hash == other.hash

    def __hash__(self) -> int:
        return hash(self.hash)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the canonical text, 64 hex digits."""
        return hashlib.sha256(self.canonical).hexdigest()

    @cached_property
    def concepts(self) -> tuple[str, ...]:
        """IRIs of all that the graph describes (its named subjects), sorted: the rows."""
        subjects = {t.subject.value for t in self.triples if isinstance(t.subject, ox.NamedNode)}
        return tuple(sorted(subjects))

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """Concept IRI -> row."""
        return {iri: row for row, iri in enumerate(self.concepts)}

    @property
    def predicates(self) -> tuple[str, ...]:
        """IRIs of the predicates of all triples, in a fixed order."""
        return tuple(self._by_predicate)

    @cached_property
    def relations(self) -> tuple[str, ...]:
        """IRIs of the predicates that join two concepts (rdf:type left out), sorted."""
        return tuple(sorted({relation for _, relation, _ in self._concept_links}))

    @cached_property
    def edges(self) -> npt.NDArray[np.int64]:
        """Links between concepts as rows, `[links, 3]`: head, relation, tail; sorted."""
        rows, relations = self.rows, {iri: row for row, iri in enumerate(self.relations)}
        table = [(rows[s], relations[p], rows[o]) for s, p, o in self._concept_links]
        return np.array(sorted(table), dtype=np.int64).reshape(-1, 3)

    @cached_property
    def numbers(self) -> tuple[Quantity, ...]:
        """The finite numbers that the graph states of its concepts, sorted."""
        quantities = {
            Quantity(triple.subject.value, triple.predicate.value, value)
            for triple in self.triples
            if isinstance(triple.subject, ox.NamedNode)
            and (value := number(triple.object)) is not None
        }
        return tuple(sorted(quantities))

    def expand(self, name: str) -> str:
        """`prefix:local` or `<iri>` or a full IRI -> the IRI.

        Raises:
            OntologyError: the prefix is not bound in this graph.
        """
        if name.startswith("<") and name.endswith(">"):
            return name[1:-1]
        prefix, colon, local = name.partition(":")
        if local.startswith("//") or (prefix == "urn" and prefix not in self.prefixes):
            return name
        if not colon or prefix not in self.prefixes:
            bound = ", ".join(sorted(self.prefixes)) or "none"
            raise OntologyError(
                f"{name!r} has no bound prefix", cure=f"use a full IRI or one of: {bound}"
            )
        return self.prefixes[prefix] + local

    def compact(self, iri: str) -> str:
        """An IRI as `prefix:local` where a prefix fits, else unchanged."""
        best = max(
            ((space, prefix) for prefix, space in self.prefixes.items() if iri.startswith(space)),
            key=lambda pair: len(pair[0]),
            default=None,
        )
        return f"{best[1]}:{iri[len(best[0]) :]}" if best else iri

    def objects(self, subject: str, predicate: str) -> tuple[Term, ...]:
        """The terms that `subject` points to by `predicate`."""
        return tuple(self._by_subject.get(subject, {}).get(predicate, ()))

    def subjects(self, predicate: str, obj: str) -> tuple[str, ...]:
        """IRIs of the concepts that point to the concept `obj` by `predicate`, sorted."""
        return tuple(self._by_object.get((predicate, obj), ()))

    def description(self, subject: str) -> Mapping[str, Sequence[Term]]:
        """Predicate -> objects of all that the graph says of a node, by its name."""
        return self._by_subject.get(subject, {})

    def named(self, subject: str, predicate: str) -> tuple[str, ...]:
        """IRIs of the named objects, sorted."""
        objects = self.objects(subject, predicate)
        return tuple(sorted(o.value for o in objects if isinstance(o, ox.NamedNode)))

    def statements(self, predicate: str) -> tuple[tuple[str, Term], ...]:
        """Subject (by name) and object of every triple with this predicate."""
        return tuple(self._by_predicate.get(predicate, ()))

    def members(self, head: str) -> tuple[Term, ...]:
        """The members of the RDF list that starts at the node `head`, by its name."""
        items: list[Term] = []
        visited = set[str]()
        while head not in visited:
            visited.add(head)
            items += self.objects(head, RDF + "first")[:1]
            head = next(map(node_name, self.objects(head, RDF + "rest")), head)
        return tuple(items)

    def structure(self, node: str) -> str:
        """The name of a node; for a blank one `_:` and a digest of all that hangs below it.

        Blank nodes of one structure say the same: a restriction and its copy on an annotation.
        """
        return f"_:{self._structures[node]}" if node.startswith("_:") else node

    def label(self, iri: str) -> str:
        """The preferred label (English first), or the IRI's last part; what a blank node is."""
        if label := self._text(iri, LABELS):
            return label
        if iri.startswith("_:"):
            return " ".join(("unnamed", *map(self.label, self.types(iri))))
        return iri.rstrip("/#").replace("#", "/").rsplit("/", 1)[-1]

    def comment(self, iri: str) -> str:
        """The definition or comment (English first), or an empty string."""
        return self._text(iri, COMMENTS)

    def synonyms(self, iri: str) -> tuple[str, ...]:
        """Alternative labels, sorted."""
        terms = (o for p in SYNONYMS for o in self.objects(iri, p))
        return tuple(sorted(o.value for o in terms if isinstance(o, ox.Literal)))

    def text(self, iri: str) -> str:
        """What a text encoder reads of a concept: label, synonyms and comment."""
        parts = (self.label(iri), ", ".join(self.synonyms(iri)), self.comment(iri))
        return ". ".join(part for part in parts if part)

    def types(self, iri: str) -> tuple[str, ...]:
        """IRIs of the classes that the concept is asserted to be an instance of."""
        return self.named(iri, RDF_TYPE.value)

    def instances(self, cls: str) -> tuple[str, ...]:
        """IRIs of the asserted instances of a class, sorted."""
        return self.subjects(RDF_TYPE.value, self.expand(cls))

    def subclasses(self, cls: str) -> tuple[str, ...]:
        """IRIs of all transitive named subclasses, the class itself left out, sorted.

        With what definitions state: see `class_tree`.
        """
        return reachable(self.expand(cls), self._class_tree[1])

    def ancestors(self, cls: str) -> tuple[str, ...]:
        """IRIs of all transitive named superclasses, the class itself left out, sorted.

        A class that is defined as an intersection has the named parts, its genus, among them.
        """
        return reachable(self.expand(cls), self._class_tree[0])

    def without(self, predicates: Iterable[str]) -> KnowledgeGraph:
        """The graph with every triple of the given predicates left out."""
        dropped = {ox.NamedNode(iri) for iri in predicates}
        triples = (t for t in self.triples if t.predicate not in dropped)
        return KnowledgeGraph(triples, self.prefixes)

    def entailed(self) -> KnowledgeGraph:
        """What follows from the graph by the rules of OWL 2 RL, apart from what it asserts itself.

        Raises:
            OntologyError: there are more than two million different terms in it.
        """
        from kgtransfer.knowledge.entailment import entailed

        return KnowledgeGraph(entailed(self.triples), self.prefixes)

    def to_networkx(self) -> networkx.MultiDiGraph:
        """A view for graph algorithms: nodes are IRIs with a label, edge keys are predicates."""
        import networkx

        view = networkx.MultiDiGraph()
        view.add_nodes_from((iri, {"label": self.label(iri)}) for iri in self.concepts)
        view.add_edges_from(
            (self.concepts[h], self.concepts[t], self.relations[r]) for h, r, t in self.edges
        )
        return view

    def to_turtle(self) -> str:
        """The graph as Turtle with its prefixes: the same triples give the same text."""
        prefixes = dict(self.prefixes)
        written = ox.serialize(self.triples, format=ox.RdfFormat.TURTLE, prefixes=prefixes)
        lines = (written or b"").decode().split("\n")
        # pyoxigraph writes the prefixes first, a line each, in chance order.
        lines[: len(prefixes)] = sorted(lines[: len(prefixes)])
        return "\n".join(lines)

    @cached_property
    def _structures(self) -> Mapping[str, str]:
        return structures(self.triples)

    @cached_property
    def _concept_links(self) -> tuple[tuple[str, str, str], ...]:
        described, type_predicate = self.rows, RDF_TYPE.value
        return tuple(
            (subject.value, predicate, obj.value)
            for triple in self.triples
            if isinstance(subject := triple.subject, ox.NamedNode)
            and isinstance(obj := triple.object, ox.NamedNode)
            and obj.value in described
            and (predicate := triple.predicate.value) != type_predicate
        )

    @cached_property
    def _by_subject(self) -> Mapping[str, dict[str, list[Term]]]:
        return by_subject(self.triples)

    @cached_property
    def _by_predicate(self) -> Mapping[str, list[tuple[str, Term]]]:
        return by_predicate(self._by_subject)

    @cached_property
    def _by_object(self) -> Mapping[tuple[str, str], list[str]]:
        return by_object(self.triples)

    def _text(self, iri: str, predicates: tuple[str, ...]) -> str:
        candidates = [
            (_language_rank(o.language), order, o.value)
            for order, predicate in enumerate(predicates)
            for o in self.objects(iri, predicate)
            if isinstance(o, ox.Literal)
        ]
        return min(candidates)[2] if candidates else ""

    @cached_property
    def _class_tree(self) -> tuple[Mapping[str, set[str]], Mapping[str, set[str]]]:
        """Class -> its direct superclasses, and class -> its direct subclasses."""
        superclasses, subclasses = dict[str, set[str]](), dict[str, set[str]]()
        for cls, superclass in class_tree(self):
            superclasses.setdefault(cls, set()).add(superclass)
            subclasses.setdefault(superclass, set()).add(cls)
        return superclasses, subclasses


def _language_rank(language: str | None) -> int:
    """English first, then text without a language, then the rest."""
    if language is None:
        return 1
    return 0 if language.partition("-")[0] == "en" else 2
