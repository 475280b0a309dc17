"""A text's vector and its vector in context -> a mixture of the two, by a learned gate."""

from __future__ import annotations

import torch
from torch import Tensor, nn

__all__ = ["ContextGate", "context_gate_of"]


class ContextGate(nn.Module):
    r"""Moves a sample's vector towards the vector of the same sample in its context.

        y = x + g (f(context, sample) - x),    x = f(sample),    g = 0 at the start

    Both pass through the same backbone f, so its attention works out what the concepts' words mean
    for *this* sample; the gate g says how far to go. At 0 the context adds exactly nothing: the
    identity to the bit. (Prepending context at indexing time, as in doc2query, arXiv 1904.08375,
    with a learned weight.)

    Args:
        backbone: f; called with the inputs of either text.

    Shapes:
        inputs: as the backbone's; context: a tuple of the same inputs for the sample in its
        context; output `[batch, width]`.
    """

    def __init__(self, backbone: nn.Module) -> None:
        super().__init__()
        self.backbone = backbone
        self.gate = nn.Parameter(torch.zeros(()))

    def forward(self, *inputs: Tensor, context: tuple[Tensor, ...] | None = None) -> Tensor:
        """The plain vectors without a context, the mixed ones with it."""
        x: Tensor = self.backbone(*inputs)
        return x if context is None else self.mix(x, self.backbone(*context))

    def gate_values(self) -> dict[str, float]:
        """The gate, as `context`."""
        return {"context": self.gate.item()}

    def mix(self, x: Tensor, in_context: Tensor) -> Tensor:
        """x moved towards the vectors in context, both `[batch, width]`."""
        return x + self.gate * (in_context - x)


def context_gate_of(model: nn.Module) -> ContextGate:
    """The one context gate in a model."""
    (gate,) = (module for module in model.modules() if isinstance(module, ContextGate))
    return gate
