"""Batches and loss of contrastive training."""

from __future__ import annotations

import copy
import math

import numpy as np
import pytest
import torch
from torch import nn

from kgtransfer.backbones.text import TextEncoder, TokenStates
from kgtransfer.grounding.base import Grounding
from kgtransfer.retrieval.contrastive import (
    Batch,
    Documents,
    Knowledge,
    Pairs,
    batches,
    contrastive_loss,
    encode,
)


class Mean(nn.Module):
    """Mean of the tokens: stands for an encoder, so that losses can be reckoned by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.unused = nn.Parameter(torch.zeros(1))

    def forward(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return states.float().mean(1)


def _one_token(vectors: list[list[float]]) -> tuple[torch.Tensor, torch.Tensor]:
    states = torch.tensor(vectors)[:, None, :]
    return states, torch.ones(len(vectors), 1, dtype=torch.bool)


def _batch(rows: tuple[int, ...], documents: list[list[float]]) -> Batch:
    queries = _one_token([[1.0, 0.0], [0.0, 1.0]])
    parts = (Documents(rows, *_one_token(documents)),)
    return Batch(queries, parts)


def test_the_loss_is_cross_entropy_over_cosines_times_twenty() -> None:
    loss = contrastive_loss(Mean(), _batch((5, 6), [[1.0, 0.0], [0.6, 0.8]]))
    first = math.log(1 + math.exp(20 * 0.6 - 20 * 1.0))
    second = math.log(1 + math.exp(20 * 0.0 - 20 * 0.8))
    assert loss.item() == pytest.approx((first + second) / 2, rel=1e-4)


def test_a_repeated_document_is_no_negative() -> None:
    documents = [[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]
    assert contrastive_loss(Mean(), _batch((5, 6, 5), documents)).item() < 1e-6
    assert contrastive_loss(Mean(), _batch((5, 6, 7), documents)).item() > 0.3


@pytest.fixture(scope="module")
def pairs(encoder: TextEncoder) -> Pairs:
    texts = [f"def f{i}(x): " + "return x " * (i % 9) for i in range(40)]
    queries = [f"function {i} {j}" for i in range(40) for j in range(2)]
    return Pairs(
        documents=encoder.frozen_states(texts),
        queries=encoder.frozen_states(queries),
        offsets=torch.arange(0, 81, 2).numpy(),
    )


def test_an_epoch_shows_each_document_once_with_a_query_of_its_own(
    encoder: TextEncoder, pairs: Pairs
) -> None:
    model = copy.deepcopy(encoder)
    planned = batches(model, pairs, size=8, negatives=0.5, seed=1)(0)
    shown = [row for batch in planned for row in batch.documents[0].rows]
    assert sorted(shown) == list(range(40))
    assert [len(batch.documents[1].rows) for batch in planned] == [4] * 5
    for batch in planned:
        states, mask = batch.queries
        for place, row in enumerate(batch.documents[0].rows):
            own = [pairs.queries.states[2 * row], pairs.queries.states[2 * row + 1]]
            shown_query = states[place][mask[place]]
            assert any(torch.equal(shown_query, query) for query in own)


def test_batches_depend_on_seed_and_epoch_alone(encoder: TextEncoder, pairs: Pairs) -> None:
    model = copy.deepcopy(encoder)

    def rows(seed: int, epoch: int) -> list[tuple[int, ...]]:
        planned = batches(model, pairs, size=8, seed=seed)(epoch)
        return [part.rows for batch in planned for part in batch.documents]

    assert rows(1, 0) == rows(1, 0)
    assert rows(1, 0) != rows(1, 1)
    assert rows(1, 0) != rows(2, 0)


def test_knowledge_goes_with_its_texts(encoder: TextEncoder) -> None:
    grounding = Grounding.from_lists("abc", ("class",), [{"class": [i]} for i in range(3)])
    contexts = encoder.frozen_states(["a a a", "b", "c c"])
    keywords = Knowledge(grounding, contexts).keywords([2, 0], torch.device("cpu"))
    assert keywords["condition"].rows.tolist() == [2, 0]
    states, mask = keywords["context"]
    assert torch.equal(states[0][mask[0]], contexts.states[2])
    assert torch.equal(states[1][mask[1]], contexts.states[0])
    assert Knowledge().keywords([0], torch.device("cpu")) == {}


def test_encoding_keeps_the_order_of_the_texts(encoder: TextEncoder) -> None:
    texts = ["a " * 30, "b", "c " * 10]
    states = encoder.frozen_states(texts)
    vectors = encode(encoder, states)
    alone = [encode(encoder, TokenStates((text,)))[0] for text in states.states]
    for vector, expected in zip(vectors, alone, strict=True):
        assert float(vector @ expected) > 0.9999


def _numbered(count: int, groups: list[int]) -> Pairs:
    """Documents that are their own number, one query each."""
    states = TokenStates(tuple(torch.full((1, 2), float(number)) for number in range(count)))
    return Pairs(states, states, np.arange(count + 1), np.array(groups))


def test_siblings_stand_in_one_batch() -> None:
    pairs = _numbered(8, [0, 1, 0, 1, 2, 2, 3, 3])
    epoch = batches(Mean(), pairs, size=2, negatives=0, seed=0, siblings=True)(0)
    assert {frozenset(batch.documents[0].rows) for batch in epoch} == {
        frozenset(rows) for rows in ((0, 2), (1, 3), (4, 5), (6, 7))
    }


def test_queries_that_are_not_kept_leave_with_documents_that_have_no_other() -> None:
    queries = TokenStates(tuple(torch.full((1, 2), float(number)) for number in range(4)))
    documents = queries.select([0, 1, 2])
    pairs = Pairs(documents, queries, np.array([0, 2, 3, 4]), np.array([5, 6, 7]))
    kept = pairs.kept(np.array([False, True, False, True]))
    assert [states[0, 0].item() for states in kept.documents.states] == [0.0, 2.0]
    assert [states[0, 0].item() for states in kept.queries.states] == [1.0, 3.0]
    assert (kept.offsets.tolist(), kept.groups.tolist()) == ([0, 1, 2], [5, 7])
