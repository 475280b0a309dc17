from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from kgtransfer.embedding.kge.evaluate import filtered_ranks, ranking_metrics
from kgtransfer.embedding.kge.scores import DistMult
from kgtransfer.embedding.kge.triples import FilterIndex, with_reciprocals
from kgtransfer.errors import RunError

LINKS = st.lists(st.tuples(*(st.integers(0, high) for high in (4, 1, 4))), min_size=1, max_size=12)


def ranked(entities, relations, asked, known, **options):
    index = FilterIndex.build(
        with_reciprocals(np.array(known), len(relations) // 2), len(relations)
    )
    return filtered_ranks(DistMult(), entities, relations, np.array(asked), index, **options)


def test_ranks_with_ties_and_filters():
    # one factor and relation weight 1: the score of (h, t) is the product of their values
    entities = torch.tensor([[1.0], [5.0], [3.0], [3.0], [2.0], [3.0]])
    relations = torch.ones(2, 1)
    true_triples = [(0, 0, 4), (0, 0, 1), (0, 0, 2)]
    # tails of 0 by score: 1 (5), then 2, 3, 5 (3 each), 4 (2), 0 (1)
    # (0, 0, 2): 1 is known and filtered; ties with 3 and 5: mean of 1 and 3
    # (0, 0, 4): 1 and 2 are filtered; 3 and 5 are above: 3
    # heads of 2 and of 4: 0 has the lowest score of all six
    ranks = ranked(entities, relations, [(0, 0, 2), (0, 0, 4)], true_triples)
    assert ranks.tolist() == [2.0, 3.0, 6.0, 6.0]


def test_what_a_relation_never_links_is_no_candidate():
    entities, relations = torch.tensor([[1.0], [5.0], [3.0]]), torch.ones(2, 1)
    questions, true_triples = [(1, 0, 2), (1, 0, 1)], [(1, 0, 2)]
    # tails of 1: itself (25), 2 (15), 0 (5); heads of 2: 1 (15), itself (9), 0 (3)
    assert ranked(entities, relations, questions, true_triples).tolist() == [2.0, 1.0, 1.0, 1.0]
    barred = torch.tensor([True, True])
    ranks = ranked(entities, relations, questions, true_triples, irreflexive=barred)
    assert ranks.tolist() == [1.0, 2.0, 1.0, 3.0]


def test_a_constant_score_gets_the_middle_rank():
    ranks = ranked(torch.zeros(9, 2), torch.zeros(2, 2), [(0, 0, 3)], [(0, 0, 3)])
    assert ranks.tolist() == [5.0, 5.0]


@given(LINKS, LINKS, st.integers(0, 100))
def test_ranks_are_those_of_the_definition(questions, others, seed):
    generator = torch.Generator().manual_seed(seed)
    entities = torch.randint(-1, 2, (5, 2), generator=generator).double()  # few values: many ties
    relations = torch.randint(-1, 2, (4, 2), generator=generator).double()
    true_triples = questions + others
    ranks = ranked(entities, relations, questions, true_triples, batch_size=3)
    both = with_reciprocals(np.array(true_triples), 2).tolist()
    expected = []
    for head, relation, tail in with_reciprocals(np.array(questions), 2).tolist():
        score = [float((entities[head] * relations[relation] * t).sum()) for t in entities]
        rivals = [score[e] for e in range(5) if e != tail and [head, relation, e] not in both]
        above = sum(s > score[tail] for s in rivals)
        level = sum(s == score[tail] for s in rivals)
        expected.append(1 + above + level / 2)
    assert ranks.tolist() == expected


def test_metrics_of_known_ranks():
    metrics = ranking_metrics(torch.tensor([1.0, 2.0, 4.0, 20.0], dtype=torch.float64))
    assert metrics == {"mrr": 0.45, "hits@1": 0.25, "hits@3": 0.5, "hits@10": 0.75}


def test_no_triples_have_no_mrr():
    ranks = ranked(torch.zeros(2, 1), torch.zeros(2, 1), np.empty((0, 3), int), [(0, 0, 1)])
    assert math.isnan(ranking_metrics(ranks)["mrr"])


def test_a_diverged_model_is_refused():
    with pytest.raises(RunError, match="not finite"):
        ranked(torch.full((3, 1), torch.nan), torch.ones(2, 1), [(0, 0, 1)], [(0, 0, 1)])
