"""A fine-tuning loop that knows nothing of the task: device, precision, schedule, resume."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import torch
from torch import Tensor, nn

from kgtransfer.training.checkpoint import load_checkpoint, save_checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

__all__ = ["Budget", "Group", "fit"]

Batch = TypeVar("Batch")


@dataclass(frozen=True)
class Budget:
    """How long to train: the same for every arm of an experiment.

    Attributes:
        epochs: passes over the batches.
        warmup: part of the steps over which the learning rates rise from 0; then they fall to 0.
    """

    epochs: int = 1
    warmup: float = 0.1


@dataclass(frozen=True)
class Group:
    """Parameters that share a learning rate (AdamW, arXiv 1711.05101)."""

    parameters: Sequence[nn.Parameter]
    lr: float
    weight_decay: float = 0.0


def fit(
    model: nn.Module,
    batches: Callable[[int], Sequence[Batch]],
    loss: Callable[[nn.Module, Batch], Tensor],
    groups: Iterable[Group],
    *,
    budget: Budget,
    checkpoint: Path | None = None,
    on_step: Callable[[float], None] = lambda loss: None,
) -> list[float]:
    """Train `model` in place.

    Args:
        model: any module.
        batches: epoch -> its batches; must depend on the epoch alone, so that a resumed training
            sees what an uninterrupted one would have seen.
        loss: model and batch -> scalar.
        groups: what is trained; everything else keeps its values.
        budget: epochs and schedule.
        checkpoint: file to resume from and to write after each epoch; removed when done.
        on_step: called with the loss after each step.

    Returns:
        The mean loss of each epoch that was run here.
    """
    from accelerate import Accelerator

    groups = [group for group in groups if group.parameters]
    accelerator = Accelerator(cpu=_is_on_cpu(model), mixed_precision="no")
    optimizer = torch.optim.AdamW(
        [{"params": list(g.parameters), "lr": g.lr, "weight_decay": g.weight_decay} for g in groups]
    )
    done = load_checkpoint(checkpoint, model, optimizer) if checkpoint else -1
    prepared, stepper = accelerator.prepare(model, optimizer)
    history = []
    for epoch in range(done + 1, budget.epochs):
        planned = batches(epoch)
        losses = []
        prepared.train()
        for index, batch in enumerate(planned):
            share = (epoch + index / len(planned)) / budget.epochs
            for group, settings in zip(optimizer.param_groups, groups, strict=True):
                group["lr"] = settings.lr * _schedule(share, budget, len(planned))
            value = loss(prepared, batch)
            stepper.zero_grad()
            accelerator.backward(value)
            stepper.step()
            losses.append(value.item())
            on_step(losses[-1])
        history.append(sum(losses) / max(1, len(losses)))
        if checkpoint:
            save_checkpoint(checkpoint, model, optimizer, epoch=epoch)
    if checkpoint:
        checkpoint.unlink(missing_ok=True)
    model.eval()
    return history


def _schedule(share: float, budget: Budget, steps: int) -> float:
    """Linear rise over the warm-up, linear fall to zero after it."""
    first = 1.0 / (steps * budget.epochs)
    rise = 1.0 if not budget.warmup else min(1.0, (share + first) / budget.warmup)
    fall = 1.0 if share < budget.warmup else (1.0 - share) / max(1e-9, 1.0 - budget.warmup)
    return rise * fall


def _is_on_cpu(model: nn.Module) -> bool:
    return all(parameter.device.type == "cpu" for parameter in model.parameters())
