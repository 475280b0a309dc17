from __future__ import annotations

import pyoxigraph as ox
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
