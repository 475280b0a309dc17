"""Prototypes: the vectors of the classes in the graph score samples beside the head."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

__all__ = ["PrototypeHead"]


class PrototypeHead(nn.Module):
    r"""Adds each class's likeness to the sample, in the space of the concepts.

        logits = head(x) + s cos(P x, E_c),    s = 0 at the start

    A class without a single label has a prototype too: its place in the graph. Snell et al.,
    NeurIPS 2017, arXiv 1703.05175; Frome et al., DeViSE, NeurIPS 2013, for prototypes from words.

    Args:
        head: the module that it stands beside, `[batch, width] -> [batch, classes]`.
        prototypes: vectors of the classes, `[classes, d]`, in the order of the logits.
        width: size of x.
    """

    prototypes: Tensor

    def __init__(self, head: nn.Module, prototypes: Tensor, width: int) -> None:
        super().__init__()
        self.head = head
        self.projection = nn.Linear(width, prototypes.shape[1], bias=False)
        self.scale = nn.Parameter(torch.zeros(()))
        centred = prototypes - prototypes.mean(dim=0)  # what the classes share tells none apart
        self.register_buffer("prototypes", F.normalize(centred, dim=1), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """Logits `[batch, classes]`."""
        likeness = F.normalize(self.projection(x), dim=1) @ self.prototypes.T
        logits: Tensor = self.head(x)
        return logits + (self.scale * likeness).to(logits.dtype)
