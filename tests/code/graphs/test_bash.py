"""Pages about commands, and shell code, as a graph."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kgtransfer.code.corpus import Snippet
from kgtransfer.code.graphs.bash import (
    BASH,
    COMMAND,
    build_bash_graph,
    documented_examples,
    pages_in,
    pages_of,
)
from kgtransfer.code.graphs.tldr import Page
from kgtransfer.knowledge.check.shacl.findings import violations
from kgtransfer.knowledge.io.ontology import read_ontology

FIND = Page(
    "find",
    "Find files.",
    (
        ("Find files by name.", "find path -name '*.ext'"),
        ("Delete empty files", "find path -type f -empty -delete"),
    ),
    ("fd", "ls"),
)
PAGES = [FIND, Page("ls", "List files."), Page("make", "Build.")]
LINE = Snippet("x:1", "", "", "find . -type f -delete | ls")


def test_code_runs_commands_passes_flags_and_resembles_an_example() -> None:
    graph = build_bash_graph(PAGES, [LINE])
    find = COMMAND + "find"
    assert graph.named("x:1", BASH + "runs") == (find, COMMAND + "ls")
    assert graph.named("x:1", BASH + "resembles") == (f"{find}/example/1",)
    passed = {graph.label(iri) for iri in graph.named("x:1", BASH + "passes")}
    assert passed == {"-type", "-type f", "-delete"}
    assert graph.comment(find) == "Find files."
    assert graph.label(f"{find}/example/1") == "Delete empty files"
    assert graph.named(find, BASH + "seeAlso") == (COMMAND + "ls",)


def test_an_example_resembles_another_one() -> None:
    asked = documented_examples([FIND])
    assert [query.text for query in asked] == ["Find files by name", "Delete empty files"]
    graph = build_bash_graph(PAGES, [query.answer for query in asked])
    resembled = graph.named(asked[1].answer.iri, BASH + "resembles")
    assert resembled == (asked[0].answer.iri,)


def test_pages_of_commands_that_nobody_runs_stay_out() -> None:
    assert [page.command for page in pages_of(PAGES, [LINE])] == ["find", "ls"]


def test_the_graph_is_valid(repository: Path) -> None:
    ontology = repository / "ontology"
    snippets = [LINE, *(query.answer for query in documented_examples([FIND]))]
    graph = build_bash_graph(PAGES, snippets) | read_ontology(ontology / "bash.ttl")
    assert violations(graph, [ontology / "shapes"]) == []


def test_a_graph_is_read_back_as_pages() -> None:
    pages = pages_in(build_bash_graph(PAGES, [LINE]))
    assert pages == [replace(FIND, see_also=("ls",)), *PAGES[1:]]
