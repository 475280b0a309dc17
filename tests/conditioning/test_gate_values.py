"""What a model has learned to let in, by name."""

from __future__ import annotations

import torch
from torch import nn

from kgtransfer.conditioning.attachment import condition
from kgtransfer.conditioning.gate_values import gates
from kgtransfer.conditioning.gates import gates_of
from kgtransfer.embedding.concepts import ConceptEmbeddings
from kgtransfer.grounding.base import Grounding
from kgtransfer.retrieval.context_gate import ContextGate, context_gate_of

G = Grounding.from_lists(("e:a", "e:b"), ("class", "callers"), [{"class": [0]}])
CONCEPTS = ConceptEmbeddings.from_parts(G.concepts, {"text": torch.eye(2)}, {})


def _network() -> nn.Sequential:
    return nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.Linear(2, 2))


def test_relations_and_the_reading_in_context_have_a_gate_each() -> None:
    model = condition(ContextGate(_network()), CONCEPTS, G, width=2)
    assert gates(model) == {"context": 0.0, "class": 0.0, "callers": 0.0}
    gates_of(model).set({"callers": -0.5})
    nn.init.constant_(context_gate_of(model).gate, 0.25)
    assert gates(model) == {"context": 0.25, "class": 0.0, "callers": -0.5}
    assert gates(nn.Sequential(nn.Linear(2, 3), model)) == gates(model)


def test_at_several_sites_the_site_stands_before_the_name() -> None:
    model = condition(_network(), CONCEPTS, G, width=2, by="film", at=("0", ""))
    nn.init.constant_(model.conditioners[1].get_parameter("scale_and_shift.bias"), 0.5)
    assert gates(model) == {"0: film": 0.0, "output: film": 1.0}


def test_a_conditioner_of_the_users_own_reports_what_it_likes() -> None:
    class Own(nn.Module):
        def gate_values(self) -> dict[str, float]:
            return {"own": 0.125}

    assert gates(condition(_network(), CONCEPTS, G, by=Own(), width=2)) == {"own": 0.125}
    assert gates(_network()) == {}
