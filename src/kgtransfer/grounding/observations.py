"""`Observations`: how strongly samples show the values of attributes, before any vector."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from kgtransfer.grounding.base import Grounding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["FLOOR", "Observations", "most_shown"]

FLOOR = 0.01
"""Weight that every value keeps beside the others of its attribute: a measurement can err."""


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
        chosen = {attribute: weights[samples] for attribute, weights in self.weights.items()}
        return Observations(self.values, chosen)

    def shares(self, attribute: str, values: Sequence[str]) -> Floats:
        """p(value | sample) of an attribute, `[samples, values]`, in the order of these values."""
        columns = [self.values[attribute].index(value) for value in values]
        return self.weights[attribute][:, columns]

    def information(self) -> Floats:
        """How much each sample's values tell it from the others: `[samples]`, in nats.

        Summed over attributes, the Kullback-Leibler divergence of what a sample shows from what all
        show; its mean is the mutual information of samples and values. 0 where all show the same,
        as beyond a threshold that divides nothing.
        """
        told = np.zeros(len(next(iter(self.weights.values()), ())))
        for weights in self.weights.values():
            told += (weights * np.log(weights / weights.mean(axis=0))).sum(axis=1)
        return told

    def grounding(self, concepts: Sequence[str]) -> Grounding:
        """The same as a matrix: one relation an attribute.

        Args:
            concepts: IRIs of the columns; values that are none of them are left out.
        """
        row = {iri: number for number, iri in enumerate(concepts)}
        rows, lengths, blocks = [], [], []
        for attribute, values in self.values.items():
            chosen = [column for column, value in enumerate(values) if value in row]
            rows += [row[values[column]] for column in chosen]
            lengths.append(len(chosen))
            blocks.append(self.weights[attribute][:, chosen])
        weights = np.concatenate(blocks, axis=1)
        return Grounding(
            tuple(concepts),
            tuple(self.values),
            torch.tensor([0, *lengths * len(weights)]).cumsum(0),
            torch.tensor(rows, dtype=torch.int64).repeat(len(weights)),
            torch.from_numpy(weights.astype(np.float32).ravel()),
        )


def most_shown(observed: Observations, count: int) -> tuple[str, ...]:
    """IRIs of all values; of an attribute with more than `count`, those that samples show most."""
    shown: list[str] = []
    for attribute, values in observed.values.items():
        heaviest = np.argsort(-observed.weights[attribute].mean(axis=0), kind="stable")[:count]
        shown += [values[column] for column in sorted(heaviest.tolist())]
    return tuple(dict.fromkeys(shown))
