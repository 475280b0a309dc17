"""`Grounding`: which concepts each sample shows, by relation and how strongly; sparse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Grounder", "Grounding"]

Sample = TypeVar("Sample", contravariant=True)


@dataclass(frozen=True)
class Grounding:
    """The matrix G of `C = G E`, one block a relation: `[samples, relations, concepts]`.

    Stored as compressed rows: entries `offsets[s * relations + r]` up to the next offset belong
    to sample `s` and relation `r`.

    Attributes:
        relations: names of the relations.
        offsets: `[samples * relations + 1]`, int64.
        rows: concept row of each entry, `[entries]`, int64.
        weights: strength of each entry, `[entries]`, float32; those of one sample and relation
            sum to one, so that C holds means.
    """

    relations: tuple[str, ...]
    offsets: Tensor
    rows: Tensor
    weights: Tensor

    @classmethod
    def from_lists(
        cls, relations: Sequence[str], samples: Sequence[Mapping[str, Sequence[int]]]
    ) -> Grounding:
        """From each sample's concept rows by relation, all of equal weight."""
        cells = [sample.get(relation, ()) for sample in samples for relation in relations]
        lengths = torch.tensor([0, *(len(cell) for cell in cells)])
        rows = [row for cell in cells for row in cell]
        weights = [1.0 / len(cell) for cell in cells for _ in cell]
        return cls(
            tuple(relations),
            lengths.cumsum(0),
            torch.tensor(rows, dtype=torch.int64),
            torch.tensor(weights, dtype=torch.float32),
        )

    def __len__(self) -> int:
        return (len(self.offsets) - 1) // max(1, len(self.relations))

    def __getitem__(self, samples: Sequence[int]) -> Grounding:
        """The grounding of some samples, in the order given."""
        width = len(self.relations)
        cells = (
            torch.tensor(samples, dtype=torch.int64)[:, None] * width + torch.arange(width)
        ).flatten()
        starts, lengths = self.offsets[cells], self.offsets[cells + 1] - self.offsets[cells]
        offsets = torch.cat([torch.zeros(1, dtype=torch.int64), lengths.cumsum(0)])
        within = torch.arange(int(offsets[-1])) - offsets[:-1].repeat_interleave(lengths)
        entries = starts.repeat_interleave(lengths) + within
        return Grounding(self.relations, offsets, self.rows[entries], self.weights[entries])

    def condition(self, embeddings: Tensor) -> Tensor:
        """C = G E, `[samples, relations, d]`; zero where a sample has nothing by a relation."""
        if not len(self.rows):
            return embeddings.new_zeros(len(self), len(self.relations), embeddings.shape[1])
        pooled = F.embedding_bag(
            self.rows,
            embeddings,
            self.offsets,
            mode="sum",
            per_sample_weights=self.weights.to(embeddings.dtype),
            include_last_offset=True,
        )
        return pooled.view(len(self), len(self.relations), -1)

    def dense(self) -> tuple[Tensor, Tensor]:
        """Weights `[samples, used]` over all relations, and the concept rows `[used]` of them."""
        used, column = torch.unique(self.rows, return_inverse=True)
        width = max(1, len(self.relations))
        samples = torch.arange(len(self.offsets) - 1, device=self.rows.device) // width
        of_entry = samples.repeat_interleave(self.offsets.diff())
        weights = self.weights.new_zeros(len(self), len(used))
        return weights.index_put((of_entry, column), self.weights, accumulate=True), used

    def concepts_of(self, sample: int) -> dict[str, list[int]]:
        """One sample's concept rows by relation, for people to read."""
        start = sample * len(self.relations)
        ends = self.offsets[start : start + len(self.relations) + 1].tolist()
        return {
            relation: self.rows[ends[i] : ends[i + 1]].tolist()
            for i, relation in enumerate(self.relations)
        }

    def to(self, device: torch.device | str) -> Grounding:
        """The same on a device."""
        moved = (tensor.to(device) for tensor in (self.offsets, self.rows, self.weights))
        return Grounding(self.relations, *moved)


class Grounder(Protocol[Sample]):
    """Turns samples into weighted concepts, never looking at their labels."""

    def ground(self, samples: Sequence[Sample]) -> Grounding:
        """One row of the grounding a sample, in order."""
        ...
