"""Samples with their groundings become batches, in this process and in workers."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
import torch
from torch.utils.data import DataLoader

from kgtransfer.errors import DataError
from kgtransfer.grounding.base import Grounding
from kgtransfer.grounding.collate import collate

CELLS = [{"a": [0, 2]}, {"a": [1]}, {}, {"a": [2]}]
G = Grounding.from_lists(("e:red", "e:blue", "e:round"), ("a",), CELLS)
X, Y = torch.arange(8.0).view(4, 2), [0, 1, 1, 0]


class Named(NamedTuple):
    x: Any
    shown: Any


def test_tuples_lists_and_dicts_keep_their_form() -> None:
    x, y, shown = collate(list(zip(X, Y, G, strict=True)))
    assert torch.equal(x, X)
    assert y.tolist() == Y
    assert [shown.rows_of(sample) for sample in range(4)] == [G.rows_of(s) for s in range(4)]
    deep = [{"x": x, "deep": [s, {"y": y}]} for x, y, s in zip(X, Y, G, strict=True)]
    batch = collate(deep)
    assert torch.equal(batch["x"], X)
    assert len(batch["deep"][0]) == 4
    assert batch["deep"][1]["y"].tolist() == Y
    named = collate([Named(x, shown) for x, shown in zip(X, G, strict=True)])
    assert isinstance(named, Named)
    assert named.shown.weights.tolist() == [0.5, 0.5, 1.0, 1.0]
    assert len(collate(list(G))) == 4


def test_without_a_grounding_it_is_torchs_own() -> None:
    x, y = collate(list(zip(X, Y, strict=True)))
    assert torch.equal(x, X)
    assert torch.equal(y, torch.tensor(Y))


@pytest.mark.parametrize("context", ["fork", "spawn"])
def test_workers_give_the_batches_of_this_process(context: str) -> None:
    samples = list(zip(X, Y, G, strict=True))
    plain = DataLoader(samples, 3, collate_fn=collate)
    workers = DataLoader(
        samples, 3, collate_fn=collate, num_workers=2, multiprocessing_context=context
    )
    for (x, _, here), (other, _, there) in zip(plain, workers, strict=True):
        assert torch.equal(x, other)
        assert here.concepts == there.concepts
        for name in ("offsets", "rows", "weights"):
            assert torch.equal(getattr(here, name), getattr(there, name))


def test_a_sample_has_a_grounding_of_its_own() -> None:
    with pytest.raises(DataError, match="a sample comes with a grounding of 4 samples"):
        collate([(0, G), (1, G)])


@pytest.mark.skipif(not torch.cuda.is_available(), reason="only a GPU needs pinned memory")
def test_a_loader_pins_groundings() -> None:
    samples = list(zip(X, G, strict=True))
    for x, shown in DataLoader(samples, 2, collate_fn=collate, pin_memory=True):
        assert x.is_pinned()
        assert all(getattr(shown, name).is_pinned() for name in ("offsets", "rows", "weights"))
        assert shown.concepts is G.concepts
