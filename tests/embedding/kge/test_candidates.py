from __future__ import annotations

import pytest

from kgtransfer.embedding.kge.candidates import coarse_candidates, fine_candidates
from kgtransfer.embedding.kge.recipe import TrainingRecipe


def test_other_orders_of_magnitude_of_n3_with_the_question_for_the_relation_and_without():
    candidates = coarse_candidates(TrainingRecipe(n3=0.1))
    assert [(c.n3, c.relation_weight) for c in candidates] == [
        (0.02, 0.0),
        (0.1, 0.25),
        (0.5, 0.0),
        (0.02, 0.25),
        (0.005, 0.0),
        (0.005, 0.25),
        (0.5, 0.25),
    ]


def test_a_score_function_without_the_question_is_tried_without():
    assert {c.relation_weight for c in coarse_candidates(TrainingRecipe("transe"))} == {0.0}


def test_the_question_for_the_relation_is_left_out_where_the_recipe_asks_it():
    candidates = coarse_candidates(TrainingRecipe(relation_weight=1.0))
    assert [c.relation_weight for c in candidates] == [1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0]


@pytest.mark.parametrize(("batch", "other"), [(100, 500), (500, 100), (1_000, 200)])
def test_neighbours_differ_in_one_setting(batch, other):
    best = TrainingRecipe(n3=0.02, batch_size=batch, relation_weight=1.0, dim=64)
    neighbours = fine_candidates(best, entities=50, rank=True)
    changes = [{k: v for k, v in vars(n).items() if v != getattr(best, k)} for n in neighbours]
    assert changes == [
        {"n3": 0.01},
        {"n3": 0.04},
        {"batch_size": other},
        {"dim": 128},
        {"relation_weight": 0.25},
    ]


@pytest.mark.parametrize(("entities", "tried"), [(600, False), (601, True)])
def test_all_entities_are_candidates_where_only_some_were(entities, tried):
    best = TrainingRecipe(batch_size=500, negatives=100)
    neighbours = fine_candidates(best, entities=entities, rank=False)
    assert (None in {n.negatives for n in neighbours}) is tried


def test_the_rank_stays_where_it_was_asked_for():
    best = TrainingRecipe(dim=64)
    assert {n.dim for n in fine_candidates(best, entities=50, rank=False)} == {64}
