from __future__ import annotations

from collections.abc import Callable

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgtransfer.errors import StoreError
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.store import GraphStore

XSD = "http://www.w3.org/2001/XMLSchema#"

IRIS = st.sampled_from([ox.NamedNode(f"http://{h}/{n}") for h in "ab" for n in ("x", "y__z", "ü")])
BLANKS = st.sampled_from([ox.BlankNode(f"n{i}") for i in range(3)])
PREDICATES = st.sampled_from(
    [ox.NamedNode(f"http://a/{n}") for n in ("p", "q", "r")]
    + [ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")]
    + [ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")]
)
TYPED = st.builds(
    lambda text, kind: ox.Literal(text, datatype=ox.NamedNode(XSD + kind)),
    st.sampled_from(["1", "01", "1.0", "1.50", "-2e3", "true", "2024-02-29", "x",
                     "2024-02-29T00:00:00", "2024-02-29T00:00:00.5Z", "2024-02-29T01:00:00Z",
                     "2024-02-29T01:00:00+02:00", "9" * 20, "NaN"]),
    st.sampled_from(["integer", "int", "decimal", "double", "boolean", "date", "dateTime", "Name"]),
)  # fmt: skip
PLAIN = st.builds(ox.Literal, st.text(st.characters(exclude_categories=["Cs"]), max_size=6))
TAGGED = st.builds(
    lambda text, tag: ox.Literal(text, language=tag), st.text("ab@\n", max_size=4),
    st.sampled_from(["en", "de-at"]),
)  # fmt: skip
TRIPLES = st.builds(ox.Triple, IRIS | BLANKS, PREDICATES, IRIS | BLANKS | TYPED | PLAIN | TAGGED)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(TRIPLES, max_size=25))
def test_round_trip_loses_nothing(store: GraphStore, found: list[ox.Triple]) -> None:
    # One store for all examples: each sync is also an edit of whatever graph came before.
    graph = KnowledgeGraph(found)
    store.sync(graph)
    assert set(store.export().triples) == set(graph.triples)


# As neosemantics 5 lays a graph out: https://neo4j.com/labs/neosemantics/5.14/import/
PLUGIN = [
    "CREATE (p:_NsPrefDef) SET p += {ex: 'http://e.org/', rdfs: $rdfs, owl: $owl}",
    "CREATE (c:_GraphConfig) SET c += $config",
    "CREATE (n:Resource:owl__Class) SET n += {uri: 'http://e.org/A', rdfs__label: $labels}",
    "CREATE (n:Resource) SET n += {uri: 'bnode://genid1', ex__size: 3, ex__names: ['x', 'y']}",
    "MATCH (a {uri: 'http://e.org/A'}), (b {uri: 'bnode://genid1'}) CREATE (a)-[:ex__has]->(b)",
]
CONFIG = {
    "_handleVocabUris": 0,
    "_handleMultival": 1,
    "_handleRDFTypes": 0,
    "_keepLangTag": True,
    "_applyNeo4jNaming": False,
    "_keepCustomDataTypes": False,
    "_classLabel": "Class",
}
LOADED = """
<http://e.org/A> a <http://www.w3.org/2002/07/owl#Class> ; <http://e.org/has> _:b ;
    <http://www.w3.org/2000/01/rdf-schema#label> "a"@en , "b"@de .
_:b <http://e.org/size> 3 ; <http://e.org/names> "x" , "y" .
"""


def load_as_the_plugin_does(store: GraphStore, **other: object) -> None:
    params = {
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "labels": ["a@en", "b@de"],
        "config": CONFIG | other,
    }
    for statement in PLUGIN:
        used = {name: value for name, value in params.items() if f"${name}" in statement}
        store.run(statement, used, read=False)


def test_a_graph_that_neosemantics_loaded_is_read(store: GraphStore) -> None:
    load_as_the_plugin_does(store)
    parsed = ox.parse(LOADED.encode(), format=ox.RdfFormat.TURTLE)
    assert store.export() == KnowledgeGraph(quad.triple for quad in parsed)


def test_names_that_are_kept_whole_cannot_be_read(store: GraphStore) -> None:
    load_as_the_plugin_does(store, _handleVocabUris=4)
    with pytest.raises(StoreError, match="other names than prefix__local"):
        store.export()


def test_the_settings_of_neosemantics_are_not_overwritten(
    store: GraphStore, read: Callable[[str], KnowledgeGraph]
) -> None:
    load_as_the_plugin_does(store, _handleMultival=0)
    with pytest.raises(StoreError, match="with _handleMultival 0, not 1"):
        store.sync(read("ex:A ex:p 1 ."))
    (row,) = store.run("MATCH (c:_GraphConfig) RETURN c._handleMultival AS n")
    assert row == {"n": 0}
    assert store.run("MATCH (n:Resource) RETURN count(n) AS n") == [{"n": 2}]
