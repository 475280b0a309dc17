"""Colour: which share of an image has which hue, how vivid, how warm and how manifold it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from kgtransfer.images.measures.view import View

__all__ = [
    "blue_share",
    "chroma",
    "colour_count",
    "cyan_share",
    "green_share",
    "grey_share",
    "orange_share",
    "red_share",
    "violet_share",
    "vivid_share",
    "warmth",
    "yellow_share",
]

VIVID = 0.6, 0.4  # saturation and value of a vivid colour
CELLS = 6  # steps of red, of green and of blue in which colours are counted


def red_share(view: View) -> float:
    """Share of pixels with a hue of 345 to 15 degrees."""
    return _hue_share(view, 345, 375)


def orange_share(view: View) -> float:
    """Share of pixels with a hue of 15 to 45 degrees; brown is a dark orange."""
    return _hue_share(view, 15, 45)


def yellow_share(view: View) -> float:
    """Share of pixels with a hue of 45 to 75 degrees."""
    return _hue_share(view, 45, 75)


def green_share(view: View) -> float:
    """Share of pixels with a hue of 75 to 165 degrees."""
    return _hue_share(view, 75, 165)


def cyan_share(view: View) -> float:
    """Share of pixels with a hue of 165 to 195 degrees."""
    return _hue_share(view, 165, 195)


def blue_share(view: View) -> float:
    """Share of pixels with a hue of 195 to 255 degrees."""
    return _hue_share(view, 195, 255)


def violet_share(view: View) -> float:
    """Share of pixels with a hue of 255 to 345 degrees: violet, magenta, pink."""
    return _hue_share(view, 255, 345)


def grey_share(view: View) -> float:
    """Share of pixels in which no hue is seen: black, grey, white."""
    return max(0.0, 1 - float(view.hues.sum()))


def vivid_share(view: View) -> float:
    """Share of pixels with a saturation of .6 and a value of .4 or more."""
    return float(view.at_least(*VIVID).mean())


def chroma(view: View) -> float:
    """Mean over pixels of the largest less the smallest of red, green and blue, 0 to 1."""
    red, green, blue = np.moveaxis(view.image, 2, 0)
    high = np.maximum(np.maximum(red, green), blue)
    low = np.minimum(np.minimum(red, green), blue)
    return float((high - low).mean() / 255)


def warmth(view: View) -> float:
    """Mean of red less mean of blue, 0 to 1 each."""
    return float(view.image[..., 0].mean() - view.image[..., 2].mean()) / 255


def colour_count(view: View) -> float:
    """How many colours, of 216, an image with the same entropy would have in equal shares.

    Hill: Diversity and evenness. Ecology 54(2), 1973.
    """
    step = (np.arange(256) * CELLS // 256).astype(np.uint8)
    red, green, blue = np.moveaxis(step[view.image], 2, 0)
    cells = (red * CELLS + green) * np.uint8(CELLS) + blue  # below 6^3 = 216
    shares = np.bincount(cells.ravel()) / cells.size
    shares = shares[shares > 0]
    return float(np.exp(-(shares * np.log(shares)).sum()))


def _hue_share(view: View, low: float, high: float) -> float:
    """Share of pixels with a hue from `low` on and below `high`, in degrees, that is seen."""
    turned = (np.arange(256) * 360 / 256 - low) % 360
    return float(view.hues[turned < high - low].sum())
