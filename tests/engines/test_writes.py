"""Statements that write, step by step, with the rows that they give on every engine.

kglite takes a property in a pattern for a misspelling where no node of that label has it yet;
hence a script that introduces a property of `:Draft` does so by SET.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kgtransfer.errors import StoreError
from kgtransfer.store import GraphStore

EX = "http://example.org/smear#"
Step = tuple[str, dict[str, Any], list[tuple[Any, ...]]]
PAIR: Step = ("CREATE (:Draft {k: 1})-[:LEADS_TO]->(:Draft {k: 2})", {}, [])


SCRIPTS: dict[str, list[Step]] = {
    "create": [
        ("CREATE (n:Draft {k: 1}) RETURN n.k AS k", {}, [(1,)]),
        ("MATCH (n:Draft) RETURN labels(n) AS l, n.k AS k", {}, [(["Draft"], 1)]),
    ],
    "create with a link": [
        (("CREATE (:Draft {k: 1})-[r:LEADS_TO {w: 0.5}]->(b:Draft {k: 2}) "
         "RETURN type(r) AS t, r.w AS w, b.k AS k"), {}, [("LEADS_TO", 0.5, 2)]),
        ("MATCH (a:Draft)-[r:LEADS_TO]->(b) RETURN a.k AS a, r.w AS w, b.k AS b", {},
         [(1, 0.5, 2)]),
    ],
    "create rows": [
        ("UNWIND $rows AS row CREATE (n:Draft) SET n = row",
         {"rows": [{"k": 1, "t": "x"}, {"k": 2, "t": "ü'\"\\`"}]}, []),
        ("MATCH (n:Draft) RETURN n.k AS k, n.t AS t ORDER BY k", {}, [(1, "x"), (2, "ü'\"\\`")]),
    ],
    "every kind of value": [
        ("CREATE (n:Draft) SET n.d = $d, n.f = $f, n.b = $b, n.l = $l, n.i = $i",
         {"d": date(2024, 2, 29), "f": 0.1, "b": True, "l": ["a", "b"], "i": 2**53 + 1}, []),
        ("MATCH (n:Draft) RETURN n.d AS d, n.f AS f, n.b AS b, n.l AS l, n.i AS i", {},
         [(date(2024, 2, 29), 0.1, True, ["a", "b"], 2**53 + 1)]),
    ],
    "names in back-ticks": [
        ("CREATE (n:Draft:`ex__With-dash`) SET n.`ex__a-b` = 1 RETURN n.`ex__a-b` AS v", {},
         [(1,)]),
        ("MATCH (n:`ex__With-dash`) RETURN count(n) AS n", {}, [(1,)]),
    ],
    "merge makes one": [
        ("MERGE (n:Draft {k: 1})", {}, []),
        ("MERGE (n:Draft {k: 1})", {}, []),
        ("UNWIND [1, 1, 2] AS k MERGE (n:Draft {k: k})", {}, []),
        ("MATCH (n:Draft) RETURN n.k AS k ORDER BY k", {}, [(1,), (2,)]),
    ],
    "merge says whether it made": [
        ("MERGE (n:Draft {k: 1}) ON CREATE SET n.made = 1 ON MATCH SET n.met = 1", {}, []),
        ("MATCH (n:Draft) RETURN n.made AS made, n.met AS met", {}, [(1, None)]),
        ("MERGE (n:Draft {k: 1}) ON CREATE SET n.made = 2 ON MATCH SET n.met = 2", {}, []),
        ("MATCH (n:Draft) RETURN n.made AS made, n.met AS met", {}, [(1, 2)]),
    ],
    "merge a link": [
        PAIR,
        *[("MATCH (a:Draft {k: 1}), (b:Draft {k: 2}) MERGE (a)-[:LEADS_TO]->(b)", {}, [])] * 2,
        ("MATCH (:Draft)-[r:LEADS_TO]->() RETURN count(r) AS n", {}, [(1,)]),
    ],
    "set and remove": [
        PAIR,
        ("MATCH (n:Draft) SET n.k = n.k * 10 RETURN n.k AS k ORDER BY k", {}, [(10,), (20,)]),
        ("MATCH (n:Draft {k: 10}) SET n.t = 'x', n.k = null", {}, []),
        ("MATCH (n:Draft) REMOVE n.nothing RETURN n.k AS k, n.t AS t ORDER BY k", {},
         [(20, None), (None, "x")]),
    ],
    "set by map": [
        PAIR,
        ("MATCH (n:Draft {k: 1}) SET n += {t: 'x', k: null}", {}, []),
        ("MATCH (n:Draft {k: 2}) SET n = {t: 'y'}", {}, []),
        ("MATCH (n:Draft) RETURN n.k AS k, n.t AS t ORDER BY t", {}, [(None, "x"), (None, "y")]),
    ],
    "set on a link": [
        PAIR,
        ("MATCH (:Draft)-[r:LEADS_TO]->() SET r.w = 1, r.note = 'x'", {}, []),
        ("MATCH (:Draft)-[r:LEADS_TO]->() SET r.w = r.w + 1 RETURN r.w AS w, r.note AS n", {},
         [(2, "x")]),
    ],
    "labels": [
        ("CREATE (:Draft {k: 1})", {}, []),
        ("MATCH (n:Draft) SET n:Final", {}, []),
        ("MATCH (n:Final) RETURN n:Draft AS d, size(labels(n)) AS n", {}, [(True, 2)]),
        ("MATCH (n:Draft) REMOVE n:Final", {}, []),
        ("MATCH (n:Draft) RETURN labels(n) AS l", {}, [(["Draft"],)]),
    ],
    "delete a link": [
        PAIR,
        ("MATCH (:Draft)-[r:LEADS_TO]->() DELETE r", {}, []),
        ("MATCH (n:Draft) OPTIONAL MATCH (n)-[r]-() RETURN count(n) AS n, count(r) AS r", {},
         [(2, 0)]),
    ],
    "delete with its links": [
        PAIR,
        ("MATCH (n:Draft {k: 1}) DETACH DELETE n", {}, []),
        ("MATCH (n:Draft) OPTIONAL MATCH (n)-[r]-() RETURN n.k AS k, count(r) AS r", {}, [(2, 0)]),
    ],
    "link to the ontology": [
        ("MATCH (c:Resource {uri: $uri}) CREATE (d:Draft {k: 1})-[:ABOUT]->(c)",
         {"uri": EX + "Basophil"}, []),
        ("MATCH (d:Draft)-[:ABOUT]->(c) RETURN d.k AS k, c.rdfs__label AS l", {},
         [(1, "basophil@en")]),
    ],
    "write, then read": [
        ("CREATE (:Draft {k: 1}) WITH 1 AS one MATCH (n:Draft) RETURN count(n) AS n", {},
         [(1,)]),
    ],
    "for each": [
        ("FOREACH (i IN range(1, 3) | CREATE (:Draft {k: i}))", {}, []),
        ("MATCH (n:Draft) RETURN sum(n.k) AS s", {}, [(6,)]),
    ],
    "nothing to do": [("MATCH (n:Draft) SET n.k = 1 RETURN count(n) AS n", {}, [(0,)])],
}  # fmt: skip


@pytest.fixture
def drafts(smear: GraphStore) -> GraphStore:
    """The blood smear, without what the test before wrote."""
    smear.run("MATCH (n:Draft) DETACH DELETE n", read=False)
    return smear


@pytest.mark.parametrize("steps", SCRIPTS.values(), ids=SCRIPTS.keys())
def test_steps(drafts: GraphStore, steps: list[Step]) -> None:
    for cypher, params, rows in steps:
        answer = drafts.run(cypher, params, read=False)
        assert [tuple(row.values()) for row in answer] == rows, cypher


@pytest.mark.parametrize(
    "cypher",
    [
        "MATCH (n:Draft {k: 1}) DELETE n",
        "CREATE (:Draft {k: 3}) CREATE (:Resource {uri: $uri})",
        "CREATE (:Draft {k: 3}) WITH 1 AS x MATCH (n:Draft",
        "MATCH (n:Draft {k: 1}) SET n.k = 9 WITH n DELETE n",
    ],
)
def test_a_statement_that_fails_leaves_nothing(drafts: GraphStore, cypher: str) -> None:
    drafts.run(PAIR[0], read=False)
    with pytest.raises(StoreError):
        drafts.run(cypher, {"uri": EX + "Basophil"}, read=False)
    rows = drafts.run("MATCH (n:Draft) RETURN n.k AS k ORDER BY k")
    assert rows == [{"k": 1}, {"k": 2}]
