from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.store import GraphStore
from kgtransfer.store.base import Params, Row
from kgtransfer.store.record import Record
from kgtransfer.store.sync import distrust, synchronise

Read = Callable[[str], KnowledgeGraph]
EX = "http://example.org/cell#"

CELLS = """
ex:Cell a owl:Class ; rdfs:label "cell"@en .
ex:Blood a owl:Class ; rdfs:label "blood"@en .
ex:B a owl:Class ; rdfs:label "B cell"@en, "B-Zelle"@de ; ex:size 0.50 ; skos:altLabel "B", "b" ;
    rdfs:subClassOf ex:Cell,
        [ a owl:Restriction ; owl:onProperty ex:partOf ; owl:someValuesFrom ex:Blood ] .
ex:T a owl:Class ; rdfs:label "T cell"@en ; rdfs:subClassOf ex:Cell ; rdfs:seeAlso ex:B .
"""
EDITED = """
ex:Cell a owl:Class ; rdfs:label "cell"@en .
ex:Marrow a owl:Class, ex:Organ .
ex:B a owl:Class ; rdfs:label "B lymphocyte"@en ; ex:size 8 ;
    rdfs:subClassOf ex:Cell,
        [ a owl:Restriction ; owl:onProperty ex:partOf ; owl:someValuesFrom ex:Marrow ] .
ex:T rdfs:label "T cell"@en ; rdfs:seeAlso ex:Marrow .
"""


def uri_in(row: Any) -> str:
    """The node that a row of a statement is about."""
    uri = row if isinstance(row, str) else row["uri"] if isinstance(row, dict) else row[0]
    return str(uri)


def facts(store: GraphStore) -> list[str]:
    """Everything in the store, in a form that two states can be compared by."""
    nodes = store.run("MATCH (n) WHERE NOT n:_Sync RETURN n")
    edges = store.run("MATCH (a)-[r]->(b) RETURN a.uri AS a, r, b.uri AS b")
    for row in nodes:
        row["n"]["labels"].sort()
    return sorted(json.dumps(row, sort_keys=True) for row in [*nodes, *edges])


def test_what_queries_see(store: GraphStore, read: Read) -> None:
    report = store.sync(read(CELLS))
    assert (report.nodes_added, report.edges_added, report.changed) == (6, 7, True)
    rows = store.run("MATCH (c:owl__Class {uri: $uri}) RETURN c", {"uri": EX + "B"})
    node = rows[0]["c"]
    assert node["labels"] == ["Resource", "owl__Class"]
    assert {key: value for key, value in node["properties"].items() if key[0] != "_"} == {
        "uri": EX + "B",
        "rdfs__label": "B cell@en",
        "ex__size": 0.5,
        "skos__altLabel": ["B", "b"],
    }
    assert store.run("MATCH (a)-[r:ex__partOf]->(b) RETURN a.uri AS a, r, b.uri AS b") == [
        {
            "a": EX + "B",
            "r": {"type": "ex__partOf", "properties": {"quantifier": "some", "derived": True}},
            "b": EX + "Blood",
        }
    ]


def test_neosemantics_finds_its_own_nodes(store: GraphStore, read: Read) -> None:
    store.sync(read(CELLS))
    (config,) = store.run("MATCH (c:_GraphConfig) RETURN c")
    assert config["c"]["properties"] == {
        "_handleVocabUris": 0,
        "_handleMultival": 1,
        "_handleRDFTypes": 0,
        "_multivalPropList": ["http://www.w3.org/2004/02/skos/core#altLabel"],
        "_keepLangTag": True,
        "_applyNeo4jNaming": False,
        "_keepCustomDataTypes": False,
    }
    (table,) = store.run("MATCH (p:_NsPrefDef) RETURN p")
    assert table["p"]["properties"]["ex"] == EX
    assert "n10s_unique_uri" in [row["name"] for row in store.run("SHOW CONSTRAINTS")]


