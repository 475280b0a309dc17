from __future__ import annotations

import pytest
import torch

from kgtransfer.embedding.kge import learner
from kgtransfer.embedding.kge.fit import threads_for
from kgtransfer.embedding.kge.recipe import TrainingRecipe
from kgtransfer.embedding.kge.triples import graph_triples

RECIPE = TrainingRecipe(dim=8, batch_size=20, negatives=4)


@pytest.mark.parametrize("anchored", [False, True])
def test_sparse_updates_give_what_dense_ones_give(family, monkeypatch, anchored):
    states = []
    for sparse in (False, True):
        monkeypatch.setattr(learner, "updates_few_rows", lambda recipe, entities, s=sparse: s)
        trained = learner.Learner(graph_triples(family), RECIPE)
        if anchored:
            trained.anchor({}, 0.1)
        with threads_for(RECIPE, trained.triples):
            trained.learn(1)
        rows = trained.model.entities.rows
        assert rows.grad.is_sparse == (sparse and not anchored)
        states.append(trained.snapshot(1))
    dense, rowwise = states
    # Adagrad's first step follows the sign of a gradient, and so may round-off.
    torch.testing.assert_close(rowwise.weights, dense.weights, rtol=1e-3, atol=5e-3)
    torch.testing.assert_close(rowwise.sums, dense.sums, rtol=1e-2, atol=1e-3)


def test_a_step_without_a_pool_is_dense(family):
    trained = learner.Learner(
        graph_triples(family), TrainingRecipe(dim=8, batch_size=1, negatives=1)
    )
    assert trained.model.entities.sparse
    trained = learner.Learner(graph_triples(family), TrainingRecipe(dim=8, batch_size=1))
    assert not trained.model.entities.sparse
