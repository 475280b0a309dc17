"""Images of a data set -> those of them that can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from kgtransfer.errors import DataError
from kgtransfer.images.data.mapped import each
from kgtransfer.images.data.pictures import Pictures
from kgtransfer.utils.progress import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.data.folder import Images

    T = TypeVar("T")

__all__ = ["of_readable", "readable"]

NAMED = 5
"""Images that cannot be read, of which a warning tells why."""


def readable(images: Images) -> Pictures:
    """The images that can be read; the others are named in a warning.

    Raises:
        DataError: none can.
    """
    rows = [row for row, _ in of_readable(_nothing, images, f"read {images.folder.name}")]
    return Pictures(images.take(rows))


def of_readable(
    function: Callable[[Picture], T], images: Images, what: str, *, warns: bool = True
) -> Iterator[tuple[int, T]]:
    """Row of each image that can be read, and what a function makes of the image.

    Args:
        function: see `each`.
        images: of a data set.
        what: what is being done, for people.
        warns: of those that cannot be read, once all are done.

    Raises:
        DataError: none can.
    """
    refused: list[DataError] = []
    for row, result in enumerate(each(function, images, what)):
        if isinstance(result, DataError):
            refused.append(result)
        else:
            yield row, result
    if len(refused) == len(images):
        raise refused[0]
    if refused and warns:
        say(f"warning: {len(refused)} of {len(images)} images are left out:", *refused[:NAMED])


def _nothing(picture: Picture) -> None:  # that it can be read is all
    pass
