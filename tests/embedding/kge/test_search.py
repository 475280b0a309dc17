from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kgtransfer.embedding.kge.budget import Budget
from kgtransfer.embedding.kge.recipe import TrainingRecipe
from kgtransfer.embedding.kge.search import RUNGS, Search, search
from kgtransfer.embedding.kge.trials import Trials
from kgtransfer.embedding.kge.triples import Triples, graph_triples

# So heavy a norm leaves nothing to be learnt.
HEAVY = TrainingRecipe(dim=16, batch_size=200, n3=1.0, epochs=8, patience=8)


@pytest.fixture(scope="module")
def triples(family) -> Triples:
    return graph_triples(family).hold_out(0.1)


def searched(triples, folder, recipe=HEAVY, budget="4x", progress=None, **settings) -> Search:
    quiet = progress or (lambda message, done: None)
    trials = Trials(triples, folder, seed=0, device="cpu", progress=quiet)
    return search(trials, recipe, Budget.of(budget), **settings)


@pytest.fixture(scope="module")
def lines() -> list[str]:
    return []


@pytest.fixture(scope="module")
def result(triples, lines, tmp_path_factory) -> Search:
    return searched(triples, tmp_path_factory.mktemp("whole"), tell=lines.append)


def test_settings_that_do_not_suit_are_left_behind(result):
    chosen, recipe = result.rungs[-1]
    assert chosen.mrr > recipe.mrr + 0.3
    assert (chosen.kept, recipe.kept) == (True, False)
    assert result.recipe.n3 == chosen.n3 < 0.3
    assert replace(result.recipe, n3=1.0, relation_weight=0.0, batch_size=200, dim=16) == HEAVY


def test_each_rung_keeps_the_best_and_trains_them_on(result):
    assert [sum(c.kept for c in rung) for rung in result.rungs] == [*(k for _, k in RUNGS), 1]
    for before, after in zip(result.rungs, result.rungs[1:-1], strict=False):
        assert [c.mrr for c in before] == sorted((c.mrr for c in before), reverse=True)
        named = {(c.n3, c.relation_weight, c.batch_size, c.dim): c for c in after}
        for candidate in before:
            key = candidate.n3, candidate.relation_weight, candidate.batch_size, candidate.dim
            assert (key in named) is candidate.kept or key == (1.0, 0.0, 200, 16)
            if candidate.kept:
                assert named[key].epochs >= candidate.epochs


def test_the_budget_is_kept_up_to_the_winners_end(result):
    assert result.trainings == 4.0
    assert 0.5 < result.spent < 4.0 + 1.0


def test_the_same_budget_makes_the_same_choice(result, triples, tmp_path):
    assert searched(triples, tmp_path / "again") == result


def test_an_interrupted_search_is_taken_up_again(result, triples, tmp_path):
    first, rest = [], []

    def interrupted(message, done):
        first.append(message)
        if len(first) == 25:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        searched(triples, tmp_path, progress=interrupted)
    again = searched(triples, tmp_path, progress=lambda message, done: rest.append(message))
    assert again == result
    # Every pass was made once: the last stage of each candidate tells how many it had.
    passes = {
        (c.n3, c.relation_weight, c.batch_size, c.dim): c.epochs
        for rung in again.rungs
        for c in rung
    }
    assert len(first) + len(rest) == sum(passes.values())


def test_a_gain_that_may_be_luck_leaves_the_recipe(triples, tmp_path):
    few = replace(triples, valid=triples.valid[:1])  # two ranks: any gain may be luck
    recipe = replace(HEAVY, n3=0.01, epochs=4)
    assert searched(few, tmp_path, recipe).recipe == recipe


def test_too_little_to_try_anything_leaves_the_recipe(triples, tmp_path):
    result = searched(triples, tmp_path, budget="0.01x")
    assert (result.recipe, result.spent) == (HEAVY, 0.0)


def test_a_line_tells_of_each_rung(result, lines):
    assert [line.partition(":")[0] for line in lines] == [
        "the recipe for this size",
        "rung 1 of 3",
        "rung 2 of 3",
        "rung 3 of 3",
        "the end",
    ]
    assert "candidates, 3 left; filtered MRR 0." in lines[1]


def test_the_rank_is_searched_where_it_is_free(triples, tmp_path):
    fixed = searched(triples, tmp_path, rank=False)
    assert {candidate.dim for rung in fixed.rungs for candidate in rung} == {16}


def test_test_triples_are_not_looked_at(result, triples, tmp_path):
    scrambled = replace(triples, test=np.zeros((0, 3), dtype=np.int64))
    assert searched(scrambled, tmp_path / "no test").rungs == result.rungs
