"""Training of a class network beside what experts know already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from kgtransfer.tasks.experts import with_samples
from kgtransfer.training.loop import Budget, fit

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from kgtransfer.data.hygiene import Augmentation
    from kgtransfer.tasks.class_arms import ClassRecipe
    from kgtransfer.tasks.class_network import ClassNetwork
    from kgtransfer.tasks.samples import Samples

    Floats = npt.NDArray[np.float64]

__all__ = ["train_network"]


def train_network(
    network: ClassNetwork,
    samples: Samples,
    known: Floats,
    recipe: ClassRecipe,
    augmentation: Augmentation,
    *,
    trained: str,
    seed: int,
) -> None:
    """Minimise the cross-entropy of known logits + network, in place; the known ones stay.

    Args:
        network: what is trained.
        samples: with labels.
        known: `[samples, classes]` that experts say; zeros where there are none.
        recipe: steps and rates.
        augmentation: random views.
        trained: "all", "last" or "head".
        seed: of batches and views.
    """
    given = torch.from_numpy(with_samples(known, samples.targets)).float()
    targets = torch.from_numpy(samples.targets)

    def loss(model: nn.Module, rows: Tensor) -> Tensor:
        random = torch.Generator().manual_seed(hash((seed, *rows.tolist())) % 2**31)
        views = augmentation(network.normalised(samples.pixels[rows]), random)
        logits = model(views, samples.grounding[rows.tolist()])
        return F.cross_entropy(
            logits + given[rows].to(logits),
            targets[rows].to(logits.device),
            label_smoothing=recipe.label_smoothing,
        )

    batches = _batches(len(samples), recipe.steps_for(len(samples)), recipe.batch_size, seed)
    pace = recipe.beside_experts if known.any() else 1.0
    groups = network.groups(recipe, trained, pace)
    fit(network, lambda _: batches, loss, groups, budget=Budget(epochs=1))


def _batches(samples: int, steps: int, size: int, seed: int) -> list[Tensor]:
    """Rows of each step's batch: one shuffled pass after another, cut after `steps`."""
    random = torch.Generator().manual_seed(seed)
    size = min(size, samples)
    batches: list[Tensor] = []
    while len(batches) < steps:
        order = torch.randperm(samples, generator=random)
        parts = (order[start : start + size] for start in range(0, samples, size))
        batches += [part for part in parts if len(part) > 1 or samples == 1]
    return batches[:steps]
