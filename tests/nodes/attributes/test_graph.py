"""Attributes in RDF: names, relations, classes that an ontology knows, and what Cypher answers."""

from __future__ import annotations

from pathlib import Path

from kgtransfer.knowledge.check.validate import require_valid
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.nodes.attributes.graph import (
    ATT,
    AttributeFacts,
    build_attribute_graph,
    class_iris,
)
from kgtransfer.store import connect
from kgtransfer.store.queries import answer

FACTS = AttributeFacts(
    "authors",
    ["graph", "graph matching", "fast graph matching", "cold atoms"],
    [9, 4, 1, 7],
    ["phys_rev_a", "machine_learning"],
    together=[(1, 0)],
    marks=[(3, 0), (0, 1), (1, 1)],
)
NODES = "https://w3id.org/kgtransfer/nodes/authors/"


def test_names_relations_and_counts() -> None:
    graph = build_attribute_graph(FACTS)
    keyword = f"{NODES}attribute/graph%20matching"
    assert graph.label(keyword) == "graph matching"
    assert f"{ATT}Keyword" in graph.types(keyword)
    links = {(graph.concepts[h], graph.relations[r], graph.concepts[t]) for h, r, t in graph.edges}
    broader = {(h, t) for h, relation, t in links if relation == f"{ATT}broader"}
    assert broader == {
        (keyword, f"{NODES}attribute/graph"),
        (f"{NODES}attribute/fast%20graph%20matching", keyword),
    }
    assert (f"{NODES}attribute/graph", f"{ATT}occursWith", keyword) in links


def test_columns_without_names_are_numbered() -> None:
    graph = build_attribute_graph(AttributeFacts("bare", ["", ""], [1, 2], ["class 0", "class 1"]))
    iri = "https://w3id.org/kgtransfer/nodes/bare/attribute/1"
    assert graph.label(iri) == "attribute 1"
    assert f"{ATT}NodeAttribute" in graph.types(iri)


def test_a_class_is_the_ontologys_where_labels_agree(repository: Path) -> None:
    fields = read_ontology(
        repository / "ontology" / "attributes.ttl", repository / "ontology" / "research_fields.ttl"
    )
    first, second = class_iris(FACTS, fields)
    assert first == "https://w3id.org/kgtransfer/fields#PhysRevA"
    assert second == f"{NODES}class/machine_learning"
    whole = fields | build_attribute_graph(FACTS, fields)
    assert whole.label(second) == "machine learning"
    require_valid(whole, [repository / "ontology" / "shapes" / "attributes.ttl"])


def test_cypher_asks_which_attributes_mark_a_class(repository: Path, tmp_path: Path) -> None:
    fields = read_ontology(repository / "ontology" / "attributes.ttl")
    with connect(tmp_path / "store.kglite") as store:
        store.sync(fields | build_attribute_graph(FACTS))
        rows = [tuple(row.values()) for row in answer(store, "att_of_class").to_json()["rows"]]
    assert rows == [
        ("machine learning", "graph", 9),
        ("machine learning", "graph matching", 4),
        ("phys rev a", "cold atoms", 7),
    ]
