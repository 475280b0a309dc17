from __future__ import annotations

from dataclasses import replace

import pytest

from kgtransfer.embedding.kge.recipe import TrainingRecipe
from kgtransfer.embedding.kge.triples import graph_triples
from kgtransfer.embedding.kge.work import epoch_work

RECIPE = TrainingRecipe(dim=16, batch_size=20, negatives=4)


@pytest.mark.parametrize(
    "dearer",
    [{"dim": 32}, {"batch_size": 10}, {"relation_weight": 0.25}, {"negatives": None}],
)
def test_what_makes_an_epoch_dearer(family, dearer):
    triples = graph_triples(family)
    assert epoch_work(replace(RECIPE, **dearer), triples) > epoch_work(RECIPE, triples)


@pytest.mark.parametrize("same", [{"n3": 1.0}, {"lr": 0.5}, {"relation_weight": 0.0}])
def test_what_costs_nothing(family, same):
    triples = graph_triples(family)
    assert epoch_work(replace(RECIPE, **same), triples) == epoch_work(RECIPE, triples)
