"""Measures of a sample -> the attributes that annotators gave to others like it.

Annotations of other images are more information than measures and axioms alone: whatever is scored
with these heads belongs beside a baseline that has them too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.errors import DataError
from kgtransfer.grounding.observations import FLOOR, Observations
from kgtransfer.knowledge.codes import attributes_by_code

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    from sklearn.linear_model import LogisticRegression

    from kgtransfer.grounding.base import Grounding
    from kgtransfer.knowledge.graph import KnowledgeGraph

    Floats = npt.NDArray[np.float64]

__all__ = ["AttributeHeads"]


@dataclass(frozen=True)
class AttributeHeads:
    """Grounds samples on annotated attributes: one multinomial logistic regression an attribute.

    A sample is a row of standardised measures, so samples are `[samples, measures]`.

    Attributes:
        values: attribute -> IRIs of its values, sorted.
        heads: attribute -> what was fitted; its classes are columns of `values`.
    """

    values: Mapping[str, tuple[str, ...]]
    heads: Mapping[str, LogisticRegression]

    @classmethod
    def fitted(
        cls, graph: KnowledgeGraph, numbers: Floats, annotations: Mapping[str, Sequence[str]]
    ) -> AttributeHeads:
        """Annotated samples -> heads; none of these samples may be scored later.

        Args:
            graph: says what columns and entries mean, by `kgt:codedAs`.
            numbers: `[samples, measures]`, standardised.
            annotations: column -> entry of each sample; columns without a meaning are left out.

        Raises:
            DataError: no column has a meaning, or an entry of one has none.
        """
        from sklearn.linear_model import LogisticRegression

        values: dict[str, tuple[str, ...]] = {}
        heads: dict[str, LogisticRegression] = {}
        for column, (attribute, codes) in sorted(attributes_by_code(graph).items()):
            entries = annotations.get(column)
            if entries is None:
                continue
            if unknown := sorted(set(entries) - set(codes)):
                raise DataError(
                    f"column {column}: the ontology does not know {', '.join(unknown)}",
                    cure=f"entries are: {', '.join(sorted(codes))}",
                )
            values[attribute] = tuple(sorted(set(codes.values())))
            rows = [values[attribute].index(codes[entry]) for entry in entries]
            if len(set(rows)) > 1:
                heads[attribute] = LogisticRegression(max_iter=1000).fit(numbers, rows)
        if not heads:
            raise DataError(
                "no column of the annotations is an attribute of the ontology",
                cure="write kgt:codedAs with the columns' names at the attributes",
            )
        return cls({attribute: values[attribute] for attribute in heads}, heads)

    @cached_property
    def concepts(self) -> tuple[str, ...]:
        """IRIs of the values of all attributes, attribute by attribute; each once."""
        return tuple(dict.fromkeys(chain.from_iterable(self.values.values())))

    @cached_property
    def relations(self) -> tuple[str, ...]:
        """IRIs of the attributes."""
        return tuple(self.values)

    def ground(self, samples: Floats) -> Grounding:
        """One relation an attribute, the weights of its values as in `observe`."""
        return self.observe(samples).grounding(self.concepts)

    def observe(self, samples: Floats) -> Observations:
        """p(value | sample) by the heads, `[samples, values]` for each attribute."""
        weights = {}
        for attribute, head in self.heads.items():
            shares = np.zeros((len(samples), len(self.values[attribute])))
            if len(samples):
                shares[:, head.classes_] = head.predict_proba(samples)
            shares += FLOOR
            weights[attribute] = shares / shares.sum(axis=1, keepdims=True)
        return Observations(self.values, weights)
