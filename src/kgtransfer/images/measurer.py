"""`ImageMeasurer`: images -> measures by plain functions, kept by the content of image and code."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kgtransfer.errors import ConfigError
from kgtransfer.images.data.mapped import mapped
from kgtransfer.images.data.pictures import some
from kgtransfer.utils.bounded import json_value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt
    from matplotlib.figure import Figure

    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.drawing import GroundedValue

    Draw = Callable[[Picture, Sequence[GroundedValue]], Figure]

__all__ = ["ImageMeasurer", "digest_of_code"]


def _as_it_is(image: Picture) -> Picture:
    return image


def _no_areas(_image: Picture) -> dict[str, float]:
    return {}


def _draw_bare(image: Picture, values: Sequence[GroundedValue]) -> Figure:
    from kgtransfer.images.drawing import beside_bars

    figure, picture = beside_bars(values)
    picture.imshow(image)
    return figure


class ImageMeasurer:
    """Takes measures of images by functions, of each image once.

    Args:
        functions: IRI of a measure -> function of what `prepare` makes of an image, a number; nan
            where the image does not have what is measured. Of many images they are called in
            several processes, where they can be sent to them.
        cache: a file that measures are kept in, a line of JSON an image: nothing outdated is ever
            read, for the key is the content of image and code. None keeps nothing.
        prepare: an RGB image, uint8 -> what the functions read; by default the image itself.
        code: digest of the code that decides what a measure is.
        areas: an image -> name of what is found in it -> share of the image that it has.
        draw: an image and the weights of its concepts -> a figure; see `draw_grounded`.

    Raises:
        ConfigError: measures are to be kept, and nothing tells when they are outdated.

    Attributes:
        measures: IRIs, in the order of the columns.
    """

    def __init__(
        self,
        functions: Mapping[str, Callable[[Any], float]],
        cache: str | Path | None = None,
        *,
        prepare: Callable[[Picture], Any] = _as_it_is,
        code: bytes = b"",
        areas: Callable[[Picture], dict[str, float]] = _no_areas,
        draw: Draw = _draw_bare,
    ) -> None:
        if cache and not code:
            raise ConfigError(
                "measures are to be kept, and an edit of their functions could not be told",
                cure="give code=, a digest of what decides on them, or no cache",
            )
        self.measures, self.code = tuple(functions), code
        self.areas, self.draw = areas, draw
        self._taking = _Taking(tuple(functions.values()), prepare)
        self._file = Path(cache) if cache else None
        self._kept = _read(self._file, len(self.measures)) if self._file else {}

    def measure(self, samples: Sequence[Picture]) -> npt.NDArray[np.float64]:
        """`[images, measures]`, nan where one does not have what is measured; RGB, uint8."""
        if not self._file:
            return self._table(list(mapped(self._taking, samples, "measure")))
        keys = list(mapped(partial(_key, self.code), samples, "look up measures"))
        row_of = {key: row for row, key in enumerate(keys)}
        new = [key for key in row_of if key not in self._kept]
        self._take(new, some(samples, [row_of[key] for key in new]), self._file)
        return self._table([self._kept[key] for key in keys])

    def _table(self, rows: list[list[float]]) -> npt.NDArray[np.float64]:
        return np.array(rows, dtype=np.float64).reshape(-1, len(self.measures))

    def _take(self, keys: list[str], images: Sequence[Picture], kept: Path) -> None:
        """Measure images and keep each one's measures at once: an interrupted run has them."""
        if not keys:
            return
        kept.parent.mkdir(parents=True, exist_ok=True)
        with kept.open("a", encoding="utf-8") as file:
            measured = mapped(self._taking, images, "measure")
            for key, values in zip(keys, measured, strict=True):
                self._kept[key] = values
                file.write(json.dumps([key, values]) + "\n")


@dataclass(frozen=True)
class _Taking:
    """An image -> its measures."""

    functions: tuple[Callable[[Any], float], ...]
    prepare: Callable[[Picture], Any]

    def __call__(self, image: Picture) -> list[float]:
        prepared = self.prepare(image)
        return [float(function(prepared)) for function in self.functions]


def _key(code: bytes, image: Picture) -> str:
    content = hashlib.sha256(code + repr(image.shape).encode())
    content.update(np.ascontiguousarray(image).data)
    return content.hexdigest()


def digest_of_code(folder: Path, *further: Path) -> bytes:
    """SHA-256 of a package's modules but `drawing.py`, and of further files that they call.

    Other code takes other measures.
    """
    code = sorted(path for path in folder.glob("*.py") if path.name != "drawing.py")
    return hashlib.sha256(b"".join(path.read_bytes() for path in (*code, *further))).digest()


def _read(file: Path, width: int) -> dict[str, list[float]]:
    """What was kept; a last line that was cut off, or is of other code, is no loss."""
    kept: dict[str, list[float]] = {}
    if file.is_file():
        for line in file.read_text(encoding="utf-8").splitlines():
            try:
                key, values = json_value(line)
            except ValueError:
                continue
            if len(values) == width:
                kept[key] = values
    return kept
