"""Image data sets -> pixels after preprocessing and measures, whatever an ontology says.

No ontology takes part, so that no edit makes measured data stale. They are kept by the content of
images and code.
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
from kgtransfer.images.data import preprocessing as preprocessing_code
from kgtransfer.images.data.colour_transfer import METHODS, colours_from_json, colours_to_json
from kgtransfer.images.data.preprocessing import fitted_to_square
from kgtransfer.utils.bounded import json_value
from kgtransfer.utils.files import write_atomically
from kgtransfer.utils.progress import bar, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from torch import Tensor

    from kgtransfer.grounding.measured import Measurer
    from kgtransfer.images.data.colour_transfer import Colours
    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.data.folder import Images

    Floats = npt.NDArray[np.float64]

__all__ = ["ImageReader", "MeasuredImages", "readable"]

CODE = (preprocessing_code, macenko_code)  # decides what pixels are


@dataclass(frozen=True, eq=False)
class MeasuredImages:
    """A data set without its unreadable images.

    Attributes:
        images: names and labels.
        pixels: `[n, 3, size, size]` uint8, after preprocessing.
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
        measurer: takes measures. What it gives is kept only where it has `code`, a digest of what
            decides on its measures: else nobody could tell when it is outdated.
        size: side of the pixels.
        cache: folder that measured data are kept in; None keeps nothing.
    """

    measurer: Measurer[Picture]
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
        colours = METHODS[by].fitted(_Readable(images, names_refused=False).pictures)
        if path:
            write_atomically(path, json.dumps(colours_to_json(colours)).encode())
        return colours

    def __call__(self, images: Images, colours: Colours | None = None) -> MeasuredImages:
        """Pixels, brought to the reference's colours where there is one, and measures.

        Raises:
            DataError: no image can be read.
        """
        path = self._measured_path(images, colours)
        measured = _read(path, images) if path else None
        if measured is None:
            readables = _Readable(images)
            measured = MeasuredImages(
                readables.images,
                self._pixels(readables, colours),
                _measures(self.measurer, readables.pictures),
            )
            if path:
                _write(path, measured, readables.rows)
        return measured

    def _measured_path(self, images: Images, colours: Colours | None) -> Path | None:
        code: bytes = getattr(self.measurer, "code", b"")
        if not code or not self.cache:
            return None
        digest = hashlib.sha256(code + repr((self.size, colours)).encode())
        return self._path("measured", "safetensors", images.digest, digest.hexdigest())

    def _pixels(self, readables: _Readable, colours: Colours | None) -> Tensor:
        squares = np.empty((len(readables.pictures), self.size, self.size, 3), dtype=np.uint8)
        with bar(f"normalise {readables.images.folder.name}", len(squares)) as advance:
            for square, picture in zip(squares, readables.pictures, strict=True):
                square[:] = fitted_to_square(colours(picture) if colours else picture, self.size)
                advance()
        return torch.from_numpy(squares).permute(0, 3, 1, 2).contiguous()

    def _path(self, kind: str, suffix: str, *parts: str) -> Path | None:
        code = map(inspect.getsource, CODE)
        content = hashlib.sha256(json.dumps([*code, *parts]).encode()).hexdigest()
        return self.cache / f"{kind}-{content[:32]}.{suffix}" if self.cache else None


@dataclass(frozen=True)
class _Readable:
    """The images of a data set that can be read, and which they are.

    Attributes:
        data_set: all of them.
        names_refused: whether those that cannot be read are named in a warning.
    """

    data_set: Images
    names_refused: bool = True

    @cached_property
    def rows(self) -> list[int]:
        return self._decoded[0]

    @cached_property
    def images(self) -> Images:
        return self.data_set.take(self.rows)

    @cached_property
    def pictures(self) -> list[Picture]:
        return self._decoded[1]

    @cached_property
    def _decoded(self) -> tuple[list[int], list[Picture]]:
        pictures: list[Picture] = []
        rows, refused = [], []
        with bar(f"read {self.data_set.folder.name}", len(self.data_set)) as advance:
            for row, picture in enumerate(self.data_set.pictures()):
                advance()
                if isinstance(picture, DataError):
                    refused.append(picture)
                else:
                    rows.append(row)
                    pictures.append(picture)
        if not rows:
            raise refused[0]
        if refused and self.names_refused:
            say(
                f"warning: {len(refused)} of {len(self.data_set)} images are left out:",
                *refused[:5],
            )
        return rows, pictures


def readable(images: Images) -> tuple[Images, list[Picture]]:
    """The images that can be read, and their pixels; the others are named in a warning.

    Raises:
        DataError: none can.
    """
    readables = _Readable(images)
    return readables.images, readables.pictures


def _measures(measurer: Measurer[Picture], pictures: list[Picture]) -> Floats:
    """`[pictures, measures]`.

    Raises:
        DataError: the measurer gave a table of another form.
    """
    table = np.ascontiguousarray(measurer.measure(pictures), dtype=np.float64)
    shape = len(pictures), len(measurer.measures)
    if table.shape != shape:
        raise DataError(
            f"the measurer gave a table {table.shape} of {shape[0]} images and {shape[1]} measures",
            cure="measure(images) gives a row for each image and a column for each of `measures`",
        )
    return table


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


def _write(path: Path, measured: MeasuredImages, rows: list[int]) -> None:
    tensors = {
        "rows": torch.tensor(rows),
        "pixels": measured.pixels,
        "measures": torch.from_numpy(measured.measures),
    }
    write_atomically(path, tensor_bytes(tensors))
