"""Properties of our vocabulary that have one value: the value, or what is wrong with it.

RDF lets a property have many values. A threshold has one: where there are two, no reader may
pick. The most common way to write two is a decimal comma, for Turtle reads `0,97` as 0 and 97.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.axioms.blank_nodes import concept_finder
from kgtransfer.knowledge.terms import node_name, number
from kgtransfer.knowledge.vocabulary import KGT, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.knowledge.terms import Term

__all__ = [
    "DECIMAL_MARK",
    "NUMBERS",
    "SINGLE",
    "Fault",
    "Range",
    "fault",
    "one_number",
    "one_value",
]

NUMBERS = (
    *("probability", "threshold", "softness", "minimum", "maximum", "lowEnd", "highEnd"),
    "weight",
)
"""Properties of our vocabulary whose value is a number."""
LINKS = ("measuredBy", "frequency")
"""Properties of our vocabulary that lead to one thing."""
SINGLE = (*NUMBERS, *LINKS, "unit")
"""Properties of our vocabulary that have one value."""
DECIMAL_MARK = "Turtle's decimal mark is the point"
_INTEGER = re.compile(r"[+-]?\d+")
_IN_TEXT = re.compile(r"\s*([+-]?\d+)(?:[.,](\d+))?(?![\d.,])")


class Fault(NamedTuple):
    """What is wrong with a property's values, and what to write instead."""

    message: str
    cure: str


class Range(NamedTuple):
    """From where to where values lie, ends included; None for no limit."""

    low: float | None = None
    high: float | None = None

    def __contains__(self, value: object) -> bool:
        if not isinstance(value, float | int):
            return False
        above = self.low is None or self.low <= value
        return above and (self.high is None or value <= self.high)

    def __and__(self, other: Range) -> Range:
        """Where both lie."""
        lows = [low for low in (self.low, other.low) if low is not None]
        highs = [high for high in (self.high, other.high) if high is not None]
        return Range(max(lows, default=None), min(highs, default=None))

    def __str__(self) -> str:
        if self.high is None:
            return "any number" if self.low is None else f"{self.low:g} and above"
        return f"{self.high:g} and below" if self.low is None else f"{self.low:g} to {self.high:g}"


ANY = Range()


def one_number(graph: KnowledgeGraph, name: str, *nodes: str) -> float | None:
    """Property of `NUMBERS` and the nodes that have it -> its number; else as `one_value`."""
    return number(one_value(graph, name, *nodes))


def one_value(graph: KnowledgeGraph, name: str, *nodes: str) -> Term | None:
    """Property of `SINGLE` and the nodes that have it -> its value.

    Args:
        graph: the graph.
        name: the property's name, one of `SINGLE`.
        nodes: names of the node that says it, or of all that say it of the same thing.

    Returns:
        None where no node has the property.

    Raises:
        OntologyError: it has several values, or one of the wrong kind.
    """
    terms = [term for node in nodes for term in graph.objects(node, KGT + name)]
    if problem := fault(graph, name, terms):
        label = graph.label(concept_finder(graph)(nodes[0]))
        raise OntologyError(f"{label}: {problem.message}", cure=problem.cure)
    return terms[0] if terms else None


def fault(
    graph: KnowledgeGraph,
    name: str,
    terms: Iterable[Term],
    range_: Range = ANY,
    texts: Sequence[str] = (),
) -> Fault | None:
    """Values of a property that has one -> what is wrong with them; None where nothing is.

    Args:
        graph: says how terms are shortened.
        name: the property's name, one of `SINGLE`.
        terms: its values.
        range_: where the value should lie, to tell what was meant.
        texts: what the graph was read from, for the same end: a graph keeps no order.
    """
    values = {_value(term): term for term in terms}
    for term in values.values():
        if name in NUMBERS and number(term) is None:
            return Fault(f"kgt:{name} is not a number: {_shown(graph, term)}", _number(name, term))
        if name in LINKS and isinstance(term, ox.Literal):
            message = f"kgt:{name} leads to a text: {term}"
            return Fault(message, "write the name of what is meant, without quotes")
    if len(values) < 2:
        return None
    ordered = sorted(values.values(), key=lambda term: (number(term) or 0.0, str(term)))
    listing = ", ".join(_shown(graph, term) for term in ordered)
    commas = _decimals(ordered, range_, texts) if name in NUMBERS else []
    cure = f"write {' or '.join(commas)}: {DECIMAL_MARK}" if commas else f"keep one kgt:{name}"
    return Fault(f"kgt:{name} has {len(ordered)} values: {listing}", cure)


def _value(term: Term) -> object:
    """Term -> what is equal for terms that say the same: 1 and 1.0, "um" and "um"@en."""
    if isinstance(term, ox.Literal):
        value = number(term)
        return term.value if value is None else value
    return node_name(term)


def _shown(graph: KnowledgeGraph, term: Term) -> str:
    if isinstance(term, ox.NamedNode):
        return graph.compact(term.value)
    if not isinstance(term, ox.Literal):
        return str(term)
    return term.value if number(term) is not None else f'"{term.value}"'


def _number(name: str, term: Term) -> str:
    """A term that is no number -> what to write instead."""
    match = _IN_TEXT.match(term.value) if isinstance(term, ox.Literal) else None
    if not match:
        return f"write one number without quotes, such as kgt:{name} 0.5"
    whole, part = match.groups()
    mark = f", for {DECIMAL_MARK}" if "," in match.group() else ""
    plain = f"{whole}.{part}" if part else whole
    return f"write it without quotes and without a unit: kgt:{name} {plain}{mark}"


def _decimals(terms: Sequence[Term], range_: Range, written: Sequence[str]) -> list[str]:
    """Two whole numbers -> the decimals that they may be the parts of, the likeliest first."""
    texts = [t.value for t in terms if isinstance(t, ox.Literal) and _is_whole(t)]
    if len(texts) != 2 or len(terms) != 2:
        return []
    pairs = [(whole, part) for whole, part in (texts, texts[::-1]) if part.isdecimal()]
    pairs = [pair for pair in pairs if pair[1].startswith("0") and len(pair[1]) > 1] or pairs
    pairs = [pair for pair in pairs if any(",".join(pair) in text for text in written)] or pairs
    pairs = [pair for pair in pairs if float(".".join(pair)) in range_] or pairs
    pairs = [pair for pair in pairs if not int(pair[0])] or pairs  # few write 97,0
    return [".".join(pair) for pair in pairs]


def _is_whole(literal: ox.Literal) -> bool:
    return literal.datatype.value == XSD + "integer" and bool(_INTEGER.fullmatch(literal.value))