def test_second_sync_changes_nothing(store: GraphStore, read: Read) -> None:
    store.sync(read(CELLS))
    before = facts(store)
    report = store.sync(read(CELLS))
    assert not report.changed
    assert (report.nodes_unchanged, report.edges_unchanged) == (6, 7)
    assert facts(store) == before


def test_an_edit_writes_its_neighbourhood_only(store: GraphStore, read: Read) -> None:
    store.sync(read(CELLS))
    written: list[Any] = []

    def write(cypher: str, params: Params) -> list[Row]:
        rows = store.run(cypher, params, read=False)
        if not cypher.startswith(("MATCH", "CREATE CONSTRAINT", "MERGE (s:_Sync)")):
            written.extend(params.get("rows", [params]))
        return rows

    edited = CELLS.replace('"T cell"@en', '"T lymphocyte"@en').replace(
        "seeAlso ex:B", "seeAlso ex:X"
    )
    report = synchronise(write, read(edited)).report
    touched = {uri_in(row) for row in written}
    assert touched == {EX + "T", EX + "X"}
    assert (report.nodes_added, report.nodes_changed, report.nodes_unchanged) == (1, 1, 5)
    assert (report.edges_added, report.edges_removed, report.edges_unchanged) == (1, 1, 6)
    assert store.run("MATCH (n {uri: $u}) RETURN n.rdfs__label AS l", {"u": EX + "T"}) == [
        {"l": "T lymphocyte@en"}
    ]


def test_sync_to_another_graph_equals_a_fresh_one(store: GraphStore, read: Read) -> None:
    store.sync(read(CELLS))
    report = store.sync(read(EDITED))
    assert store.export() == read(EDITED)
    assert store.run("MATCH (n {uri: $u}) RETURN n", {"u": EX + "Blood"}) == []
    assert (report.nodes_removed, report.nodes_added) == (2, 2)  # blood; the old restriction
    left = store.run("MATCH (n:Resource) WHERE n.uri STARTS WITH 'bnode' RETURN count(n) AS n")
    assert left == [{"n": 1}]


def test_what_others_made_stays(store: GraphStore, read: Read) -> None:
    store.sync(read(CELLS))
    store.run("CREATE (:Run {name: 'first', uri: 'urn:run'})", read=False)
    store.run("CREATE (:Resource {uri: 'urn:theirs', ex__size: 1})", read=False)
    for end in ("B", "Blood"):
        store.run(
            "MATCH (r:Run), (b:Resource {uri: $b}) CREATE (r)-[:USED {n: 1}]->(b)",
            {"b": EX + end},
            read=False,
        )
    store.run("MATCH (b {uri: $b}) SET b.score = 0.5, b:Reviewed", {"b": EX + "B"}, read=False)
    store.sync(read(EDITED))
    assert store.run(
        "MATCH (r:Run)-[u:USED]->(b) RETURN r.name AS r, u.n AS n, b.uri AS b ORDER BY b"
    ) == [
        {"r": "first", "n": 1, "b": EX + "B"},
        {"r": "first", "n": 1, "b": EX + "Blood"},  # left the graph, yet a run used it
    ]
    assert store.run("MATCH (b:Reviewed) RETURN b.score AS s, b.ex__size AS z") == [
        {"s": 0.5, "z": 8}
    ]
    assert store.run("MATCH (n {uri: $u}) RETURN labels(n) AS l, n.rdfs__label AS t",
                     {"u": EX + "Blood"}) == [{"l": ["Resource"], "t": None}]  # fmt: skip
    assert store.run("MATCH (n {uri: 'urn:theirs'}) RETURN n.ex__size AS z") == [{"z": 1}]
    assert store.export() == read(EDITED)


def test_a_node_that_was_there_is_shared_and_given_back(store: GraphStore, read: Read) -> None:
    store.run("CREATE (:Resource {uri: $u, note: 'mine'})", {"u": EX + "T"}, read=False)
    report = store.sync(read(CELLS))
    assert report.nodes_added == 6
    assert store.export() == read(CELLS)
    store.sync(read("ex:Cell a owl:Class ."))
    (row,) = store.run("MATCH (n:Resource {note: 'mine'}) RETURN n")
    assert row["n"]["labels"] == ["Resource"]
    assert row["n"]["properties"].keys() == {"uri", "note", "_adopted"}


