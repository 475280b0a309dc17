"""Training of a class network, or of its head, beside logits that stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import torch
from torch import Tensor, nn

from kgtransfer.training.loop import Budget, fit

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from kgtransfer.classification.outcomes.outcome import Outcome
    from kgtransfer.classification.samples import Samples
    from kgtransfer.conditioning.rule_loss import Rules
    from kgtransfer.images.data.preprocessing import Augmentation
    from kgtransfer.images.fine_tuning import FineTuning
    from kgtransfer.images.head import ClassHead
    from kgtransfer.images.network import ClassNetwork

    Floats = npt.NDArray[np.float64]

__all__ = ["RuleLoss", "rule_loss", "train_head", "train_network"]

RuleLoss: TypeAlias = "Callable[[Tensor, Tensor], Tensor]"
"""Logits of a batch and its rows -> what they cost by the rules of an ontology."""


def rule_loss(rules: Rules, samples: Samples, outcome: Outcome, weight: float) -> RuleLoss:
    """What axioms forbid of predicted classes beside what was measured in the same samples.

    Args:
        rules: over classes, in the order of the logits, and then the values of all attributes.
        samples: that are trained on.
        outcome: what the labels are.
        weight: of the loss.
    """
    observed = torch.from_numpy(np.hstack([*samples.observed.weights.values()])).float()

    def loss(logits: Tensor, rows: Tensor) -> Tensor:
        predicted = outcome.probabilities(logits)
        return weight * rules.loss(torch.cat([predicted, observed[rows].to(predicted)], dim=1))

    return loss


def train_network(
    network: ClassNetwork,
    samples: Samples,
    offset: Floats,
    outcome: Outcome,
    recipe: FineTuning,
    augmentation: Augmentation,
    *,
    trained: str,
    seed: int,
    share: float = 1.0,
    rules: RuleLoss | None = None,
) -> None:
    """Minimise the loss of offset + network, in place; the offset stays.

    Args:
        network: what is trained.
        samples: with labels.
        offset: `[samples, logits]` of the terms before it; zeros where there are none.
        outcome: what the labels are.
        recipe: steps and rates.
        augmentation: random views.
        trained: "all", "last" or "head".
        seed: of batches and views.
        share: of the recipe's steps, where a training goes on that was finished before.
        rules: what a prediction costs beside that.
    """

    def logits(model: nn.Module, rows: Tensor) -> Tensor:
        random = torch.Generator().manual_seed(hash((seed, *rows.tolist())) % 2**31)
        views = augmentation(network.normalised(samples.inputs[rows]), random)
        out: Tensor = model(views, samples.grounding[rows.tolist()])
        return out

    _train(
        network, logits, samples, offset, outcome, recipe,
        trained=trained, seed=seed, share=share, rules=rules,
    )  # fmt: skip


def train_head(
    head: ClassHead,
    activations: Tensor,
    samples: Samples,
    offset: Floats,
    outcome: Outcome,
    recipe: FineTuning,
    *,
    seed: int,
    share: float = 1.0,
) -> None:
    """As `train_network`, of the head and the conditioner alone.

    Args:
        head: of the network that is trained.
        activations: `[samples, ...]` that the network's frozen layers give.
        samples: with labels.
        offset: `[samples, logits]` of the terms before it.
        outcome: what the labels are.
        recipe: steps and rates.
        seed: of batches.
        share: of the recipe's steps.
    """

    def logits(model: nn.Module, rows: Tensor) -> Tensor:  # noqa: ARG001  # the head's own
        return head.logits(activations[rows], samples.grounding[rows.tolist()])

    _train(
        head.network, logits, samples, offset, outcome, recipe,
        trained="head", seed=seed, share=share,
    )  # fmt: skip


def _train(
    network: ClassNetwork,
    logits: Callable[[nn.Module, Tensor], Tensor],
    samples: Samples,
    offset: Floats,
    outcome: Outcome,
    recipe: FineTuning,
    *,
    trained: str,
    seed: int,
    share: float,
    rules: RuleLoss | None = None,
) -> None:
    fixed = torch.from_numpy(outcome.supervised(offset, samples.targets)).float()
    fitted = outcome.fitted(samples.targets)
    targets = torch.from_numpy(samples.targets)

    def loss(model: nn.Module, rows: Tensor) -> Tensor:
        out = logits(model, rows)
        total = out + fixed[rows].to(out)
        truth = targets[rows].to(out.device)
        answered = fitted.tensor_loss(total, truth, recipe.label_smoothing)
        return answered if rules is None else answered + rules(total, rows)

    steps = max(1, round(share * recipe.steps_for(len(samples))))
    batches = _batches(len(samples), steps, recipe.batch_size, seed)
    pace = recipe.rate_beside_terms if offset.any() else 1.0
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
