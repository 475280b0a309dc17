"""Grounding by measuring: the ontology says which measure decides on a concept, and where."""

from __future__ import annotations

import copy
import math
import warnings
from functools import cached_property
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import numpy as np

from kgtransfer.errors import DataError, OntologyError
from kgtransfer.grounding.observations import FLOOR, Observations
from kgtransfer.grounding.source import Evidence
from kgtransfer.grounding.thresholds import PercentileRange, measured_concepts, percentile_ranges
from kgtransfer.knowledge.axioms import axioms_of
from kgtransfer.knowledge.axioms.facts import attributes
from kgtransfer.knowledge.axioms.frequencies import frequency_tables
from kgtransfer.knowledge.axioms.numbers import one_value
from kgtransfer.knowledge.check.spelling import misspelt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from kgtransfer.grounding.base import Grounding
    from kgtransfer.grounding.source import Usual
    from kgtransfer.grounding.thresholds import MeasuredConcept
    from kgtransfer.knowledge.axioms.frequencies import Tables
    from kgtransfer.knowledge.graph import KnowledgeGraph

    Floats = npt.NDArray[np.float64]

__all__ = ["FEWEST", "MeasuredGrounder", "Measurer", "Unmeasured"]

Sample = TypeVar("Sample", contravariant=True)

FEWEST = 10
"""Samples that a data set's 5th and 95th percentile are taken from, at least."""


class Unmeasured(UserWarning):
    """The ontology names a measure that nothing computes, or that tells nothing."""


class Measurer(Protocol[Sample]):
    """Takes all measures of samples: any object with these two."""

    @property
    def measures(self) -> Sequence[str]:
        """IRIs of the measures, in the order of the columns."""
        ...

    def measure(self, samples: Sequence[Sample]) -> Floats:
        """`[samples, measures]`; not a number where a sample does not have what is measured."""
        ...


