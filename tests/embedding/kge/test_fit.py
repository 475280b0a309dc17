from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from kgtransfer.embedding.kge.fit import fit
from kgtransfer.embedding.kge.learner import Learner
from kgtransfer.embedding.kge.recipe import TrainingRecipe
from kgtransfer.embedding.kge.scores import SCORES
from kgtransfer.embedding.kge.triples import graph_triples
from kgtransfer.errors import ConfigError, DataError, RunError

FAST = TrainingRecipe(dim=64, batch_size=200, n3=0.01)


@pytest.mark.parametrize(
    ("model", "negatives", "reached"),
    [
        ("complex", None, 0.95),
        ("complex", 20, 0.95),
        ("cp", None, 0.9),
        ("distmult", None, 0.95),
        ("rescal", None, 0.8),
        ("rotate", None, 0.5),
        ("transe", None, 0.5),
        ("transe_l1", None, 0.5),
    ],
)
def test_a_family_is_learnt(family, model, negatives, reached):
    triples = graph_triples(family).hold_out(0.1)
    dim = 16 if model == "rescal" else 64
    recipe = replace(FAST, model=model, dim=dim, epochs=40, patience=10, negatives=negatives)
    fitted = fit(triples, recipe)
    assert fitted.valid["mrr"] >= reached
    assert fitted.valid["mrr"] == max(fitted.history.values())
    assert fitted.history[fitted.epochs] == fitted.valid["mrr"]
    entity, relation = SCORES[model].widths(dim)
    assert fitted.entities.shape == (len(family.concepts), entity)
    assert fitted.relations.shape == (2 * len(family.relations), relation)
    assert fitted.names == family.concepts


def test_noise_is_not_learnt(family):
    triples = graph_triples(family)
    generator = torch.Generator().manual_seed(0)
    scrambled = triples.train.copy()
    scrambled[:, 2] = scrambled[torch.randperm(len(scrambled), generator=generator).numpy(), 2]
    noise = replace(triples, train=scrambled).hold_out(0.1)
    assert fit(noise, replace(FAST, epochs=20)).valid["mrr"] < 0.4


def test_training_stops_when_validation_no_longer_gains(family):
    triples = graph_triples(family).hold_out(0.1)
    fitted = fit(triples, replace(FAST, epochs=200, patience=2))
    assert max(fitted.history) == fitted.epochs + 2 < 200


def test_the_seed_decides_every_bit(family):
    triples = graph_triples(family).hold_out(0.1)
    runs = [fit(triples, replace(FAST, epochs=3, negatives=20), seed=seed) for seed in (0, 0, 1)]
    assert torch.equal(runs[0].entities, runs[1].entities)
    assert torch.equal(runs[0].relations, runs[1].relations)
    assert not torch.equal(runs[0].entities, runs[2].entities)


def test_training_leaves_the_global_generator_and_threads_alone(family):
    before, threads = torch.get_rng_state(), torch.get_num_threads()
    fit(graph_triples(family), replace(FAST, epochs=1))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.get_num_threads() == threads


def test_without_validation_all_epochs_are_run_and_told(family):
    told = []
    recipe = replace(FAST, epochs=4)
    fitted = fit(graph_triples(family), recipe, progress=lambda *news: told.append(news))
    assert (fitted.epochs, fitted.valid, fitted.history) == (4, {}, {})
    assert told == [("epoch 1", 0.25), ("epoch 2", 0.5), ("epoch 3", 0.75), ("epoch 4", 1.0)]


def test_an_unknown_model_is_named(family):
    with pytest.raises(ConfigError, match="'complexx'"):
        fit(graph_triples(family), replace(FAST, model="complexx"))


def test_nothing_to_learn_is_an_error(family):
    triples = graph_triples(family)
    with pytest.raises(DataError, match="no links"):
        fit(replace(triples, train=triples.train[:0]))


