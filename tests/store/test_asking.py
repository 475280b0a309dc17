from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from kgtransfer.errors import DataError, QueryRefused
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.store.asking import ask
from kgtransfer.store.base import Row
from kgtransfer.store.embedded.store import EmbeddedStore

CELLS = """
ex:Cell a owl:Class ; rdfs:label "cell" .
ex:B a owl:Class ; rdfs:label "B" ; rdfs:subClassOf ex:Cell .
"""


@pytest.fixture
def cells(database: Path, read: Callable[[str], KnowledgeGraph]) -> Iterator[str]:
    """The path of a store with two classes."""
    with EmbeddedStore(database) as store:
        store.sync(read(CELLS))
        pid = store.engine_pid
    yield str(database)
    assert pid is not None
    os.kill(pid, signal.SIGTERM)


def test_an_iri_may_be_a_prefix_and_a_name(cells: str) -> None:
    rows, notes = ask(cells, "ancestors", ["uri=ex:B"])
    assert [row["uri"] for row in rows] == ["http://example.org/cell#Cell"]
    assert notes == []
    assert ask(cells, "ancestors", ["uri=http://example.org/cell#B"])[0] == rows


def test_a_concept_that_the_store_does_not_know_is_named(cells: str) -> None:
    assert ask(cells, "ancestors", ["uri=ex:Nope"]) == (
        [],
        ["the store knows no http://example.org/cell#Nope"],
    )
    assert ask(cells, "ancestors", ["uri=ex:Cell"]) == ([], [])


def test_a_parameter_without_a_value(cells: str) -> None:
    with pytest.raises(DataError, match=r"no value for \$u") as caught:
        ask(cells, "MATCH (n {uri: $u}) RETURN '$v'", [])
    assert caught.value.cure == "give -p u=VALUE"


def test_a_store_that_is_half_way_is_said_to_be(
    cells: str, read: Callable[[str], KnowledgeGraph]
) -> None:
    with EmbeddedStore(cells) as store:
        write, written = store._write, 0

        def cut_off(statement: str, params: Mapping[str, Any]) -> list[Row]:
            nonlocal written
            written += statement.startswith("UNWIND $rows AS row CREATE")
            if written:
                raise KeyboardInterrupt
            return write(statement, params)

        store._write = cut_off  # type: ignore[method-assign]
        with pytest.raises(KeyboardInterrupt):
            store.sync(read(CELLS + "ex:New a owl:Class ."))
    rows, notes = ask(cells, "MATCH (n:Resource) RETURN count(n) AS n", [])
    assert rows == [{"n": 2}]
    assert notes == ["a sync of this store was cut off, or still runs: it is half-way; sync again"]
    with EmbeddedStore(cells) as store:
        store.sync(read(CELLS))
    assert ask(cells, "ancestors", ["uri=ex:Cell"]) == ([], [])


def test_after_a_query_that_writes_the_next_sync_repairs(
    cells: str, read: Callable[[str], KnowledgeGraph]
) -> None:
    ask(cells, "MATCH (n {uri: $u}) SET n.rdfs__label = 'WRONG'",
        ["u=http://example.org/cell#B"], write=True)  # fmt: skip
    with EmbeddedStore(cells) as store:
        assert store.sync(read(CELLS)).nodes_changed == 1
        assert store.export() == read(CELLS)


@pytest.mark.parametrize(
    "question",
    [
        "SELECT ?x WHERE { ?x a ?y }",
        "# all\nprefix e: <http://e/>\nselect * { ?s ?p ?o }",
        "INSERT DATA { <a:b> <a:c> <a:d> }",
        "DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_sparql_is_told_the_way_out(question: str) -> None:
    with pytest.raises(QueryRefused, match="this is SPARQL") as caught:
        ask("none.kglite", question, [])
    assert "MATCH (c:Resource)" in caught.value.cure
