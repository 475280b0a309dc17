from __future__ import annotations

import torch
import torch.nn.functional as F

from kgtransfer.embedding.kge.text_head import TextHead, TowerScore

FEATURES = torch.tensor([[3.0, 0.0], [0.0, 1.0], [2.0, 1.0], [0.0, 0.0]])
MEAN = torch.tensor([1.0, 0.0])


def tower() -> TextHead:
    torch.manual_seed(0)
    return TextHead(MEAN, relations=4)


def test_at_first_what_is_described_alike_is_linked():
    start = tower()
    found = start.descriptions(FEATURES)
    torch.testing.assert_close(found[0], torch.tensor([1.0, 0.0]))
    torch.testing.assert_close(found[1], F.normalize(torch.tensor([-1.0, 1.0]), dim=0))
    torch.testing.assert_close(start.keys(found), found)
    queries = start.queries(found[:3], start.relations[:3])
    expected = F.normalize(found[:3] + start.relations[:3], dim=1) * torch.tensor(3.0).exp()
    torch.testing.assert_close(queries, expected)
    assert start.relations.abs().max() < 0.05


def test_what_has_no_description_has_no_key():
    trained = tower()
    torch.nn.init.ones_(trained.answers[2].bias)
    found = trained.descriptions(FEATURES)
    assert found[3].tolist() == [0.0, 0.0]
    assert trained.keys(found)[3].tolist() == [0.0, 0.0]


def test_rows_hold_a_description_then_a_key():
    score = TowerScore(tower())
    rows = torch.arange(8.0).view(2, 4)
    assert score.heads(rows).tolist() == [[0.0, 1.0], [4.0, 5.0]]
    assert score.keys(rows).tolist() == [[2.0, 3.0], [6.0, 7.0]]
    queries = score.queries(score.heads(rows), score.tower.relations[:2])
    torch.testing.assert_close(score.compare(queries, score.keys(rows)), queries @ rows[:, 2:].T)