def test_a_node_that_comes_back_has_all_its_links(store: GraphStore, read: Read) -> None:
    store.sync(read(CELLS))
    store.run("MATCH (n:Resource {uri: $u}) DETACH DELETE n", {"u": EX + "Cell"}, read=False)
    report = store.sync(read(CELLS))
    assert (report.nodes_added, report.nodes_changed, report.edges_added) == (1, 2, 2)
    assert store.export() == read(CELLS)


def test_a_deleted_node_that_another_one_stands_in_for(store: GraphStore, read: Read) -> None:
    """The count of nodes says nothing, but the edit meets the place where the node was."""
    store.sync(read(CELLS))
    store.run("MATCH (n:Resource {uri: $u}) DETACH DELETE n", {"u": EX + "Cell"}, read=False)
    store.run("CREATE (:Resource {uri: 'urn:theirs'})", read=False)
    edited = CELLS.replace('"cell"@en', '"any cell"@en')
    store.sync(read(edited))
    assert store.export() == read(edited)


@pytest.mark.parametrize(
    "damage",
    [
        "MATCH (n:Resource {uri: $u}) SET n.rdfs__label = 'WRONG'",
        "MATCH (n:Resource {uri: $u}) REMOVE n:owl__Class",
        "MATCH (n:Resource {uri: $u})-[r:rdfs__subClassOf]->(m) DELETE r",
        "MATCH (n:Resource {uri: $u})-[:rdfs__subClassOf]->(m) CREATE (n)-[:rdfs__subClassOf]->(m)",
        "MATCH (n:Resource {uri: $u})<-[:rdfs__seeAlso]-(m) CREATE (n)-[:rdfs__seeAlso]->(m)",
        "MATCH (n:Resource {uri: $u}) DETACH DELETE n",
    ],
)
def test_verify_repairs_what_others_did(store: GraphStore, read: Read, damage: str) -> None:
    store.sync(read(CELLS))
    before = facts(store)
    store.run(damage, {"u": EX + "B"}, read=False)
    damaged = facts(store)
    assert store.sync(read(CELLS), verify=True, dry_run=True).changed
    assert facts(store) == damaged
    assert store.sync(read(CELLS), verify=True).changed
    assert facts(store) == before
    assert not store.sync(read(CELLS), verify=True).changed


def test_after_distrust_the_next_sync_verifies(store: GraphStore, read: Read) -> None:
    store.sync(read(CELLS))
    distrust(store)
    store.run("MATCH (n:Resource {uri: $u}) SET n.rdfs__label = 'no'", {"u": EX + "B"}, read=False)
    report = store.sync(read(CELLS))
    assert (report.nodes_changed, report.nodes_unchanged) == (1, 5)
    assert store.export() == read(CELLS)


def test_a_dry_run_says_what_the_sync_does(store: GraphStore, read: Read) -> None:
    for text in (CELLS, EDITED, EDITED):
        before = facts(store)
        report = store.sync(read(text), dry_run=True)
        assert facts(store) == before
        assert replace(report, seconds=0) == replace(store.sync(read(text)), seconds=0)


class Cut(Exception):
    """The end of the world, for one sync."""


@pytest.mark.parametrize(("then", "recalled"), [(CELLS, True), (EDITED, False), (EDITED, True)])
def test_interrupted_anywhere_the_next_sync_ends_right(
    store: GraphStore, read: Read, then: str, recalled: bool
) -> None:
    store.sync(read(CELLS))  # so that the store knows all its arrays and prefixes
    store.sync(read(then))
    right = facts(store)

    def whole(cypher: str, params: Params) -> list[Row]:
        return store.run(cypher, params, read=False)

    for cut in count():
        last = synchronise(whole, read(CELLS)).record
        calls = iter(range(cut))

        def write(cypher: str, params: Params, calls: Any = calls) -> list[Row]:
            if next(calls, None) is None:
                raise Cut
            return whole(cypher, params)

        def recall(token: str, last: Record = last) -> Record | None:
            return last if recalled and last.token == token else None

        try:
            synchronise(write, read(EDITED), recall)
        except Cut:
            store.sync(read(then))
            assert facts(store) == right
            assert store.export() == read(then)
        else:
            break
    assert cut > 10


