"""Image data sets -> pixels after preprocessing and what sources read, whatever an ontology says.

No ontology takes part, so that no edit makes them stale. They are kept by the content of images
and code, the readings of each source by themselves.
"""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as tensor_bytes

from kgtransfer.classification.inputs import content_of
from kgtransfer.errors import DataError
from kgtransfer.grounding.combined import parts_of
from kgtransfer.images.data import decode as decode_code
from kgtransfer.images.data import macenko as macenko_code
from kgtransfer.images.data import reinhard as reinhard_code
from kgtransfer.images.data import square as square_code
from kgtransfer.images.data.colour_transfer import METHODS, colours_from_json, colours_to_json
from kgtransfer.images.data.pictures import Pictures
from kgtransfer.images.data.pixels import read_pixels, write_pixels
from kgtransfer.images.data.square import fitted_to_square
from kgtransfer.images.readable import of_readable
from kgtransfer.utils.bounded import json_value
from kgtransfer.utils.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from torch import Tensor

    from kgtransfer.classification.inputs import Inputs
    from kgtransfer.grounding.source import Source
    from kgtransfer.images.data.colour_transfer import Colours
    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.data.folder import Images

    Floats = npt.NDArray[np.float64]

__all__ = ["ImageReader", "MeasuredImages"]

CODE = (decode_code, square_code, reinhard_code, macenko_code)  # decides what pixels are


@dataclass(frozen=True, eq=False)
class MeasuredImages:
    """A data set without its unreadable images.

    Attributes:
        images: names and labels.
        pixels: `[n, 3, size, size]` uint8, after preprocessing.
        readings: `[n, readings]` of a source; not a number where there was nothing to read.
        exact: of each reading, whether it is the same on every machine: no model made it.
    """

    images: Images
    pixels: Inputs
    readings: Floats
    exact: tuple[bool, ...]

    def __len__(self) -> int:
        return len(self.images)

    @property
    def hash(self) -> str:
        """SHA-256 of pixels, exact readings, names and labels, 64 hex digits."""
        content = content_of(self.pixels)
        content.update(self.readings[:, np.array(self.exact, dtype=bool)].tobytes())
        content.update(json.dumps([self.images.names, self.images.labels]).encode())
        return content.hexdigest()

    def __getitem__(self, rows: Sequence[int]) -> MeasuredImages:
        """Some of the samples, in the order given."""
        rows = list(rows)
        taken = self.images.take(rows), self.pixels[rows], self.readings[rows]
        return MeasuredImages(*taken, self.exact)


@dataclass(frozen=True)
class ImageReader:
    """Reads data sets, each content once.

    Args:
        source: reads images. What it reads is kept only where it has `code`, a digest of what
            decides on it: else nobody could tell when it is outdated.
        size: side of the pixels.
        cache: folder that pixels and readings are kept in; None keeps nothing, and all pixels are
            in memory.
    """

    source: Source[Picture]
    size: int
    cache: Path | None = None

    def reference(self, images: Images, by: str = "reinhard") -> Colours:
        """The colours that all images are brought to: those of some images, the training set.

        Args:
            images: of the training set.
            by: the method, a key of `METHODS`.
        """
        path = self._path("colours", "json", by, images.digest)
        if path and path.is_file():
            with contextlib.suppress(ValueError):  # damaged: they are measured again
                kept = colours_from_json(json_value(path.read_text(encoding="utf-8")))
                if kept is not None:
                    return kept
        method: Any = METHODS[by]
        name = f"colours of {images.folder.name}"
        colours: Colours = method.of(
            [seen for _, seen in of_readable(method.seen, images, name, warns=False)]
        )
        if path:
            write_atomically(path, json.dumps(colours_to_json(colours)).encode())
        return colours

    def __call__(self, images: Images, colours: Colours | None = None) -> MeasuredImages:
        """Pixels, brought to the reference's colours where there is one, and readings.

        Raises:
            DataError: no image can be read.
        """
        rows, pixels = self._kept_pixels(images, colours)
        read, parts = images.take(rows), parts_of(self.source)
        return MeasuredImages(
            read,
            pixels,
            np.hstack([self._kept_readings(part, images, read) for part in parts]),
            tuple(not part.model for part in parts for _ in range(part.width)),
        )

    def _kept_pixels(self, images: Images, colours: Colours | None) -> tuple[list[int], Inputs]:
        """Rows of the images that can be read, and their pixels."""
        path = self._path("pixels", "safetensors", images.digest, repr((self.size, colours)))
        kept = read_pixels(path, len(images), self.size) if path else None
        if kept is None:
            squared = partial(_square, size=self.size, colours=colours)
            squares = of_readable(squared, images, f"read {images.folder.name}")
            if path is None:
                rows, held = zip(*squares, strict=True)
                return list(rows), torch.from_numpy(np.stack(held))
            kept = write_pixels(path, squares, len(images), self.size)
        return kept[0].tolist(), kept[1]

    def _kept_readings(self, part: Source[Picture], images: Images, read: Images) -> Floats:
        """What a source read of the images that can be read."""
        digest = images.digest
        path = self._path("readings", "safetensors", digest, part.code.hex()) if part.code else None
        kept = _read(path, "readings")
        if kept is None:
            kept = (torch.from_numpy(_readings(part, Pictures(read))),)
            _write(path, readings=kept[0])
        return np.asarray(kept[0].numpy())

    def _path(self, kind: str, suffix: str, *parts: str) -> Path | None:
        code = map(inspect.getsource, CODE)
        content = hashlib.sha256(json.dumps([*code, *parts]).encode()).hexdigest()
        return self.cache / f"{kind}-{content[:32]}.{suffix}" if self.cache else None


def _square(picture: Picture, size: int, colours: Colours | None) -> Picture:
    """`[3, size, size]`."""
    square = fitted_to_square(colours(picture) if colours else picture, size)
    return np.ascontiguousarray(square.transpose(2, 0, 1))


def _readings(source: Source[Picture], pictures: Pictures) -> Floats:
    """`[pictures, width]`.

    Raises:
        DataError: the source gave a table of another form, or what is infinite.
    """
    table = np.ascontiguousarray(source.read(pictures), dtype=np.float64)
    shape = len(pictures), source.width
    if table.shape != shape:
        raise DataError(
            f"the source gave a table {table.shape} of {shape[0]} images and {shape[1]} readings",
            cure="read(images) gives a row for each image and `width` columns",
        )
    if np.isinf(table).any():
        row, column = np.argwhere(np.isinf(table))[0]
        raise DataError(
            f"reading {column} of image {row} is infinite", cure="give nan where there is none"
        )
    return table


def _read(path: Path | None, *names: str) -> tuple[Tensor, ...] | None:
    """Tensors that were kept; None where there is nothing whole."""
    if path is None or not path.is_file():
        return None
    try:
        with safe_open(path, framework="pt") as file:
            return tuple(file.get_tensor(name) for name in names)
    except SafetensorError:  # damaged: it is made again
        return None


def _write(path: Path | None, **tensors: Tensor) -> None:
    if path:
        write_atomically(path, tensor_bytes(tensors))
