"""Relation gates: one learned scalar a relation decides how much of its concepts to add."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kgtransfer.grounding.base import Grounding

__all__ = ["RelationGates", "gates_of"]


class RelationGates(nn.Module):
    r"""Adds the mean embedding of a sample's concepts, relation by relation, each through a gate.

        y = x + sum_r g_r P (G_r E),    g = 0 at the start

    The sum is exactly zero at the start, so the module is the identity to the bit (zero
    initialisation as in ReZero, arXiv 2003.04887, and ControlNet, arXiv 2302.05543). A relation
    whose concepts do not help keeps its gate near zero: the gates are the audit of the graph.

    Args:
        embeddings: E, `[concepts, d]`; constant, and saved with the concepts, not with the module.
        relations: names of the relations, in the order of the grounding.
        width: size of the vectors x. P is the identity where `d == width`; otherwise it is
            learned, starting from the identity on the columns that both share.

    Shapes:
        x `[batch, ..., width]`, condition: `Grounding` of the batch; output as x: every position
        of a map gets the same.
    """

    embeddings: Tensor
    by_relation: Mapping[str, int] = MappingProxyType({"gates": 0})

    def __init__(self, embeddings: Tensor, relations: Sequence[str], width: int) -> None:
        super().__init__()
        self.relations = tuple(relations)
        self.gates = nn.Parameter(torch.zeros(len(self.relations)))
        self.register_buffer("embeddings", embeddings, persistent=False)
        self.projection: nn.Module = nn.Identity()
        if embeddings.shape[1] != width:
            self.projection = nn.Linear(embeddings.shape[1], width, bias=False)
            nn.init.eye_(self.projection.weight)

    def forward(self, x: Tensor, condition: Grounding) -> Tensor:
        """x with what its concepts add."""
        return self.add(x, condition.condition(self.embeddings))

    def add(self, x: Tensor, pooled: Tensor) -> Tensor:
        """x with C = G E, `[batch, relations, d]`, each relation through its gate."""
        added = torch.einsum("r,brd->bd", self.gates, pooled)
        lifted: Tensor = self.projection(added).view(x.shape[0], *[1] * (x.ndim - 2), -1)
        return x + lifted.to(x.dtype)

    def gate_values(self) -> dict[str, float]:
        """Relation -> gate."""
        return dict(zip(self.relations, self.gates.tolist(), strict=True))

    def set(self, values: Mapping[str, float]) -> None:
        """Fix gates by hand: relation -> value; all others become 0."""
        with torch.no_grad():
            self.gates.copy_(torch.tensor([values.get(name, 0.0) for name in self.relations]))


def gates_of(model: nn.Module) -> RelationGates:
    """A conditioned model -> the one module of relation gates within it."""
    (gates,) = (module for module in model.modules() if isinstance(module, RelationGates))
    return gates
