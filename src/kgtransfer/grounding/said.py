"""What a person says of a sample: values of attributes, in place of what was measured.

Concept interventions after Koh et al., Concept bottleneck models, ICML 2020.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgtransfer.errors import ConfigError
from kgtransfer.grounding.observations import FLOOR, Observations

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["Said", "corrected", "read_said"]

ANSWERS = {"yes": True, "true": True, "no": False, "false": False}
LISTED = 12  # values that an error names


@dataclass(frozen=True)
class Said:
    """That a sample shows a value of an attribute, or that it does not.

    Attributes:
        attribute, value: IRIs.
        holds: whether it shows it.
    """

    attribute: str
    value: str
    holds: bool


def read_said(
    texts: Iterable[str], graph: KnowledgeGraph, values: Mapping[str, Sequence[str]]
) -> tuple[Said, ...]:
    """`wbc:RedGranules=yes`, or `granule colour=red granules` -> what is said.

    Attributes and values go by IRI, `prefix:name`, name, label or synonym, in any case.

    Args:
        texts: as a person wrote them.
        graph: knows the names.
        values: attribute -> IRIs of its values: those that can be said.

    Raises:
        ConfigError: there is no such value, several have the name, or two values of one attribute
            are both said to hold; the message names what could be said.
    """
    said = tuple(_read(text, graph, values) for text in texts)
    held: dict[str, str] = {}
    for each in said:
        if each.holds and held.setdefault(each.attribute, each.value) != each.value:
            one, other = graph.compact(held[each.attribute]), graph.compact(each.value)
            raise ConfigError(
                f"{one} and {other} are values of one attribute, {graph.label(each.attribute)}",
                cure="say one of them",
            )
    return said


def corrected(observed: Observations, said: Iterable[Said]) -> Observations:
    """Observations -> the same with all samples showing what is said of them.

    A value that is said keeps the others at `FLOOR`: a person can err as well. One that is denied
    leaves its weight to the others of its attribute.
    """
    weights = {attribute: held.copy() for attribute, held in observed.weights.items()}
    for each in said:
        column = observed.values[each.attribute].index(each.value)
        shares = weights[each.attribute]
        if each.holds:
            shares[:] = 0
            shares[:, column] = 1
        else:
            shares[:, column] = 0
        shares += FLOOR
        shares /= shares.sum(axis=1, keepdims=True)
    return Observations(observed.values, weights)


def _read(text: str, graph: KnowledgeGraph, values: Mapping[str, Sequence[str]]) -> Said:
    name, equals, answer = (part.strip() for part in text.partition("="))
    if not equals or not name or not answer:
        raise ConfigError(
            f"{text!r} says nothing of a value", cure="write VALUE=yes, VALUE=no or ATTRIBUTE=VALUE"
        )
    pairs = [(attribute, value) for attribute, members in values.items() for value in members]
    if answer.casefold() in ANSWERS:
        found = [pair for pair in pairs if name.casefold() in _names(graph, pair[1])]
        return Said(*_only(found, name, pairs, graph), ANSWERS[answer.casefold()])
    of_attribute = [pair for pair in pairs if name.casefold() in _names(graph, pair[0])]
    if not of_attribute:
        attributes = [(attribute, attribute) for attribute in values]
        _only([], name, attributes, graph)
    found = [pair for pair in of_attribute if answer.casefold() in _names(graph, pair[1])]
    return Said(*_only(found, answer, of_attribute, graph), holds=True)


def _only(
    found: Sequence[tuple[str, str]],
    name: str,
    pairs: Sequence[tuple[str, str]],
    graph: KnowledgeGraph,
) -> tuple[str, str]:
    """The one pair of attribute and value that was found by a name."""
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(
            f"{graph.compact(attribute)}={graph.compact(value)}" for attribute, value in found
        )
        raise ConfigError(f"several values are called {name!r}", cure=f"say one of: {several}")
    by_name = {spelt: value for _, value in pairs for spelt in _names(graph, value)}
    near = difflib.get_close_matches(name.casefold(), by_name, n=3)
    meant = dict.fromkeys(graph.compact(by_name[spelt]) for spelt in near)
    known = dict.fromkeys(graph.compact(value) for _, value in pairs)
    shown = [*dict.fromkeys((*meant, *known))][:LISTED]
    more = f" and {len(known) - LISTED} more" if len(known) > LISTED else ""
    raise ConfigError(
        f"nothing that images are grounded on is called {name!r}",
        cure=f"what can be said: {', '.join(shown)}{more}",
    )


def _names(graph: KnowledgeGraph, iri: str) -> set[str]:
    """What a concept goes by, in small letters."""
    end = iri.rstrip("/#").replace("#", "/").rsplit("/", 1)[-1]
    names = (iri, graph.compact(iri), end, graph.label(iri), *graph.synonyms(iri))
    return {name.casefold() for name in names}
