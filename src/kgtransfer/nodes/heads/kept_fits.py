"""Fits of heads that are made once: arms, and runs before and after an edit, share them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, cast

import numpy as np

from kgtransfer.nodes.heads.head import fit_softmax

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.nodes.kept import Kept

    Floats = npt.NDArray[np.float32]

__all__ = ["KeptFits"]


class KeptFits:
    """`fit_softmax`, by which nothing is fitted twice.

    Args:
        kept: what the run keeps, and the one before it.
        content: name of these fits in it.
    """

    def __init__(self, kept: Kept, *content: object) -> None:
        self._kept, self._content = kept, ("fits", *content)
        own, older = kept.read(*self._content)
        self._needed, self._older = (cast("dict[str, Floats]", part or {}) for part in (own, older))
        self._written = len(self._needed)

    def __call__(
        self,
        features: Floats,
        targets: npt.NDArray[np.int64],
        classes: int,
        strength: float,
        offset: Floats | None = None,
        start: Floats | None = None,
    ) -> Floats:
        """As `fit_softmax`."""
        key = _digest((classes, strength), features, targets, offset, start)
        if key not in self._needed:
            known = self._older.get(key)
            self._needed[key] = (
                fit_softmax(features, targets, classes, strength, offset, start)
                if known is None
                else known
            )
        return self._needed[key]

    def write(self) -> None:
        """Keep the fits that this run has needed so far."""
        if len(self._needed) > self._written:
            self._kept.write(self._needed, *self._content)
            self._written = len(self._needed)


def _digest(settings: tuple[float, ...], *arrays: npt.NDArray[np.generic] | None) -> str:
    content = hashlib.sha256(repr(settings).encode())
    for array in arrays:
        if array is None:
            content.update(b"none")
        else:
            content.update(repr((array.shape, array.dtype.str)).encode())
            content.update(np.ascontiguousarray(array).data)
    return content.hexdigest()
