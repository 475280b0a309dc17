from __future__ import annotations

import pytest
import torch

from kgtransfer.embedding.kge.scores import SCORES
from kgtransfer.embedding.kge.scores.sum_score import SumScore


@pytest.mark.parametrize("first", SCORES)
@pytest.mark.parametrize("second", ["cp", "rescal"])
def test_scores_over_rows_side_by_side_are_added(first, second):
    random = torch.Generator().manual_seed(0)
    scores = [SCORES[first], SCORES[second]]
    widths = [score.widths(3) for score in scores]
    entities = [torch.randn(5, width, generator=random) for width, _ in widths]
    relations = [torch.randn(2, width, generator=random) for _, width in widths]
    both = SumScore(*scores, *widths[0])

    def scored(score, rows, links):
        return score.compare(score.queries(score.heads(rows[:2]), links), score.keys(rows))

    alone = [scored(s, e, r) for s, e, r in zip(scores, entities, relations, strict=True)]
    together = scored(both, torch.cat(entities, 1), torch.cat(relations, 1))
    torch.testing.assert_close(together, sum(alone))
    assert both.bilinear == scores[0].bilinear
