"""`Grounding`: which concepts each sample shows, by relation and how strongly; sparse."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from numbers import Integral
from typing import TYPE_CHECKING, Protocol, TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor

from kgtransfer.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["GroundedOn", "Grounder", "Grounding", "require_same"]

Sample = TypeVar("Sample", contravariant=True)


class GroundedOn(Protocol):
    """What names the axes of a grounding: a grounder, and every grounding itself."""

    @property
    def concepts(self) -> tuple[str, ...]:
        """IRIs of the concepts, in the order of the columns."""
        ...

    @property
    def relations(self) -> tuple[str, ...]:
        """Names of the relations, in the order of the blocks."""
        ...


class Grounder(GroundedOn, Protocol[Sample]):
    """Turns samples into weighted concepts, never looking at their labels."""

    def ground(self, samples: Sequence[Sample]) -> Grounding:
        """One row of the grounding a sample, in order; with the grounder's own axes."""
        ...


@dataclass(frozen=True, eq=False)
class Grounding:
    """The matrix G of `C = G E`, one block a relation: `[samples, relations, concepts]`.

    Stored as compressed rows: entries `offsets[s * relations + r]` up to the next offset belong
    to sample `s` and relation `r`. It can be indexed, iterated over sample by sample, joined by
    `cat`, moved by `to`, pinned by `pin_memory` (as a `DataLoader` does where it is asked to), and
    pickled, as the workers of a `DataLoader` do.

    Attributes:
        concepts: IRIs of the columns.
        relations: names of the relations.
        offsets: `[samples * relations + 1]`, int64.
        rows: column of each entry, `[entries]`, int64: `concepts[row]` is its IRI.
        weights: strength of each entry, `[entries]`, float32; those of one sample and relation
            sum to one, so that C holds means.
    """

    concepts: tuple[str, ...]
    relations: tuple[str, ...]
    offsets: Tensor
    rows: Tensor
    weights: Tensor

    @classmethod
    def from_lists(
        cls,
        concepts: Sequence[str],
        relations: Sequence[str],
        samples: Sequence[Mapping[str, Sequence[int]]],
    ) -> Grounding:
        """From each sample's columns by relation, all of equal weight.

        Raises:
            DataError: a column that no concept names.
        """
        cells = [sample.get(relation, ()) for sample in samples for relation in relations]
        lengths = torch.tensor([0, *(len(cell) for cell in cells)])
        rows = list(chain.from_iterable(cells))
        if rows and not 0 <= min(rows) <= max(rows) < len(concepts):
            raise DataError(
                f"a sample is grounded on column {max(rows)}, there are {len(concepts)} concepts",
                cure="count columns from 0, in the order of the concepts",
            )
        weights = [1.0 / len(cell) for cell in cells for _ in cell]
        return cls(
            tuple(concepts),
            tuple(relations),
            lengths.cumsum(0),
            torch.tensor(rows, dtype=torch.int64),
            torch.tensor(weights, dtype=torch.float32),
        )

    @classmethod
    def cat(cls, groundings: Sequence[Grounding]) -> Grounding:
        """The samples of several groundings, one after the other.

        Raises:
            DataError: there is none, or two have other concepts or relations, or another order.
        """
        if not groundings:
            raise DataError("no grounding to join", cure="give at least one")
        first = groundings[0]
        for other in groundings[1:]:
            require_same(other, first, "joined to another")
        ends = torch.tensor([0, *(len(each.rows) for each in groundings[:-1])]).cumsum(0).tolist()
        offsets = [each.offsets[1:] + end for each, end in zip(groundings, ends, strict=True)]
        return replace(
            first,
            offsets=torch.cat([first.offsets[:1], *offsets]),
            rows=torch.cat([each.rows for each in groundings]),
            weights=torch.cat([each.weights for each in groundings]),
        )

    def __len__(self) -> int:
        return self.samples

    @property
    def samples(self) -> int:
        """How many there are."""
        return (len(self.offsets) - 1) // max(1, len(self.relations))

    def __iter__(self) -> Iterator[Grounding]:
        """Every sample's grounding by itself, in order."""
        return (self[sample] for sample in range(len(self)))

    def __getitem__(self, samples: int | slice | Sequence[int]) -> Grounding:
        """The grounding of one sample, of some in the order given, or of those a mask chooses.

        Raises:
            IndexError: there is no such sample, or the rows are no whole numbers.
        """
        device, width = self.offsets.device, len(self.relations)
        if isinstance(samples, Integral):
            samples = [int(samples)]
        elif isinstance(samples, slice):
            samples = range(len(self))[samples]
        chosen = torch.as_tensor(samples, device=device)
        if chosen.dtype == torch.bool and chosen.shape == (len(self),):
            chosen = chosen.nonzero().flatten()
        if len(chosen) and (chosen.ndim > 1 or chosen.dtype.is_floating_point):
            raise IndexError("samples are chosen by a row of whole numbers, or by a mask of all")
        chosen = chosen.to(torch.int64)
        if len(chosen) and not -len(self) <= int(chosen.min()) <= int(chosen.max()) < len(self):
            raise IndexError(f"{len(self)} samples have no sample {chosen.tolist()}")
        cells = (
            (chosen % max(1, len(self)))[:, None] * width + torch.arange(width, device=device)
        ).flatten()
        starts, lengths = self.offsets[cells], self.offsets[cells + 1] - self.offsets[cells]
        offsets = torch.cat([lengths.new_zeros(1), lengths.cumsum(0)])
        within = torch.arange(int(offsets[-1]), device=device)
        within -= offsets[:-1].repeat_interleave(lengths)
        entries = starts.repeat_interleave(lengths) + within
        return replace(
            self, offsets=offsets, rows=self.rows[entries], weights=self.weights[entries]
        )

    def condition(self, embeddings: Tensor) -> Tensor:
        """C = G E, `[samples, relations, d]`; zero where a sample has nothing by a relation.

        Args:
            embeddings: E, `[concepts, d]`, a row for each of `concepts` in their order.
        """
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
        """Weights `[samples, used]` over all relations, and the columns `[used]` that are used."""
        used, column = torch.unique(self.rows, return_inverse=True)
        width = max(1, len(self.relations))
        samples = torch.arange(len(self.offsets) - 1, device=self.rows.device) // width
        sample = samples.repeat_interleave(self.offsets.diff())
        weights = self.weights.new_zeros(len(self), len(used))
        return weights.index_put((sample, column), self.weights, accumulate=True), used

    def rows_of(self, sample: int) -> dict[str, list[int]]:
        """One sample's columns by relation."""
        start = sample * len(self.relations)
        ends = self.offsets[start : start + len(self.relations) + 1].tolist()
        return {
            relation: self.rows[ends[i] : ends[i + 1]].tolist()
            for i, relation in enumerate(self.relations)
        }

    def concepts_of(self, sample: int) -> dict[str, list[str]]:
        """One sample's concepts by relation, for people to read."""
        rows = self.rows_of(sample)
        return {name: [self.concepts[row] for row in columns] for name, columns in rows.items()}

    def to(self, device: torch.device | str, *, non_blocking: bool = False) -> Grounding:
        """The same on a device; itself where it is there already."""
        offsets = self.offsets.to(device, non_blocking=non_blocking)
        if offsets is self.offsets:
            return self
        return replace(
            self,
            offsets=offsets,
            rows=self.rows.to(device, non_blocking=non_blocking),
            weights=self.weights.to(device, non_blocking=non_blocking),
        )

    def pin_memory(self) -> Grounding:
        """The same in page-locked memory; a `DataLoader(pin_memory=True)` asks for it."""
        return replace(
            self,
            offsets=self.offsets.pin_memory(),
            rows=self.rows.pin_memory(),
            weights=self.weights.pin_memory(),
        )


