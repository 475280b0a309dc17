from __future__ import annotations

import pyoxigraph as ox
import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.axioms.axioms import SomeValues, axioms_of
from kgtransfer.knowledge.graph import KnowledgeGraph, Quantity

EX = "http://example.org/"
CELLS = """
@prefix : <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

:Cell a owl:Class ; rdfs:label "cell" .
:Leukocyte a owl:Class ; rdfs:subClassOf :Cell ;
    rdfs:label "Leukozyt"@de , "white blood cell"@en-GB , "leucocyte" ;
    skos:altLabel "WBC" , "leukocyte" ; skos:definition "A cell of the immune system."@en .
:Neutrophil a owl:Class ; rdfs:subClassOf :Leukocyte ;
    rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :shows ; owl:someValuesFrom :Lobes ] ;
    skos:prefLabel "neutrophil"@en ; rdfs:label "a neutrophil"@en .
:Lobes a owl:Class .
:shows a owl:ObjectProperty .
:cell7 a :Neutrophil ; :shows :Lobes , :Unknown ; :count 3 .
"""


@pytest.fixture(scope="module")
def cells() -> KnowledgeGraph:
    parser = ox.parse(input=CELLS, format=ox.RdfFormat.TURTLE)
    return KnowledgeGraph((quad.triple for quad in parser), {"": EX, "lobe": EX + "Lo"})


def iris(*names: str) -> tuple[str, ...]:
    return tuple(EX + name for name in names)


def test_rows_are_the_named_subjects_in_order(cells: KnowledgeGraph) -> None:
    assert cells.concepts == iris("Cell", "Leukocyte", "Lobes", "Neutrophil", "cell7", "shows")
    assert cells.rows[EX + "Lobes"] == 2


def test_edges_join_described_concepts(cells: KnowledgeGraph) -> None:
    subclass = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
    assert cells.relations == (EX + "shows", subclass)
    assert cells.edges.tolist() == [[1, 1, 0], [3, 1, 1], [4, 0, 2]]


def test_an_empty_graph_has_no_edges() -> None:
    empty = KnowledgeGraph([])
    assert empty.edges.shape == (0, 3)
    assert (len(empty), empty.concepts) == (0, ())


def test_labels_prefer_english_then_the_preferred_label(cells: KnowledgeGraph) -> None:
    assert cells.label(EX + "Leukocyte") == "white blood cell"
    assert cells.label(EX + "Neutrophil") == "neutrophil"
    assert cells.label(EX + "Lobes") == "Lobes"
    assert cells.label("http://example.org/path/Thing/") == "Thing"


def test_a_blank_node_is_labelled_by_what_it_is() -> None:
    axiom, cls = ox.BlankNode("a"), ox.NamedNode("http://www.w3.org/2002/07/owl#Axiom")
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    graph = KnowledgeGraph([ox.Triple(axiom, kind, cls)])
    (name,) = (str(triple.subject) for triple in graph.triples)
    assert (graph.label(name), graph.label("_:other")) == ("unnamed Axiom", "unnamed")


def test_text_is_label_synonyms_and_comment(cells: KnowledgeGraph) -> None:
    expected = "white blood cell. WBC, leukocyte. A cell of the immune system."
    assert cells.text(EX + "Leukocyte") == expected
    assert cells.text(EX + "Cell") == "cell"


def test_synonyms_and_definitions_of_obo_ontologies() -> None:
    obo = "http://www.geneontology.org/formats/oboInOwl#"
    cell, text = ox.NamedNode(EX + "cell"), ox.NamedNode
    graph = KnowledgeGraph(
        [
            ox.Triple(cell, text(obo + "hasExactSynonym"), ox.Literal("eosinocyte")),
            ox.Triple(cell, text(obo + "hasRelatedSynonym"), ox.Literal("acidophil")),
            ox.Triple(
                cell,
                text("http://purl.obolibrary.org/obo/IAO_0000115"),
                ox.Literal("A granulocyte."),
            ),
            ox.Triple(
                cell, text("http://www.w3.org/2000/01/rdf-schema#comment"), ox.Literal("A note.")
            ),
        ]
    )
    assert graph.synonyms(EX + "cell") == ("acidophil", "eosinocyte")
    assert graph.comment(EX + "cell") == "A granulocyte."


def test_numbers_are_those_of_concepts(cells: KnowledgeGraph) -> None:
    assert cells.numbers == (Quantity(EX + "cell7", EX + "count", 3.0),)


def test_statements_and_list_members() -> None:
    text = "@prefix : <http://example.org/> . :a :of ( :x 2 ) . :b :of :c ."
    graph = KnowledgeGraph(q.triple for q in ox.parse(input=text, format=ox.RdfFormat.TURTLE))
    (_, head), (_, other) = graph.statements(EX + "of")
    assert other == ox.NamedNode(EX + "c")
    assert graph.members(str(head)) == (ox.NamedNode(EX + "x"), ox.Literal(2))
    assert graph.members(EX + "c") == ()


