from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kgtransfer.embedding.kge.fit import fit
from kgtransfer.embedding.kge.recipe import TrainingRecipe
from kgtransfer.embedding.kge.trials import Trials
from kgtransfer.embedding.kge.triples import graph_triples
from kgtransfer.errors import RunError

RECIPE = TrainingRecipe(dim=8, batch_size=200, n3=0.01, epochs=6, patience=6)


@pytest.fixture
def triples(family):
    return graph_triples(family).hold_out(0.1)


def trials(triples, folder, *, seed=0, progress=lambda message, done: None) -> Trials:
    return Trials(triples, folder, seed=seed, device="cpu", progress=progress)


def test_a_training_goes_on_from_where_it_stopped(triples, tmp_path):
    epochs = []
    some = trials(triples, tmp_path, progress=lambda message, done: epochs.append(message[:7]))
    assert some.run(RECIPE, 2).epochs == 2
    trial = some.run(RECIPE, 5)
    assert epochs == [f"epoch {epoch}" for epoch in range(1, 6)]
    whole = fit(triples, replace(RECIPE, epochs=5, cooldown=0))
    assert trial.history == whole.history
    assert trial.mrr == whole.valid["mrr"]
    assert trial.work == 5 * trial.epoch_work


def test_an_earlier_stage_is_told_without_training(triples, tmp_path):
    trials(triples, tmp_path).run(RECIPE, 4)
    epochs = []
    again = trials(triples, tmp_path, progress=lambda message, done: epochs.append(message))
    assert list(again.run(RECIPE, 2).history) == [1, 2]
    assert epochs == []


def test_what_is_dropped_leaves_its_history_alone(triples, tmp_path):
    some = trials(triples, tmp_path)
    trial = some.run(RECIPE, 2)
    some.drop(RECIPE)
    assert [file.name for file in tmp_path.iterdir()] == ["search.json"]
    assert trials(triples, tmp_path).run(RECIPE, 2) == trial


def test_a_training_that_stopped_gaining_is_left_alone(triples, tmp_path):
    impatient = replace(RECIPE, epochs=60, patience=1)
    some = trials(triples, tmp_path)
    ended = some.run(impatient, 60)
    assert ended.epochs < 60
    assert some.run(impatient, 60) == ended


def test_a_training_that_diverges_is_worth_nothing(triples, tmp_path):
    trial = trials(triples, tmp_path).run(replace(RECIPE, lr=1e38, init=1e30), 2)
    assert (trial.mrr, trial.epochs) == (0.0, 2)


def test_seconds_are_measured_once(triples, tmp_path):
    seconds = trials(triples, tmp_path).seconds_per_epoch(RECIPE)
    assert seconds > 0
    assert trials(triples, tmp_path).seconds_per_epoch(RECIPE) == seconds


def test_another_seed_or_other_data_are_refused(triples, tmp_path):
    trials(triples, tmp_path).run(RECIPE, 1)
    with pytest.raises(RunError, match="another seed or of other data"):
        trials(triples, tmp_path, seed=1)
    with pytest.raises(RunError, match="another seed or of other data"):
        trials(triples.hold_out(0.1), tmp_path)


def test_a_damaged_memory_is_refused(triples, tmp_path):
    trials(triples, tmp_path).run(RECIPE, 1)
    (tmp_path / "search.json").write_text(json.dumps([]))
    with pytest.raises(RunError):
        trials(triples, tmp_path)
