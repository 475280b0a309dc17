from __future__ import annotations

from dataclasses import replace

import pytest
import torch

pytest.importorskip("torch_geometric")

from kgtransfer.embedding.kge.encoder import Composition, EncodedRows
from kgtransfer.embedding.kge.entities import FreeRows
from kgtransfer.embedding.kge.fit import fit
from kgtransfer.embedding.kge.learner import Learner
from kgtransfer.embedding.kge.recipe import TrainingRecipe
from kgtransfer.embedding.kge.triples import graph_triples
from kgtransfer.embedding.kge.update import update

# 0 -r-> 2 and 1 -r-> 2; the reciprocal relation is row 1.
EDGES = torch.tensor([[0, 0, 2], [1, 0, 2], [2, 1, 0], [2, 1, 1]])
ROWS = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])


def encoded(dropout: float = 0.0, layers: int = 1) -> EncodedRows:
    return EncodedRows(
        FreeRows(ROWS.clone()), EDGES, relations=2, width=2, layers=layers, dropout=dropout
    )


def test_it_starts_at_the_rows():
    assert torch.equal(encoded(layers=2)(), ROWS)
    assert torch.equal(encoded()(torch.tensor([2, 0])), ROWS[[2, 0]])


def test_a_message_is_the_neighbours_mean_times_the_link():
    layer = Composition(2, 2)
    with torch.no_grad():
        layer.relations.copy_(torch.tensor([[1.0, 10.0], [1.0, 1.0]]))
        layer.matrices[0] = 2 * torch.eye(2)  # halved: the width is 2
    assert layer(ROWS, EDGES).tolist() == [[1.0, 2.0], [3.0, 4.0], [5.0 + 2.0, 6.0 + 30.0]]


def test_training_leaves_out_links_in_both_directions():
    encoder, sizes = encoded(dropout=0.5), set()
    for seed in range(20):
        torch.manual_seed(seed)
        sampled = encoder._sampled_edges().tolist()
        sizes.add(len(sampled))
        assert all([tail, 1 - relation, head] in sampled for head, relation, tail in sampled)
    assert sizes == {0, 2, 4}
    assert len(encoder.eval()._sampled_edges()) == 4


def test_only_training_links_carry_messages(family):
    triples = graph_triples(family).hold_out(0.1)
    assert len(triples.valid)
    edges = Learner(triples, TrainingRecipe(dim=4, layers=1)).model.entities.edges.tolist()
    assert len(edges) == 2 * len(triples.train)
    held_out = triples.valid.tolist()
    count = len(triples.relations)
    assert not [e for e in held_out if e in edges or [e[2], e[1] + count, e[0]] in edges]


def test_a_family_is_learnt_through_its_neighbours(family):
    triples = graph_triples(family).hold_out(0.1)
    recipe = TrainingRecipe(dim=32, batch_size=200, n3=0.01, epochs=30, patience=10, layers=1)
    fitted = fit(triples, replace(recipe, lr=0.05))
    assert fitted.valid["mrr"] >= 0.8
    assert fitted.weights["entities.layers.0.matrices"].abs().max() > 0


def test_an_update_keeps_the_links_vectors_by_name(family):
    triples = graph_triples(family)
    old = fit(triples, TrainingRecipe(dim=4, batch_size=200, epochs=2, layers=1))
    # Without the first relation, rows of the others move up by one.
    later = triples.train[triples.train[:, 1] > 0] - [0, 1, 0]
    new = replace(triples, relations=triples.relations[1:], train=later)
    fitted = update(old, new, epochs=0).fitted
    half, table = len(triples.relations), "entities.layers.0.relations"
    old_rows = [*range(1, half), *range(half + 1, 2 * half)]
    assert torch.equal(fitted.weights[table], old.weights[table][old_rows])
    assert torch.equal(fitted.weights["entities.base.rows"], old.weights["entities.base.rows"])
