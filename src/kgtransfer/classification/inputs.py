"""`Inputs`: what only a network reads of samples, in memory or elsewhere."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

__all__ = ["Hashed", "Inputs", "batches", "content_of"]

BATCH = 64  # inputs in memory at a time


class Inputs(Protocol):
    """A row a sample: a tensor, or rows of a file that are read when they are needed."""

    @property
    def shape(self) -> tuple[int, ...]:
        """`[samples, ...]`."""
        ...

    def __len__(self) -> int: ...

    def __getitem__(self, rows: Any, /) -> Any:
        """Some of them: by a list or tensor of rows, or a slice."""
        ...

    def to(self, device: Any, /) -> Tensor:
        """As a tensor."""
        ...


@runtime_checkable
class Hashed(Protocol):
    """Inputs that know the SHA-256 of their content."""

    def content(self) -> hashlib._Hash:
        """A copy of it, which may go on with more."""
        ...


def content_of(inputs: Inputs) -> hashlib._Hash:
    """SHA-256 that has seen the inputs, row by row; it may go on with more."""
    if isinstance(inputs, Hashed):
        return inputs.content()
    content = hashlib.sha256()
    for batch in batches(inputs):
        content.update(batch.numpy().data)
    return content


def batches(inputs: Inputs) -> Iterator[Tensor]:
    """The inputs in order, some at a time, contiguous and in memory."""
    for start in range(0, len(inputs), BATCH):
        yield inputs[start : start + BATCH].to("cpu").contiguous()