class MeasuredGrounder(Generic[Sample]):
    """Grounds samples on the concepts that `kgt:measuredBy` says how to find.

    The weight of a concept is what `ontology/kgt.ttl` defines: a sigmoid at its threshold, or one
    at either end of its range. Nothing is learned; editing a threshold in Turtle changes what is
    grounded. What a stain or a camera does to all samples of a data set alike is taken out of the
    measures whose range the ontology states, once `fitted` has seen samples of that set, without
    their labels. It is a `Source`: what it reads are the measures as they are taken.

    Args:
        graph: the ontology.
        measurer: takes the measures of a sample.
        ranges: measure -> its range in the data set to ground; see `fitted`.

    Warns:
        Unmeasured: a measure that the ontology names is none of the measurer's; its concepts are
            left out.

    Raises:
        OntologyError: none of the measures is; or a concept's numbers are incomplete.
    """

    def __init__(
        self,
        graph: KnowledgeGraph,
        measurer: Measurer[Sample],
        ranges: Mapping[str, PercentileRange] | None = None,
    ) -> None:
        self.graph, self.measurer, self.ranges = graph, measurer, dict(ranges or {})
        self.stated_ranges = percentile_ranges(graph)
        self.rules: tuple[MeasuredConcept, ...] = _computable(graph, measurer.measures)

    def fitted(self, samples: Sequence[Sample]) -> MeasuredGrounder[Sample]:
        """The same grounder for these samples' data set: it brings measures to the stated ranges.

        Raises:
            DataError: there are fewer than ten samples; a few dozen, of all classes, are better.
        """
        return self.fitted_to(_taken(self.measurer, samples))

    def fitted_to(self, values: Floats) -> MeasuredGrounder[Sample]:
        """As `fitted`, from measures that were taken before, `[samples, measures]`."""
        return self.in_domain(self.usual(values))

    def in_domain(self, usual: Usual) -> MeasuredGrounder[Sample]:
        """The same grounder for a domain of which `usual` told these ranges."""
        fitted = copy.copy(self)
        stated = ((name, ends) for name, ends in usual.items() if name in self.stated_ranges)
        fitted.ranges = {measure: PercentileRange(*ends) for measure, ends in stated}
        return fitted

    # ---- As a source: readings are measures as they are taken ------------------------------------

    model = ""
    scale = 1.0

    @property
    def code(self) -> bytes:
        """That of the measurer; empty where it has none."""
        return bytes(getattr(self.measurer, "code", b""))

    @property
    def width(self) -> int:
        """How many measures there are."""
        return len(self.measurer.measures)

    def read(self, samples: Sequence[Sample]) -> Floats:
        """The samples' measures as they are taken, `[samples, measures]`."""
        return _taken(self.measurer, samples)

    def usual(self, readings: Floats) -> Usual:
        """Measure whose range the ontology states -> its 5th and 95th percentile in these samples.

        Raises:
            DataError: there are fewer than ten samples.
        """
        if len(readings) < FEWEST:
            raise DataError(
                f"{len(readings)} samples do not tell what is ordinary in their data set",
                cure=f"give at least {FEWEST}, of all classes",
            )
        ranges: dict[str, tuple[float, ...]] = {}
        self._tell_of_what_says_nothing(readings)
        for column, measure in enumerate(self.measurer.measures):
            numbers = readings[~np.isnan(readings[:, column]), column]
            if measure in self.stated_ranges and len(numbers):
                ranges[measure] = tuple(map(float, np.quantile(numbers, (0.05, 0.95))))
        return ranges

    def _tell_of_what_says_nothing(self, readings: Floats) -> None:
        """Warn of measures that the ontology names, and that are a number in no sample."""
        named = {rule.measure for rule in self.rules}
        for column, measure in enumerate(self.measurer.measures):
            if measure in named and np.isnan(readings[:, column]).all():
                message = f"{self.graph.compact(measure)} is a number in none of {len(readings)} "
                warnings.warn(message + "samples: it tells nothing", Unmeasured, stacklevel=4)

    def observed(self, readings: Floats, usual: Usual) -> Observations:
        """As `observe`, from measures that were taken before, in the domain of these ranges."""
        fitted = self.in_domain(usual)
        return fitted.observations(fitted.weights_of(fitted.standardised(readings)))

    def tables(self, classes: Sequence[str]) -> Tables:
        """How often the classes show the values, by the frequencies of their facts."""
        return frequency_tables(axioms_of(self.graph), classes, self.attributes)

    def numbers(self, readings: Floats) -> Floats:
        """The measures themselves."""
        return readings

    def evidence(self, readings: Floats, usual: Usual) -> Mapping[str, Evidence]:
        """Concept -> the measure that decides on it, brought to its stated range."""
        taken = self.in_domain(usual).standardised(readings)[0]
        column = {measure: number for number, measure in enumerate(self.measurer.measures)}
        values = {rule.concept: float(taken[column[rule.measure]]) for rule in self.rules}
        return {
            rule.concept: Evidence(
                rule.measure,
                None if math.isnan(values[rule.concept]) else values[rule.concept],
                self.unit(rule.measure),
            )
            for rule in self.rules
        }

    def label(self, iri: str) -> str:
        """As the ontology labels it."""
        return self.graph.label(iri)

    def measure(self, samples: Sequence[Sample]) -> Floats:
        """The samples' measures, brought to the stated ranges, `[samples, measures]`."""
        return self.standardised(_taken(self.measurer, samples))

    def standardised(self, values: Floats) -> Floats:
        """Measures brought to the ranges that the ontology states, `[samples, measures]`.

        Before `fitted`, what has a physical unit and a range is not a number: its scale is unknown.
        """
        values = values.copy()
        for column, measure in enumerate(self.measurer.measures):
            stated = self.stated_ranges.get(measure)
            if stated and measure in self.ranges:
                own = self.ranges[measure]
                stretch = (stated.high - stated.low) / max(own.high - own.low, 1e-9)
                values[:, column] = stated.low + (values[:, column] - own.low) * stretch
            elif stated and self.unit(measure) != "1":
                values[:, column] = np.nan
        return values

    def unit(self, measure: str) -> str:
        """The UCUM code that the ontology gives a measure; 1 where it gives none.

        Raises:
            OntologyError: it gives several.
        """
        unit = one_value(self.graph, "unit", measure)
        return unit.value if unit is not None else "1"

    @cached_property
    def relations(self) -> tuple[str, ...]:
        """IRIs of the attributes, as `ground` names its relations."""
        return tuple(self._attributes)

    @cached_property
    def concepts(self) -> tuple[str, ...]:
        """IRIs of the concepts that can be measured, in the order of the columns."""
        return tuple(rule.concept for rule in self.rules)

    def weights(self, samples: Sequence[Sample]) -> Floats:
        """How strongly the samples show each concept, `[samples, concepts]`, 0 to 1 or nan."""
        return self.weights_of(self.measure(samples))

    def weights_of(self, values: Floats) -> Floats:
        """As `weights`, from standardised measures."""
        columns = {measure: column for column, measure in enumerate(self.measurer.measures)}
        weights = [rule.weights(values[:, columns[rule.measure]]) for rule in self.rules]
        return np.stack(weights, axis=1)

    def observe(self, samples: Sequence[Sample]) -> Observations:
        """The values of each attribute as alternatives: weights that sum to one."""
        return self.observations(self.weights(samples))

    def observations(self, weights: Floats) -> Observations:
        """As `observe`, from weights of concepts."""
        evidence = np.where(np.isnan(weights), 0.5, weights) + FLOOR
        shares = {}
        for attribute, columns in self._attributes.items():
            shares[attribute] = evidence[:, columns]
            shares[attribute] /= shares[attribute].sum(axis=1, keepdims=True)
        return Observations(self.attributes, shares)

    def ground(self, samples: Sequence[Sample]) -> Grounding:
        """One relation an attribute, the weights of its values as in `observe`."""
        return self.observe(samples).grounding(self.concepts)

    @cached_property
    def attributes(self) -> dict[str, tuple[str, ...]]:
        """Attribute -> IRIs of its values, as `observe` names them."""
        return {
            attribute: tuple(self.concepts[column] for column in columns)
            for attribute, columns in self._attributes.items()
        }

    @cached_property
    def _attributes(self) -> dict[str, list[int]]:
        """Attribute -> columns of its values; a concept of no attribute is one of its own."""
        owners = {value: a for a, values in attributes(self.graph).items() for value in values}
        columns: dict[str, list[int]] = {}
        for column, concept in enumerate(self.concepts):
            columns.setdefault(owners.get(concept, concept), []).append(column)
        return dict(sorted(columns.items()))


