from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from kgtransfer.embedding.kge.fit import fit
from kgtransfer.embedding.kge.recipe import TrainingRecipe
from kgtransfer.embedding.kge.triples import graph_triples
from kgtransfer.embedding.kge.tuned import discard, fit_within
from kgtransfer.errors import ConfigError

HEAVY = TrainingRecipe(dim=8, batch_size=200, n3=1.0, epochs=6, patience=6)
LIGHT = replace(HEAVY, n3=0.01)


@pytest.fixture
def triples(family):
    return graph_triples(family).hold_out(0.1)


def test_the_model_has_the_chosen_settings(triples, tmp_path):
    fitted, found = fit_within(triples, HEAVY, "4x", checkpoint=tmp_path)
    assert found is not None
    assert fitted.recipe == found.recipe
    assert fitted.recipe.n3 < 0.3
    assert fitted.valid["mrr"] >= max(c.mrr for c in found.rungs[-1])  # a cooldown may gain
    assert found.held_out == 0
    discard(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_where_the_recipe_wins_it_is_the_training_without_a_search_to_the_bit(triples):
    few = replace(triples, valid=triples.valid[:1])  # two ranks: any gain may be luck
    fitted, found = fit_within(few, LIGHT, "1x")
    plain, nothing = fit_within(few, LIGHT, 0)
    assert found is not None
    assert nothing is None
    assert torch.equal(fitted.entities, plain.entities)
    assert fitted.recipe == plain.recipe == LIGHT


def test_without_validation_triples_some_are_held_out_and_all_are_learnt(family, tmp_path):
    triples = graph_triples(family)
    fitted, found = fit_within(triples, HEAVY, "4x", checkpoint=tmp_path)
    assert found is not None
    assert found.held_out == round(0.1 * len(triples.train))
    assert len(fitted.train) == len(triples.train)
    assert fitted.data == triples.digest
    assert fitted.valid == {}
    assert fitted.recipe.n3 == found.recipe.n3 < 0.3
    assert fitted.epochs <= found.rungs[-1][0].epochs + HEAVY.cooldown


def test_without_a_budget_it_is_the_plain_training(triples):
    fitted, found = fit_within(triples, LIGHT, 0)
    assert found is None
    assert torch.equal(fitted.entities, fit(triples, LIGHT).entities)


def test_seconds_are_turned_into_trainings(triples):
    _, found = fit_within(triples, replace(LIGHT, epochs=2), "1e6")
    assert found is not None
    assert found.budget == "1e+06"
    assert found.trainings > 10


def test_several_processes_need_a_common_measure_and_folder(triples, monkeypatch, tmp_path):
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(ConfigError, match="processes that share a search"):
        fit_within(triples, LIGHT, "2x")
    with pytest.raises(ConfigError, match="processes that share a search"):
        fit_within(triples, LIGHT, 60, checkpoint=tmp_path)
