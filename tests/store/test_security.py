from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgtransfer.errors import QueryRefused, StoreError
from kgtransfer.store.security import check_read, check_write, quoted

READS = [
    "MATCH (n) RETURN n",
    "MATCH (n1:Resource {uri: $set})-[:CREATE|api__calls*1..3]->(m) RETURN n1.set, m.create;",
    "MATCH (n) WHERE n.name = 'DROP TABLE; DELETE' RETURN n // and SET nothing",
    'MATCH (n) WHERE n.x = "CREATE ()" /* MERGE */ RETURN `DELETE`.x',
    "MATCH (n:`CREATE ME`)-[r:`SET`]->() RETURN type(r)",
    "MATCH (a)--(b) RETURN [x IN nodes(p) WHERE x:SET | x.uri]",
    "CALL db.labels() YIELD label RETURN label",
    "CALL db.index.vector.queryNodes('i', 3, $v) YIELD node RETURN node",
    "MATCH (n) CALL (n) { MATCH (n)--(m) RETURN count(m) AS c } RETURN n, c",
    "SHOW CONSTRAINTS",
    "MATCH (n) RETURN n.offset, n.recreated, n.settings, n.loaded",
    "UNWIND [1.5, .5, 1e3] AS x RETURN x",
    "RETURN date.truncate('day', datetime()), duration.between(date(), date())",
    "RETURN vector.similarity.cosine([1.0], [1.0]) AS s, point.distance(a, b)",
    "MATCH (n) WHERE n.a IN (n.b) AND (n)--() RETURN n.call, n.load, (n.a)",
    "MATCH (n) OPTIONAL MATCH (n)-[r]-(m) WHERE NOT (m)-[:x]->() RETURN count(*)",
    "MATCH (`call`) RETURN `call`.`SET`, `call`.apoc, apoc.x",
    "EXPLAIN MATCH (n) RETURN n",
    "MATCH (n)\r\nRETURN n // two lines\r\n",
    "RETURN 0x1F, 1_000, .5, 1.5e-3, 1e9, [1, 2][0], $1 AS x",
    "MATCH (n:`Größe`) WHERE n.`λ` = 'naïve' RETURN n SKIP 1 LIMIT 10",
    "CYPHER 5 MATCH p = (n)-[*1..3]->() RETURN n[0..2], p",
]
REFUSED = [
    "CREATE (n)",
    "create (n)",
    "MATCH (n) SET n.x = 1",
    "MATCH (n) sEt n.x = 1",
    "MATCH (n)SET n.x = 1",
    "MATCH (n) /**/SET/**/ n.x = 1",
    "MATCH (n) // a comment\nSET n.x = 1",
    "MATCH (n) WITH n.a AS a, n SET n.x = 'a'",
    "MATCH (n) RETURN n.`a` SET n.x = 1",
    "MATCH (n) DETACH DELETE n",
    "MATCH (n) NODETACH DELETE n",
    "MATCH (n) REMOVE n.x",
    "MERGE (n:A)",
    "INSERT (:A)",
    "DROP CONSTRAINT c",
    "FOREACH (x IN [1]|SET n.x = x)",
    "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "`LOAD` CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "CYPHER 5 `load`/**/CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "PROFILE `Load` `CSV` FROM 'file:///etc/passwd' AS line RETURN line",
    "`INSERT` (:A)",
    "MATCH (n) `NODETACH` DELETE n",
    "`DROP` INDEX i",
    "`SHOW` PROCEDURES",
    "`CALL` dbms.listConfig()",
    "load\u00a0csv from 'file:///etc/passwd' as line return line",
    "CALL apoc.load.json('file:///etc/passwd')",
    "CALL `apoc`.`load`.`json`('file:///etc/passwd')",
    "CALL\n  apoc . load . json ('x')",
    "call dbms.listConfig()",
    "CALL db.labels.evil()",
    "CALL db.cdc.enable()",
    "CALL db.node_embeddings.set({})",
    "RETURN apoc.cypher.runFirstColumnSingle('CREATE ()', {})",
    "RETURN `apoc`.version()",
    "RETURN APOC /**/ . // x\n version ()",
    "RETURN com.acme.shell('id')",
    "RETURN custom.f(1)",
    "RETURN `date.x`.f(1)",
    "RETURN db.nameFromElementId('x')",
    "MATCH (n) RETURN [x IN nodes(p) | apoc.util.sleep(1)]",
    "MATCH (n) WHERE apoc.cypher.doIt('CREATE ()', {}) IS NULL RETURN n",
    "CALL { CREATE (n) }",
    "CALL (n) { SET n.x = 1 }",
    "MATCH (n) CALL { WITH n DELETE n } IN TRANSACTIONS OF 10 ROWS",
    "OPTIONAL CALL apoc.do.it()",
    "CALL apoc",
    "CALL",
    "call`dbms`.`shutdown`()",
    "CALL db . create . setNodeVectorProperty(n, 'x', [1])",
    "CALL db.clearQueryCaches()",
    "EXPLAIN CREATE (n)",
    "PROFILE MATCH (n) DELETE n",
    "CYPHER runtime=slotted MATCH (n) SET n.x = 1",
    "MATCH (n) WHERE EXISTS { CREATE (m) } RETURN n",
    "RETURN 1 UNION CREATE (n) RETURN 1",
    "MATCH (n) WITH * SET n:Mine",
    "UNWIND [1] AS x MERGE (n {x: x})",
    "MATCH (n) RETURN n; DROP DATABASE neo4j",
    ";CREATE (n)",
    "SHOW PROCEDURES",
    "SHOW DATABASES",
    "SHOW",
    "USING PERIODIC COMMIT LOAD CSV FROM 'http://x' AS l RETURN l",
    "LOAD/**/CSV FROM 'http://x' AS l RETURN l",
    "\uff2c\uff2f\uff21\uff24 CSV FROM 'x' AS l RETURN l",
    "\u0131nsert (:A)",
    "MATCH (n) \\u0043REATE (m)",
    "MATCH (n) REMOVE n:owl__Class",
    "CREATE OR REPLACE USER x SET PASSWORD 'y'",
    "ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'b'",
    "USE system MATCH (n) RETURN n",
    "SHOW USERS",
    "SHOW SETTINGS",
    "TERMINATE TRANSACTIONS 'x'",
    "GRANT ROLE x TO y",
    "MATCH (n) RETURN n; MATCH (n) DETACH DELETE n",
    "RETURN 1.SET",
    "MATCH (n) RETURN n . SET",
    # what one engine may read otherwise than another
    "RETURN '\\u0027' SET n.x = 1 //'",
    "MATCH (n) \\u0053ET n.x = 1",
    "RETURN 'it\\'s' SET n.x = 1",
    "RETURN `a\\` SET n.x = 1 //`",
    "MATCH (n) // a\rSET n.x = 1",
    "RETURN 1 // a\r ' \n SET n.x = 1 //'",
    "RETURN 1 // a\u2028 ' \n SET n.x = 1 //'",
    "RETURN 1 /* /* */ ' */ SET n.x = 1 //'",
    "RETURN 1 /* open",
    "RETURN 'open",
    "RETURN `open",
    "MATCH (n) \uff33\uff25\uff34 n.x = 1",
    "MATCH (n) \u017fet n.x = 1",
    "RETURN 1\x00",
    # a number that touches a word: engines cut the two apart
    "CYPHER 5LOAD CSV FROM 'file:///etc/passwd' AS l RETURN l LIMIT 2",
    "MATCH (n) RETURN n LIMIT 1CALL pagerank() YIELD node RETURN node",
    "CYPHER 5SHOW USERS",
    "CYPHER 5CREATE (n)",
    "MATCH (n) WITH n SKIP 1SET n.x = 1",
    "MATCH (n) WHERE n.x = 0x1SET n.x = 1",
    "MATCH (n) WHERE n.x = 0xSET n.x = 1",
    "MATCH (n) WHERE n.x = 1.5SET n.x = 1",
    "MATCH (n) WHERE n.x = .5SET n.x = 1",
    "MATCH (n) WHERE n.x = 1e3SET n.x = 1",
    "MATCH (n) WHERE n.x = 1eSET n.x = 1",
    "MATCH (n) WHERE n.x = 1_SET n.x = 1",
    "MATCH (n) SKIP $1SET n.x = 1",
    "MATCH (n) WITH n.1SET n.x = 1",
    "MATCH (n) WHERE n.x = \u0661SET n.x = 1",
    "MATCH (n) WHERE n.x = 1\u00b2SET n.x = 1",
    "MATCH (n) WHERE n.x = 1\u00e9SET n.x = 1",
    "MATCH (n)\u200bSET n.x = 1",
    "\ufeffCREATE (n)",
]


