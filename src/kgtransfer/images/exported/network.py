"""`PixelNetwork`: a fine-tuned network with conditioners and normalisation, by tensors alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import torch
from torch import Tensor, nn

from kgtransfer.conditioning.attachment import Conditioned
from kgtransfer.grounding.dense import DenseGrounding
from kgtransfer.images.data.preprocessing import turned

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kgtransfer.grounding.base import Grounding
    from kgtransfer.images.network import ClassNetwork

__all__ = ["PixelNetwork"]


class PixelNetwork(nn.Module):
    """Pixels, and the values that samples show -> logits, in float32 on every processor.

    Args:
        network: in whose form; its modules are used as they are, not copied.
        attributes: attribute -> IRIs of its values, in the order of what is grounded.

    Shapes:
        pixels `[n, 3, size, size]` uint8; values `[n, values]`; output `[n, labels]`.
    """

    mean: Tensor
    deviation: Tensor
    column: Tensor
    membership: Tensor

    def __init__(self, network: ClassNetwork, attributes: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.model, self.views = network.model, network.views
        self.register_buffer("mean", network.mean.clone())
        self.register_buffer("deviation", network.deviation.clone())
        conditioned = self.model if isinstance(self.model, Conditioned) else None
        self.concepts = conditioned.concepts if conditioned else ()
        self.relations = conditioned.relations if conditioned else ()
        for module in conditioned.conditioners if conditioned else ():
            for name, vectors in module.named_buffers(recurse=False):
                module.register_buffer(name, vectors)  # kept with the module, not beside it
        column, membership = _columns(self.concepts, self.relations, attributes)
        self.register_buffer("column", column, persistent=False)
        self.register_buffer("membership", membership, persistent=False)

    def forward(self, pixels: Tensor, values: Tensor | None) -> Tensor:
        """See the class."""
        images = (pixels / 255 - self.mean) / self.deviation
        grounding = None if values is None else self._grounding(values)
        logits = [self._view(turned(images, view), grounding) for view in range(self.views)]
        return torch.stack(logits).mean(dim=0)

    def _view(self, images: Tensor, grounding: DenseGrounding | None) -> Tensor:
        images = images.contiguous(memory_format=torch.channels_last)
        if isinstance(self.model, Conditioned):
            condition = cast("Grounding", grounding)  # has all that conditioners ask for
            conditioned: Tensor = self.model(images, condition=condition)
            return conditioned
        logits: Tensor = self.model(images)
        return logits

    def _grounding(self, values: Tensor) -> DenseGrounding:
        """The values as concepts; one that nothing measures is shown by no sample."""
        padded = torch.nn.functional.pad(values, (0, 1))
        return DenseGrounding(
            self.concepts, self.relations, padded[:, self.column], self.membership
        )


def _columns(
    concepts: Sequence[str], relations: Sequence[str], attributes: Mapping[str, Sequence[str]]
) -> tuple[Tensor, Tensor]:
    """Column of each concept among the values, or one beyond them; and relation by concept."""
    values = [value for held in attributes.values() for value in held]
    relation_of = {value: attribute for attribute, held in attributes.items() for value in held}
    column = [values.index(c) if c in relation_of else len(values) for c in concepts]
    membership = [[float(relation_of.get(c) == r) for c in concepts] for r in relations]
    return torch.tensor(column, dtype=torch.int64), torch.tensor(membership)
