"""GraphControl: a frozen graph encoder beside a copy of it that a condition steers.

Zhu et al., WWW 2024 (arXiv 2310.07365), after ControlNet (arXiv 2302.05543).
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Self, cast

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from kgtransfer.nodes.encoders.gin import GIN
    from kgtransfer.nodes.subgraphs.batch import GraphBatch

__all__ = ["ControlBranch", "zero_linear"]


def zero_linear(inputs: int, width: int) -> nn.Linear:
    """Sizes -> a linear map that is zero at the start, weights and bias."""
    linear = nn.Linear(inputs, width)
    nn.init.zeros_(linear.weight)
    nn.init.zeros_(linear.bias)
    return linear


class ControlBranch(nn.Module):
    r"""A frozen encoder plus what its conditioned copy adds.

        H = g*(x) + Z2( g_c( x + Z1(c) ) ),   Z1 = Z2 = 0 at the start

    So H is the encoder's output to the bit before training, in eval mode and in train mode: g* is
    frozen and always in eval mode; g_c starts as its copy and is trained with Z1 and Z2.

    Layer-wise, the states of each layer l of the copy are h_l + Z_l(c) as well, as ControlNet
    steers every block; all Z_l = 0 at the start.

    Args:
        encoder: g, pre-trained; it is copied, never changed.
        condition: size of a place's condition c.
        layerwise: whether the condition enters after every layer of the copy, too.

    Shapes:
        batch of S subgraphs with T places, condition `[T, condition]`; output `[S, width]`.
    """

    def __init__(self, encoder: GIN, condition: int = 32, *, layerwise: bool = False) -> None:
        super().__init__()
        self.frozen = copy.deepcopy(encoder).requires_grad_(False).eval()
        self.copy = copy.deepcopy(encoder).requires_grad_(True)
        self.enter = zero_linear(condition, 32)
        depth = len(encoder.layers) if layerwise else 0
        self.between = nn.ModuleList(zero_linear(condition, encoder.hidden) for _ in range(depth))
        self.leave = zero_linear(encoder.width, encoder.width)
        self.width = encoder.width

    def train(self, mode: bool = True) -> Self:
        """The frozen encoder stays in eval mode."""
        super().train(mode)
        self.frozen.eval()
        return self

    def forward(self, batch: GraphBatch, condition: Tensor) -> Tensor:
        """Conditioned vectors of the subgraphs."""
        with torch.no_grad():
            plain = self.frozen(batch)
        entering = [layer(condition) for layer in self.between]
        steered = self.copy(batch.added(self.enter(condition)), entering)
        return cast(Tensor, plain + self.leave(steered))
