from __future__ import annotations

import time
from pathlib import Path

import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.check.shacl.findings import ShapeCheck, violations
from kgtransfer.knowledge.check.validate import check
from kgtransfer.knowledge.io.ontology import read_ontology

PREFIXES = """@prefix : <http://e/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
DATA = PREFIXES + ':a a :Kind ; :p "%s!" .\n' % ("a" * 60)
PATTERN = (
    ":S a sh:NodeShape ; sh:targetClass :Kind ;\n sh:property [ sh:path :p ; sh:pattern '%s' ] ."
)
QUERY = ":S a sh:NodeShape ; sh:targetClass :Kind ; sh:sparql [ sh:select '''%s''' ] ."
ENDLESS = (
    "SELECT $this WHERE { $this ?p ?o . ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o2 . "
    "?q ?r ?s . ?t ?u ?v FILTER (?a = 1) }"
)
DOUBLINGS = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))
BLOATED = f"SELECT $this WHERE {{ $this :p ?x0 {DOUBLINGS} }}"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "a.ttl"
    path.write_text(DATA)
    return path


def shapes(folder: Path, turtle: str) -> Path:
    path = folder / "rules.ttl"
    path.write_text(PREFIXES + turtle)
    return path


@pytest.mark.slow
@pytest.mark.parametrize("turtle", [PATTERN % "(a+)+$", QUERY % ENDLESS], ids=["pattern", "query"])
def test_what_does_not_end_is_ended_and_the_shape_named(
    data: Path, tmp_path: Path, turtle: str
) -> None:
    rules, started = shapes(tmp_path, turtle), time.monotonic()
    more = "".join(f":b{n} a :Kind ; :p :c{n} .\n" for n in range(200))
    data.write_text(DATA + more)
    with pytest.raises(OntologyError) as raised:
        check(data, rules, timeout=3)
    assert time.monotonic() - started < 60
    error = raised.value
    assert (error.file, error.line) == (str(rules), 5)
    assert error.reason == "a shape was not done after 3 seconds (shape :S)"
    assert "--timeout" in error.cure


@pytest.mark.slow
def test_what_fills_the_memory_is_ended_and_the_shape_named(data: Path, tmp_path: Path) -> None:
    rules = shapes(tmp_path, QUERY % BLOATED)
    with pytest.raises(OntologyError, match=r"rules\.ttl:5: a shape takes too much memory .*:S"):
        check(data, rules)


@pytest.mark.parametrize(
    ("turtle", "reason"),
    [
        (PATTERN % "(", "the shapes cannot be used: .*"),
        (QUERY % "SELECT $this WHERE {", "the shapes cannot be used: .*"),
        (
            QUERY % r"SELECT $this WHERE { SE\\u0052VICE <http://127.0.0.1:9/> { $this ?p ?o } }",
            r"a shape reaches outside the graph: it asks other sources \(SERVICE, FROM\)",
        ),
    ],
    ids=["pattern", "query", "service"],
)
def test_shapes_that_cannot_be_used_are_named_with_their_line(
    data: Path, tmp_path: Path, turtle: str, reason: str
) -> None:
    rules = shapes(tmp_path, turtle)
    with pytest.raises(OntologyError, match=rf"rules\.ttl:5: {reason} \(shape :S\)"):
        check(data, rules)


def test_the_check_goes_on_beside_other_work(data: Path, tmp_path: Path) -> None:
    rules = shapes(tmp_path, PATTERN % "^b")
    graph = read_ontology(data)
    with ShapeCheck([rules]) as shape_check:
        shape_check.start(graph)
        findings = shape_check.findings()
    assert [(f.concept, f.cure) for f in findings] == [
        ("http://e/a", "write the value in the form that the shape asks for")
    ]
    assert violations(graph, [rules]) == findings


def test_no_shapes_find_nothing(data: Path) -> None:
    assert violations(read_ontology(data), []) == []


@pytest.mark.slow
def test_an_answer_without_end_is_no_answer(tmp_path: Path) -> None:
    nodes = "".join(f"<n:{number}> a <n:T> .\n" for number in range(3_000))
    many = tmp_path / "many.ttl"
    many.write_text(nodes)
    rules = tmp_path / "rules.ttl"
    rules.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <n:S> a sh:NodeShape ; sh:targetClass <n:T> ;"
        f' sh:property [ sh:path <n:p> ; sh:minCount 1 ; sh:message "{"x" * 50_000}" ] .'
    )
    with pytest.raises(OntologyError, match="the shapes say more than 128 MiB") as raised:
        check(many, rules)
    assert raised.value.cure == "shorten their messages, or check less at once"
