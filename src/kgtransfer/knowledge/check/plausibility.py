"""Numbers that can be read and cannot be meant: out of range, too soft, with gaps or overlaps."""

from __future__ import annotations

from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from kgtransfer.knowledge.axioms.axioms import axioms_of
from kgtransfer.knowledge.axioms.facts import attributes
from kgtransfer.knowledge.axioms.numbers import Range, one_number
from kgtransfer.knowledge.check.findings import Finding
from kgtransfer.knowledge.check.quantities import measure_range, ordinary_range
from kgtransfer.knowledge.vocabulary import KGT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["implausible"]

MEASURED_BY = KGT + "measuredBy"


class Measured(NamedTuple):
    """A concept and where on its measure it holds.

    Attributes:
        concept: IRI.
        measure: IRI of the measure.
        holds: from where to where.
        softness: how gradually it sets in and ends, above 0; 0 where the graph does not say it.
    """

    concept: str
    measure: str
    holds: Range
    softness: float

    @property
    def ends(self) -> tuple[float, ...]:
        """The ends that it has."""
        return tuple(end for end in self.holds if end is not None)


def implausible(graph: KnowledgeGraph) -> Iterator[Finding]:
    """Graph -> findings about numbers that are, each alone, well written.

    Args:
        graph: one whose axioms can be read, and in which `unreadable` finds nothing.
    """
    yield from _turned(graph)
    measured = [_measured(graph, concept) for concept, _ in graph.statements(MEASURED_BY)]
    sound = []
    for concept in measured:
        findings = [*_out_of_range(graph, concept), *_wrong_softness(graph, concept)]
        yield from findings
        sound += [] if findings else [concept]
    yield from _misfits(graph, sound)
    yield from _facts(graph)


def _measured(graph: KnowledgeGraph, concept: str) -> Measured:
    (measure,) = graph.named(concept, MEASURED_BY)
    names = ("threshold", "minimum", "maximum", "softness")
    threshold, low, high, softness = (one_number(graph, name, concept) for name in names)
    if threshold is not None:
        low, high = (None, threshold) if (softness or 0) < 0 else (threshold, None)
    return Measured(concept, measure, Range(low, high), abs(softness or 0))


def _turned(graph: KnowledgeGraph) -> Iterator[Finding]:
    """Ends in the wrong order, and a low or high end alone; those of facts come with the facts."""
    for lower, upper in (("minimum", "maximum"), ("lowEnd", "highEnd")):
        nodes = {node for name in (lower, upper) for node, _ in graph.statements(KGT + name)}
        for node in sorted(node for node in nodes if not node.startswith("_:")):
            low, high = (one_number(graph, name, node) for name in (lower, upper))
            if low is not None and high is not None:
                yield from _reversed(graph, node, lower, Range(low, high))
            elif lower == "lowEnd":
                cure = "write kgt:lowEnd and kgt:highEnd, its 5th and 95th percentile; or neither"
                yield _violation(graph, node, "a measure has one end only", cure)


def _reversed(graph: KnowledgeGraph, node: str, name: str, ends: Range) -> Iterator[Finding]:
    if ends.low is not None and ends.high is not None and ends.low >= ends.high:
        kind = "a low end is not below its high end"
        message = "a minimum is not below its maximum" if name == "minimum" else kind
        message += f": {ends.low:g}, {ends.high:g}"
        yield _violation(graph, node, message, "exchange the two, or mend one")


def _out_of_range(graph: KnowledgeGraph, concept: Measured) -> Iterator[Finding]:
    """Thresholds and ends that no sample, or no ordinary one, comes near."""
    label, whole = graph.label(concept.measure), measure_range(graph, concept.measure)
    outside = [end for end in concept.ends if end not in whole]
    for end in outside:
        message = f"sets in or ends at {end:g}, outside the range of {label}: {whole}"
        cure = "write a number within the range, or mend the kgt:minimum and kgt:maximum of "
        yield _violation(graph, concept.concept, message, cure + graph.compact(concept.measure))
    low, high = ordinary_range(graph, concept.measure)
    if outside or low is None or high is None:
        return
    for end in concept.ends:
        if not low - (high - low) <= end <= high + (high - low):
            message = f"sets in or ends at {end:g}, where hardly any sample lies: ordinary ones "
            message += f"have a {label} of {low:g} to {high:g}"
            cure = "write a number nearer to them, or mend kgt:lowEnd and kgt:highEnd"
            yield Finding.of(graph, concept.concept, "warning", message, cure)


def _wrong_softness(graph: KnowledgeGraph, concept: Measured) -> Iterator[Finding]:
    """Softnesses of 0, negative ones between two ends, and those that blur a concept away."""
    softness = one_number(graph, "softness", concept.concept)
    if softness is None:
        return
    cure = "write a positive kgt:softness"
    if softness == 0:
        yield _violation(graph, concept.concept, "a softness is 0", f"{cure}, or a negative one")
    elif softness < 0 and one_number(graph, "threshold", concept.concept) is None:
        message = "a concept between two ends has a negative softness"
        yield _violation(graph, concept.concept, message, cure)
    elif abs(softness) >= (room := _room(graph, concept)):
        message = f"a softness of {softness:g} leaves no sample that clearly shows it, or clearly "
        message += f"does not: there is room for {room:g}"
        cure = "write a smaller kgt:softness: about a tenth of the threshold is a start"
        yield _violation(graph, concept.concept, message, cure)


