from __future__ import annotations

from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F

from kgtransfer.embedding import fit as fit_module
from kgtransfer.embedding.fit import fit, one_vs_all_loss
from kgtransfer.embedding.scores import SCORES
from kgtransfer.embedding.triples import graph_triples
from kgtransfer.errors import ConfigError, DataError

FAST = {"dim": 64, "batch_size": 200, "n3": 0.01}


@pytest.fixture
def in_float32(monkeypatch):
    """Exact arithmetic, whatever the processor is fast at."""
    monkeypatch.setattr(fit_module, "autocast", lambda device: torch.autocast("cpu", enabled=False))


def vectors(seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    entities, relations = (torch.randn(n, 8, generator=generator) for n in (7, 4))
    return entities.requires_grad_(), relations.requires_grad_()


@pytest.mark.parametrize("name", SCORES)
def test_shared_rows_give_the_naive_loss_and_gradient(name, in_float32):
    batch = torch.tensor([[0, 1, 2], [0, 1, 5], [0, 1, 2], [3, 0, 3], [0, 2, 6], [0, 1, 4]])
    score, n3 = SCORES[name], 0.3
    shared, naive = vectors(), vectors()
    loss = one_vs_all_loss(score, *shared, batch, n3=n3)
    head, relation, tail = naive[0][batch[:, 0]], naive[1][batch[:, 1]], naive[0][batch[:, 2]]
    expected = F.cross_entropy(score.scores(head, relation, naive[0]), batch[:, 2])
    for factor in (head, relation, tail):
        moduli = factor.view(6, score.components, -1).norm(dim=1)
        expected = expected + n3 * moduli.pow(3).sum() / 6
    torch.testing.assert_close(loss, expected)
    loss.backward()
    expected.backward()
    for ours, theirs in zip(shared, naive, strict=True):
        torch.testing.assert_close(ours.grad, theirs.grad)


def test_a_pool_is_the_softmax_over_its_entities(in_float32):
    entities, relations = vectors()
    batch, pool = torch.tensor([[0, 1, 2], [3, 0, 5]]), torch.tensor([1, 2, 5])
    scores = SCORES["complex"].scores(entities[[0, 3]], relations[[1, 0]], entities[pool])
    expected = F.cross_entropy(scores, torch.tensor([1, 2]))
    loss = one_vs_all_loss(SCORES["complex"], entities, relations, batch, pool, n3=0.0)
    torch.testing.assert_close(loss, expected)


@pytest.mark.parametrize(
    ("model", "negatives", "reached"),
    [
        ("complex", None, 0.95),
        ("complex", 20, 0.95),
        ("distmult", None, 0.95),
        ("transe", None, 0.5),
    ],
)
def test_a_family_is_learnt(family, model, negatives, reached):
    triples = graph_triples(family).hold_out(0.1)
    fitted = fit(triples, model, epochs=40, patience=10, negatives=negatives, **FAST)
    assert fitted.valid["mrr"] >= reached
    assert fitted.valid["mrr"] == max(fitted.history.values())
    assert fitted.history[fitted.epochs] == fitted.valid["mrr"]
    assert fitted.entities.shape == (len(family.concepts), 64 * SCORES[model].components)
    assert fitted.relations.shape[0] == 2 * len(family.relations)


def test_noise_is_not_learnt(family):
    triples = graph_triples(family)
    generator = torch.Generator().manual_seed(0)
    scrambled = triples.train.copy()
    scrambled[:, 2] = scrambled[torch.randperm(len(scrambled), generator=generator).numpy(), 2]
    noise = replace(triples, train=scrambled).hold_out(0.1)
    assert fit(noise, epochs=20, **FAST).valid["mrr"] < 0.4


def test_training_stops_when_validation_no_longer_gains(family):
    triples = graph_triples(family).hold_out(0.1)
    fitted = fit(triples, epochs=200, patience=2, **FAST)
    assert max(fitted.history) == fitted.epochs + 2 < 200


def test_the_seed_decides_every_bit(family):
    triples = graph_triples(family).hold_out(0.1)
    runs = [fit(triples, epochs=3, negatives=20, seed=seed, **FAST) for seed in (0, 0, 1)]
    assert torch.equal(runs[0].entities, runs[1].entities)
    assert torch.equal(runs[0].relations, runs[1].relations)
    assert not torch.equal(runs[0].entities, runs[2].entities)


def test_training_leaves_the_global_generator_and_threads_alone(family):
    before, threads = torch.get_rng_state(), torch.get_num_threads()
    fit(graph_triples(family), epochs=1, **FAST)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.get_num_threads() == threads


def test_without_validation_all_epochs_are_run_and_told(family):
    told = []
    fitted = fit(graph_triples(family), epochs=4, progress=lambda *news: told.append(news), **FAST)
    assert (fitted.epochs, fitted.valid, fitted.history) == (4, {}, {})
    assert told == [("epoch 1", 0.25), ("epoch 2", 0.5), ("epoch 3", 0.75), ("epoch 4", 1.0)]


def test_an_unknown_model_is_named(family):
    with pytest.raises(ConfigError, match="'complexx'"):
        fit(graph_triples(family), "complexx")


def test_nothing_to_learn_is_an_error(family):
    triples = graph_triples(family)
    with pytest.raises(DataError, match="no links"):
        fit(replace(triples, train=triples.train[:0]))
