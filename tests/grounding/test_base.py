"""The sparse matrix G of `C = G E`."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from kgtransfer.errors import DataError
from kgtransfer.grounding.base import Grounding

IRIS = ("e:red", "e:blue", "e:round")
SAMPLES = [{"a": [0, 2], "b": [1]}, {"b": [2, 2, 0]}, {}]
G = Grounding.from_lists(IRIS, ("a", "b"), SAMPLES)
E = torch.tensor([[1.0, 0.0], [0.0, 1.0], [3.0, 3.0]])


def test_condition_holds_the_mean_of_each_samples_concepts() -> None:
    expected = [[[2, 1.5], [0, 1]], [[0, 0], [7 / 3, 2]], [[0, 0], [0, 0]]]
    torch.testing.assert_close(G.condition(E), torch.tensor(expected))


def test_samples_can_be_picked_in_any_order() -> None:
    picked = G[[2, 0, 0]]
    assert len(picked) == 3
    torch.testing.assert_close(picked.condition(E), G.condition(E)[[2, 0, 0]])


def test_nothing_grounded_gives_zeros() -> None:
    empty = Grounding.from_lists(IRIS, ("a",), [{}, {}])
    assert empty.condition(E).tolist() == [[[0, 0]], [[0, 0]]]


def test_a_samples_concepts_can_be_read() -> None:
    assert [G.concepts_of(sample) for sample in range(3)] == [
        {"a": ["e:red", "e:round"], "b": ["e:blue"]},
        {"a": [], "b": ["e:round", "e:round", "e:red"]},
        {"a": [], "b": []},
    ]
    assert G.rows_of(1) == {"a": [], "b": [2, 2, 0]}


def _same(first: Grounding, second: Grounding) -> bool:
    axes = (first.concepts, first.relations) == (second.concepts, second.relations)
    tensors = ("offsets", "rows", "weights")
    return axes and all(torch.equal(getattr(first, n), getattr(second, n)) for n in tensors)


def test_one_sample_is_a_grounding_too() -> None:
    assert _same(G[1], G[[1]])
    assert _same(G[-2], G[1])
    assert _same(G[0:2], G[[0, 1]])
    assert _same(G[[-1, 0]], G[[2, 0]])
    assert [each.concepts_of(0) for each in G] == [G.concepts_of(sample) for sample in range(3)]
    assert G[1].concepts is G.concepts
    for beyond in (3, -4, [0, 3]):
        with pytest.raises(IndexError, match="3 samples have no sample"):
            G[beyond]


def test_joined_samples_are_the_whole() -> None:
    assert _same(Grounding.cat(list(G)), G)
    assert _same(Grounding.cat([G[[2, 1]], G[0]]), G[[2, 1, 0]])


def test_what_has_other_axes_is_not_joined() -> None:
    other = replace(G, concepts=("e:red", "e:round", "e:blue"))
    with pytest.raises(DataError, match="joined to another: concept 1 is <e:round>, not <e:blue>"):
        Grounding.cat([G, other])
    with pytest.raises(DataError, match="it has one more concept <e:flat>"):
        Grounding.cat([G, replace(G, concepts=(*IRIS, "e:flat"))])
    with pytest.raises(DataError, match="it has no concept <e:round>"):
        Grounding.cat([G, replace(G, concepts=IRIS[:2])])
    with pytest.raises(DataError, match="relation 0 is <b>, not <a>"):
        Grounding.cat([G, replace(G, relations=("b", "a"))])
    with pytest.raises(DataError, match="no grounding"):
        Grounding.cat([])


def test_it_can_be_pickled_and_moved() -> None:
    again = pickle.loads(pickle.dumps(G))
    assert _same(again, G)
    assert _same(Grounding.cat([again, G]), G[[0, 1, 2, 0, 1, 2]])
    assert G.to("cpu") is G
    assert G.to("meta").rows.device.type == "meta"


def test_a_column_that_nothing_names_is_refused() -> None:
    with pytest.raises(DataError, match="grounded on column 3, there are 3 concepts"):
        Grounding.from_lists(IRIS, ("a",), [{"a": [3]}])


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
    grounding = Grounding.from_lists("vwxyz", "ab", table)
    torch.testing.assert_close(grounding.condition(embeddings), dense @ embeddings)
    rows = data.draw(st.lists(st.integers(0, len(table) - 1), min_size=1, max_size=6))
    torch.testing.assert_close(grounding[rows].condition(embeddings), dense[rows] @ embeddings)


def test_a_mask_chooses_the_samples_that_it_marks() -> None:
    cells = [{"a": [row % 2]} for row in range(4)]
    grounding = Grounding.from_lists(("e:red", "e:blue"), ("a",), cells)
    mask = torch.tensor([False, True, False, True])
    assert grounding[mask].rows.tolist() == [1, 1]
    assert grounding[mask.numpy()].rows.tolist() == [1, 1]  # type: ignore[index]
    for wrong in ([0.5, 1.7], torch.zeros(2, 2)):
        with pytest.raises(IndexError, match="whole numbers"):
            grounding[wrong]  # type: ignore[index]