def _room(graph: KnowledgeGraph, concept: Measured) -> float:
    """Concept -> how far its measure can move from where it sets in or ends; inf for not known.

    At a distance of one softness a sample shows a concept by 73 % or by 27 %.
    """
    low, high = concept.holds
    if low is not None and high is not None:
        return high - low if low < high else inf
    ordinary = ordinary_range(graph, concept.measure)
    bounds = ordinary if ordinary != Range() else measure_range(graph, concept.measure)
    away = [abs(end - bound) for end in concept.ends for bound in bounds if bound is not None]
    return max(away, default=0) or inf


def _misfits(graph: KnowledgeGraph, measured: Sequence[Measured]) -> Iterator[Finding]:
    """Alternatives on one measure that overlap, or that leave a gap which no other value fills."""
    values = attributes(graph)
    attribute = {value: name for name, members in values.items() for value in members}
    groups: dict[tuple[str, str], list[Measured]] = {}
    for concept in measured:
        if concept.concept in attribute and concept.ends and concept.softness:
            key = attribute[concept.concept], concept.measure
            groups.setdefault(key, []).append(concept)
    for (name, _), group in groups.items():
        group.sort(key=lambda c: (_low(c), _high(c), c.concept))
        alternatives = _most_specific(graph, [concept.concept for concept in group])
        for first, second in pairwise(c for c in group if c.concept in alternatives):
            if _low(second) < _high(first) - max(first.softness, second.softness):
                yield _overlap(graph, first, second)
        if alternatives >= _most_specific(graph, values[name]):
            yield from _gaps(graph, group)


def _gaps(graph: KnowledgeGraph, group: Sequence[Measured]) -> Iterator[Finding]:
    """Between values, in the order of where they set in, that are all that their attribute has."""
    furthest = group[0]
    for concept in group[1:]:
        if _low(concept) > _high(furthest) + max(furthest.softness, concept.softness):
            yield _gap(graph, furthest, concept)
        furthest = max(furthest, concept, key=_high)


NEGATIVE = "a negative one holds below the threshold"


def _overlap(graph: KnowledgeGraph, first: Measured, second: Measured) -> Finding:
    where = _shown(_low(second), min(_high(first), _high(second)))
    message = f"overlaps {graph.label(first.concept)}: with a {graph.label(first.measure)} of "
    message += f"{where} a sample shows both, and they are alternatives"
    cure = "let one end where the other sets in"
    if _open_ends(first) == _open_ends(second) in ((True, False), (False, True)):
        cure = f"turn the sign of one kgt:softness: {NEGATIVE}; or {cure}"
        return _violation(graph, second.concept, message, cure)
    return Finding.of(graph, second.concept, "warning", message, cure)


def _open_ends(concept: Measured) -> tuple[bool, bool]:
    """Whether a concept holds however low, and however high, its measure is."""
    return _low(concept) == -inf, _high(concept) == inf


def _gap(graph: KnowledgeGraph, first: Measured, second: Measured) -> Finding:
    where = _shown(_high(first), _low(second))
    message = f"leaves a gap to {graph.label(first.concept)}: with a {graph.label(first.measure)} "
    message += f"of {where} a sample shows neither, and there is no other value"
    cure = "let one end where the other sets in"
    return Finding.of(graph, second.concept, "warning", message, cure)


def _shown(low: float, high: float) -> str:
    return str(Range(None if low == -inf else low, None if high == inf else high))


def _most_specific(graph: KnowledgeGraph, values: Sequence[str]) -> set[str]:
    """Values -> those that are above none of the others: the alternatives."""
    return set(values) - {superclass for value in values for superclass in graph.ancestors(value)}


def _low(concept: Measured) -> float:
    return -inf if concept.holds.low is None else concept.holds.low


def _high(concept: Measured) -> float:
    return inf if concept.holds.high is None else concept.holds.high


def _facts(graph: KnowledgeGraph) -> Iterator[Finding]:
    """Facts about measures without a range, or with one outside of the measure's."""
    measures = set(graph.instances(KGT + "Measure"))
    for fact in axioms_of(graph).stated:
        stated, label = Range(fact.minimum, fact.maximum), graph.label(fact.value)
        ends = [end for end in stated if end is not None]
        if fact.value not in measures:
            if ends:
                message = f"{label} has a range and is no measure"
                cure = "state the range of a measure, or remove kgt:minimum and kgt:maximum"
                yield Finding.of(graph, fact.cls, "warning", message, cure)
            continue
        if not ends:
            message = f"a fact about a measure has no range: {label}"
            cure = "write kgt:minimum or kgt:maximum, or both, on the fact's owl:Axiom"
            yield _violation(graph, fact.cls, message, cure)
        yield from _reversed(graph, fact.cls, "minimum", stated)
        whole = measure_range(graph, fact.value)
        for end in (end for end in ends if end not in whole):
            message = f"a fact has {end:g}, outside the range of {label}: {whole}"
            cure = "write a number within the range, or mend that of the measure"
            yield _violation(graph, fact.cls, message, cure)


def _violation(graph: KnowledgeGraph, concept: str, message: str, cure: str) -> Finding:
    return Finding.of(graph, concept, "violation", message, cure)
