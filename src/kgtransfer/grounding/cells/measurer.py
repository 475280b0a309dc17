"""`CellMeasurer`: all measures of images of blood cells, kept by the images' content."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.grounding.cells.measures import MEASURES
from kgtransfer.grounding.cells.segmentation import segment
from kgtransfer.progress import bar

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Image = npt.NDArray[np.uint8]

__all__ = ["CellMeasurer"]


class CellMeasurer:
    """Segments images of one white cell each and takes the measures of `MEASURES`.

    Args:
        cache: a file that measures are kept in, a line of JSON an image. The key is the content
            of the image and of the code that measures: nothing outdated is ever read. None keeps
            nothing.
    """

    measures: tuple[str, ...] = tuple(MEASURES)

    def __init__(self, cache: str | Path | None = None) -> None:
        self._file = Path(cache) if cache else None
        self._kept = _read(self._file) if self._file else {}

    def measure(self, samples: Sequence[Image]) -> npt.NDArray[np.float64]:
        """`[images, measures]`, nan where an image shows no cell; images are RGB, uint8."""
        if not self._file:
            return np.array([_measures(image) for image in samples]).reshape(-1, len(MEASURES))
        keys = [_key(image) for image in samples]
        images = dict(zip(keys, samples, strict=True))
        self._take({key: image for key, image in images.items() if key not in self._kept})
        return np.array([self._kept[key] for key in keys]).reshape(-1, len(MEASURES))

    def _take(self, images: dict[str, Image]) -> None:
        """Measure images and keep what is found, each at once: an interrupted run has it."""
        if not images or not self._file:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as file, bar("measure", len(images)) as advance:
            for key, image in images.items():
                self._kept[key] = _measures(image)
                file.write(json.dumps([key, self._kept[key]]) + "\n")
                advance()


def _measures(image: Image) -> list[float]:
    cell = segment(image)
    return [float(function(cell)) for function in MEASURES.values()]


def _key(image: Image) -> str:
    content = hashlib.sha256(_VERSION + repr(image.shape).encode())
    content.update(np.ascontiguousarray(image).data)
    return content.hexdigest()


def _read(file: Path) -> dict[str, list[float]]:
    """What was kept; a last line that was cut off, or is of other code, is no loss."""
    kept: dict[str, list[float]] = {}
    if file.is_file():
        for line in file.read_text(encoding="utf-8").splitlines():
            try:
                key, values = json.loads(line)
            except ValueError:
                continue
            if len(values) == len(MEASURES):
                kept[key] = values
    return kept


def _version() -> bytes:
    """Digest of the code that decides what a measure is: this package's."""
    code = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in code)).digest()


_VERSION = _version()
