from __future__ import annotations

import torch
import torch.nn.functional as F

from kgtransfer.embedding.kge.text_head import TextHead, TextHeadScore

FEATURES = torch.tensor([[3.0, 0.0], [0.0, 1.0], [2.0, 1.0], [0.0, 0.0]])
MEAN = torch.tensor([1.0, 0.0])


def text_head() -> TextHead:
    torch.manual_seed(0)
    return TextHead(MEAN, relations=4)


def test_at_first_what_is_described_alike_is_linked():
    start = text_head()
    descriptions = start.descriptions(FEATURES)
    torch.testing.assert_close(descriptions[0], torch.tensor([1.0, 0.0]))
    torch.testing.assert_close(descriptions[1], F.normalize(torch.tensor([-1.0, 1.0]), dim=0))
    torch.testing.assert_close(start.keys(descriptions), descriptions)
    queries = start.queries(descriptions[:3], start.relations[:3])
    expected = F.normalize(descriptions[:3] + start.relations[:3], dim=1) * torch.tensor(3.0).exp()
    torch.testing.assert_close(queries, expected)
    assert start.relations.abs().max() < 0.05


def test_what_has_no_description_has_no_key():
    trained = text_head()
    torch.nn.init.ones_(trained.answers[2].bias)
    descriptions = trained.descriptions(FEATURES)
    assert descriptions[3].tolist() == [0.0, 0.0]
    assert trained.keys(descriptions)[3].tolist() == [0.0, 0.0]


def test_rows_hold_a_description_then_a_key():
    score = TextHeadScore(text_head())
    rows = torch.arange(8.0).view(2, 4)
    assert score.heads(rows).tolist() == [[0.0, 1.0], [4.0, 5.0]]
    assert score.keys(rows).tolist() == [[2.0, 3.0], [6.0, 7.0]]
    queries = score.queries(score.heads(rows), score.text_head.relations[:2])
    torch.testing.assert_close(score.compare(queries, score.keys(rows)), queries @ rows[:, 2:].T)
