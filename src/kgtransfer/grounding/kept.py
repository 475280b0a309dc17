"""Measures of images that are kept in a file, by the content of image and code."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.progress import bar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    Image = npt.NDArray[np.uint8]

__all__ = ["KeptMeasures", "digest_of_code"]


class KeptMeasures:
    """Takes the measures of images, each image once.

    Args:
        file: what measures are kept in, a line of JSON an image: nothing outdated is ever read,
            for the key is the content of image and code. None keeps nothing.
        take: the measures of an image.
        width: how many they are.
        code: digest of the code that decides what a measure is.
    """

    def __init__(
        self,
        file: str | Path | None,
        take: Callable[[Image], list[float]],
        width: int,
        code: bytes,
    ) -> None:
        self._file = Path(file) if file else None
        self._take_one, self._width, self._code = take, width, code
        self._kept = _read(self._file, width) if self._file else {}

    def rows(self, images: Sequence[Image]) -> npt.NDArray[np.float64]:
        """`[images, measures]`; images are RGB, uint8."""
        if not self._file:
            return self._table([self._take_one(image) for image in images])
        keys = [self._key(image) for image in images]
        of = dict(zip(keys, images, strict=True))
        self._take({key: image for key, image in of.items() if key not in self._kept})
        return self._table([self._kept[key] for key in keys])

    def _table(self, rows: list[list[float]]) -> npt.NDArray[np.float64]:
        return np.array(rows, dtype=np.float64).reshape(-1, self._width)

    def _take(self, images: dict[str, Image]) -> None:
        """Measure images and keep what is found, each at once: an interrupted run has it."""
        if not images or not self._file:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as file, bar("measure", len(images)) as advance:
            for key, image in images.items():
                self._kept[key] = self._take_one(image)
                file.write(json.dumps([key, self._kept[key]]) + "\n")
                advance()

    def _key(self, image: Image) -> str:
        content = hashlib.sha256(self._code + repr(image.shape).encode())
        content.update(np.ascontiguousarray(image).data)
        return content.hexdigest()


def digest_of_code(folder: Path) -> bytes:
    """SHA-256 of a package's modules: other code takes other measures."""
    code = sorted(folder.glob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in code)).digest()


def _read(file: Path, width: int) -> dict[str, list[float]]:
    """What was kept; a last line that was cut off, or is of other code, is no loss."""
    kept: dict[str, list[float]] = {}
    if file.is_file():
        for line in file.read_text(encoding="utf-8").splitlines():
            try:
                key, values = json.loads(line)
            except ValueError:
                continue
            if len(values) == width:
                kept[key] = values
    return kept
