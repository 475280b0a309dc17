"""Image files of any kind as RGB, eight bits a channel, or a clear refusal."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.errors import DataError

if TYPE_CHECKING:
    import numpy.typing as npt
    from PIL.Image import Image

    Picture = npt.NDArray[np.uint8]

__all__ = ["SMALLEST", "read_picture", "rgb", "with_enough_pixels"]

FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP")
"""What is decoded; among Pillow's others are programs in PostScript."""
SMALLEST = 16  # pixels of a side, below which nothing can be told
LARGEST = 89_478_485
"""Pixels, above which a file is taken for an attack; Pillow's own limit."""

_SMALLER = "scale it down, or cut it into several images"


def read_picture(content: bytes, name: str) -> Picture:
    """The pixels `[height, width, 3]`, uint8, the way up that the camera says.

    Greyscale has three equal channels; 16 bits are brought to 8, by 12 where there are no more, and
    floats from 0 to 1 by 255; what is transparent lies on white, as on a light microscope; CMYK is
    converted; of an animation, the first frame is taken.

    Args:
        content: of the file.
        name: of the file, for errors.

    Raises:
        DataError: the file is no image, damaged or cut off, too small or suspiciously large.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # told below
            image = Image.open(io.BytesIO(content), formats=FORMATS)
            if image.width * image.height > LARGEST:
                size = f"{image.width:,} x {image.height:,} pixels"
                raise DataError(f"{name}: {size} are more than {LARGEST:,}", cure=_SMALLER)
            upright = ImageOps.exif_transpose(image)
            pixels = np.ascontiguousarray(rgb(upright))
    except UnidentifiedImageError as error:
        cure = (
            "give PNG, JPEG, TIFF, BMP or WebP" if content else "the file is empty: copy it again"
        )
        raise DataError(f"{name}: not an image of a known kind", cure=cure) from error
    except Image.DecompressionBombError as error:
        raise DataError(f"{name}: more than {LARGEST:,} pixels", cure=_SMALLER) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise DataError(f"{name}: damaged ({error})", cure="copy the file again") from error
    return with_enough_pixels(pixels, name)


def with_enough_pixels(pixels: Picture, name: str) -> Picture:
    """The pixels, of a size at which something can be told.

    Raises:
        DataError: a side is shorter.
    """
    if min(pixels.shape[:2]) < SMALLEST:
        height, width, _ = pixels.shape
        raise DataError(
            f"{name}: {width} x {height} pixels are too few",
            cure=f"leave it out, or give an image of at least {SMALLEST} pixels a side",
        )
    return pixels


def rgb(image: Image) -> Picture:
    """A PIL image of any mode -> `[height, width, 3]` uint8.

    Raises:
        ValueError: a pixel is not a finite number.
    """
    if image.mode.startswith(("I", "F")):
        return np.repeat(_eight_bits(np.asarray(image))[:, :, None], 3, axis=2)
    if image.has_transparency_data:
        from PIL import Image as Pillow

        image = image.convert("RGBA")
        white = Pillow.new("RGBA", image.size, "white")
        image = Pillow.alpha_composite(white, image)
    return np.asarray(image.convert("RGB"))


def _eight_bits(values: npt.NDArray[np.generic]) -> Picture:
    """Values of 16 bits by their high byte; of any other range, brought to 0 to 255.

    Many cameras and scanners fill 12 of 16 bits: by their high byte they would all be black.
    """
    numbers = values.astype(np.float64)
    if not np.isfinite(numbers).all():
        raise ValueError("a pixel is not a finite number")
    most = numbers.max(initial=0)
    if np.issubdtype(values.dtype, np.integer) and numbers.min(initial=0) >= 0 and most < 65536:
        step = 1 if most <= 255 else 4095 / 255 if most <= 4095 else 257
        return np.asarray(numbers // step, dtype=np.uint8)
    if np.issubdtype(values.dtype, np.floating) and numbers.min(initial=0) >= 0 and most <= 1:
        return np.asarray(np.round(255 * numbers), dtype=np.uint8)
    low, high = numbers.min(initial=0), max(numbers.max(initial=0), 255.0)
    return np.asarray((numbers - low) / (high - low) * 255, dtype=np.uint8)
