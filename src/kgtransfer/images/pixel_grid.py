"""`PixelGrid`: an image as the means of a grid of its pixels, in the place of a backbone."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from torch import nn

from kgtransfer.images.backbone import VisionBackbone

if TYPE_CHECKING:
    from torch import Tensor

    from kgtransfer.images.backbone import Backbone, Channels

__all__ = ["GRIDS", "PixelGrid", "blank_backbone"]

CHANNELS = 3


@dataclass(frozen=True)
class PixelGrid:
    """A `Backbone` without weights: a head on it is a regression on coarse pixels.

    Attributes:
        side: of the grid.
    """

    side: int

    @property
    def normalisation(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Pixels as they are, 0 to 1."""
        return (0.0,) * CHANNELS, (1.0,) * CHANNELS

    @property
    def hash(self) -> str:
        """There is nothing but the side."""
        return f"pixels {self.side}"

    def build(self, classes: int | None = None, *, size: int | None = None) -> nn.Module:
        """A new module; see `VisionBackbone.build`."""
        return _Grid(self.side, classes or 0)


GRIDS: Mapping[str, PixelGrid] = {"pixels_16": PixelGrid(16), "pixels_32": PixelGrid(32)}
"""By the name that methods and exported models give in the place of a backbone's."""


def blank_backbone(
    name: str, gone: tuple[str, ...] = (), expected: Channels | None = None
) -> Backbone:
    """timm's name of a model, or a key of `GRIDS` -> the backbone, its weights random.

    Args:
        name: of the model.
        gone: modules that it does without, see `VisionBackbone`.
        expected: mean and deviation by channel, where they are not timm's.
    """
    if name in GRIDS:
        return GRIDS[name]
    known = VisionBackbone.named(name, weights="random", expected=expected)
    return replace(known, gone=gone)


class _Grid(nn.Module):
    """`[n, 3, size, size]` -> `[n, 3 side side]`, or logits."""

    def __init__(self, side: int, classes: int) -> None:
        super().__init__()
        layers = {"pool": nn.AdaptiveAvgPool2d(side), "flat": nn.Flatten()}
        self.global_pool = nn.Sequential(OrderedDict(layers))
        width = CHANNELS * side * side
        self.fc: nn.Module = nn.Linear(width, classes) if classes else nn.Identity()

    def get_classifier(self) -> nn.Module:
        """The head."""
        return self.fc

    def forward_features(self, images: Tensor) -> Tensor:
        """The images."""
        return images

    def forward_head(self, images: Tensor) -> Tensor:
        """The grid, and the head on it."""
        out: Tensor = self.fc(self.global_pool(images))
        return out

    def forward(self, images: Tensor) -> Tensor:
        """See the class."""
        return self.forward_head(self.forward_features(images))
