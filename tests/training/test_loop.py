"""The fine-tuning loop and its checkpoints."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from kgtransfer.errors import RunError
from kgtransfer.training.checkpoint import load_checkpoint, save_checkpoint
from kgtransfer.training.loop import Budget, Group, fit

X = torch.randn(64, 3, generator=torch.Generator().manual_seed(0))
Y = X @ torch.tensor([[1.0], [-2.0], [0.5]])


class StoppedError(Exception):
    """Stands for a killed process."""


def _model() -> nn.Linear:
    torch.manual_seed(0)
    return nn.Linear(3, 1)


def _batches(epoch: int) -> Sequence[Tensor]:
    order = torch.randperm(64, generator=torch.Generator().manual_seed(epoch))
    return order.split(16)


def _loss(model: nn.Module, rows: Tensor) -> Tensor:
    return (model(X[rows]) - Y[rows]).square().mean()


def _fit(model: nn.Module, epochs: int, **options: object) -> list[float]:
    groups = [Group(list(model.parameters()), lr=0.1)]
    return fit(model, _batches, _loss, groups, budget=Budget(epochs), **options)  # type: ignore[arg-type]


def test_it_learns() -> None:
    losses = _fit(_model(), 20)
    assert losses[-1] < 0.01 < losses[0]


def test_parameters_outside_the_groups_keep_their_values() -> None:
    model = _model()
    before = model.bias.detach().clone()
    fit(model, _batches, _loss, [Group([model.weight], lr=0.1)], budget=Budget(3))
    assert torch.equal(model.bias, before)


def test_an_interrupted_training_ends_as_an_uninterrupted_one(tmp_path: Path) -> None:
    whole, resumed = _model(), _model()
    _fit(whole, 5)
    checkpoint = tmp_path / "fit.safetensors"
    steps = 0

    def stop(loss: float) -> None:
        nonlocal steps
        steps += 1
        if steps == 14:  # in the middle of the fourth epoch
            raise StoppedError

    with pytest.raises(StoppedError):
        _fit(resumed, 5, checkpoint=checkpoint, on_step=stop)
    again = _model()
    assert len(_fit(again, 5, checkpoint=checkpoint)) == 2  # epochs that were left
    assert torch.equal(again.weight, whole.weight)
    assert torch.equal(again.bias, whole.bias)
    assert not checkpoint.exists()


def test_the_learning_rate_rises_and_falls() -> None:
    model = nn.Linear(1, 1, bias=False)
    values = [model.weight.item()]
    fit(
        model,
        lambda epoch: [0, 1, 2, 3],
        lambda module, batch: module.weight.sum(),  # a constant slope: each step is the rate
        [Group([model.weight], lr=1.0)],
        budget=Budget(epochs=2, warmup=0.25),
        on_step=lambda loss: values.append(model.weight.item()),
    )
    steps = [before - after for before, after in pairwise(values)]
    expected = [1 / 2, 1, 1, 5 / 6, 4 / 6, 3 / 6, 2 / 6, 1 / 6]
    assert steps == pytest.approx(expected, abs=1e-5)


def test_a_checkpoint_of_another_model_or_a_cut_one_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "fit.safetensors"
    model = _model()
    optimizer = torch.optim.AdamW(model.parameters())
    save_checkpoint(file, model, optimizer, epoch=0)
    other = nn.Linear(4, 1)
    with pytest.raises(RunError, match="no checkpoint of this model"):
        load_checkpoint(file, other, torch.optim.AdamW(other.parameters()))
    file.write_bytes(file.read_bytes()[:50])
    with pytest.raises(RunError, match="delete it and start again"):
        load_checkpoint(file, model, optimizer)
