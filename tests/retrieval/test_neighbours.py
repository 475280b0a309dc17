from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from kgtransfer.errors import RunError
from kgtransfer.retrieval import neighbours
from kgtransfer.retrieval.neighbours import Neighbours, nearest


@pytest.fixture
def vectors(monkeypatch: pytest.MonkeyPatch) -> torch.Tensor:
    """Three thousand vectors in a hundred clusters, which count as many."""
    monkeypatch.setattr(neighbours, "LARGE", 2_000)
    draw = torch.Generator().manual_seed(0)
    centres = torch.randn(100, 32, generator=draw).repeat(30, 1)
    return F.normalize(centres + 0.5 * torch.randn(3_000, 32, generator=draw), dim=1)


def test_few_vectors_are_all_looked_at() -> None:
    vectors = F.normalize(torch.eye(4) + 0.1, dim=1)
    assert Neighbours.of(vectors) is None
    rows, scores = nearest(vectors, vectors[2], 9)
    assert rows[0] == 2
    assert sorted(rows) == [0, 1, 2, 3]
    assert scores[0] == pytest.approx(1.0)


def test_of_many_the_nearest_are_found_with_their_exact_cosines(vectors: torch.Tensor) -> None:
    index = Neighbours.of(vectors)
    assert index is not None
    again = Neighbours.from_bytes(index.to_bytes(), vectors, "n.usearch")
    found = 0
    for query in vectors[::100]:
        rows, scores = nearest(vectors, query, 10)
        near, cosines = nearest(vectors, query, 10, again)
        found += len({*rows} & {*near})
        assert cosines[0] == pytest.approx(scores[0], abs=1e-6)
        assert cosines == sorted(cosines, reverse=True)
    assert found >= 0.99 * 10 * 30


def test_what_does_not_fit_is_refused(vectors: torch.Tensor) -> None:
    index = Neighbours.of(vectors)
    assert index is not None
    with pytest.raises(RunError, match=r"n\.usearch: is of other vectors"):
        Neighbours.from_bytes(index.to_bytes(), vectors[:-1], "n.usearch")
    with pytest.raises(RunError, match=r"n\.usearch: is no index of vectors"):
        Neighbours.from_bytes(b"nothing of the kind", vectors, "n.usearch")


def test_without_the_library_all_are_looked_at(
    vectors: torch.Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = Neighbours.of(vectors)
    assert index is not None
    monkeypatch.setattr(neighbours, "find_spec", lambda name: None)
    assert Neighbours.of(vectors) is None
    assert Neighbours.from_bytes(index.to_bytes(), vectors, "n.usearch") is None
