"""Tones: which share of a scene has a colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.images.scenes.scene import Scene

    Mask = npt.NDArray[np.bool_]

__all__ = [
    "brown_share",
    "dark_blue_share",
    "dark_green_share",
    "grey_share",
    "light_green_share",
    "tan_share",
    "white_share",
]

COLOURED = 0.15  # saturation from which on a hue is seen
GREEN = 60, 170  # degrees of hue
DARK = 0.32  # value below which green is dark


def dark_green_share(scene: Scene) -> float:
    """Green hues of a value below .32."""
    return _share(_hue(scene, *GREEN) & (scene.hsv[2] < DARK))


def light_green_share(scene: Scene) -> float:
    """Green hues of a value of .32 and more."""
    return _share(_hue(scene, *GREEN) & (scene.hsv[2] >= DARK))


def brown_share(scene: Scene) -> float:
    """Red to yellow hues of a value below .55."""
    return _share(_hue(scene, 0, GREEN[0]) & (scene.hsv[2] < 0.55))


def tan_share(scene: Scene) -> float:
    """Red to yellow hues of a value of .55 and more."""
    return _share(_hue(scene, 0, GREEN[0]) & (scene.hsv[2] >= 0.55))


def grey_share(scene: Scene) -> float:
    """Hardly any colour, neither dark nor bright."""
    _, saturation, value = scene.hsv
    return _share((saturation < COLOURED) & (value >= 0.2) & (value <= 0.8))


def dark_blue_share(scene: Scene) -> float:
    """Blue hues, and whatever is nearly black."""
    return _share(_hue(scene, GREEN[1], 270) | (scene.hsv[2] < 0.2))


def white_share(scene: Scene) -> float:
    """Hardly any colour, and bright."""
    _, saturation, value = scene.hsv
    return _share((saturation < COLOURED) & (value > 0.8))


def _hue(scene: Scene, low: float, high: float) -> Mask:
    hue, saturation, _ = scene.hsv
    return np.asarray((saturation >= COLOURED) & (hue >= low) & (hue < high))


def _share(mask: Mask) -> float:
    return float(mask.mean())
