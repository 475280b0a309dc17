"""Training of a class network, or of its head, beside what experts know already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from kgtransfer.tasks.experts import with_samples
from kgtransfer.training.loop import Budget, fit

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import numpy.typing as npt

    from kgtransfer.data.hygiene import Augmentation
    from kgtransfer.tasks.class_arms import ClassRecipe
    from kgtransfer.tasks.class_head import ClassHead
    from kgtransfer.tasks.class_network import ClassNetwork
    from kgtransfer.tasks.samples import Samples

    Floats = npt.NDArray[np.float64]

__all__ = ["train_head", "train_network"]


def train_network(
    network: ClassNetwork,
    samples: Samples,
    known: Floats,
    recipe: ClassRecipe,
    augmentation: Augmentation,
    *,
    trained: str,
    seed: int,
    share: float = 1.0,
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
        share: of the recipe's steps, where a training goes on that was finished before.
    """

    def logits(model: nn.Module, rows: Tensor) -> Tensor:
        random = torch.Generator().manual_seed(hash((seed, *rows.tolist())) % 2**31)
        views = augmentation(network.normalised(samples.pixels[rows]), random)
        out: Tensor = model(views, samples.grounding[rows.tolist()])
        return out

    _train(network, logits, samples, known, recipe, trained=trained, seed=seed, share=share)


def train_head(
    head: ClassHead,
    activations: Tensor,
    samples: Samples,
    known: Floats,
    recipe: ClassRecipe,
    *,
    seed: int,
    share: float = 1.0,
) -> None:
    """As `train_network`, of the head and the conditioner alone.

    Args:
        head: of the network that is trained.
        activations: `[samples, ...]` that the network's trunk gives.
        samples: with labels.
        known: `[samples, classes]` that experts say.
        recipe: steps and rates.
        seed: of batches.
        share: of the recipe's steps.
    """

    def logits(model: nn.Module, rows: Tensor) -> Tensor:  # noqa: ARG001  # the head's own
        return head.logits(activations[rows], samples.grounding[rows.tolist()])

    _train(head.network, logits, samples, known, recipe, trained="head", seed=seed, share=share)


def _train(
    network: ClassNetwork,
    logits: Callable[[nn.Module, Tensor], Tensor],
    samples: Samples,
    known: Floats,
    recipe: ClassRecipe,
    *,
    trained: str,
    seed: int,
    share: float,
) -> None:
    given = torch.from_numpy(with_samples(known, samples.targets)).float()
    targets = torch.from_numpy(samples.targets)

    def loss(model: nn.Module, rows: Tensor) -> Tensor:
        out = logits(model, rows)
        return F.cross_entropy(
            out + given[rows].to(out),
            targets[rows].to(out.device),
            label_smoothing=recipe.label_smoothing,
        )

    steps = max(1, round(share * recipe.steps_for(len(samples))))
    batches = _batches(len(samples), steps, recipe.batch_size, seed)
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
