"""Grounding by measuring: the ontology says which measure decides on a concept, and where."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import numpy as np
import torch

from kgtransfer.errors import DataError, OntologyError
from kgtransfer.grounding.base import Grounding
from kgtransfer.grounding.thresholds import PercentileRange, measured_concepts, percentile_ranges
from kgtransfer.knowledge.axioms.facts import attributes
from kgtransfer.knowledge.axioms.numbers import one_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from kgtransfer.grounding.thresholds import MeasuredConcept
    from kgtransfer.knowledge.graph import KnowledgeGraph

    Floats = npt.NDArray[np.float64]

__all__ = ["FEWEST", "MeasuredGrounder", "Measurer", "Observations", "Unmeasured"]

Sample = TypeVar("Sample", contravariant=True)

FLOOR = 0.01
"""Weight that every value keeps beside the others of its attribute: a measurement can err."""

FEWEST = 10
"""Samples that a data set's 5th and 95th percentile are taken from, at least."""


class Unmeasured(UserWarning):
    """The ontology names a measure that no function computes."""


class Measurer(Protocol[Sample]):
    """Takes all measures of samples of one kind."""

    @property
    def measures(self) -> Sequence[str]:
        """IRIs of the measures, in the order of the columns."""
        ...

    def measure(self, samples: Sequence[Sample]) -> Floats:
        """`[samples, measures]`; not a number where a sample does not have what is measured."""
        ...


@dataclass(frozen=True)
class Observations:
    """How strongly each sample shows each value of each attribute.

    Attributes:
        values: attribute -> IRIs of the values that can be measured, sorted.
        weights: attribute -> `[samples, values]`, rows sum to one: p(value | sample). All values
            have the same weight where nothing could be measured.
    """

    values: Mapping[str, tuple[str, ...]]
    weights: Mapping[str, Floats]

    def __getitem__(self, samples: Sequence[int]) -> Observations:
        """Those of some samples, in the order given."""
        return Observations(self.values, {a: of[samples] for a, of in self.weights.items()})


