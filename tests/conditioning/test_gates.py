"""Relation gates: identity at the start, a weighted sum afterwards."""

from __future__ import annotations

import torch

from kgtransfer.conditioning.gates import RelationGates, gates_of
from kgtransfer.grounding.base import Grounding

G = Grounding.from_lists(
    ("e:a", "e:b"), ("class", "callers"), [{"class": [0], "callers": [0, 1]}, {}]
)
E = torch.tensor([[1.0, 2.0], [3.0, -4.0]])


def test_at_the_start_the_gates_are_the_identity_to_the_bit() -> None:
    x = torch.randn(2, 2, generator=torch.Generator().manual_seed(0))
    assert torch.equal(RelationGates(E, G.relations, 2)(x, G), x)
    wide = torch.randn(2, 5, generator=torch.Generator().manual_seed(0))
    assert torch.equal(RelationGates(E, G.relations, 5)(wide, G), wide)


def test_every_place_of_a_map_gets_the_same() -> None:
    gates = RelationGates(E, G.relations, 2)
    gates.set({"class": 0.5, "callers": -1.0})
    maps = torch.zeros(2, 3, 2, 2)
    assert torch.equal(
        gates(maps, G), gates(torch.zeros(2, 2), G)[:, None, None].expand(2, 3, 2, 2)
    )


def test_each_relation_enters_by_its_own_gate() -> None:
    gates = RelationGates(E, G.relations, 2)
    gates.set({"class": 0.5, "callers": -1.0})
    added = gates(torch.zeros(2, 2), G)
    torch.testing.assert_close(added, torch.tensor([[0.5 - 2.0, 1.0 + 1.0], [0.0, 0.0]]))
    assert gates.gate_values() == {"class": 0.5, "callers": -1.0}


def test_a_gate_left_out_is_closed() -> None:
    gates = RelationGates(E, G.relations, 2)
    gates.set({"class": 0.5})
    assert gates.gate_values() == {"class": 0.5, "callers": 0.0}


def test_the_gates_learn_from_the_first_step() -> None:
    gates = RelationGates(E, G.relations, 2)
    gates(torch.zeros(2, 2), G).sum().backward()
    assert gates.gates.grad is not None
    assert gates.gates.grad.tolist() == [3.0, 2.0 - 1.0]


def test_text_columns_pass_the_projection_unchanged() -> None:
    both = torch.cat([E, torch.ones(2, 3)], dim=1)  # text, then structure
    gates = RelationGates(both, G.relations, 2)
    gates.set({"class": 1.0})
    torch.testing.assert_close(gates(torch.zeros(2, 2), G)[0], E[0])


def test_embeddings_are_no_part_of_the_state() -> None:
    assert set(RelationGates(E, G.relations, 2).state_dict()) == {"gates"}


def test_gates_are_found_inside_a_model() -> None:
    gates = RelationGates(E, G.relations, 2)
    assert gates_of(torch.nn.Sequential(torch.nn.Linear(2, 2), gates)) is gates
