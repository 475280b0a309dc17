"""Datalog over triples of whole numbers: everything that rules derive from facts.

Rules are applied semi-naively (Abiteboul, Hull and Vianu 1995, section 13.1): each round joins what
the round before found anew with all that is known. A join is a binary search over sorted arrays, in
which a triple is one 64-bit number, 21 bits for each term.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["MAX_TERMS", "Atom", "Rule", "closure"]

Numbers: TypeAlias = npt.NDArray[np.int64]
Atom: TypeAlias = tuple[int | str, int | str, int | str]
"""Subject, predicate and object: numbers of terms, or names of variables."""
Bindings: TypeAlias = dict[str, Numbers]
"""Variable -> its values, a row for each way to satisfy what was joined so far."""

BITS = 21
MAX_TERMS = 2**BITS
"""Terms are numbered from 0 to less than this."""
SUBJECT, PREDICATE, OBJECT = 0, 1, 2
SPO = (SUBJECT, PREDICATE, OBJECT)
# What is known of a triple is looked up in the order that starts with it.
ORDERS = (
    (PREDICATE, SUBJECT, OBJECT),
    (PREDICATE, OBJECT, SUBJECT),
    SPO,
    (OBJECT, PREDICATE, SUBJECT),
)


class Rule(NamedTuple):
    """Where every atom of the body holds, so does every atom of the head."""

    body: Sequence[Atom]
    head: Sequence[Atom]


class Facts:
    """Distinct triples, sorted in each of the orders.

    Args:
        triples: `[facts, 3]`.
    """

    def __init__(self, triples: Numbers) -> None:
        self.sorted = {order: _distinct(_packed(triples[:, order])) for order in ORDERS}
        self.predicates = set(_distinct(triples[:, PREDICATE]).tolist())

    def __len__(self) -> int:
        return len(self.sorted[ORDERS[0]])

    @property
    def triples(self) -> Numbers:
        """Subject, predicate and object, `[facts, 3]`."""
        return _unpacked(self.sorted[SPO])

    def add(self, others: Facts) -> None:
        """Take in facts that are not among these."""
        for order, keys in self.sorted.items():
            # A stable sort merges two sorted runs in linear time.
            self.sorted[order] = np.sort(
                np.concatenate((keys, others.sorted[order])), kind="stable"
            )
        self.predicates |= others.predicates

    def may_have(self, atom: Atom) -> bool:
        """Atom -> whether there is any fact with its predicate."""
        return isinstance(atom[PREDICATE], str) or atom[PREDICATE] in self.predicates

    def missing(self, triples: Numbers) -> Numbers:
        """Triples, `[triples, 3]` -> the distinct ones that are no facts yet."""
        keys = _distinct(_packed(triples))
        stored = self.sorted[SPO]
        place = np.minimum(np.searchsorted(stored, keys), len(stored) - 1)
        return _unpacked(keys[stored[place] != keys])

    def join(self, bindings: Bindings, rows: int, atom: Atom) -> tuple[Bindings, int]:
        """Bindings and an atom -> every way to satisfy the atom too, and their number."""
        bound = {i for i, term in enumerate(atom) if isinstance(term, int) or term in bindings}
        order = next(order for order in ORDERS if bound == set(order[: len(bound)]))
        keys, low, width = self.sorted[order], np.zeros(rows, dtype=np.int64), 3 * BITS
        for place in order[: len(bound)]:
            term, width = atom[place], width - BITS
            low += (term if isinstance(term, int) else bindings[term]) << width
        first = np.searchsorted(keys, low)
        counts = np.searchsorted(keys, low + ((1 << width) - 1), side="right") - first
        row = np.repeat(np.arange(rows), counts)
        step = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
        matches = _unpacked(keys[first[row] + step])
        joined = {name: values[row] for name, values in bindings.items()}
        for column, place in enumerate(order[len(bound) :], len(bound)):
            joined[str(atom[place])] = matches[:, column]
        return joined, len(row)


def closure(facts: Numbers, rules: Iterable[Rule], reflexive: int) -> Numbers:
    """Facts and rules -> the facts and all that follows from them.

    Args:
        facts: triples, `[facts, 3]`.
        rules: the rules; no atom of a body has a variable twice.
        reflexive: a predicate that joins every term to itself: such facts are left out.

    Returns:
        The triples, `[triples, 3]`, sorted.
    """
    delta, all_facts = Facts(facts), Facts(facts)
    plans = [(join, rule.head) for rule in rules for join in _joins(rule.body)]
    while len(delta):
        derived = [np.empty((0, 3), dtype=np.int64)]
        for join, heads in plans:
            derived += _derived(join, heads, delta, all_facts)
        triples = np.concatenate(derived)
        itself = (triples[:, PREDICATE] == reflexive) & (triples[:, SUBJECT] == triples[:, OBJECT])
        delta = Facts(all_facts.missing(triples[~itself]))
        all_facts.add(delta)
    return all_facts.triples


def _joins(body: Sequence[Atom]) -> Iterator[list[tuple[Atom, bool]]]:
    """Body -> for each of its atoms the order to join the body in, where that atom is of the delta.

    What is fresh comes first, as there is least of it; but where it may be about any predicate,
    what says of which one.
    """
    for delta_atom in body:
        remaining, bound, order = list(body), set[str](), list[tuple[Atom, bool]]()
        while remaining:
            best = max(
                remaining,
                key=lambda atom: (
                    _is_bound(atom[PREDICATE], bound),
                    not order and atom is delta_atom,
                    sum(_is_bound(term, bound) for term in atom),
                ),
            )
            remaining.remove(best)
            order.append((best, best is delta_atom))
            bound.update(term for term in best if isinstance(term, str))
        yield order


def _is_bound(term: int | str, bound: set[str]) -> bool:
    return isinstance(term, int) or term in bound


def _derived(
    join: Iterable[tuple[Atom, bool]], heads: Iterable[Atom], delta: Facts, all_facts: Facts
) -> Iterator[Numbers]:
    """Rule -> what it derives, `[triples, 3]` for each atom of its head, one atom of the delta."""
    bindings, rows = dict[str, Numbers](), 1
    if not all((delta if is_fresh else all_facts).may_have(atom) for atom, is_fresh in join):
        return
    for atom, is_fresh in join:
        bindings, rows = (delta if is_fresh else all_facts).join(bindings, rows, atom)
        if not rows:
            return
    for head in heads:
        columns = [np.full(rows, t) if isinstance(t, int) else bindings[t] for t in head]
        yield np.stack(columns, axis=1)


def _packed(triples: Numbers) -> Numbers:
    """Triples -> one number each, `[triples]`, that sorts as they do."""
    return (triples[:, 0] << 2 * BITS) | (triples[:, 1] << BITS) | triples[:, 2]


def _distinct(keys: Numbers) -> Numbers:
    """Numbers -> sorted, each once; `np.unique` hashes, which takes several times as long."""
    keys = np.sort(keys)
    return keys[np.diff(keys, prepend=-1) > 0]


def _unpacked(keys: Numbers) -> Numbers:
    mask = MAX_TERMS - 1
    return np.stack((keys >> 2 * BITS, (keys >> BITS) & mask, keys & mask), axis=1)
