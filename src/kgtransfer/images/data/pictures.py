"""`Pictures`: the images of a data set as a sequence of pixels, none of which is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, overload

from kgtransfer.errors import DataError
from kgtransfer.images.data.folder import Images

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kgtransfer.images.data.decode import Picture

__all__ = ["Pictures", "some"]


@dataclass(frozen=True, eq=False)
class Pictures(Sequence["Picture"]):
    """Images that can be read as their pixels, `[h, w, 3]` uint8; each is decoded when asked for.

    Attributes:
        images: of a data set.

    Raises:
        DataError: an image can no longer be read.
    """

    images: Images

    @classmethod
    def of(cls, pictures: Sequence[Picture]) -> Pictures:
        """Those of a sequence of any kind."""
        if isinstance(pictures, cls):
            return pictures
        held = {str(row): picture for row, picture in enumerate(pictures)}
        return cls(Images(Path(), tuple(held), ("",) * len(held), {}, held=held))

    def __len__(self) -> int:
        return len(self.images)

    @overload
    def __getitem__(self, rows: int) -> Picture: ...

    @overload
    def __getitem__(self, rows: slice) -> Pictures: ...

    def __getitem__(self, rows: int | slice) -> Picture | Pictures:
        taken = range(len(self))[rows]
        if isinstance(taken, range):
            return Pictures(self.images.take(taken))
        (picture,) = Pictures(self.images.take([taken]))
        return picture

    def __iter__(self) -> Iterator[Picture]:
        for picture in self.images.pictures():
            if isinstance(picture, DataError):
                raise picture
            yield picture


def some(pictures: Sequence[Picture], rows: Sequence[int]) -> Sequence[Picture]:
    """Some of the pictures, in the order of the rows."""
    if isinstance(pictures, Pictures):
        return Pictures(pictures.images.take(rows))
    return [pictures[row] for row in rows]