def require_same(grounding: GroundedOn, expected: GroundedOn, use: str) -> None:
    """Refuse a grounding whose axes are not those expected, name for name and in order.

    Groundings of one grounder share their tuples of names, so this costs nothing in a training
    step; where a worker process copied them it compares the names.

    Args:
        grounding: what is about to be used.
        expected: what names the axes that it must have.
        use: what for, in words: "a grounding cannot be ...".

    Raises:
        DataError: naming the first concept or relation that differs.
    """
    for axis in ("concepts", "relations"):
        names, wanted = getattr(grounding, axis), getattr(expected, axis)
        if names is not wanted and names != wanted:
            raise DataError(
                f"a grounding cannot be {use}: {_difference(axis, names, wanted)}",
                cure="ground all samples with one grounder, the one given to kgt.condition",
            )


def _difference(axis: str, names: Sequence[str], wanted: Sequence[str]) -> str:
    """Where two lists of names part, in words."""
    for number, (name, other) in enumerate(zip(names, wanted, strict=False)):
        if name != other:
            return f"{axis[:-1]} {number} is <{name}>, not <{other}>"
    longer, has = (names, "one more") if len(names) > len(wanted) else (wanted, "no")
    return f"it has {has} {axis[:-1]} <{longer[min(len(names), len(wanted))]}>"
