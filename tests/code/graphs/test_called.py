"""Snippets and the documented functions that they call."""

from __future__ import annotations

from pathlib import Path

from kgtransfer.code.corpus import Snippet
from kgtransfer.code.graphs.api import API, iri_of
from kgtransfer.code.graphs.called import (
    Documented,
    build_called_graph,
    called_examples,
    called_names,
    documented,
)
from kgtransfer.knowledge.check.shacl.findings import violations
from kgtransfer.knowledge.io.ontology import read_ontology

LOAD = Documented("json.load", "Read a value from a file.", ("file", "strict"))
OTHER = Documented("pickle.load", "Read an object from a file.")
DROP = Documented("frame.Frame.drop", "Drop rows or columns.")
SNIPPETS = [
    Snippet("x:1", "", "", "value = json.load(open(path))"),
    Snippet("x:2", "", "", "while (open(path)) { unknown(path); }"),
]


def test_names_that_are_called_are_found_in_any_language() -> None:
    code = "def f(x):\n    if (x): return g(h (x), g(1))"
    assert called_names(code) == ("g", "h")


def test_a_call_means_the_function_whose_place_the_code_names() -> None:
    graph = build_called_graph([OTHER, LOAD, DROP], SNIPPETS)
    opened = "https://w3id.org/kgtransfer/called/open"  # by two, documented by nobody
    assert graph.named("x:1", API + "calls") == (opened, iri_of("json.load"))
    assert graph.named("x:2", API + "calls") == (opened,)
    assert graph.comment(iri_of("json.load")) == "Read a value from a file."
    assert iri_of("frame.Frame.drop") not in graph.concepts


def test_examples_are_calls_of_what_is_documented_and_resemble_others() -> None:
    load, other = called_examples([LOAD, OTHER, DROP], SNIPPETS)
    assert (load.text, load.answer.code) == ("Read a value from a file", "json.load(file, strict)")
    graph = build_called_graph([LOAD, OTHER], [*SNIPPETS, load.answer])
    assert graph.named(load.answer.iri, API + "calls") == (iri_of("pickle.load"),)
    assert other.answer.code == "pickle.load()"


def test_what_is_tested_with_stays_out() -> None:
    graph = build_called_graph([LOAD], SNIPPETS, withheld=["read a value from a file"])
    assert graph.comment(iri_of("json.load")) == ""


def test_code_bases_and_builtins_are_documented() -> None:
    found = {each.qualified: each for each in documented(("json", "builtins"))}
    assert found["json.loads"].sentence.startswith("Deserialize ``s``")
    assert found["builtins.str.join"].sentence == "Concatenate any number of strings."
    assert found["builtins.len"].sentence == "Return the number of items in a container."


def test_the_graph_is_valid(repository: Path) -> None:
    ontology = repository / "ontology"
    graph = build_called_graph([LOAD, OTHER], SNIPPETS) | read_ontology(ontology / "api.ttl")
    assert violations(graph, [ontology / "shapes"]) == []