class MeasuredGrounder(Generic[Sample]):
    """Grounds samples on the concepts that `kgt:measuredBy` says how to find.

    The weight of a concept is what `ontology/kgt.ttl` defines: a sigmoid at its threshold, or one
    at either end of its range. Nothing is learned; editing a threshold in Turtle changes what is
    grounded. What a stain or a camera does to all samples of a data set alike is taken out of the
    measures that have a low and a high end, once `fitted` has seen samples of that set, without
    their labels.

    Args:
        graph: the ontology.
        measurer: takes the measures of a sample.
        seen: measure -> 5th and 95th percentile of the data set to ground; see `fitted`.

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
        seen: Mapping[str, PercentileRange] | None = None,
    ) -> None:
        self.graph, self.measurer, self.seen = graph, measurer, dict(seen or {})
        self.ends = percentile_ranges(graph)
        self.rules: tuple[MeasuredConcept, ...] = _computable(graph, measurer.measures)

    def fitted(self, samples: Sequence[Sample]) -> MeasuredGrounder[Sample]:
        """The same grounder for these samples' data set: it brings their measures to the ends.

        Raises:
            DataError: there are fewer than ten samples; a few dozen, of all classes, are better.
        """
        return self.fitted_to(self.measurer.measure(samples))

    def fitted_to(self, values: Floats) -> MeasuredGrounder[Sample]:
        """As `fitted`, from measures that were taken before, `[samples, measures]`."""
        if len(values) < FEWEST:
            raise DataError(
                f"{len(values)} samples do not tell what is ordinary in their data set",
                cure=f"give at least {FEWEST}, of all classes",
            )
        seen = {}
        for column, measure in enumerate(self.measurer.measures):
            known = values[~np.isnan(values[:, column]), column]
            if measure in self.ends and len(known):
                seen[measure] = PercentileRange(*map(float, np.quantile(known, (0.05, 0.95))))
        return MeasuredGrounder(self.graph, self.measurer, seen)

    def measure(self, samples: Sequence[Sample]) -> Floats:
        """The samples' measures, brought to the ontology's ends, `[samples, measures]`."""
        return self.standardised(self.measurer.measure(samples))

    def standardised(self, values: Floats) -> Floats:
        """Measures brought to the ontology's ends, `[samples, measures]`.

        Before `fitted`, what has a physical unit and ends is not a number: its scale is unknown.
        """
        values = values.copy()
        for column, measure in enumerate(self.measurer.measures):
            if measure in self.seen and measure in self.ends:
                seen, ends = self.seen[measure], self.ends[measure]
                stretch = (ends.high - ends.low) / max(seen.high - seen.low, 1e-9)
                values[:, column] = ends.low + (values[:, column] - seen.low) * stretch
            elif measure in self.ends and self.unit(measure) != "1":
                values[:, column] = np.nan
        return values

    def unit(self, measure: str) -> str:
        """The UCUM code that the ontology gives a measure; 1 where it gives none.

        Raises:
            OntologyError: it gives several.
        """
        unit = one_value(self.graph, "unit", measure)
        return unit.value if unit is not None else "1"

    @property
    def relations(self) -> tuple[str, ...]:
        """IRIs of the attributes, as `ground` names its relations."""
        return tuple(self._attributes)

    @property
    def concepts(self) -> tuple[str, ...]:
        """IRIs of the concepts that can be measured, in the order of the columns."""
        return tuple(rule.concept for rule in self.rules)

    def weights(self, samples: Sequence[Sample]) -> Floats:
        """How strongly the samples show each concept, `[samples, concepts]`, 0 to 1 or nan."""
        return self.weights_of(self.measure(samples))

    def weights_of(self, values: Floats) -> Floats:
        """As `weights`, from standardised measures."""
        columns = {measure: column for column, measure in enumerate(self.measurer.measures)}
        found = [rule.weights(values[:, columns[rule.measure]]) for rule in self.rules]
        return np.stack(found, axis=1)

    def observe(self, samples: Sequence[Sample]) -> Observations:
        """The values of each attribute as alternatives: weights that sum to one."""
        return self.observations(self.weights(samples))

    def observations(self, weights: Floats) -> Observations:
        """As `observe`, from weights of concepts."""
        known = np.where(np.isnan(weights), 0.5, weights) + FLOOR
        shares = {}
        for attribute, columns in self._attributes.items():
            of = known[:, columns]
            shares[attribute] = of / of.sum(axis=1, keepdims=True)
        values = {a: tuple(self.concepts[c] for c in cs) for a, cs in self._attributes.items()}
        return Observations(values, shares)

    def ground(self, samples: Sequence[Sample]) -> Grounding:
        """One relation an attribute, the weights of its values as in `observe`."""
        return self.grounding(self.observe(samples))

    def grounding(self, observed: Observations, rows: Mapping[str, int] | None = None) -> Grounding:
        """As `ground`, from what was observed.

        Args:
            observed: by `observe`.
            rows: of the concepts that may condition; all concepts of the graph by default.
        """
        rows = self.graph.rows if rows is None else rows
        columns, lengths, blocks = [], [], []
        for attribute, values in observed.values.items():
            chosen = [column for column, value in enumerate(values) if value in rows]
            columns += [rows[values[column]] for column in chosen]
            lengths.append(len(chosen))
            blocks.append(observed.weights[attribute][:, chosen])
        weights = np.concatenate(blocks, axis=1)
        return Grounding(
            tuple(observed.values),
            torch.tensor([0, *lengths * len(weights)]).cumsum(0),
            torch.tensor(columns, dtype=torch.int64).repeat(len(weights)),
            torch.from_numpy(weights.astype(np.float32).ravel()),
        )

    @cached_property
    def _attributes(self) -> dict[str, list[int]]:
        """Attribute -> columns of its values; a concept of no attribute is one of its own."""
        of = {value: a for a, values in attributes(self.graph).items() for value in values}
        found: dict[str, list[int]] = {}
        for column, concept in enumerate(self.concepts):
            found.setdefault(of.get(concept, concept), []).append(column)
        return dict(sorted(found.items()))


def _computable(graph: KnowledgeGraph, measures: Sequence[str]) -> tuple[MeasuredConcept, ...]:
    rules = measured_concepts(graph)
    lacking: dict[str, list[str]] = {}
    for rule in rules:
        if rule.measure not in measures:
            lacking.setdefault(graph.compact(rule.measure), []).append(graph.label(rule.concept))
    for measure, labels in lacking.items():
        message = f"nothing computes {measure}; without it, not grounded: {', '.join(labels)}"
        warnings.warn(message, Unmeasured, stacklevel=3)
    kept = tuple(rule for rule in rules if rule.measure in measures)
    if not kept:
        known = ", ".join(map(graph.compact, measures))
        raise OntologyError(
            "the ontology names no measure that can be computed",
            cure=f"write kgt:measuredBy with one of: {known}",
        )
    return kept
