"""What images are told apart by: a digest of their pixels, and a small grey picture of each."""

from __future__ import annotations

import hashlib
import inspect
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save as tensor_bytes

from kgtransfer.errors import DataError
from kgtransfer.images.data import decode
from kgtransfer.images.data.mapped import each
from kgtransfer.utils.files import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.data.folder import Images

    Bytes = npt.NDArray[np.uint8]

__all__ = ["SIDE", "Fingerprints", "fingerprints"]

SIDE = 64
"""Pixels of a side of the small grey pictures."""
UNREADABLE = bytes(32)  # in place of a digest


@dataclass(frozen=True, eq=False)
class Fingerprints:
    """Of the images of a data set, a row an image; zeros of those that cannot be read.

    Attributes:
        digests: `[n, 32]` uint8, SHA-256 of size and pixels as they were decoded: equal of copies,
            whatever the kind of file.
        grey: `[n, SIDE, SIDE]` uint8, the whole image in grey.
    """

    digests: Bytes
    grey: Bytes

    def __len__(self) -> int:
        return len(self.digests)

    def keys(self) -> list[bytes | None]:
        """The digests; None of images that cannot be read."""
        return [None if (key := row.tobytes()) == UNREADABLE else key for row in self.digests]


def fingerprints(images: Images, cache: Path | None = None) -> Fingerprints:
    """Images -> their fingerprints; each is decoded once, and never again where there is a cache.

    Args:
        images: of a data set.
        cache: folder that they are kept in by content; None keeps nothing.
    """
    path = _path(images, cache)
    kept = _read(path) if path else None
    if kept and len(kept) == len(images):
        return kept
    digests = np.zeros((len(images), 32), np.uint8)
    grey = np.zeros((len(images), SIDE, SIDE), np.uint8)
    what = f"look for copies in {images.folder.name}"
    for row, found in enumerate(each(_fingerprint, images, what)):
        if not isinstance(found, DataError):
            digests[row], grey[row] = np.frombuffer(found[0], np.uint8), found[1]
    made = Fingerprints(digests, grey)
    if path:
        write_atomically(path, tensor_bytes({"digests": made.digests, "grey": made.grey}))
    return made


def _fingerprint(picture: Picture) -> tuple[bytes, Bytes]:
    """SHA-256 of an image, and its small grey picture."""
    from PIL import Image

    content = hashlib.sha256(repr(picture.shape).encode())
    content.update(np.ascontiguousarray(picture).data)
    is_small = min(picture.shape[:2]) < SIDE
    method = Image.Resampling.BICUBIC if is_small else Image.Resampling.BOX
    grey = Image.fromarray(picture).convert("L").resize((SIDE, SIDE), method)
    return content.digest(), np.asarray(grey)


def _path(images: Images, cache: Path | None) -> Path | None:
    if cache is None:
        return None
    code = inspect.getsource(decode) + inspect.getsource(sys.modules[__name__])
    content = hashlib.sha256((code + images.digest).encode()).hexdigest()
    return cache / f"fingerprints-{content[:32]}.safetensors"


def _read(path: Path) -> Fingerprints | None:
    """What was kept; None where there is nothing whole."""
    if not path.is_file():
        return None
    try:
        with safe_open(path, framework="np") as file:
            return Fingerprints(file.get_tensor("digests"), file.get_tensor("grey"))
    except SafetensorError:  # damaged: it is made again
        return None
