"""The sparse matrix G of `C = G E`."""

from __future__ import annotations

import torch
from hypothesis import given
from hypothesis import strategies as st

from kgtransfer.grounding.base import Grounding

SAMPLES = [{"a": [0, 2], "b": [1]}, {"b": [2, 2, 0]}, {}]
G = Grounding.from_lists(("a", "b"), SAMPLES)
E = torch.tensor([[1.0, 0.0], [0.0, 1.0], [3.0, 3.0]])


def test_condition_holds_the_mean_of_each_samples_concepts() -> None:
    expected = [[[2, 1.5], [0, 1]], [[0, 0], [7 / 3, 2]], [[0, 0], [0, 0]]]
    torch.testing.assert_close(G.condition(E), torch.tensor(expected))


def test_samples_can_be_picked_in_any_order() -> None:
    picked = G[[2, 0, 0]]
    assert len(picked) == 3
    torch.testing.assert_close(picked.condition(E), G.condition(E)[[2, 0, 0]])


def test_nothing_grounded_gives_zeros() -> None:
    empty = Grounding.from_lists(("a",), [{}, {}])
    assert empty.condition(E).tolist() == [[[0, 0]], [[0, 0]]]


def test_a_samples_concepts_can_be_read() -> None:
    assert [G.concepts_of(sample) for sample in range(3)] == [
        {"a": [0, 2], "b": [1]},
        {"a": [], "b": [2, 2, 0]},
        {"a": [], "b": []},
    ]


CELLS = st.lists(st.integers(0, 4), max_size=4)
TABLES = st.lists(st.fixed_dictionaries({"a": CELLS, "b": CELLS}), min_size=1, max_size=5)


@given(TABLES, st.data())
def test_condition_equals_the_dense_product(
    table: list[dict[str, list[int]]], data: st.DataObject
) -> None:
    embeddings = torch.arange(15.0).reshape(5, 3)
    dense = torch.zeros(len(table), 2, 5)
    for sample, row in enumerate(table):
        for place, relation in enumerate("ab"):
            for concept in row[relation]:
                dense[sample, place, concept] += 1 / len(row[relation])
    grounding = Grounding.from_lists("ab", table)
    torch.testing.assert_close(grounding.condition(embeddings), dense @ embeddings)
    rows = data.draw(st.lists(st.integers(0, len(table) - 1), min_size=1, max_size=6))
    torch.testing.assert_close(grounding[rows].condition(embeddings), dense[rows] @ embeddings)