def test_a_question_for_the_relation_is_learnt_beside(family):
    triples = graph_triples(family).hold_out(0.1)
    fitted = fit(triples, replace(FAST, epochs=40, patience=10, relation_weight=1.0))
    assert fitted.valid["mrr"] >= 0.9


def test_descriptions_tell_links_that_free_rows_cannot(family):
    """Concepts are described by who they are linked to; rows without factors know nothing."""
    triples = graph_triples(family).hold_out(0.1)
    features = torch.zeros(len(family.concepts), len(family.concepts))
    head, _, tail = torch.from_numpy(triples.train).T
    features[head, tail] = features[tail, head] = 1.0
    blind = replace(FAST, dim=1, epochs=1, cooldown=0)
    alone, fitted = (fit(triples, blind, features=f, seed=0) for f in (None, features))
    assert alone.valid["mrr"] < 0.4
    assert fitted.valid["mrr"] >= 0.6
    assert fitted.recipe.text_weight > 0


def test_descriptions_that_say_nothing_get_no_weight(family):
    triples = graph_triples(family).hold_out(0.1)
    noise = torch.randn(len(family.concepts), 4, generator=torch.Generator().manual_seed(0))
    recipe = replace(FAST, epochs=40, patience=10)
    alone, fitted = (fit(triples, recipe, features=f) for f in (None, noise))
    assert fitted.valid["mrr"] >= alone.valid["mrr"]
    assert fitted.recipe.text_weight <= 0.25


def test_features_that_are_not_finite_are_named(family):
    features = torch.zeros(len(family.concepts), 2)
    features[3, 1] = torch.nan
    with pytest.raises(DataError, match=family.concepts[3]):
        fit(graph_triples(family), FAST, features=features)


def test_features_of_other_entities_are_refused(family):
    with pytest.raises(DataError, match="7 rows of features for 49 entities"):
        fit(graph_triples(family), FAST, features=torch.zeros(7, 2))


def cut_after(epochs: int):
    def progress(news: str, done: float) -> None:
        if news.startswith(f"epoch {epochs}"):
            raise KeyboardInterrupt

    return progress


@pytest.mark.parametrize("cut", [1, 3])
def test_a_training_that_was_cut_off_ends_as_if_it_had_not_been(family, tmp_path, cut):
    triples, recipe = graph_triples(family).hold_out(0.1), replace(FAST, epochs=5, negatives=20)
    whole = fit(triples, recipe)
    with pytest.raises(KeyboardInterrupt):
        fit(triples, recipe, checkpoint=tmp_path, progress=cut_after(cut))
    resumed = fit(triples, recipe, checkpoint=tmp_path)
    assert torch.equal(resumed.entities, whole.entities)
    assert resumed.history == whole.history


def test_another_trainings_checkpoint_is_refused(family, tmp_path):
    triples = graph_triples(family)
    fit(triples, replace(FAST, epochs=1), checkpoint=tmp_path)
    with pytest.raises(RunError, match="other settings"):
        fit(triples, replace(FAST, epochs=2, lr=0.2), checkpoint=tmp_path)


def test_a_cooldown_is_kept_only_where_it_gains(family):
    triples = graph_triples(family).hold_out(0.1)
    recipe = replace(FAST, epochs=8, patience=8)
    plain, cooled = (fit(triples, replace(recipe, cooldown=epochs)) for epochs in (0, 3))
    assert cooled.valid["mrr"] >= plain.valid["mrr"]
    assert cooled.history == plain.history
    if cooled.epochs == plain.epochs:
        assert torch.equal(cooled.entities, plain.entities)


def test_a_cooldown_is_slower(family):
    triples = graph_triples(family).hold_out(0.1)
    slow, fast = Learner(triples, FAST), Learner(triples, FAST)
    slow.slow_down(0.2)
    moved = []
    for learner in (slow, fast):
        before = learner.snapshot(0).entities
        learner.learn(1)
        moved.append((learner.snapshot(1).entities - before).norm())
    assert moved[0] < 0.5 * moved[1]
