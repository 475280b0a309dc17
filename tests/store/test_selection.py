from __future__ import annotations

import pytest

from kgtransfer.errors import StoreError
from kgtransfer.store.base import Selection
from kgtransfer.store.selection import selection


def test_iris_in_order_once_each() -> None:
    assert selection([{"u": "b"}, {"u": "a"}, {"u": "b"}]) == Selection(("b", "a"))
    assert selection([]) == Selection(())


def test_weights() -> None:
    chosen = selection([{"u": "a", "w": 2}, {"u": "b", "w": 0.5}, {"u": "a", "w": 9}])
    assert chosen == Selection(("a", "b"), (2.0, 0.5))


def test_nodes_stand_for_their_iri() -> None:
    assert selection([{"n": {"labels": ["Resource"], "properties": {"uri": "a"}}}]).iris == ("a",)


@pytest.mark.parametrize(
    "row",
    [{"u": 1}, {"u": None}, {"n": {"properties": {}}}, {"u": "a", "w": "x"}, {"u": "a", "w": True},
     {"a": "x", "b": 1, "c": 2}, {}],
)  # fmt: skip
def test_other_rows(row: dict[str, object]) -> None:
    with pytest.raises(StoreError, match=r"selection|weight"):
        selection([row])
