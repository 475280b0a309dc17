"""`ImagePreprocessing`: an image of any size -> the pixels that an exported model takes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from kgtransfer.images.data.decode import read_picture
from kgtransfer.images.data.square import fitted_to_square
from kgtransfer.utils.files import plain_bytes

if TYPE_CHECKING:
    from torch import Tensor

    from kgtransfer.images.data.colour_transfer import Colours
    from kgtransfer.images.data.decode import Picture

__all__ = ["ImagePreprocessing", "picture_of"]


@dataclass(frozen=True)
class ImagePreprocessing:
    """What was done to all images of a run: colours of a reference, middle square, one size.

    Attributes:
        size: side in pixels.
        colours: brings an image to those of the training images; None leaves them.
    """

    size: int
    colours: Colours | None = None

    def __call__(self, image: str | Path | Picture) -> Tensor:
        """Image -> `[3, size, size]` uint8.

        Args:
            image: a file, or pixels `[height, width, 3]`, uint8, RGB.

        Raises:
            DataError: the file is no image.
            OSError: there is no such file.
        """
        picture = picture_of(image)
        picture = self.colours(picture) if self.colours else picture
        square = fitted_to_square(np.ascontiguousarray(picture), self.size)
        return torch.from_numpy(square.copy()).permute(2, 0, 1).contiguous()


def picture_of(image: str | Path | Picture) -> Picture:
    """A file, or its pixels -> its pixels `[height, width, 3]`.

    Raises:
        DataError: the file is no image.
        OSError: there is no such file.
    """
    if isinstance(image, str | Path):
        return read_picture(plain_bytes(Path(image)), str(image))
    return image
