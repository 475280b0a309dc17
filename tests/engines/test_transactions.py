from __future__ import annotations

import pytest

from kgtransfer.errors import QueryRefused, StoreError
from kgtransfer.store import GraphStore

COUNT = "MATCH (a:A) RETURN count(a) AS n"


def test_all_statements_or_none(store: GraphStore) -> None:
    rows = store.transact(
        [
            ("CREATE (a:A {i: $i})", {"i": 1}),
            ("MATCH (a:A) SET a.i = a.i + 1 RETURN a.i AS i", {}),
        ]
    )
    assert rows == [[], [{"i": 2}]]
    with pytest.raises(StoreError):
        store.transact([("CREATE (a:A {i: 3})", {}), ("MATCH (a:A RETURN a", {})])
    assert store.run("MATCH (a:A) RETURN a.i AS i") == [{"i": 2}]
    assert store.transact([]) == []


def test_a_transaction_reaches_no_file(store: GraphStore) -> None:
    with pytest.raises(QueryRefused, match="LOAD"):
        store.transact(
            [("CREATE (:A)", {}), ("LOAD CSV FROM 'file:///etc/passwd' AS l RETURN l", {})]
        )
    assert store.run(COUNT) == [{"n": 0}]
