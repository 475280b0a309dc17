"""kgtransfer graph sql and graph bash."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kgtransfer.code.graphs.bash import BASH, COMMAND
from kgtransfer.code.graphs.sql import DATABASE, SQL
from kgtransfer.knowledge.io.ontology import read_ontology

Here = Callable[..., tuple[int, str, str]]


def test_a_schema_becomes_turtle(here: Here, tmp_path: Path) -> None:
    file, out = tmp_path / "shop.sql", tmp_path / "shop.ttl"
    file.write_text("CREATE TABLE customer (firstName TEXT)", encoding="utf-8")
    status, said, _ = here("graph", "sql", str(file), "--out", str(out))
    assert status == 0
    assert "about 1 database and 1 table" in said
    graph = read_ontology(out)
    column = DATABASE + "shop/customer/firstname"
    assert graph.label(column) == "first name"
    assert graph.named(column, SQL + "hasType") == (SQL + "text",)


def test_pages_become_turtle(here: Here, tmp_path: Path) -> None:
    page, out = tmp_path / "ls.md", tmp_path / "commands.ttl"
    page.write_text("# ls\n\n> List files.\n\n- List all:\n\n`ls -a`\n", encoding="utf-8")
    status, said, _ = here("graph", "bash", str(tmp_path), "--out", str(out), "--json")
    assert status == 0
    assert json.loads(said)["example"] == 1
    graph = read_ontology(out)
    assert graph.comment(COMMAND + "ls") == "List files."
    assert graph.named(f"{COMMAND}ls/example/0", BASH + "partOf") == (COMMAND + "ls",)


def test_what_is_no_schema_is_refused(here: Here, tmp_path: Path) -> None:
    file = tmp_path / "shop.sql"
    file.write_text("SELECT 1", encoding="utf-8")
    status, _, told = here("graph", "sql", str(file), "--out", str(tmp_path / "shop.ttl"))
    assert status == 2
    assert "creates no table" in told


@pytest.mark.parametrize("verb", ["code", "sql", "bash"])
def test_no_graph_is_written_over_a_source(here: Here, tmp_path: Path, verb: str) -> None:
    file = tmp_path / "shop.sql"
    file.write_text("CREATE TABLE customer (name TEXT)", encoding="utf-8")
    status, _, told = here("graph", verb, str(file), "--out", str(file))
    assert (status, file.read_text(encoding="utf-8")[:12]) == (2, "CREATE TABLE")
    assert "let it end with .ttl" in told
