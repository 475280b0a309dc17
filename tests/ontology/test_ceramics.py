from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from kgtransfer.knowledge.check.validate import check
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology

ONTOLOGY = Path(__file__).parents[2] / "ontology"
CER = "https://w3id.org/kgtransfer/ceramics#"
CRM = "http://www.cidoc-crm.org/cidoc-crm/"
AAT = "http://vocab.getty.edu/aat/"
SILKNOW = "http://data.silknow.org/vocabulary/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
TOP = {
    "DesignDomain",
    "Technique",
    "Material",
    "Glaze",
    "Form",
    "Motif",
    "Colour",
    "DesignQuality",
}


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    return read_ontology(ONTOLOGY / "ceramics.ttl", ONTOLOGY / "kgt.ttl")


def said(graph: KnowledgeGraph, concept: str, predicate: str) -> set[str]:
    """What a concept says by a predicate, without the namespace of the thesaurus."""
    return {o.value.removeprefix(CER) for o in graph.objects(CER + concept, predicate)}


def concepts(graph: KnowledgeGraph) -> list[str]:
    return [iri.removeprefix(CER) for iri in graph.instances("skos:Concept")]


def upwards(graph: KnowledgeGraph, concept: str) -> list[str]:
    """The broader concepts from a concept to its top; fails where they come back."""
    path: list[str] = [concept]
    while broader := said(graph, path[-1], SKOS + "broader"):
        (above,) = broader
        assert above not in path, f"{path} comes back to {above}"
        path.append(above)
    return path[1:]


def test_it_checks_clean_with_the_vocabulary() -> None:
    assert check([ONTOLOGY / "kgt.ttl", ONTOLOGY / "ceramics.ttl"]) == []


def test_every_concept_reaches_a_top_concept(graph: KnowledgeGraph) -> None:
    assert said(graph, "Design", SKOS + "hasTopConcept") == TOP
    tops = Counter([concept, *upwards(graph, concept)][-1] for concept in concepts(graph))
    assert tops == {
        "DesignDomain": 6,
        "Technique": 88,
        "Material": 120,
        "Glaze": 20,
        "Form": 199,
        "Motif": 197,
        "Colour": 23,
        "DesignQuality": 37,
    }


def test_broader_leads_from_the_particular_to_the_general(graph: KnowledgeGraph) -> None:
    assert upwards(graph, "Delftware") == [
        "TinGlazedEarthenware",
        "Earthenware",
        "CeramicMaterial",
        "Material",
    ]
    assert upwards(graph, "Lotus") == ["Flowers", "Plants", "Motif"]
    assert upwards(graph, "Kylix") == ["AncientVessel", "Vessel", "Form"]


@pytest.mark.parametrize(
    ("concept", "match", "identifier"),
    [
        ("Porcelain", "closeMatch", AAT + "300386874"),
        ("Stoneware", "closeMatch", AAT + "300010672"),
        ("Terracotta", "exactMatch", AAT + "300010669"),
        ("Throwing", "exactMatch", AAT + "300053908"),
        ("SlipCasting", "exactMatch", AAT + "300053907"),
        ("Vase", "exactMatch", AAT + "300132254"),
        ("Teapot", "exactMatch", AAT + "300043022"),
        ("Blue", "exactMatch", AAT + "300129361"),
        ("Flowers", "exactMatch", AAT + "300132399"),
        ("Phoenix", "closeMatch", SILKNOW + "839"),
        ("Damask", "closeMatch", SILKNOW + "168"),
    ],
)
def test_concepts_are_matched_to_other_thesauri(
    graph: KnowledgeGraph, concept: str, match: str, identifier: str
) -> None:
    assert identifier in said(graph, concept, SKOS + match)


def test_no_two_concepts_are_exactly_the_same_one_of_the_aat(graph: KnowledgeGraph) -> None:
    matches = [m for c in concepts(graph) for m in said(graph, c, SKOS + "exactMatch")]
    assert len(matches) == len(set(matches)) == 181


