"""Gates learn what their queries reward, and nothing from a placebo."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from kgtransfer.conditioning.attachment import Conditioned
from kgtransfer.conditioning.gates import RelationGates, gates_of
from kgtransfer.grounding.base import Grounding
from kgtransfer.retrieval.context_gate import ContextGate, context_gate_of
from kgtransfer.retrieval.gate_training import GateTrainingSet, train_gates
from kgtransfer.training.loop import Group

DOCUMENTS, WIDTH = 60, 16


def unit(*shape: int, seed: int) -> Tensor:
    return F.normalize(torch.randn(*shape, generator=torch.Generator().manual_seed(seed)), dim=-1)


def taught(asked: float, read: Tensor, truth: Tensor) -> Conditioned:
    """A model taught by queries that lie `asked` of the way from the bare vectors to `truth`."""
    bare = unit(DOCUMENTS, WIDTH, seed=0)
    iris = [f"e:{row}" for row in range(DOCUMENTS)]
    grounding = Grounding.from_lists(iris, ("class",), [{"class": [i]} for i in range(DOCUMENTS)])
    gates = RelationGates(unit(DOCUMENTS, WIDTH, seed=3), ("class",), WIDTH)
    model = Conditioned(ContextGate(nn.Identity()), {"": gates}, grounding)
    queries = F.normalize(bare + asked * (truth - bare), dim=1)
    pooled = grounding.condition(gates.embeddings)
    lesson = GateTrainingSet(bare, queries, np.arange(DOCUMENTS + 1), read, pooled)
    groups = [Group([context_gate_of(model).gate], 2e-2), Group([gates.gates], 1e-3)]
    train_gates(model, lesson, groups, steps=150, seed=0)
    return model


def test_the_reading_gate_opens_as_far_as_its_queries_ask() -> None:
    read = unit(DOCUMENTS, WIDTH, seed=1)
    half, shut = taught(0.5, read, read), taught(0.0, read, read)
    assert 0.3 < context_gate_of(half).gate.item() < 0.8
    assert context_gate_of(shut).gate.item() < 0.1
    assert abs(gates_of(half).gate_values()["class"]) < 0.1


def test_a_placebo_shuts_its_own_door() -> None:
    read = unit(DOCUMENTS, WIDTH, seed=1)
    placebo = taught(0.5, read.roll(1, 0), read)
    assert context_gate_of(placebo).gate.item() < 0.1


def test_the_same_seed_teaches_the_same_bits() -> None:
    read = unit(DOCUMENTS, WIDTH, seed=1)
    first, again = taught(0.5, read, read), taught(0.5, read, read)
    assert torch.equal(context_gate_of(first).gate, context_gate_of(again).gate)
    assert torch.equal(gates_of(first).gates, gates_of(again).gates)
