"""Databases and queries: the parts of queries, and what the shapes object to in a schema."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.knowledge.check.shacl.findings import violations
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology

PREFIXES = """
@prefix e: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sql: <https://w3id.org/kgtransfer/sql#> .
"""
CONCERTS = """
e:concerts a sql:Database ; rdfs:label "concerts" .
e:singer a sql:Table ; rdfs:label "singer" ; sql:partOf e:concerts ; sql:primaryKey e:singer.id .
e:singer.id a sql:Column ; rdfs:label "singer id" ; sql:partOf e:singer ; sql:hasType sql:number .
e:concert a sql:Table ; rdfs:label "concert" ; sql:partOf e:concerts .
e:concert.singer a sql:Column ; rdfs:label "singer" ; sql:partOf e:concert ;
    sql:references e:singer.id .
e:query a sql:Query ; rdfs:label "SELECT count(*) FROM singer" ;
    sql:reads e:singer ; sql:uses sql:select , sql:count .
"""


@pytest.fixture(scope="module")
def sql() -> KnowledgeGraph:
    return read_ontology(Path(__file__).parents[2] / "ontology" / "sql.ttl")


def objections(repository: Path, folder: Path, text: str) -> list[tuple[str, str]]:
    """(label, message) of what the shapes object to in the concerts and this."""
    file = folder / "concerts.ttl"
    file.write_text(PREFIXES + CONCERTS + text, encoding="utf-8")
    ontology = repository / "ontology"
    graph = read_ontology(file, ontology / "sql.ttl")
    return [(f.label, f.message) for f in violations(graph, [ontology / "shapes" / "sql.ttl"])]


@pytest.mark.parametrize(
    ("part", "kind", "keyword", "spoken"),
    [
        ("count", "Aggregate", "COUNT", "how many"),
        ("groupBy", "Clause", "GROUP BY", "for each"),
        ("except", "SetOperation", "EXCEPT", "without"),
        ("greaterOrEqual", "Predicate", ">=", "at least"),
        ("not", "Connective", "NOT", "does not"),
        ("descending", "SortOrder", "DESC", "decreasing"),
    ],
)
def test_a_part_has_a_keyword_and_the_words_of_people(
    sql: KnowledgeGraph, part: str, kind: str, keyword: str, spoken: str
) -> None:
    iri = sql.expand(f"sql:{part}")
    assert sql.expand(f"sql:{kind}") in sql.types(iri)
    assert [k.value for k in sql.objects(iri, sql.expand("sql:keyword"))] == [keyword]
    assert spoken in sql.synonyms(iri)


def test_no_two_parts_have_the_same_keyword(sql: KnowledgeGraph) -> None:
    kinds = sql.subclasses("sql:QueryPart")
    parts = [part for kind in kinds for part in sql.instances(kind)]
    keywords = [k.value for p in parts for k in sql.objects(p, sql.expand("sql:keyword"))]
    assert len(parts) == 33
    assert len(set(keywords)) == 33


def test_the_types_of_spider_are_there(sql: KnowledgeGraph) -> None:
    code = sql.expand("sql:spiderCode")
    codes = {c.value for t in sql.instances("sql:DataType") for c in sql.objects(t, code)}
    assert codes == {"text", "number", "time", "boolean", "others"}


def test_a_sound_schema_passes(repository: Path, tmp_path: Path) -> None:
    assert objections(repository, tmp_path, "") == []


@pytest.mark.parametrize(
    ("text", "label", "message"),
    [
        ("e:venue a sql:Table ; sql:partOf e:concerts .", "venue", "has no label"),
        ('e:x a sql:Column ; rdfs:label "x" .', "x", "part of exactly one table"),
        ("e:singer.id sql:partOf e:concert .", "singer id", "part of exactly one table"),
        ("e:concert sql:partOf e:singer .", "concert", "exactly one schema or database"),
        (
            'e:x a sql:Schema ; rdfs:label "x" ; sql:partOf e:y . e:y rdfs:label "y" .',
            "y",
            "neither a table nor a schema",
        ),
        ("e:singer.id sql:hasType sql:text .", "singer id", "more than one type"),
        ("e:singer.id sql:references e:singer .", "singer", "joins columns"),
        ('e:q a sql:Query ; rdfs:label "q" .', "q", "a query reads nothing"),
        (
            'e:query rdfs:comment "How many singers are there?" .',
            "SELECT count(*) FROM singer",
            "would leak into training",
        ),
        (
            "e:query sql:uses e:concert .",
            "SELECT count(*) FROM singer",
            "no part of queries",
        ),
        ('sql:count sql:keyword "COUNT_BIG" .', "count", "needs exactly one keyword"),
        ('sql:x a sql:Clause ; rdfs:label "x" ; sql:keyword "X" .', "x", "no words are given"),
    ],
)
def test_what_is_wrong_in_a_schema_is_found(
    repository: Path, tmp_path: Path, text: str, label: str, message: str
) -> None:
    findings = objections(repository, tmp_path, text)
    assert label in {name for name, text in findings if message in text}


def test_a_primary_key_is_a_column_of_its_table(repository: Path, tmp_path: Path) -> None:
    findings = objections(repository, tmp_path, "e:concert sql:primaryKey e:singer.id .")
    assert {(label, text.partition(" (")[0]) for label, text in findings} == {
        ("singer id", "a column is the primary key of a table that it is no part of")
    }