@pytest.mark.parametrize(
    ("concept", "label", "synonym"),
    [
        ("CeladonGlaze", "celadon glaze", "celadon"),
        ("Sgraffito", "sgraffito", "scratched decoration"),
        ("Prunus", "prunus", "plum blossom"),
        ("MattGlaze", "matt glaze", "matte glaze"),
    ],
)
def test_concepts_are_found_by_their_names(
    graph: KnowledgeGraph, concept: str, label: str, synonym: str
) -> None:
    assert graph.label(CER + concept) == label
    assert synonym in graph.synonyms(CER + concept)


def test_no_two_concepts_have_the_same_preferred_label(graph: KnowledgeGraph) -> None:
    labels = Counter(graph.label(CER + concept) for concept in concepts(graph))
    assert len(labels) == 690
    assert max(labels.values()) == 1


def test_what_makes_ceramics_ceramics_is_defined(graph: KnowledgeGraph) -> None:
    technical = [
        concept
        for concept in concepts(graph)
        if {"Technique", "CeramicMaterial", "Glaze", "DesignQuality"} & set(upwards(graph, concept))
    ]
    assert len(technical) > 170
    assert [concept for concept in technical if not graph.comment(CER + concept)] == []


@pytest.mark.parametrize(
    ("concept", "crm"),
    [
        ("Throwing", "E55_Type"),
        ("Porcelain", "E57_Material"),
        ("CeladonGlaze", "E57_Material"),
        ("BlueAndWhite", "E55_Type"),
        ("Vase", "E55_Type"),
        ("Dragon", "E36_Visual_Item"),
    ],
)
def test_concepts_serve_as_types_of_the_cidoc_crm(
    graph: KnowledgeGraph, concept: str, crm: str
) -> None:
    assert CRM + crm in graph.types(CER + concept)


def test_the_crm_says_what_a_record_joins(graph: KnowledgeGraph) -> None:
    rdfs = "http://www.w3.org/2000/01/rdf-schema#"
    (made_of,) = graph.objects(CRM + "P45_consists_of", rdfs + "range")
    assert made_of.value == CRM + "E57_Material"
    assert graph.ancestors("crm:E22_Human-Made_Object") == (
        CRM + "E18_Physical_Thing",
        CRM + "E1_CRM_Entity",
        CRM + "E24_Physical_Human-Made_Thing",
    )


def test_techniques_of_several_domains_meet_under_what_they_do(graph: KnowledgeGraph) -> None:
    domain = CER + "inDomain"
    homes = {"Glazing": "Ceramics", "EnamellingOnMetal": "Metalwork", "Veneering": "Woodwork"}
    for technique, home in homes.items():
        assert said(graph, technique, domain) == {home}
        assert upwards(graph, technique)[0] == "Coating"


def test_a_quality_is_joined_to_what_carries_it(graph: KnowledgeGraph) -> None:
    serene = {iri.removeprefix(CER) for iri in graph.subjects(SKOS + "related", CER + "Serene")}
    assert {"CeladonGlaze", "BlueAndWhite", "Blue"} <= serene
    assert said(graph, "Serene", SKOS + "related") == {"Lotus"}


def test_every_entry_of_the_lexicon_has_one_concept(graph: KnowledgeGraph) -> None:
    codes = Counter(code for c in concepts(graph) for code in said(graph, c, CER + "lexiconCode"))
    assert max(codes.values()) == 1
    assert Counter(code.partition("/")[0] for code in codes) == {
        "form": 182,
        "motif": 179,
        "material": 113,
        "technique": 73,
        "colour": 20,
        "glaze": 17,
    }
    assert said(graph, "TeaCaddy", CER + "lexiconCode") == {"form/tea_caddy"}
    assert all(re.fullmatch(r"[a-z]+/[a-z0-9_]+", code) for code in codes)


def test_the_domains_of_the_records(graph: KnowledgeGraph) -> None:
    codes = {
        code: concept
        for concept in concepts(graph)
        for code in said(graph, concept, CER + "domainCode")
    }
    assert codes == {
        "ceramics": "Ceramics",
        "glass": "Glassmaking",
        "metalwork": "Metalwork",
        "textiles": "Textiles",
        "wood_furniture": "Woodwork",
    }
