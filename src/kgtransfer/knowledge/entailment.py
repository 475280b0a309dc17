"""What follows from an ontology by the rules of OWL 2 RL (W3C, 2012)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pyoxigraph as ox

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.reasoning.datalog import MAX_TERMS, Rule, closure
from kgtransfer.knowledge.reasoning.facts import facts_of
from kgtransfer.knowledge.reasoning.owl_rl import text_rules
from kgtransfer.knowledge.vocabulary import OWL, RDF, RDF_TYPE, RDFS, SUBCLASS_OF

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from kgtransfer.knowledge.reasoning.datalog import Atom, Numbers
    from kgtransfer.knowledge.reasoning.owl_rl import TextAtom

__all__ = ["entailed"]

PREFIXES = {"owl": OWL, "rdf": RDF, "rdfs": RDFS}
SAME_AS, THING = ox.NamedNode(OWL + "sameAs"), ox.NamedNode(OWL + "Thing")


class Numbering(dict["Hashable", int]):
    """Terms -> numbers from 0, in the order in which they are first asked for."""

    def __missing__(self, term: Hashable) -> int:
        return self.setdefault(term, len(self))


def entailed(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Triples -> what follows from them without being among them, by `reasoning.owl_rl`.

    Left out is what says nothing: that something is an `owl:Thing` or below it, or below or the
    same as itself; what concerns OWL's own terms; and what concerns blank nodes, which have no
    name outside their graph. Where the triples contradict each other, what follows does too.

    Raises:
        OntologyError: the triples are about more different terms than can be numbered.
    """
    numbers = Numbering()
    facts = [(numbers[s], numbers[p], numbers[o]) for s, p, o in facts_of(triples)]
    rules = [
        Rule([_atom(atom, numbers) for atom in body], [_atom(atom, numbers) for atom in head])
        for body, head in text_rules()
    ]
    if len(numbers) > MAX_TERMS:
        raise OntologyError(
            f"{len(numbers):,} terms are too many to reason about: {MAX_TERMS:,} is the limit",
            cure="reason about a part of the graph, or leave out predicates by graph.without(...)",
        )
    derived = closure(np.array(facts, dtype=np.int64), rules, reflexive=numbers[SAME_AS])
    terms = list(numbers)
    for subject, predicate, obj in _informative(derived, facts, numbers):
        yield ox.Triple(*(cast("ox.NamedNode", terms[n]) for n in (subject, predicate, obj)))


def _atom(atom: TextAtom, numbers: Numbering) -> Atom:
    subject, predicate, obj = (_rule_term(term, numbers) for term in atom)
    return subject, predicate, obj


def _rule_term(text: str, numbers: Numbering) -> int | str:
    prefix, _, name = text.partition(":")
    if text.startswith("?"):
        return text
    if text == "a":
        return numbers[RDF_TYPE]
    return numbers[ox.NamedNode(PREFIXES[prefix] + name) if prefix in PREFIXES else text]


def _informative(
    derived: Numbers, facts: list[tuple[int, int, int]], numbers: Numbering
) -> Iterator[tuple[int, int, int]]:
    """Derived facts -> those that are new, have named terms, and say something."""
    terms = list(numbers)
    named = np.array([isinstance(term, ox.NamedNode) for term in terms])
    own = np.array([isinstance(t, ox.NamedNode) and t.value.startswith(OWL) for t in terms])
    value = named | np.array([isinstance(term, ox.Literal) for term in terms])
    subject, predicate, obj = derived.T
    empty = np.isin(predicate, [numbers[RDF_TYPE], numbers[SUBCLASS_OF]]) & (obj == numbers[THING])
    is_informative = (
        named[subject] & ~own[subject] & named[predicate] & value[obj] & (subject != obj) & ~empty
    )
    stated = set(facts)
    rows = (tuple(row) for row in derived[is_informative].tolist())
    return (fact for fact in rows if fact not in stated)
