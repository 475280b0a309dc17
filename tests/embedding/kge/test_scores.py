from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from kgtransfer.embedding.kge.scores import (
    CP,
    RESCAL,
    SCORES,
    ComplEx,
    DistMult,
    RotatE,
    ScoreFunction,
    TransE,
)

TAILS = torch.tensor([[1.0, 0.0], [0.0, 1.0], [2.0, -1.0]])


def scored(score: ScoreFunction, heads: Tensor, relations: Tensor, tails: Tensor) -> Tensor:
    return score.compare(score.queries(score.heads(heads), relations), score.keys(tails))


def of(*values: float) -> Tensor:
    return torch.tensor([values])


def test_complex_is_the_real_part_of_the_trilinear_product():
    # h = 1 + 2i, r = 3 - i: h r = 5 + 5i; against conj of 1, i and 2 - i
    scores = scored(ComplEx(), of(1.0, 2.0), of(3.0, -1.0), TAILS)
    assert scores.tolist() == [[5.0, 5.0, 5.0]]
    # r = i turns h = 1 into i: only the second tail's direction agrees
    assert scored(ComplEx(), of(1.0, 0.0), of(0.0, 1.0), TAILS).tolist() == [[0.0, 1.0, -1.0]]


def test_complex_keeps_real_parts_in_the_first_half():
    generator = torch.Generator().manual_seed(0)
    h, r, t = (torch.randn(3, 8, generator=generator, dtype=torch.float64) for _ in range(3))
    as_complex = [torch.complex(*v.chunk(2, dim=1)) for v in (h, r, t)]
    expected = ((as_complex[0] * as_complex[1]) @ as_complex[2].conj().T).real
    torch.testing.assert_close(scored(ComplEx(), h, r, t), expected)


def test_distmult_is_a_weighted_dot_product():
    scores = scored(DistMult(), of(1.0, 2.0), of(3.0, -1.0), TAILS)
    assert scores.tolist() == [[3.0, -2.0, 8.0]]


def test_transe_is_the_negative_distance_from_the_moved_head():
    scores = scored(TransE(), of(1.0, 2.0), of(1.0, -3.0), TAILS)
    assert scores[0].tolist() == pytest.approx([-math.sqrt(2), -math.sqrt(8), 0.0], abs=1e-6)


def test_transe_with_the_l1_norm():
    scores = scored(TransE(p=1), of(1.0, 2.0), of(1.0, -3.0), TAILS)
    assert scores.tolist() == [[-2.0, -4.0, 0.0]]


def test_rotate_turns_the_head_and_ignores_the_modulus_of_the_relation():
    # r = 5i turns h = 1 + 2i into -2 + i; its distances from 1, i and 2 - i
    scores = scored(RotatE(), of(1.0, 2.0), of(0.0, 5.0), TAILS)
    expected = [-math.sqrt(10), -2.0, -math.sqrt(20)]
    assert scores[0].tolist() == pytest.approx(expected, abs=1e-6)


def test_rescal_has_a_matrix_a_relation():
    # (1, 2) times [[1, 0], [3, -1]] is (7, -2)
    scores = scored(RESCAL(), of(1.0, 2.0), of(1.0, 0.0, 3.0, -1.0), TAILS)
    assert scores.tolist() == [[7.0, -2.0, 16.0]]


def test_cp_has_factors_of_its_own_for_heads_and_for_tails():
    head, tails = of(1.0, 2.0, 9.0, 9.0), torch.cat([torch.full((3, 2), 7.0), TAILS], dim=1)
    assert scored(CP(), head, of(3.0, -1.0), tails).tolist() == [[3.0, -2.0, 8.0]]


def rows(name: str, entities: int, relations: int) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    widths = SCORES[name].widths(2)
    sizes = zip((entities, relations), widths, strict=True)
    vectors = [torch.randn(size, width, generator=generator) for size, width in sizes]
    return vectors[0], vectors[1]


@pytest.mark.parametrize("name", SCORES)
def test_every_row_is_scored_by_itself(name):
    entities, relations = rows(name, 7, 5)
    together = scored(SCORES[name], entities[:5], relations, entities)
    alone = [
        scored(SCORES[name], entities[i, None], relations[i, None], entities) for i in range(5)
    ]
    assert together.shape == (5, 7)
    torch.testing.assert_close(together, torch.cat(alone))


@pytest.mark.parametrize("name", [name for name, score in SCORES.items() if score.bilinear])
def test_a_question_for_the_relation_has_the_same_scores(name):
    score, (entities, relations) = SCORES[name], rows(name, 7, 5)
    heads, tails = entities[:3], entities[3:6]
    queries = score.relation_queries(score.heads(heads), score.keys(tails))
    for relation in range(5):
        by_tail = scored(score, heads, relations[relation].expand(3, -1), tails).diagonal()
        torch.testing.assert_close(queries @ relations[relation], by_tail)
