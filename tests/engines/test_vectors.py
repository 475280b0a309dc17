from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from kgtransfer.errors import StoreError
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.store import GraphStore

Read = Callable[[str], KnowledgeGraph]
EX = "http://example.org/cell#"
CELLS = "ex:A a ex:Cell . ex:B a ex:Cell ; ex:near ex:A . ex:C a ex:Cell ."
TABLE = np.array([[2.0, 0.0], [1.0, 1.0], [0.0, 3.0]])


def test_vectors_are_shared_and_leave_with_their_concept(
    store: GraphStore, open_store: Callable[[], GraphStore], read: Read
) -> None:
    store.sync(read(CELLS))
    with open_store() as other:
        with pytest.raises(StoreError, match="holds no vectors"):
            other.nearest(EX + "A", 1)
        store.write_vectors([EX + "A", EX + "B", EX + "C"], TABLE)
        assert other.nearest(EX + "A", 5) == [
            (EX + "B", pytest.approx(0.5**0.5)),
            (EX + "C", pytest.approx(0.0)),
        ]
        # Something that is not ours still points to A, so that its node stays.
        note = "MATCH (a:Resource {uri: $a}) CREATE (:Note)-[:ABOUT]->(a)"
        store.run(note, {"a": EX + "A"}, read=False)
        store.sync(read("ex:B a ex:Cell . ex:C a ex:Cell ."))
        assert other.nearest(np.array([1.0, 0.0]), 5) == [
            (EX + "B", pytest.approx(0.5**0.5)),
            (EX + "C", pytest.approx(0.0)),
        ]
        store.sync(read(CELLS))
        with pytest.raises(StoreError, match="cell#A has no vector"):
            other.nearest(EX + "A", 1)


def test_new_rows_replace_old_ones_and_another_width_replaces_all(
    store: GraphStore, read: Read
) -> None:
    store.sync(read(CELLS))
    store.write_vectors([EX + "A", EX + "B"], TABLE[:2])
    store.write_vectors([EX + "B", EX + "C"], TABLE[1:][::-1])
    assert [iri for iri, _ in store.nearest(np.array([0.0, 1.0]), 2)] == [EX + "B", EX + "C"]
    store.write_vectors([EX + "C"], np.array([[0.0, 0.0, 1.0]]))
    assert store.nearest(np.array([0.0, 0.0, 1.0]), 5) == [(EX + "C", pytest.approx(1.0))]


def test_float32_is_kept_to_the_bit(store: GraphStore, read: Read) -> None:
    store.sync(read(CELLS))
    rows = np.random.default_rng(0).normal(size=(3, 64)).astype(np.float32)
    store.write_vectors([EX + "A", EX + "B", EX + "C"], rows)
    unit = (rows / np.linalg.norm(rows.astype(np.float64), axis=1, keepdims=True)).astype("f4")
    for name, row in zip("ABC", rows, strict=True):
        (best,) = store.nearest(row, 1)
        assert best[0] == EX + name
        expected = unit @ unit["ABC".index(name)]
        assert best[1] == pytest.approx(float(expected.max()), abs=1e-7)


def test_wrong_vectors(store: GraphStore, read: Read) -> None:
    store.sync(read(CELLS))
    with pytest.raises(StoreError, match="one row an IRI"):
        store.write_vectors([EX + "A"], TABLE)
    with pytest.raises(StoreError, match="infinite or undefined"):
        store.write_vectors([EX + "A"], np.array([[np.nan, 1.0]]))