def test_with_a_record_only_the_neighbourhood_is_read(store: GraphStore, read: Read) -> None:
    statements: list[str] = []
    looked_up: list[Any] = []

    def write(cypher: str, params: Params) -> list[Row]:
        statements.append(cypher)
        looked_up.extend(params.get("rows", []))
        return store.run(cypher, params, read=False)

    last = synchronise(write, read(CELLS)).record
    statements.clear()
    looked_up.clear()
    edited = CELLS.replace("seeAlso ex:B", "seeAlso ex:X")
    done = synchronise(write, read(edited), lambda _: last)
    assert {uri_in(row) for row in looked_up} == {
        EX + "T",
        EX + "X",
    }
    assert not [cypher for cypher in statements if "n._hash IS NOT NULL RETURN" in cypher]
    report = done.report
    assert (report.nodes_added, report.nodes_changed, report.nodes_unchanged) == (1, 1, 5)
    assert (report.edges_added, report.edges_removed, report.edges_unchanged) == (1, 1, 6)
    assert store.export() == read(edited)
    statements.clear()
    report = synchronise(write, read(edited), lambda _: done.record).report
    assert (report.changed, report.nodes_unchanged, report.edges_unchanged) == (False, 7, 7)
    assert all(cypher.startswith("MATCH") for cypher in statements)


def test_a_stale_record_costs_time_only(
    store: GraphStore, open_store: Callable[[], GraphStore], read: Read
) -> None:
    store.sync(read(CELLS))
    with open_store() as other:
        other.sync(read(EDITED))
    store.sync(read(CELLS))
    assert store.export() == read(CELLS)
    store.run("MATCH (n:Resource {uri: $u}) DETACH DELETE n", {"u": EX + "Blood"}, read=False)
    assert store.sync(read(CELLS)).nodes_added == 1
    store.run("MATCH (n) DETACH DELETE n", read=False)
    assert store.sync(read(CELLS)).nodes_added == 6
    assert store.export() == read(CELLS)


def test_a_first_load_that_was_cut_is_completed(store: GraphStore, read: Read) -> None:
    def write(cypher: str, params: Params) -> list[Row]:
        if "CREATE (s)-" in cypher:
            raise Cut
        return store.run(cypher, params, read=False)

    with pytest.raises(Cut):
        synchronise(write, read(CELLS))
    assert store.run("MATCH (n:Resource) WHERE n._hash IS NOT NULL RETURN count(n) AS n") != [
        {"n": 0}
    ]
    assert store.sync(read(CELLS)).edges_added == 7
    assert store.export() == read(CELLS)


def test_a_property_that_becomes_an_array_becomes_one_everywhere(
    store: GraphStore, read: Read
) -> None:
    store.sync(read("ex:A ex:n 1 . ex:B ex:n 2 ."))
    edited = read("ex:A ex:n 1, 3 . ex:B ex:n 2 .")
    store.sync(edited)
    assert store.run("MATCH (b {uri: $b}) RETURN b.ex__n AS n", {"b": EX + "B"}) == [{"n": [2]}]
    assert store.export() == edited


def test_equal_unnamed_nodes_stay_as_many_as_they_are(store: GraphStore, read: Read) -> None:
    five, four = (read(f"ex:f ex:petal {', '.join(['[ a ex:Petal ]'] * n)} .") for n in (5, 4))
    count = "MATCH (:Resource {uri: $uri})-[:ex__petal]->(p:ex__Petal) RETURN count(p) AS n"
    store.sync(five)
    assert store.run(count, {"uri": EX + "f"}) == [{"n": 5}]
    assert store.export() == five
    assert not store.sync(five).changed
    report = store.sync(four)
    assert (report.nodes_removed, report.edges_removed, report.edges_added) == (1, 1, 0)
    assert store.export() == four
