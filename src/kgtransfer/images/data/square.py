"""Any image as a square of one size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from kgtransfer.images.data.decode import Picture

__all__ = ["fitted_to_square"]


def fitted_to_square(picture: Picture, size: int) -> Picture:
    """The image's middle square, brought to `size` pixels a side by bicubic resampling."""
    from PIL import Image

    side = min(picture.shape[:2])
    top, left = ((length - side) // 2 for length in picture.shape[:2])
    square = Image.fromarray(picture[top : top + side, left : left + side])
    return np.asarray(square.resize((size, size), Image.Resampling.BICUBIC))
