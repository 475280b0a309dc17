"""`collate`: samples with their groundings -> one batch, for a `DataLoader`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from torch.utils.data import default_collate

from kgtransfer.errors import DataError
from kgtransfer.grounding.base import Grounding

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["collate"]


def collate(samples: Sequence[Any]) -> Any:
    """Samples -> a batch, as torch's `default_collate`, with their groundings joined.

    For `DataLoader(list(zip(x, y, grounding)), 32, collate_fn=kgt.collate)`, in this process or in
    workers. With `pin_memory=True` the loader pins groundings as it does tensors.

    Args:
        samples: tuples, lists or dicts of one form, within which a `Grounding` of one sample may
            stand wherever a tensor may.

    Returns:
        A list for tuples and lists, a dict for dicts; groundings joined by `Grounding.cat`, all
        else by `torch.utils.data.default_collate`.

    Raises:
        DataError: a grounding holds several samples, or two are of different concepts.
    """
    first = samples[0]
    if isinstance(first, Grounding):
        return _joined(samples)
    if isinstance(first, Mapping) and _holds_grounding(first.values()):
        return {key: collate([sample[key] for sample in samples]) for key in first}
    if isinstance(first, tuple | list) and _holds_grounding(first):
        columns = [collate(column) for column in zip(*samples, strict=True)]
        return type(first)(*columns) if hasattr(first, "_fields") else columns
    return default_collate(list(samples))


def _joined(groundings: Sequence[Grounding]) -> Grounding:
    if wide := [len(grounding) for grounding in groundings if len(grounding) != 1]:
        raise DataError(
            f"a sample comes with a grounding of {wide[0]} samples",
            cure="give each sample its own: zip(x, y, grounding) does",
        )
    return Grounding.cat(groundings)


def _holds_grounding(entries: Any) -> bool:
    """Whether a grounding stands somewhere in a sample."""
    return any(
        isinstance(entry, Grounding)
        or (isinstance(entry, Mapping) and _holds_grounding(entry.values()))
        or (isinstance(entry, tuple | list) and _holds_grounding(entry))
        for entry in entries
    )
