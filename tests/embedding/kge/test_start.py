from __future__ import annotations

import sys

import pytest

from kgtransfer.embedding.kge.recipe import TrainingRecipe
from kgtransfer.embedding.kge.start import initial_model, updates_few_rows
from kgtransfer.embedding.kge.triples import graph_triples
from kgtransfer.errors import ConfigError


@pytest.mark.parametrize(
    ("settings", "entities", "few"),
    [
        ({"batch_size": 500, "negatives": 1_000}, 16_000, True),
        ({"batch_size": 500, "negatives": 1_000}, 15_999, False),
        ({"batch_size": 500}, 1_000_000, False),
        ({"batch_size": 500, "negatives": 1_000, "layers": 1}, 1_000_000, False),
    ],
)
def test_few_rows_are_an_eighth(settings, entities, few):
    assert updates_few_rows(TrainingRecipe(**settings), entities) is few


def test_an_encoder_without_its_extra_names_it(family, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch_geometric", None)
    monkeypatch.setitem(sys.modules, "torch_geometric.nn", None)
    monkeypatch.delitem(sys.modules, "kgtransfer.embedding.kge.encoder", raising=False)
    with pytest.raises(ConfigError, match=r"kgtransfer\[graph\]"):
        initial_model(graph_triples(family), TrainingRecipe(layers=1), seed=0, sparse=False)
