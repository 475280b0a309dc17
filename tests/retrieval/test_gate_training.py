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
from kgtransfer.retrieval.gate_training import (
    DocumentVectors,
    GateTrainingSet,
    gate_groups,
    train_gates,
)
from kgtransfer.retrieval.settings import SearchTraining
from kgtransfer.training.loop import Group

DOCUMENTS, WIDTH = 60, 16


def unit(*shape: int, seed: int) -> Tensor:
    return F.normalize(torch.randn(*shape, generator=torch.Generator().manual_seed(seed)), dim=-1)


def trained(share: float, in_context: Tensor, truth: Tensor) -> Conditioned:
    """A model whose gates learned from queries `share` of the way from the documents to `truth`."""
    documents = unit(DOCUMENTS, WIDTH, seed=0)
    iris = [f"e:{row}" for row in range(DOCUMENTS)]
    grounding = Grounding.from_lists(iris, ("class",), [{"class": [i]} for i in range(DOCUMENTS)])
    gates = RelationGates(unit(DOCUMENTS, WIDTH, seed=3), ("class",), WIDTH)
    model = Conditioned(ContextGate(nn.Identity()), {"": gates}, grounding)
    queries = F.normalize(documents + share * (truth - documents), dim=1)
    conditions = grounding.condition(gates.embeddings)
    offsets = np.arange(DOCUMENTS + 1)
    read = DocumentVectors(documents, in_context, conditions)
    training_set = GateTrainingSet(read, queries, offsets)
    groups = [Group([context_gate_of(model).gate], 2e-2), Group([gates.gates], 1e-3)]
    train_gates(model, training_set, groups, steps=150, seed=0)
    return model


def test_the_context_gate_opens_as_far_as_its_queries_ask() -> None:
    in_context = unit(DOCUMENTS, WIDTH, seed=1)
    half, shut = trained(0.5, in_context, in_context), trained(0.0, in_context, in_context)
    assert 0.3 < context_gate_of(half).gate.item() < 0.8
    assert context_gate_of(shut).gate.item() < 0.1
    assert abs(gates_of(half).gate_values()["class"]) < 0.1


def test_a_placebo_shuts_its_own_gate() -> None:
    in_context = unit(DOCUMENTS, WIDTH, seed=1)
    placebo = trained(0.5, in_context.roll(1, 0), in_context)
    assert context_gate_of(placebo).gate.item() < 0.1


def test_the_same_seed_gives_the_same_bits() -> None:
    in_context = unit(DOCUMENTS, WIDTH, seed=1)
    first, again = trained(0.5, in_context, in_context), trained(0.5, in_context, in_context)
    assert torch.equal(context_gate_of(first).gate, context_gate_of(again).gate)
    assert torch.equal(gates_of(first).gates, gates_of(again).gates)


def test_relation_gates_learn_slower_beside_a_context_gate() -> None:
    gates = RelationGates(unit(3, WIDTH, seed=3), ("class",), WIDTH)
    grounding = Grounding.from_lists("abc", ("class",), [{"class": [0]}])
    model = Conditioned(ContextGate(nn.Identity()), {"": gates}, grounding)
    training = SearchTraining(context_lr=0.5, gate_lr=0.25, gate_lr_beside_context=0.125)

    def rates(*, context: bool, relations: bool, has_context: bool) -> list[float]:
        groups = gate_groups(
            model,
            training,
            learns_context=context,
            learns_relations=relations,
            has_context=has_context,
        )
        return [group.lr for group in groups]

    assert rates(context=True, relations=True, has_context=True) == [0.5, 0.125, 1e-3]
    assert rates(context=False, relations=True, has_context=True) == [0.125, 1e-3]
    assert rates(context=False, relations=True, has_context=False) == [0.25, 1e-3]
    assert rates(context=False, relations=False, has_context=False) == []