def _computable(graph: KnowledgeGraph, measures: Sequence[str]) -> tuple[MeasuredConcept, ...]:
    rules = measured_concepts(graph)
    lacking: dict[str, list[str]] = {}
    for rule in rules:
        if rule.measure not in measures:
            lacking.setdefault(graph.compact(rule.measure), []).append(graph.label(rule.concept))
    for measure, labels in lacking.items():
        message = f"nothing computes {measure}; without it, not grounded: {', '.join(labels)}"
        meant = misspelt(measure, map(graph.compact, measures), measure.find(":") + 1)
        message += f" (did you mean {meant}?)" if meant else ""
        warnings.warn(message, Unmeasured, stacklevel=3)
    kept = tuple(rule for rule in rules if rule.measure in measures)
    if not kept:
        names = ", ".join(map(graph.compact, measures))
        raise OntologyError(
            "the ontology names no measure that can be computed",
            cure=f"write kgt:measuredBy with one of: {names}",
        )
    return kept


def _taken(measurer: Measurer[Sample], samples: Sequence[Sample]) -> Floats:
    """Samples -> their measures `[samples, measures]`, as the measurer promised them.

    Raises:
        DataError: it gives another table.
    """
    try:
        values = np.array(measurer.measure(samples), dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataError(
            f"{type(measurer).__name__}.measure gives no table of numbers ({error})",
            cure="return [samples, measures], nan where there is nothing to measure",
        ) from error
    expected = len(samples), len(measurer.measures)
    if values.shape != expected:
        raise DataError(
            f"{type(measurer).__name__}.measure gives {values.shape}, not {expected}",
            cure="return one row a sample and one column a measure, in their order",
        )
    infinite = np.isinf(values)
    for column in np.flatnonzero(infinite.any(axis=0)).tolist():
        count = f"{infinite[:, column].sum()} of {len(values)} samples"
        message = f"{measurer.measures[column]} is infinite in {count}: taken for not a number"
        warnings.warn(message, Unmeasured, stacklevel=3)
    return np.where(infinite, np.nan, values)
