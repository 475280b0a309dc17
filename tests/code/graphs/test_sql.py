"""Schemas and SQL queries as a graph."""

from __future__ import annotations

from pathlib import Path

from kgtransfer.code.corpus import Snippet
from kgtransfer.code.graphs.sql import DATABASE, SQL, Column, Schema, Table, build_sql_graph
from kgtransfer.knowledge.check.shacl.findings import violations
from kgtransfer.knowledge.io.ontology import read_ontology

CONCERTS = Schema(
    "concerts",
    (
        Table("Singer", "singer", (Column("id", "singer id", "number"), Column("nm")), ("id",)),
        Table("concert", columns=(Column("s"),), references=(("s", "Singer", "id"),)),
    ),
)
QUERY = Snippet("x:1", "", "concerts", "SELECT nm, count(*) FROM singer, concert GROUP BY Nm")


def test_a_query_reads_tables_and_columns_and_uses_parts() -> None:
    graph = build_sql_graph([CONCERTS], [QUERY])
    singer = DATABASE + "concerts/singer"
    assert set(graph.named("x:1", SQL + "reads")) == {
        singer,
        f"{singer}/nm",  # the one table that has it
        DATABASE + "concerts/concert",
    }
    used = {iri.removeprefix(SQL) for iri in graph.named("x:1", SQL + "uses")}
    assert used == {"select", "count", "from", "join", "groupBy"}
    assert graph.label(f"{singer}/id") == "singer id"
    assert graph.named(singer, SQL + "primaryKey") == (f"{singer}/id",)
    assert graph.named(f"{DATABASE}concerts/concert/s", SQL + "references") == (f"{singer}/id",)
    assert graph.named(f"{singer}/id", SQL + "hasType") == (SQL + "number",)


def test_without_a_schema_names_are_taken_apart() -> None:
    graph = build_sql_graph([], [Snippet("x:1", "", "", "SELECT firstName FROM singer_list")])
    table = DATABASE + "main/singer_list"
    assert graph.label(table) == "singer list"
    assert graph.label(f"{table}/firstname") == "first name"


def test_what_is_no_query_is_passed_over() -> None:
    assert len(build_sql_graph([], [Snippet("x:1", "", "", "ls -l"), QUERY])) > 0
    assert len(build_sql_graph([], [Snippet("x:1", "", "", "ls -l")])) == 0


def test_the_graph_is_valid(repository: Path) -> None:
    ontology = repository / "ontology"
    graph = build_sql_graph([CONCERTS], [QUERY]) | read_ontology(ontology / "sql.ttl")
    assert violations(graph, [ontology / "shapes"]) == []


def test_what_another_graph_says_is_not_said_again() -> None:
    known = build_sql_graph([CONCERTS])
    graph = build_sql_graph([], [QUERY], known)
    singer = DATABASE + "concerts/singer"
    assert f"{singer}/nm" in graph.named("x:1", SQL + "reads")
    assert not graph.types(singer)
    assert not graph.types(f"{singer}/nm")
    both = known | graph
    assert both.label(f"{singer}/id") == "singer id"
