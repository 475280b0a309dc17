"""The head of a class network, by itself: where knowledge enters late, it alone depends on it.

What the layers before it make of an image is then the same before and after every edit of the
knowledge, and is kept with the model: an edit costs the head alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import torch

from kgtransfer.conditioning.attachment import Conditioned
from kgtransfer.conditioning.sites import recorded, replaced, submodule

if TYPE_CHECKING:
    import numpy.typing as npt
    from torch import Tensor, nn

    from kgtransfer.classification.inputs import Inputs
    from kgtransfer.grounding.base import Grounding
    from kgtransfer.images.network import ClassNetwork

__all__ = ["ClassHead"]

BATCH = 64
LARGEST = 4096
"""Numbers of a sample's activations, above which those of a whole data set are not kept."""


@dataclass(frozen=True, eq=False)
class ClassHead:
    """What a network does from the submodule on where knowledge enters."""

    network: ClassNetwork

    @classmethod
    def of(cls, network: ClassNetwork) -> ClassHead | None:
        """A network -> its head; None where knowledge enters earlier, or at several submodules."""
        if not network.at or not hasattr(network.backbone, "forward_head"):
            return None
        head = cls(network)
        with recorded(head._site) as early:
            _ = head._blank
        return None if early else head

    @torch.no_grad()
    def activations(self, pixels: Inputs) -> Tensor:
        """Outputs `[samples, ...]` of the submodule where knowledge enters, before it does.

        The mean over the views that the network averages.
        """
        network = self.network.eval()

        def site(images: Tensor) -> Tensor:
            with recorded(self._site) as outputs:
                network(images)
            return outputs[0]

        parts = (pixels[start : start + BATCH] for start in range(0, len(pixels), BATCH))
        return torch.cat([network.over_views(part, site).cpu() for part in parts])

    @cached_property
    def is_large(self) -> bool:
        """Whether a sample has more activations than are kept of a whole data set."""
        size = self.network.size
        return self.activations(torch.zeros(1, 3, size, size, dtype=torch.uint8)).numel() > LARGEST

    @torch.no_grad()
    def predict(self, activations: Tensor, grounding: Grounding) -> npt.NDArray[np.float64]:
        """As `ClassNetwork.predict`, of activations."""
        self.network.eval()
        return np.asarray(self.logits(activations, grounding).double().cpu().numpy())

    def logits(self, activations: Tensor, grounding: Grounding) -> Tensor:
        """`[samples, classes]`, of an evaluated network as its `forward` gives them to the bit."""
        network, device = self.network, self.network.mean.device
        activations = activations.float() if network.training else activations
        blank = self._blank.expand(len(activations), *self._blank.shape[1:])
        with replaced(self._site, activations.to(device)), network.precision(device):
            if not isinstance(network.model, Conditioned):
                return _float(network.backbone.forward_head(blank))
            with network.model.given(grounding.to(device)):
                return _float(network.backbone.forward_head(blank))

    @cached_property
    def _blank(self) -> Tensor:
        """A feature map: the head wants one for its shape, what is in it is replaced."""
        network = self.network
        with torch.no_grad():
            image = torch.zeros(1, 3, network.size, network.size, device=network.mean.device)
            features: Tensor = network.backbone.eval().forward_features(image)
        return features

    @property
    def _site(self) -> nn.Module:
        return submodule(self.network.backbone, self.network.at)


def _float(logits: Tensor) -> Tensor:
    return logits.float()
