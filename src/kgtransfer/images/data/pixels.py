"""`Pixels`: decoded images in one file, of which only what is at work is in memory.

The file is of the safetensors form: `pixels`, `[n, 3, size, size]` uint8, and `readable`, a mark
for each image of the data set. It is mapped anew for each batch, so that no page of it stays.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import shutil
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from kgtransfer.classification.inputs import BATCH, batches
from kgtransfer.errors import DataError
from kgtransfer.utils.bounded import json_value
from kgtransfer.utils.files import written_beside

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import numpy.typing as npt
    from torch import Tensor

    from kgtransfer.images.data.decode import Picture

    Rows = npt.NDArray[np.int64]

__all__ = ["Pixels", "read_pixels", "write_pixels"]

HEADER = 4096
"""Bytes before the pixels: a page, however many images there turn out to be."""
STALE = 60  # seconds after which a file that nobody holds was left by a process that was cut off


@dataclass(frozen=True, eq=False)
class Pixels:
    """Rows of a file of square images: a tensor `[n, 3, size, size]`, uint8, once it is asked `to`.

    Attributes:
        path: of the file.
        images: in the file.
        size: side of an image.
        rows: of the file, in order.
        whole: SHA-256 that has seen all images in the file, where these are all.
    """

    path: Path
    images: int
    size: int
    rows: Rows
    whole: hashlib._Hash | None = field(default=None, repr=False)

    @property
    def shape(self) -> tuple[int, ...]:
        """As a tensor's."""
        return (len(self.rows), 3, self.size, self.size)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, rows: Any) -> Pixels:
        """Some of them, by a slice or by rows; nothing is read."""
        chosen = rows if isinstance(rows, slice) else np.asarray(rows, dtype=np.int64)
        return replace(self, rows=self.rows[chosen], whole=None)

    def content(self) -> hashlib._Hash:
        """SHA-256 that has seen their bytes, and may go on with more."""
        if self.whole:
            return self.whole.copy()
        content = hashlib.sha256()
        for batch in batches(self):
            content.update(batch.numpy().data)
        return content

    def to(self, device: Any) -> Tensor:
        """All of them as a tensor, read from the file.

        Raises:
            DataError: the file is gone.
        """
        shape = (self.images, *self.shape[1:])
        try:
            mapped = np.memmap(self.path, np.uint8, "r", HEADER, shape)
        except (OSError, ValueError) as error:
            raise DataError(
                f"{self.path}: the images that were decoded are gone ({error})",
                cure="run it again: they are decoded anew",
            ) from error
        return torch.from_numpy(mapped[self.rows]).to(device)


def write_pixels(
    path: Path, squares: Iterable[tuple[int, Picture]], images: int, size: int
) -> tuple[Rows, Pixels]:
    """Squares, as they come -> a file of them; whole, or not there.

    Args:
        path: of the file.
        squares: row of an image in its data set, and its pixels `[3, size, size]`.
        images: in the data set; those that do not come cannot be read.
        size: side of a square.

    Returns:
        Rows of the images that came, and the file's pixels.

    Raises:
        DataError: the disk has no room for them.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(path.parent)
    _require_room(path, images * 3 * size * size)
    content, readable = hashlib.sha256(), np.zeros(images, dtype=np.bool_)
    with written_beside(path) as file:
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        file.seek(HEADER)
        for row, square in squares:
            file.write(square.data)
            content.update(square.data)
            readable[row] = True
        file.write(readable.tobytes())
        file.seek(0)
        file.write(_header(readable, size, _with(content, readable)))
    rows = np.flatnonzero(readable)
    return rows, Pixels(path, len(rows), size, np.arange(len(rows)), content)


def read_pixels(path: Path, images: int, size: int) -> tuple[Rows, Pixels] | None:
    """What `write_pixels` gave; None where there is no such file, or it is damaged.

    Args:
        path: of the file.
        images: in the data set.
        size: side of a square.
    """
    try:
        with path.open("rb") as file:
            header = file.read(HEADER)
            count = json_value(header[8:])["pixels"]["shape"][0]
            content, length = hashlib.sha256(), 3 * size * size
            for start in range(0, count, BATCH):
                content.update(file.read(min(BATCH, count - start) * length))
            readable = np.frombuffer(file.read(), dtype=np.bool_)
        if len(readable) != images or header != _header(readable, size, _with(content, readable)):
            return None
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None
    return np.flatnonzero(readable), Pixels(path, count, size, np.arange(count), content)


def _with(content: hashlib._Hash, readable: npt.NDArray[np.bool_]) -> str:
    content = content.copy()
    content.update(readable.tobytes())
    return content.hexdigest()


def _header(readable: npt.NDArray[np.bool_], size: int, sha256: str) -> bytes:
    """The safetensors header, filled up with spaces."""
    count, images = int(readable.sum()), len(readable)
    end = count * 3 * size * size
    form = {
        "__metadata__": {"sha256": sha256},
        "pixels": {"dtype": "U8", "shape": [count, 3, size, size], "data_offsets": [0, end]},
        "readable": {"dtype": "BOOL", "shape": [images], "data_offsets": [end, end + images]},
    }
    length = HEADER - 8
    return length.to_bytes(8, "little") + json.dumps(form).encode().ljust(length)


def _require_room(path: Path, size: int) -> None:
    free = shutil.disk_usage(path.parent).free
    if size > free:
        raise DataError(
            f"{path.parent}: decoded images take {size / 1e9:.1f} GB, {free / 1e9:.1f} are free",
            cure="make room, take fewer images or a smaller size, or write where there is more",
        )


def _sweep(folder: Path) -> None:
    """Remove what processes left that were cut off while they wrote."""
    for path in folder.glob(".pixels-*"):
        with contextlib.suppress(OSError):  # held by a process at work, or gone
            if time.time() - path.stat().st_mtime > STALE:
                with path.open("rb") as file:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    path.unlink()
