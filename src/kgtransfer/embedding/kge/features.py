"""Descriptions of entities as columns of numbers: vectors of texts, and numeric literals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from kgtransfer.embedding.text import Encoder, text_vectors
from kgtransfer.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kgtransfer.embedding.kge.triples import Triples

__all__ = ["check_features", "number_features", "text_features"]


def text_features(
    names: Sequence[str],
    texts: Mapping[str, str],
    encoder: Encoder,
    *,
    cache: str | Path | None = None,
) -> Tensor:
    """Texts of entities -> vectors `[names, d]`; zeros where an entity has none."""
    described = [row for row, name in enumerate(names) if texts.get(name)]
    encoded = text_vectors([texts[names[row]] for row in described], encoder, cache=cache)
    vectors = torch.zeros(len(names), encoded.shape[1])
    vectors[described] = encoded
    return vectors


def number_features(names: Sequence[str], numbers: Mapping[tuple[str, str], float]) -> Tensor:
    """Numbers by entity and attribute -> `[names, 2 a]`: standardised value, whether there is one.

    Values of an attribute that spans more than three orders of magnitude are taken as logarithms
    first, signs kept, so that an outlier does not flatten the others. Without a value both
    columns are 0.
    """
    row = {name: index for index, name in enumerate(names)}
    attributes = sorted({attribute for _, attribute in numbers})
    columns = torch.zeros(len(names), 2 * len(attributes))
    for index, attribute in enumerate(attributes):
        by_row = {row[e]: v for (e, a), v in numbers.items() if a == attribute and e in row}
        values = torch.tensor(list(by_row.values()), dtype=torch.float64)
        columns[list(by_row), 2 * index] = _standardised(values).float()
        columns[list(by_row), 2 * index + 1] = 1.0
    return columns


def check_features(features: Tensor, triples: Triples) -> None:
    """Refuse features that are not finite, or of another number of entities.

    Raises:
        DataError: they are.
    """
    if len(features) != len(triples.entities):
        raise DataError(
            f"{len(features)} rows of features for {len(triples.entities)} entities",
            cure="give each entity one row, zeros where nothing is known",
        )
    if not features.isfinite().all():
        row = int((~features.isfinite()).any(1).nonzero()[0])
        raise DataError(
            f"the features of {triples.entities[row]} are not finite",
            cure="leave out NaN and infinity",
        )


def _standardised(values: Tensor) -> Tensor:
    sizes = values.abs()[values != 0]
    if len(sizes) and sizes.max() > 1_000 * sizes.min():
        values = values.sign() * (values.abs() / sizes.min()).log1p()
    centred = values - values.mean()
    spread = centred.square().mean().sqrt()
    return centred / spread if spread > 0 else centred
