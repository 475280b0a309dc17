from __future__ import annotations

import threading
from pathlib import Path

import pytest

from kgtransfer.code.serving.cypher import Busy, CypherAnswers
from kgtransfer.code.serving.limits import Limits
from kgtransfer.errors import StoreError
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.store import connect

SIZE = "MATCH (n:Resource) RETURN count(n) AS n"
SLOW = "MATCH (a), (b), (c), (d), (e) WHERE a.uri + b.uri = c.uri + d.uri + e.uri RETURN count(*)"


def test_another_graph_is_answered_about_and_the_runs_own_store_stays(
    tmp_path: Path, family: KnowledgeGraph, shop_graph: KnowledgeGraph
) -> None:
    with connect(tmp_path / "store.kglite") as store:
        store.sync(family)
        before = store.run(SIZE)
    with CypherAnswers(tmp_path, family) as answers:
        assert answers.run(SIZE, {}) == before
        answers.follow(lambda: shop_graph)
        assert answers.run("MATCH (b {rdfs__label: 'Basket'}) RETURN labels(b) AS l", {}) == [
            {"l": ["Resource", "api__Class"]}
        ]
    with connect(tmp_path / "store.kglite") as store:
        assert store.run(SIZE) == before


def test_a_statement_is_given_up_in_time_and_those_beyond_the_places_are_refused(
    tmp_path: Path, family: KnowledgeGraph
) -> None:
    with CypherAnswers(tmp_path, family, Limits(seconds=0.5, statements=1)) as answers:
        answers.run(SIZE, {})
        failed: list[StoreError] = []

        def ask() -> None:
            try:
                answers.run(SLOW, {})
            except StoreError as error:
                failed.append(error)

        asking = [threading.Thread(target=ask) for _ in range(2)]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join()
        assert {type(error) for error in failed} == {Busy, StoreError}
        assert any("timed out" in str(error) for error in failed)
        assert answers.run("RETURN 1 AS one", {}) == [{"one": 1}]


def test_a_place_is_free_again_after_a_statement_that_fails(
    tmp_path: Path, family: KnowledgeGraph
) -> None:
    with CypherAnswers(tmp_path, family, Limits(statements=1)) as answers:
        for _ in range(3):
            with pytest.raises(StoreError, match=r"Syntax|more than"):
                answers.run("MATCH (n) RETURN", {})
