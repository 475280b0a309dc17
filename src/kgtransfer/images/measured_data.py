"""Image data sets as they lie there: pixels after hygiene and measures, whatever anybody knows.

No ontology takes part in a reading, so that no edit makes one stale. Readings are kept by the
content of images and code.
"""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as tensor_bytes

from kgtransfer.errors import DataError
from kgtransfer.images.data import macenko as macenko_code
from kgtransfer.images.data import preprocessing as hygiene_code
from kgtransfer.images.data.colour_transfer import METHODS, colours_from_json, colours_to_json
from kgtransfer.images.data.preprocessing import fitted_to_square
from kgtransfer.utils.bounded import json_value
from kgtransfer.utils.files import write_atomically
from kgtransfer.utils.progress import bar, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from torch import Tensor

    from kgtransfer.images.data.colour_transfer import Colours
    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.data.folder import Images
    from kgtransfer.images.measurer import ImageMeasurer

    Floats = npt.NDArray[np.float64]

__all__ = ["ImageReader", "MeasuredImages", "readable"]

CODE = (hygiene_code, macenko_code)  # decides what pixels are


@dataclass(frozen=True, eq=False)
class MeasuredImages:
    """A data set without its unreadable images.

    Attributes:
        images: names and labels.
        pixels: `[n, 3, size, size]` uint8, after hygiene.
        measures: `[n, measures]` as they were taken; not a number where a sample lacks one.
    """

    images: Images
    pixels: Tensor
    measures: Floats

    def __len__(self) -> int:
        return len(self.images)

    @property
    def hash(self) -> str:
        """SHA-256 of pixels, measures, names and labels, 64 hex digits."""
        content = hashlib.sha256(self.pixels.contiguous().numpy().data)
        content.update(self.measures.tobytes())
        content.update(json.dumps([self.images.names, self.images.labels]).encode())
        return content.hexdigest()

    def __getitem__(self, rows: Sequence[int]) -> MeasuredImages:
        """Some of the samples, in the order given."""
        rows = list(rows)
        return MeasuredImages(self.images.take(rows), self.pixels[rows], self.measures[rows])


@dataclass(frozen=True)
class ImageReader:
    """Reads data sets, each content once.

    Args:
        measurer: takes measures.
        size: side of the pixels.
        cache: folder that readings are kept in; None keeps nothing.
    """

    measurer: ImageMeasurer
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
        found = METHODS[by].fitted(readable(images)[1])
        if path:
            write_atomically(path, json.dumps(colours_to_json(found)).encode())
        return found

    def __call__(self, images: Images, hygiene: Colours | None = None) -> MeasuredImages:
        """Pixels, brought to the reference's colours where there is one, and measures.

        Raises:
            DataError: no image can be read.
        """
        digest = hashlib.sha256(self.measurer.code + repr((self.size, hygiene)).encode())
        path = self._path("reading", "safetensors", images.digest, digest.hexdigest())
        found = _read(path, images) if path else None
        if found is None:
            readables = _Readable(images)
            found = MeasuredImages(
                readables.images,
                self._pixels(readables, hygiene),
                self.measurer.measure(readables.pictures),
            )
            if path:
                _write(path, found, readables.rows)
        return found

    def _pixels(self, readables: _Readable, hygiene: Colours | None) -> Tensor:
        squares = np.empty((len(readables.pictures), self.size, self.size, 3), dtype=np.uint8)
        with bar(f"normalise {readables.images.folder.name}", len(squares)) as advance:
            for square, picture in zip(squares, readables.pictures, strict=True):
                square[:] = fitted_to_square(hygiene(picture) if hygiene else picture, self.size)
                advance()
        return torch.from_numpy(squares).permute(0, 3, 1, 2).contiguous()

    def _path(self, kind: str, suffix: str, *parts: str) -> Path | None:
        code = map(inspect.getsource, CODE)
        content = hashlib.sha256(json.dumps([*code, *parts]).encode()).hexdigest()
        return self.cache / f"{kind}-{content[:32]}.{suffix}" if self.cache else None


@dataclass(frozen=True)
class _Readable:
    """The images of a data set that can be read, and which they are."""

    of: Images

    @cached_property
    def rows(self) -> list[int]:
        return self._found[0]

    @cached_property
    def images(self) -> Images:
        return self.of.take(self.rows)

    @cached_property
    def pictures(self) -> list[Picture]:
        return self._found[1]

    @cached_property
    def _found(self) -> tuple[list[int], list[Picture]]:
        found: list[Picture] = []
        rows, refused = [], []
        with bar(f"read {self.of.folder.name}", len(self.of)) as advance:
            for row, picture in enumerate(self.of.pictures()):
                advance()
                if isinstance(picture, DataError):
                    refused.append(picture)
                else:
                    rows.append(row)
                    found.append(picture)
        if not rows:
            raise refused[0]
        if refused:
            say(f"warning: {len(refused)} of {len(self.of)} images are left out:", *refused[:5])
        return rows, found


def readable(images: Images) -> tuple[Images, list[Picture]]:
    """The images that can be read, and their pixels; the others are named in a warning.

    Raises:
        DataError: none can.
    """
    found = _Readable(images)
    return found.images, found.pictures


def _read(path: Path, images: Images) -> MeasuredImages | None:
    """What was kept; None where there is nothing whole."""
    if not path.is_file():
        return None
    try:
        with safe_open(path, framework="pt") as file:
            rows = file.get_tensor("rows").tolist()
            measures = file.get_tensor("measures").numpy()
            return MeasuredImages(images.take(rows), file.get_tensor("pixels"), measures)
    except SafetensorError:  # damaged: it is made again
        return None


def _write(path: Path, reading: MeasuredImages, rows: list[int]) -> None:
    tensors = {
        "rows": torch.tensor(rows),
        "pixels": reading.pixels,
        "measures": torch.from_numpy(reading.measures),
    }
    write_atomically(path, tensor_bytes(tensors))
