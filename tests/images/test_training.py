"""Axioms as rules: what they forbid of a prediction beside what was measured costs."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import torch

from kgtransfer.classification.outcomes.one_of import OneOf
from kgtransfer.classification.targets import Targets
from kgtransfer.conditioning.rule_loss import Rules
from kgtransfer.grounding.observations import Observations
from kgtransfer.images.training import rule_loss

CATS_NEVER_BARK = Rules(torch.empty(0, 2, dtype=torch.int64), torch.tensor([[0, 3]]))
OUTCOME = OneOf(Targets(("cat", "dog"), ("e:Cat", "e:Dog"), (0, 1)))


def _samples() -> SimpleNamespace:
    """One that meows, one that barks; columns: cat, dog, meow, bark."""
    weights = {"e:Voice": np.array([[1.0, 0.0], [0.0, 1.0]])}
    return SimpleNamespace(observed=Observations({"e:Voice": ("e:Meow", "e:Bark")}, weights))


def test_a_barking_cat_costs_and_a_meowing_one_does_not() -> None:
    loss = rule_loss(CATS_NEVER_BARK, _samples(), OUTCOME, 2.0)  # type: ignore[arg-type]
    cat, dog = torch.tensor([[20.0, 0.0]]), torch.tensor([[0.0, 20.0]])
    assert loss(cat, torch.tensor([0])).item() == 0
    assert loss(dog, torch.tensor([1])).item() < 1e-6
    assert abs(loss(cat, torch.tensor([1])).item() - 2.0) < 1e-6


def test_the_gradient_turns_the_prediction_away() -> None:
    logits = torch.zeros(1, 2, requires_grad=True)
    rule_loss(CATS_NEVER_BARK, _samples(), OUTCOME, 1.0)(logits, torch.tensor([1])).backward()  # type: ignore[arg-type]
    assert logits.grad is not None
    assert logits.grad[0, 0] > 0 > logits.grad[0, 1]
