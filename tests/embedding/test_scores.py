from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from kgtransfer.embedding.scores import SCORES, ComplEx, DistMult, TransE

TAILS = torch.tensor([[1.0, 0.0], [0.0, 1.0], [2.0, -1.0]])


def of(*values: float) -> Tensor:
    return torch.tensor([values])


def test_complex_is_the_real_part_of_the_trilinear_product():
    # h = 1 + 2i, r = 3 - i: h r = 5 + 5i; against conj of 1, i and 2 - i
    scores = ComplEx().scores(of(1.0, 2.0), of(3.0, -1.0), TAILS)
    assert scores.tolist() == [[5.0, 5.0, 5.0]]
    # r = i turns h = 1 into i: only the second tail's direction agrees
    assert ComplEx().scores(of(1.0, 0.0), of(0.0, 1.0), TAILS).tolist() == [[0.0, 1.0, -1.0]]


def test_complex_keeps_real_parts_in_the_first_half():
    generator = torch.Generator().manual_seed(0)
    h, r, t = (torch.randn(3, 8, generator=generator, dtype=torch.float64) for _ in range(3))
    as_complex = [torch.complex(*v.chunk(2, dim=1)) for v in (h, r, t)]
    expected = ((as_complex[0] * as_complex[1]) @ as_complex[2].conj().T).real
    torch.testing.assert_close(ComplEx().scores(h, r, t), expected)


def test_distmult_is_a_weighted_dot_product():
    scores = DistMult().scores(of(1.0, 2.0), of(3.0, -1.0), TAILS)
    assert scores.tolist() == [[3.0, -2.0, 8.0]]


def test_transe_is_the_negative_distance_from_the_moved_head():
    scores = TransE().scores(of(1.0, 2.0), of(1.0, -3.0), TAILS)
    assert scores[0].tolist() == pytest.approx([-math.sqrt(2), -math.sqrt(8), 0.0], abs=1e-6)


@pytest.mark.parametrize("name", SCORES)
def test_every_row_is_scored_by_itself(name):
    generator = torch.Generator().manual_seed(0)
    h, r = torch.randn(2, 5, 4, generator=generator)
    tails = torch.randn(7, 4, generator=generator)
    together = SCORES[name].scores(h, r, tails)
    alone = [SCORES[name].scores(h[i, None], r[i, None], tails) for i in range(5)]
    assert together.shape == (5, 7)
    torch.testing.assert_close(together, torch.cat(alone))