@pytest.mark.parametrize("cypher", READS)
def test_reads_pass(cypher: str) -> None:
    check_read(cypher)


@pytest.mark.parametrize("cypher", REFUSED)
def test_all_else_is_refused(cypher: str) -> None:
    with pytest.raises(QueryRefused):
        check_read(cypher)


def test_a_refusal_says_what_and_what_to_do() -> None:
    with pytest.raises(QueryRefused, match="DELETE is not allowed here") as caught:
        check_read("MATCH (n) DELETE n")
    assert "read=False" in caught.value.cure


def test_writes_may_write_but_not_load() -> None:
    check_write("MATCH (n) SET n.loaded = 'LOAD CSV'")
    with pytest.raises(QueryRefused, match="LOAD"):
        check_write("LOAD CSV FROM 'file:///etc/passwd' AS line CREATE ({l: line})")
    for reaching in (
        "CYPHER 5LOAD CSV FROM 'file:///etc/passwd' AS line CREATE ({l: line})",
        "CALL apoc.load.json('http://127.0.0.1/')",
        "CREATE (n {x: apoc.util.sleep(1)})",
    ):
        with pytest.raises(QueryRefused):
            check_write(reaching)


def test_a_long_statement_is_read_in_no_time() -> None:
    check_read("RETURN " + ", ".join(f"size('{i}') AS c{i}" for i in range(20_000)))


