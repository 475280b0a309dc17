"""Python source read as data of code search."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kgtransfer.code.data import read_code
from kgtransfer.code.graphs.api import build_code_graph
from kgtransfer.code.graphs.bash import command_iri
from kgtransfer.code.graphs.sql import DATABASE, SQL
from kgtransfer.code.languages.python import find_source
from kgtransfer.code.languages.reading import read_modules
from kgtransfer.code.verbalisers.bash import SHELL
from kgtransfer.code.verbalisers.calls import CALLS
from kgtransfer.code.verbalisers.sql import SQL_QUERIES
from kgtransfer.errors import ConfigError, DataError

PACKAGES = ("json", "configparser")


def test_source_becomes_a_corpus_a_setting_and_a_graph() -> None:
    data = read_code("stdlib", packages=PACKAGES)
    assert list(data.corpora) == ["named", "masked"]
    assert data.main is data.corpora["named"]
    assert data.corpora["masked"] == data.main.with_names_masked()
    assert (data.name, data.test, data.packages) == ("stdlib", "stdlib", PACKAGES)
    modules = read_modules(find_source("stdlib", PACKAGES))
    assert data.graph.hash == build_code_graph(modules, withheld=data.main.held_out).hash


def test_another_code_base_is_searched() -> None:
    data = read_code("json", test="configparser", settings=["named"])
    assert (data.name, data.test) == ("json", "configparser")
    assert {document.module for document in data.main.documents} == {"configparser"}
    assert {snippet.module.partition(".")[0] for snippet in data.main.adaptation} == {"json"}
    modules = {module.name for module in data.modules}
    assert {"json.decoder", "configparser"} <= modules


def test_the_hash_depends_on_settings_and_split() -> None:
    first = read_code("stdlib", packages=PACKAGES)
    assert first.hash == read_code("stdlib", packages=PACKAGES).hash
    assert first.hash != read_code("stdlib", packages=PACKAGES, settings=["named"]).hash
    assert first.hash != read_code("stdlib", packages=PACKAGES, split_seed=1).hash


@pytest.mark.parametrize("settings", [["named", "hidden"], []])
def test_an_unknown_setting_is_refused(settings: list[str]) -> None:
    with pytest.raises(ConfigError, match=r"no setting.*\n?.*named, masked"):
        read_code("json", settings=settings)


def test_a_missing_code_base_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="neither a path nor a Python package"):
        read_code(str(tmp_path / "nothing"))


def test_pairs_are_data_with_the_graph_of_their_kind(tmp_path: Path) -> None:
    file = tmp_path / "queries.jsonl"
    rows = [{"query": f"q {n}", "code": f"SELECT c{n} FROM t", "db_id": "d"} for n in range(3)]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    schema = tmp_path / "d.sql"
    schema.write_text("CREATE TABLE t (c0 INT); CREATE TABLE unread (x INT)", encoding="utf-8")
    data = read_code(str(file), graph=str(schema))
    assert list(data.corpora) == ["pairs"]
    assert data.verbaliser is SQL_QUERIES
    assert len(data.main.documents) == len(data.main.adaptation) == 3
    assert data.graph.named(DATABASE + "d/t/c0", SQL + "hasType") == (SQL + "number",)
    assert data.graph.label(DATABASE + "d/t/c2") == "c2"


def test_examples_of_commands_are_documented_but_not_those_that_are_tested(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    rows = [{"query": "list files", "code": "ls -l"}, {"query": "all", "code": "ls -a"}]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    page = {"command": "ls", "description": "List.", "see_also": []}
    page["examples"] = [["List files:", "ls"], ["List all", "ls {{[-a|--all]}}"]]
    pages = tmp_path / "tldr.jsonl"
    pages.write_text(json.dumps(page), encoding="utf-8")
    data = read_code(str(file), graph=str(pages))
    assert data.verbaliser is SHELL
    assert [(q.text, q.answer.code) for q in data.main.documented] == [("List all", "ls -a")]


def test_pages_about_commands_may_stand_in_a_folder_or_be_missing(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text('{"query": "a", "code": "ls -l"}\n{"query": "b", "code": "cat x"}')
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "ls.md").write_text("# ls\n\n> List files.\n")
    data = read_code(str(file), graph=str(tmp_path / "pages"))
    assert data.graph.comment(command_iri("ls")) == "List files."
    assert command_iri("cat") not in data.graph.concepts
    alone = read_code(str(file)).graph
    assert {alone.label(command_iri(name)) for name in ("ls", "cat")} == {"ls", "cat"}
    with pytest.raises(DataError, match="not found") as raised:
        read_code(str(file), graph=str(tmp_path / "none"))
    assert "tldr pages" in raised.value.cure


def test_a_kind_of_code_is_named_or_guessed(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text('{"query": "a", "code": "(+ 1 2)"}\n{"query": "b", "code": "(car x)"}')
    assert read_code(str(file)).verbaliser is CALLS
    with pytest.raises(ConfigError, match="no kind of code 'lisp'"):
        read_code(str(file), kind="lisp")
    assert read_code(str(file), kind="bash").verbaliser is SHELL
