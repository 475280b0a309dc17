"""`PooledFeatures`: what comes before a model's head, pooled, with a new head of one layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Collection

    from torch import Tensor

__all__ = ["PooledFeatures", "parts_after_features"]


class PooledFeatures(nn.Module):
    """A timm model whose weights end before its head.

    Its modules keep their names, those of the head are gone; `global_pool` is the mean over places.

    Args:
        model: of timm, with `forward_features` that gives `[n, channels, h, w]`.
        gone: names of the modules that it has no weights for.
        classes: of the new head, `fc`; 0 for none.

    Shapes:
        images `[n, 3, h, w]`; output `[n, classes]`, or `[n, channels]` without a head.
    """

    def __init__(self, model: Any, gone: Collection[str], classes: int) -> None:
        super().__init__()
        for name in gone:
            setattr(model, name, nn.Identity())
        self.model = model
        self.global_pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.head_hidden_size = int(model.num_features)
        self.fc: nn.Module = nn.Identity()
        self.reset_classifier(classes)

    def reset_classifier(self, classes: int) -> None:
        """Put a new, random head on."""
        self.fc = nn.Linear(self.head_hidden_size, classes) if classes else nn.Identity()

    def get_classifier(self) -> nn.Module:
        """The head."""
        return self.fc

    def forward_features(self, images: Tensor) -> Tensor:
        """`[n, channels, h, w]`."""
        features: Tensor = self.model.forward_features(images)
        return features

    def forward_head(self, features: Tensor) -> Tensor:
        """See the class."""
        out: Tensor = self.fc(self.global_pool(features))
        return out

    def forward(self, images: Tensor) -> Tensor:
        """See the class."""
        return self.forward_head(self.forward_features(images))


def parts_after_features(model: Any, lacking: Collection[str]) -> tuple[str, ...]:
    """Names of parameters that weights lack -> the modules that they belong to, sorted.

    Nothing where one of them takes part in the features, or features are no maps to be pooled.

    Args:
        model: of timm.
        lacking: full names of parameters and buffers.
    """
    parts = sorted({name.partition(".")[0] for name in lacking})
    if not parts or not hasattr(model, "forward_features"):
        return ()
    used: list[str] = []
    hooks = [
        module.register_forward_hook(lambda *_, name=name: used.append(name))
        for name, module in model.named_children()
    ]
    try:
        with torch.no_grad():
            features = model.eval().forward_features(torch.zeros(1, 3, 64, 64))
    finally:
        for hook in hooks:
            hook.remove()
    is_map = getattr(features, "dim", lambda: 0)() == len(("n", "channels", "h", "w"))
    known = {name for name, _ in model.named_children()}
    return tuple(parts) if is_map and known.issuperset(parts) and not {*parts} & {*used} else ()
