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

__all__ = ["FLOOR", "Observations"]

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
