from __future__ import annotations

from collections.abc import Callable

import pyoxigraph as ox
import pytest

from kgtransfer.errors import StoreError
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.store.mapping import Resource, resources
from kgtransfer.store.names import Names

Read = Callable[[str], KnowledgeGraph]
EX = "http://example.org/cell#"


def facts(graph: KnowledgeGraph) -> list[str]:
    return [str(triple) for triple in graph.triples]


def mapped(graph: KnowledgeGraph) -> dict[str, Resource]:
    return resources(facts(graph), Names({}, graph.prefixes), within=graph.canonical)[0]


def digests(nodes: dict[str, Resource]) -> dict[str, str]:
    return {uri: resource.digest for uri, resource in nodes.items()}


def test_labels_properties_relationships(read: Read) -> None:
    nodes = mapped(
        read("""ex:B a owl:Class, ex:Kind; rdfs:label "B cell"@en; ex:size 7; ex:in ex:Blood .""")
    )
    assert nodes.keys() == {EX + "B", EX + "Blood"}
    cell = nodes[EX + "B"]
    assert cell.labels == ["ex__Kind", "owl__Class"]
    assert cell.properties == {"rdfs__label": "B cell@en", "ex__size": 7}
    assert cell.edges == [("ex__in", EX + "Blood", False)]
    blood = nodes[EX + "Blood"]
    assert (blood.labels, blood.properties, blood.edges) == ([], {}, [])


def test_a_property_with_several_values_somewhere_is_an_array_everywhere(read: Read) -> None:
    graph = read('ex:A skos:altLabel "a", "b" . ex:B skos:altLabel "c" . ex:C ex:n 1 .')
    nodes, arrays = resources(facts(graph), Names({}, graph.prefixes))
    assert arrays == {"skos__altLabel"}
    assert nodes[EX + "A"].properties == {"skos__altLabel": ["a", "b"]}
    assert nodes[EX + "B"].properties == {"skos__altLabel": ["c"]}
    assert nodes[EX + "C"].properties == {"ex__n": 1}


def test_labels_stay_single_and_lose_nothing(read: Read) -> None:
    cell = mapped(read('ex:A rdfs:label "cell"@en, "Zelle"@de .'))[EX + "A"]
    assert cell.properties == {
        "rdfs__label": "cell@en",
        "_rdf": ['rdfs__label "Zelle"@de', 'rdfs__label "cell"@en'],
    }


def test_existential_restriction_gives_a_derived_edge_and_keeps_the_raw_node(read: Read) -> None:
    text = """ex:B rdfs:subClassOf
        [ a owl:Restriction ; owl:onProperty ex:partOf ; owl:someValuesFrom ex:Blood ] ."""
    nodes = mapped(read(text))
    (raw,) = (uri for uri in nodes if uri.startswith("bnode://"))
    assert nodes[EX + "B"].edges == [
        ("rdfs__subClassOf", raw, False),
        ("ex__partOf", EX + "Blood", True),
    ]
    assert nodes[raw].labels == ["owl__Restriction"]
    again = mapped(read(text.replace("[ a", "[   a")))
    assert digests(again) == digests(nodes)  # the blank node's uri comes from its structure


def test_equal_restrictions_derive_one_edge(read: Read) -> None:
    some = "a owl:Restriction ; owl:onProperty ex:partOf ; owl:someValuesFrom ex:Blood"
    text = f'ex:B rdfs:subClassOf [ {some} ], [ {some} ; rdfs:comment "again" ] .'
    kinds = [(kind, derived) for kind, _, derived in mapped(read(text))[EX + "B"].edges]
    assert sorted(kinds) == [
        ("ex__partOf", True),
        ("rdfs__subClassOf", False),
        ("rdfs__subClassOf", False),
    ]


def test_digest_follows_content_only(read: Read) -> None:
    one = mapped(read("ex:A ex:p ex:B, ex:C . ex:B ex:n 1 ."))
    two = mapped(read("ex:B ex:n 1 . ex:A ex:p ex:C, ex:B ."))
    other = mapped(read("ex:A ex:p ex:B, ex:C . ex:B ex:n 1.0 ."))
    assert digests(one) == digests(two)
    assert one[EX + "A"].digest == other[EX + "A"].digest
    assert one[EX + "B"].digest != other[EX + "B"].digest


@pytest.mark.parametrize("fact", ["<urn:a b> <urn:p> <urn:o>", "<urn:a> <urn:p q> <urn:o>"])
def test_a_name_that_no_iri_has(fact: str) -> None:
    with pytest.raises(StoreError, match="cannot be a label or relationship type") as caught:
        resources([fact], Names({}, {}))
    assert caught.value.cure == "use IRIs without spaces"


def test_triples_about_triples() -> None:
    fact = ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.NamedNode("urn:c"))
    about = ox.Triple(ox.NamedNode("urn:d"), ox.NamedNode("urn:says"), fact)
    with pytest.raises(StoreError, match="cannot be a node"):
        mapped(KnowledgeGraph([about]))
