"""`ImageMeasurer`: measures of images, kept in a file by the content of image and code."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from kgtransfer.utils.bounded import json_value
from kgtransfer.utils.progress import bar

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from kgtransfer.images.data.decode import Picture

__all__ = ["ImageMeasurer", "digest_of_code"]


class ImageMeasurer(ABC):
    """Takes the measures of images, each image once; a subclass for each kind of image.

    Args:
        cache: a file that measures are kept in, a line of JSON an image: nothing outdated is ever
            read, for the key is the content of image and code. None keeps nothing.

    Attributes:
        measures: IRIs, in the order of the columns.
        code: digest of the code that decides what a measure is.
    """

    measures: ClassVar[tuple[str, ...]]
    code: ClassVar[bytes]

    def __init__(self, cache: str | Path | None = None) -> None:
        self._file = Path(cache) if cache else None
        self._kept = _read(self._file, len(self.measures)) if self._file else {}

    @abstractmethod
    def taken(self, image: Picture) -> list[float]:
        """The measures of one image; nan where it does not have what is measured."""

    def measure(self, samples: Sequence[Picture]) -> npt.NDArray[np.float64]:
        """`[images, measures]`, nan where one does not have what is measured; RGB, uint8."""
        if not self._file:
            return self._table([self.taken(image) for image in samples])
        keys = [self._key(image) for image in samples]
        of = dict(zip(keys, samples, strict=True))
        self._take({key: image for key, image in of.items() if key not in self._kept}, self._file)
        return self._table([self._kept[key] for key in keys])

    def _table(self, rows: list[list[float]]) -> npt.NDArray[np.float64]:
        return np.array(rows, dtype=np.float64).reshape(-1, len(self.measures))

    def _take(self, images: dict[str, Picture], kept: Path) -> None:
        """Measure images and keep what is found, each at once: an interrupted run has it."""
        if not images:
            return
        kept.parent.mkdir(parents=True, exist_ok=True)
        with kept.open("a", encoding="utf-8") as file, bar("measure", len(images)) as advance:
            for key, image in images.items():
                self._kept[key] = self.taken(image)
                file.write(json.dumps([key, self._kept[key]]) + "\n")
                advance()

    def _key(self, image: Picture) -> str:
        content = hashlib.sha256(self.code + repr(image.shape).encode())
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
                key, values = json_value(line)
            except ValueError:
                continue
            if len(values) == width:
                kept[key] = values
    return kept
