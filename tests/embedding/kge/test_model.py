from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from kgtransfer.embedding.kge import softmax
from kgtransfer.embedding.kge.entities import FreeRows
from kgtransfer.embedding.kge.model import LinkModel
from kgtransfer.embedding.kge.scores import SCORES

BATCH = torch.tensor([[0, 1, 2], [0, 1, 5], [0, 1, 2], [3, 0, 3], [0, 2, 6], [0, 1, 4]])


@pytest.fixture(autouse=True)
def in_float32(monkeypatch):
    """Exact arithmetic, whatever the processor is fast at."""
    monkeypatch.setattr(softmax, "has_fast_bfloat16", lambda device: False)


def model(name: str, **weights: float) -> LinkModel:
    generator = torch.Generator().manual_seed(0)
    entity, relation = SCORES[name].widths(4)
    rows = torch.randn(7, entity, generator=generator)
    return LinkModel(
        SCORES[name],
        FreeRows(rows),
        torch.randn(4, relation, generator=generator),
        irreflexive=torch.tensor([False, True, False, False]),
        **weights,
    )


def naive_loss(model: LinkModel, batch: torch.Tensor, *, n3: float, relations: float):
    """Each triple by itself, by the definitions."""
    score, entities = model.score, model.entities()
    heads, links = score.heads(entities[batch[:, 0]]), model.relations[batch[:, 1]]
    tails = score.keys(entities[batch[:, 2]])
    scores = score.compare(score.queries(heads, links), score.keys(entities))
    scores = scores.index_put(
        (torch.arange(len(batch))[batch[:, 1] == 1], batch[batch[:, 1] == 1, 0]),
        torch.tensor(-torch.inf),
    )
    loss = F.cross_entropy(scores, batch[:, 2])
    for factor in (heads, links, tails):
        moduli = factor.reshape(len(batch), score.components, -1).norm(dim=1)
        loss = loss + n3 * moduli.pow(3).sum() / len(batch)
    if relations:
        logits = score.relation_queries(heads, tails) @ model.relations.T
        loss = loss + relations * F.cross_entropy(logits, batch[:, 1])
    return loss


@pytest.mark.parametrize("name", SCORES)
def test_shared_rows_give_the_naive_loss_and_gradient(name):
    relations = 0.7 if SCORES[name].bilinear else 0.0
    shared, naive = (model(name, n3=0.3, relation_weight=relations) for _ in range(2))
    loss = shared(BATCH)
    expected = naive_loss(naive, BATCH, n3=0.3, relations=relations)
    torch.testing.assert_close(loss, expected)
    loss.backward()
    expected.backward()
    for parameter, twin in zip(shared.parameters(), naive.parameters(), strict=True):
        torch.testing.assert_close(parameter.grad, twin.grad, rtol=1e-4, atol=1e-5)


def test_a_pool_is_the_softmax_over_its_entities():
    complex_model = model("complex")
    batch, pool = torch.tensor([[5, 1, 2], [3, 0, 5]]), torch.tensor([1, 2, 5])
    entities = complex_model.entities()
    queries = complex_model.score.queries(entities[[5, 3]], complex_model.relations[[1, 0]])
    scores = queries @ entities[pool].T
    barred = torch.tensor([[0.0, 0.0, -torch.inf], [0.0, 0.0, 0.0]])  # 5 by relation 1
    expected = F.cross_entropy(scores + barred, torch.tensor([1, 2]))
    torch.testing.assert_close(complex_model(batch, pool), expected)


def test_of_equal_candidates_each_is_as_unlikely():
    distmult = model("distmult")
    with torch.no_grad():
        distmult.relations.zero_()  # all scores are 0
    wrong = torch.tensor([[0, 1, 2], [3, 0, 5]])
    torch.testing.assert_close(distmult.unlikelihood(wrong), torch.tensor(7 / 6).log())
    pool = torch.tensor([1, 2, 5])
    torch.testing.assert_close(distmult.unlikelihood(wrong, pool), torch.tensor(3 / 2).log())
