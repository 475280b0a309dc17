"""Random views of images to train on, and the views of one that show the same."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["Augmentation", "turned"]


@dataclass(frozen=True)
class Augmentation:
    """Random views of a batch: zoomed, in slightly other colours, turned and mirrored if so asked.

    Attributes:
        turns: any angle where true, as under a microscope; upright otherwise.
        mirrors: left and right are swapped at random where true: neither side means anything.
        zoom: largest relative change of scale.
        colours: largest relative change of each channel, and largest shift of it.
    """

    turns: bool = False
    mirrors: bool = False
    zoom: float = 0.25
    colours: float = 0.2

    def __call__(self, batch: Tensor, random: torch.Generator) -> Tensor:
        """`[batch, 3, h, w]` of values -1 to 1 -> the same shape; `random` is on the CPU."""
        count = len(batch)
        views = F.grid_sample(
            batch,
            F.affine_grid(self._maps(count, random).to(batch), list(batch.shape), False),
            padding_mode="reflection",
            align_corners=False,
        )
        gain, shift = (self.colours * _signed(random, count, 3, 1, 1).to(batch) for _ in range(2))
        return views * (1 + gain) + shift

    def _maps(self, count: int, random: torch.Generator) -> Tensor:
        """Affine maps `[count, 2, 3]` from positions in the view to positions in the image."""
        angle = math.pi * self.turns * _signed(random, count)
        scale = 1 + self.zoom * _signed(random, count)
        side = _signed(random, count).sign()
        mirror = side if self.mirrors else torch.ones(count)
        cos, sin, zero = angle.cos() / scale, angle.sin() / scale, torch.zeros(count)
        rows = [cos * mirror, -sin, zero, sin * mirror, cos, zero]
        return torch.stack(rows, dim=1).view(count, 2, 3)


def turned(batch: Tensor, view: int) -> Tensor:
    """One of the eight views of square images that show the same: turned, then mirrored.

    Args:
        batch: `[..., size, size]`.
        view: 0 to 7; 0 is the images as they are, 4 and more are mirrored.
    """
    rotated = torch.rot90(batch, view % 4, (-2, -1))
    return rotated.flip(-1) if view >= 4 else rotated


def _signed(random: torch.Generator, *shape: int) -> Tensor:
    """Uniform between -1 and 1."""
    return 2 * torch.rand(*shape, generator=random) - 1