SIGNS = ["SET", "n", ".", ":", "$", "`", "'", '"', "//", "/*", "*/", "\\", "(", ")", "{", "}"]
CLAUSES = ["CREATE", "DELETE", "MATCH", "RETURN", "x", ",", "|", "=", "1", ";", "--"]
WORDS = st.sampled_from([*SIGNS, *CLAUSES, " ", "\n", "\u2028"])


@given(st.lists(WORDS, max_size=12).map("".join))
@settings(max_examples=150, deadline=None)
def test_a_write_stays_one_whatever_text_stands_before_it(text: str) -> None:
    """Whoever closes every quote and comment cannot hide what follows."""
    plain = not set(text) & set("'\"`\\\u2028") and "//" not in text and "/*" not in text
    if plain:
        with pytest.raises(QueryRefused):
            check_read(f"{text}\nMATCH (n) DETACH DELETE n")
    with contextlib.suppress(QueryRefused):
        check_read(text)  # never another error


@given(st.text(max_size=20))
@settings(max_examples=150, deadline=None)
def test_a_quoted_name_is_one_name_or_refused(name: str) -> None:
    with contextlib.suppress(StoreError):
        assert quoted(name) == f"`{name}`"
        # A second label in the text would be a keyword outside of quotes, and refused.
        check_read(f"MATCH (n:{quoted(name)}) RETURN n")
        with pytest.raises(QueryRefused):
            check_read(f"MATCH (n:{quoted(name)}) SET n:{quoted(name)}")


def test_quoted() -> None:
    assert quoted("ex__Größe-2.0") == "`ex__Größe-2.0`"
    assert quoted("dbr__Crohn's_(disease)") == "`dbr__Crohn's_(disease)`"
    for name in ("", "a`b", "a b", "a\nb", "a\\u0060b", "a{b", "a|b", 'a"b', "a\u00a0b"):
        with pytest.raises(StoreError, match="cannot be a label"):
            quoted(name)