def test_a_list_that_bites_its_tail_ends() -> None:
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    text = f"@prefix r: <{rdf}> . <http://e/l> r:first 1 ; r:rest <http://e/l> ."
    graph = KnowledgeGraph(q.triple for q in ox.parse(input=text, format=ox.RdfFormat.TURTLE))
    assert graph.members("http://e/l") == (ox.Literal(1),)


def test_class_tree(cells: KnowledgeGraph) -> None:
    assert cells.subclasses(":Cell") == iris("Leukocyte", "Neutrophil")
    assert cells.ancestors(EX + "Neutrophil") == iris("Cell", "Leukocyte")
    assert cells.instances(":Neutrophil") == iris("cell7")
    assert cells.types(EX + "cell7") == iris("Neutrophil")


def test_a_defined_class_is_below_its_genus_and_above_the_parts_of_its_union() -> None:
    text = f"""@prefix : <{EX}> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        :TCell owl:equivalentClass [ owl:intersectionOf ( :Lymphocyte
            [ owl:intersectionOf ( :Small [ owl:onProperty :has ; owl:hasValue :CD3 ] ) ] ) ] .
        :Lymphocyte owl:equivalentClass [ owl:unionOf ( :BCell [ owl:unionOf ( :NKCell ) ] ) ] .
        :Lymphocyte rdfs:subClassOf :Cell . :Zelle owl:equivalentClass :Cell .
        :Blob owl:intersectionOf ( :Cell :Big ) ."""
    graph = KnowledgeGraph(q.triple for q in ox.parse(input=text, format=ox.RdfFormat.TURTLE))
    assert graph.ancestors(EX + "TCell") == iris("Cell", "Lymphocyte", "Small", "Zelle")
    assert graph.subclasses(EX + "Lymphocyte") == iris("BCell", "NKCell", "TCell")
    assert graph.ancestors(EX + "Blob") == iris("Big", "Cell", "Zelle")
    assert axioms_of(graph).superclasses(EX + "NKCell") == set(iris("Cell", "Lymphocyte", "Zelle"))


def test_a_cycle_in_the_class_tree_ends() -> None:
    subclass = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
    a, b = ox.NamedNode(EX + "a"), ox.NamedNode(EX + "b")
    graph = KnowledgeGraph([ox.Triple(a, subclass, b), ox.Triple(b, subclass, a)])
    assert graph.ancestors(EX + "a") == (EX + "b",)


def test_objects_and_subjects(cells: KnowledgeGraph) -> None:
    assert cells.objects(EX + "cell7", EX + "count") == (ox.Literal(3),)
    assert cells.objects(EX + "cell7", EX + "nothing") == ()
    assert cells.subjects(EX + "shows", EX + "Lobes") == iris("cell7")


def test_restrictions(cells: KnowledgeGraph) -> None:
    assert axioms_of(cells).some_values == (SomeValues(*iris("Neutrophil", "shows", "Lobes")),)


def test_names_expand_and_compact(cells: KnowledgeGraph) -> None:
    assert cells.expand(":Cell") == EX + "Cell"
    assert cells.expand("<urn:a:b>") == cells.expand("urn:a:b") == "urn:a:b"
    assert cells.expand(EX + "Cell") == EX + "Cell"
    assert cells.compact(EX + "Cell") == ":Cell"
    assert cells.compact(EX + "Lobes") == "lobe:bes"
    assert cells.compact("http://elsewhere/x") == "http://elsewhere/x"
    with pytest.raises(OntologyError, match="'wbc:Cell' has no bound prefix"):
        cells.expand("wbc:Cell")


def test_union_and_without(cells: KnowledgeGraph) -> None:
    assert cells | cells == cells
    assert len({cells, cells | cells}) == 1
    assert cells != "cells"
    smaller = cells.without([EX + "shows", EX + "count"])
    assert len(cells) - len(smaller) == 3
    assert smaller | cells == cells
    assert smaller.hash != cells.hash


def test_turtle_says_the_same(cells: KnowledgeGraph) -> None:
    parser = ox.parse(input=cells.to_turtle(), format=ox.RdfFormat.TURTLE)
    assert KnowledgeGraph(quad.triple for quad in parser).hash == cells.hash


def test_networkx_view(cells: KnowledgeGraph) -> None:
    view = cells.to_networkx()
    assert view.nodes[EX + "Leukocyte"]["label"] == "white blood cell"
    assert (EX + "cell7", EX + "Lobes", EX + "shows") in view.edges(keys=True)
    assert view.number_of_edges() == 3


def test_the_same_graph_is_the_same_turtle() -> None:
    prefixes = {f"p{i}": f"http://e.org/{i}#" for i in range(12)}
    triple = ox.Triple(
        ox.NamedNode("http://e.org/1#a"), ox.NamedNode("http://e.org/2#b"), ox.Literal("c\u2028d\n")
    )
    texts = {KnowledgeGraph([triple], prefixes).to_turtle() for _ in range(5)}
    assert len(texts) == 1
    (text,) = texts
    assert text.splitlines()[1] == "@prefix p10: <http://e.org/10#> ."
