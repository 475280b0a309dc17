from __future__ import annotations

import pytest
import torch

from kgtransfer.embedding.kge.batches import batches

TRAIN = torch.tensor([[h, r, t] for h in range(3) for r in range(2) for t in range(2)])


@pytest.mark.parametrize(("turns", "number"), [(1, 3), (2, 4), (3, 3), (7, 7)])
def test_processes_get_as_many_batches_each_and_no_triple_is_left_out(turns, number):
    random = torch.Generator().manual_seed(0)
    planned = list(batches(TRAIN, 2, 5, random, turns))
    assert len(planned) == number
    assert [len(batch) for batch in planned[:3]] == [5, 5, 2]
    assert sorted(torch.cat(planned[:3]).tolist()) == TRAIN.tolist()
    assert all(torch.equal(batch, planned[k % 3]) for k, batch in enumerate(planned))


def test_triples_of_equal_head_and_relation_are_neighbours():
    (batch,) = batches(TRAIN, 2, 12, torch.Generator().manual_seed(0))
    pairs = batch[:, 0] * 2 + batch[:, 1]
    assert len(torch.unique_consecutive(pairs)) == 6


def test_a_pair_with_many_tails_comes_in_pieces():
    pair = torch.tensor([[0, 0, t] for t in range(64)])
    others = torch.tensor([[h, 1, 0] for h in range(64)])
    random = torch.Generator().manual_seed(0)
    mixed = torch.cat(list(batches(torch.cat([pair, others]), 2, 32, random)))
    pairs, lengths = torch.unique_consecutive(mixed[:, 0] * 2 + mixed[:, 1], return_counts=True)
    assert (pairs == 0).sum() > 1
    assert lengths.max() >= 16
    assert sorted(mixed.tolist()) == sorted([*pair.tolist(), *others.tolist()])
