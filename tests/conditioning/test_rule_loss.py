"""Rule losses: what the axioms forbid costs, and nothing else does."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from kgtransfer.conditioning.rule_loss import Rules
from kgtransfer.knowledge.axioms import axioms_of
from kgtransfer.knowledge.io.ontology import read_ontology

E = "https://example.org/"
FRUIT = """
@prefix e: <https://example.org/> . @prefix kgt: <https://w3id.org/kgtransfer/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
e:Taste rdfs:subClassOf kgt:Attribute .
e:Sour rdfs:subClassOf e:Taste . e:Sweet rdfs:subClassOf e:Taste .
e:Citrus rdfs:subClassOf e:Fruit ; kgt:usual e:Sour .
e:Lemon rdfs:subClassOf e:Citrus ; kgt:never e:Sweet .
e:Melon rdfs:subClassOf e:Fruit ; kgt:sometimes e:Sweet ; owl:disjointWith e:Lemon .
"""
CONCEPTS = [E + name for name in ("Lemon", "Melon", "Citrus", "Fruit", "Sour", "Sweet")]
LEMON, MELON, CITRUS, FRUIT_, SOUR, SWEET = range(6)


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Rules:
    file = tmp_path_factory.mktemp("rules") / "fruit.ttl"
    file.write_text(FRUIT, encoding="utf-8")
    return Rules.of(axioms_of(read_ontology(file)), CONCEPTS)


def test_the_rules_are_those_that_the_ontology_states(rules: Rules) -> None:
    assert {tuple(pair) for pair in rules.implications.tolist()} == {
        (LEMON, CITRUS),
        (LEMON, FRUIT_),
        (CITRUS, FRUIT_),
        (MELON, FRUIT_),
        (CITRUS, SOUR),
    }
    assert {frozenset(pair) for pair in rules.exclusions.tolist()} == {
        frozenset((LEMON, MELON)),
        frozenset((LEMON, SWEET)),
        frozenset((SOUR, SWEET)),
    }


def test_a_prediction_that_keeps_all_rules_costs_nothing(rules: Rules) -> None:
    lemon = torch.tensor([[1.0, 0, 1, 1, 1, 0]])
    assert rules.loss(lemon) == 0
    sweet = torch.tensor([[1.0, 0, 1, 1, 1, 1]])  # breaks lemon-sweet and sour-sweet, of eight
    assert rules.loss(sweet) == pytest.approx(2 / 8)
    bare = torch.tensor([[1.0, 0, 0, 0, 0, 0]])  # a lemon that is no citrus and no fruit
    assert rules.loss(bare) == pytest.approx(2 / 8)


@given(st.lists(st.floats(0, 1), min_size=6, max_size=6))
def test_a_loss_is_a_share(rules: Rules, row: list[float]) -> None:
    assert 0 <= rules.loss(torch.tensor([row])) <= 1


def test_gradients_move_a_prediction_towards_the_rules(rules: Rules) -> None:
    logits = torch.zeros(1, 6, requires_grad=True)
    for _ in range(300):
        (gradient,) = torch.autograd.grad(rules.loss(logits.sigmoid()), logits)
        logits = (logits - 20 * gradient).detach().requires_grad_()
    assert rules.loss(logits.sigmoid()) < 0.02


def test_no_rule_costs_nothing() -> None:
    none = torch.empty(0, 2, dtype=torch.int64)
    assert Rules(none, none).loss(torch.rand(3, 2)) == 0
