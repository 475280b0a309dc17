"""A backbone with a new head and, where an arm asks for it, concepts that condition it."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import torch
from torch import Tensor, nn

from kgtransfer.backbones.precision import autocast
from kgtransfer.conditioning.attachment import Conditioned, condition
from kgtransfer.conditioning.sites import submodule
from kgtransfer.images.data.preprocessing import turned
from kgtransfer.images.head import ClassHead
from kgtransfer.training.loop import Group

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from contextlib import AbstractContextManager

    import numpy.typing as npt

    from kgtransfer.classification.inputs import Inputs
    from kgtransfer.classification.samples import Samples
    from kgtransfer.embedding.concepts import ConceptEmbeddings
    from kgtransfer.grounding.base import Grounding
    from kgtransfer.images.backbone import Backbone
    from kgtransfer.images.fine_tuning import FineTuning

__all__ = ["ClassNetwork"]

BATCH = 64  # images of a forward pass without gradients


@dataclass(frozen=True)
class _GroundedOn:
    concepts: tuple[str, ...]
    relations: tuple[str, ...]


class ClassNetwork(nn.Module):
    """Pixels and concepts to logits; the head starts at zero, so all classes start alike.

    Args:
        model: an image model of timm, or one with conditioners.
        normalisation: mean and standard deviation by channel that it expects.
        size: side of the images.
        at: name of the one submodule where knowledge enters, if it enters at one.
        frozen_statistics: keep BatchNorm's running statistics while training.
        views: of an image that are averaged where it is classified, 1 to 8; see `turned`.
    """

    mean: Tensor
    deviation: Tensor
    frozen: Callable[[Inputs], Tensor] | None = None  # gives `activations`, where nothing trains

    def __init__(
        self,
        model: nn.Module,
        normalisation: tuple[Sequence[float], Sequence[float]],
        *,
        size: int,
        at: str = "",
        frozen_statistics: bool = False,
        views: int = 1,
    ) -> None:
        super().__init__()
        self.model = model.to(memory_format=torch.channels_last)
        self.frozen_statistics = frozen_statistics
        self.at, self.size, self.views = at, size, views
        for name, values in zip(("mean", "deviation"), normalisation, strict=True):
            self.register_buffer(name, torch.tensor(values).view(1, 3, 1, 1), persistent=False)

    @classmethod
    def of(
        cls,
        backbone: Backbone,
        classes: int,
        *,
        size: int,
        by: str = "",
        concepts: ConceptEmbeddings | None = None,
        relations: tuple[str, ...] = (),
        at: Sequence[str] = (),
        seed: int = 0,
        frozen_statistics: bool = False,
        views: int = 1,
    ) -> Self:
        """A network with pre-trained weights, a new head and new conditioners.

        Args:
            backbone: what is fine-tuned.
            classes: of the head; 0 for a network that gives features.
            size: side of the images.
            by: the conditioner; empty for none.
            concepts: E, where something conditions; samples are grounded on its IRIs in order.
            relations: of the grounding.
            at: where it conditions.
            seed: of whatever is initialised at random.
            frozen_statistics: see the class.
            views: see the class.
        """
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            model = backbone.build(classes, size=size)
            if classes:
                for parameter in _head(model).parameters():
                    nn.init.zeros_(parameter)
            if by and concepts is not None:
                axes = _GroundedOn(concepts.iris, relations)
                image = torch.zeros(1, 3, size, size)
                model = condition(model, concepts, axes, by=by, at=at, example=image)
        site = at[0] if len(at) == 1 else ""
        return cls(
            model,
            backbone.normalisation,
            size=size,
            at=site,
            frozen_statistics=frozen_statistics,
            views=views,
        )

    def forward(self, images: Tensor, grounding: Grounding | None = None) -> Tensor:
        """Logits `[batch, classes]` of normalised images `[batch, 3, size, size]`."""
        x = images.contiguous(memory_format=torch.channels_last)
        with self.precision(x.device):
            if isinstance(self.model, Conditioned):
                grounding = None if grounding is None else grounding.to(x.device)
                out: Tensor = self.model(x, condition=grounding)
            else:
                out = self.model(x)
        return out.float()

    def precision(self, device: torch.device) -> AbstractContextManager[None]:
        """bfloat16 where it is faster: on processors the gradients of convolutions are not."""
        plain = self.training and device.type == "cpu"
        return nullcontext() if plain else autocast(device)

    def normalised(self, pixels: Inputs) -> Tensor:
        """uint8 pixels as the backbone expects them, on its device."""
        return (pixels.to(self.mean.device) / 255 - self.mean) / self.deviation

    def train(self, mode: bool = True) -> Self:
        """As `nn.Module.train`; BatchNorm may keep the statistics that it was pre-trained with."""
        super().train(mode)
        if mode and self.frozen_statistics:
            for module in self.modules():
                if isinstance(module, nn.modules.batchnorm._BatchNorm):
                    module.eval()
        return self

    @torch.no_grad()
    def predict(self, samples: Samples) -> npt.NDArray[np.float64]:
        """Logits `[samples, classes]`, or features of a network without a head."""
        self.eval()
        outputs = []
        for part in _parts(len(samples)):
            forward = partial(self, grounding=samples.grounding[part])
            outputs.append(self.over_views(samples.inputs[part], forward).double().cpu())
        return np.asarray(torch.cat(outputs).numpy())

    def activations(self, inputs: Inputs) -> Tensor | None:
        """uint8 pixels -> activations before the head.

        None where knowledge enters before it, or they are too many to be kept.
        """
        if self.frozen is not None:
            return self.frozen(inputs)
        head = ClassHead.of(self)
        return None if head is None or head.is_large else head.activations(inputs)

    @torch.no_grad()
    def features(self, inputs: Inputs) -> Tensor:
        """uint8 pixels -> `[n, width]` of a network without a head and without concepts."""
        self.eval()
        parts = (self.over_views(inputs[part], self).float().cpu() for part in _parts(len(inputs)))
        return torch.cat(list(parts))

    def predict_activations(
        self, activations: Tensor, grounding: Grounding
    ) -> npt.NDArray[np.float64]:
        """As `predict`, from what `activations` gave."""
        return ClassHead(self).predict(activations, grounding)

    def over_views(self, pixels: Inputs, forward: Callable[[Tensor], Tensor]) -> Tensor:
        """The mean over the views of uint8 pixels of what is made of each."""
        images = self.normalised(pixels)
        outputs = [forward(turned(images, view)) for view in range(self.views)]
        return torch.stack(outputs).mean(dim=0)

    @property
    def backbone(self) -> Any:
        """The plain model inside."""
        return self.model.backbone if isinstance(self.model, Conditioned) else self.model

    def gates(self) -> dict[str, Tensor]:
        """Copies of the parameters of head and conditioners, by name: what the knowledge moves."""
        conditioners = self.model.conditioners if isinstance(self.model, Conditioned) else []
        parts = [_head(self.backbone), *conditioners]
        inside = {id(parameter) for part in parts for parameter in part.parameters()}
        return {n: p.detach().clone() for n, p in self.named_parameters() if id(p) in inside}

    def groups(self, recipe: FineTuning, trained: str, pace: float = 1.0) -> list[Group]:
        """What is trained, each part at its own rate times `pace`."""
        backbone = self.backbone
        head = list(_head(backbone).parameters())
        conditioners = self.model.conditioners if isinstance(self.model, Conditioned) else []
        gates = [parameter for module in conditioners for parameter in module.parameters()]
        names: dict[str, Sequence[str]] = {"all": ("",), "last": recipe.last, "head": ()}
        chosen = [submodule(backbone, name) for name in names[trained]]
        parts = ((head, recipe.head_lr), (gates, recipe.conditioner_lr))
        body = _others(chosen, [*head, *gates])
        return [
            Group(parameters, pace * lr, recipe.weight_decay)
            for parameters, lr in (*parts, (body, recipe.lr))
        ]


def _parts(samples: int) -> list[list[int]]:
    """Rows of one batch after the other."""
    rows = list(range(samples))
    return [rows[start : start + BATCH] for start in range(0, samples, BATCH)]


def _head(model: Any) -> nn.Module:
    head: nn.Module = model.get_classifier()
    return head


def _others(modules: Iterable[nn.Module], known: Iterable[nn.Parameter]) -> list[nn.Parameter]:
    """Parameters of modules that are not known yet, each once; told by identity."""
    taken = {id(parameter) for parameter in known}
    others = []
    for parameter in (p for module in modules for p in module.parameters()):
        if id(parameter) not in taken:
            taken.add(id(parameter))
            others.append(parameter)
    return others
