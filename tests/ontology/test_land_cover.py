from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from kgtransfer.knowledge.check.validate import check
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology

ONTOLOGY = Path(__file__).parents[2] / "ontology"
LC = "https://w3id.org/kgtransfer/land-cover#"
KGT = "https://w3id.org/kgtransfer/ns#"
RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
SUBCLASS_OF = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
SKOS = "http://www.w3.org/2004/02/skos/core#"
ENVO = "http://purl.obolibrary.org/obo/ENVO_"
FREQUENCIES = ("usual", "sometimes", "rare", "never")
RSSCN7 = {
    "grass": "Grassland",
    "field": "Farmland",
    "industry": "IndustrialArea",
    "river_lake": "InlandWater",
    "forest": "Forest",
    "resident": "ResidentialArea",
    "parking": "ParkingLot",
}


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    return read_ontology(ONTOLOGY / "land_cover.ttl", ONTOLOGY / "kgt.ttl")


def values(graph: KnowledgeGraph, cls: str, frequency: str) -> set[str]:
    """Local names of the values that a class shows with a frequency."""
    return {o.value.removeprefix(LC) for o in graph.objects(LC + cls, KGT + frequency)}


def coded(graph: KnowledgeGraph, data_set: str) -> dict[str, str]:
    """Code in a data set -> local name of the class."""
    by_code = {}
    for iri in graph.subclasses("lc:Scene"):
        for code in graph.objects(iri, LC + data_set):
            assert code.value not in by_code
            by_code[code.value] = iri.removeprefix(LC)
    return by_code


def attribute_of(graph: KnowledgeGraph) -> dict[str, str]:
    """Local name of a value -> that of its attribute."""
    attributes = graph.subjects(
        "http://www.w3.org/2000/01/rdf-schema#subClassOf", KGT + "Attribute"
    )
    return {
        value.removeprefix(LC): attribute.removeprefix(LC)
        for attribute in attributes
        for value in graph.subclasses(attribute)
    }


def test_it_checks_clean_with_the_vocabulary() -> None:
    assert check([ONTOLOGY / "kgt.ttl", ONTOLOGY / "land_cover.ttl"]) == []


def test_a_forest_is_dark_green_and_rough_and_never_grey(graph: KnowledgeGraph) -> None:
    assert {"DarkGreenTone", "RoughTexture", "FullVegetation"} <= values(graph, "Forest", "usual")
    assert {"GreyTone", "ManyStraightLines"} <= values(graph, "Forest", "never")


def test_a_parking_lot_shows_rows_of_tiny_objects(graph: KnowledgeGraph) -> None:
    usual = values(graph, "ParkingLot", "usual")
    assert {"TinyObjects", "RegularArrangement", "GreyTone", "LittleVegetation"} <= usual


def test_the_classes_of_rsscn7(graph: KnowledgeGraph) -> None:
    assert coded(graph, "rsscn7Code") == RSSCN7


@pytest.mark.parametrize(
    ("data_set", "count"),
    [("ucMercedCode", 21), ("aidCode", 30), ("nwpuCode", 45), ("eurosatCode", 10)],
)
def test_every_class_of_the_other_sets_is_there(
    graph: KnowledgeGraph, data_set: str, count: int
) -> None:
    assert len(coded(graph, data_set)) == count


def test_sets_meet_in_the_same_classes(graph: KnowledgeGraph) -> None:
    assert coded(graph, "aidCode")["Viaduct"] == coded(graph, "nwpuCode")["overpass"] == "Overpass"
    assert coded(graph, "eurosatCode")["SeaLake"] == "StillWater"


@pytest.mark.parametrize("cls", RSSCN7.values())
def test_each_rsscn7_class_differs_from_each_other_in_a_usual_value(
    graph: KnowledgeGraph, cls: str
) -> None:
    for other in set(RSSCN7.values()) - {cls}:
        assert values(graph, cls, "usual") - values(graph, other, "usual"), other


@pytest.mark.parametrize("cls", RSSCN7.values())
def test_each_rsscn7_class_says_something_about_every_attribute(
    graph: KnowledgeGraph, cls: str
) -> None:
    attribute = attribute_of(graph)
    likely = values(graph, cls, "usual") | values(graph, cls, "sometimes")
    assert {attribute[value] for value in likely} == set(attribute.values())


def test_no_class_states_a_value_twice_or_two_usual_alternatives(graph: KnowledgeGraph) -> None:
    attribute = attribute_of(graph)
    for iri in graph.subclasses("lc:Scene"):
        cls = iri.removeprefix(LC)
        stated = Counter(v for f in FREQUENCIES for v in values(graph, cls, f))
        usual = Counter(attribute[v] for v in values(graph, cls, "usual"))
        assert max(stated.values()) == 1, cls
        assert max(usual.values(), default=0) <= 1, cls


def test_a_class_says_completely_what_it_says_about_an_attribute(graph: KnowledgeGraph) -> None:
    # It stands in place of what the class inherits: rare and never alone would lose the usual.
    attribute = attribute_of(graph)
    for iri in graph.subclasses("lc:Scene"):
        cls = iri.removeprefix(LC)
        usual = {attribute[v] for v in values(graph, cls, "usual")}
        sometimes = Counter(attribute[v] for v in values(graph, cls, "sometimes"))
        said_little = {attribute[v] for f in FREQUENCIES for v in values(graph, cls, f)} - usual
        assert {a for a in said_little if sometimes[a] < 2} == set(), cls


@pytest.mark.parametrize("cls", ["Lake", "Pond", "SnowMountain"])
def test_what_a_class_inherits_from_two_others_agrees(graph: KnowledgeGraph, cls: str) -> None:
    attribute = attribute_of(graph)
    own = {attribute[v] for f in FREQUENCIES for v in values(graph, cls, f)}
    inherited: dict[str, set[str]] = {}
    for parent in graph.objects(LC + cls, SUBCLASS_OF):
        for attr, value in usual_of(graph, parent.value.removeprefix(LC)).items():
            inherited.setdefault(attr, set()).add(value)
    assert {attr for attr, usual in inherited.items() if len(usual) > 1} <= own


def usual_of(graph: KnowledgeGraph, cls: str) -> dict[str, str]:
    """Attribute -> usual value of a class with one line of ancestors; the nearest says it."""
    attribute = attribute_of(graph)
    usual_values: dict[str, str] = {}
    decided: set[str] = set()
    line: tuple[str, ...] = (cls,)
    while line and line[0] != "Scene":
        own = {attribute[v] for f in FREQUENCIES for v in values(graph, line[0], f)}
        usual = {attribute[v]: v for v in values(graph, line[0], "usual")}
        usual_values |= {attr: value for attr, value in usual.items() if attr not in decided}
        decided |= own
        line = tuple(o.value.removeprefix(LC) for o in graph.objects(LC + line[0], SUBCLASS_OF))
    return usual_values


def test_every_scene_is_defined_and_a_known_scene(graph: KnowledgeGraph) -> None:
    scenes = graph.subclasses("lc:Scene")
    assert len(scenes) == 78
    assert all(graph.comment(iri) and graph.objects(iri, RDFS_LABEL) for iri in scenes)
    assert LC + "VegetatedLand" in graph.ancestors("lc:Forest")
    assert graph.ancestors("lc:Lake") == tuple(
        sorted(LC + name for name in ("InlandWater", "StillWater", "WaterBody", "Scene"))
    )


@pytest.mark.parametrize(
    ("cls", "match", "envo"),
    [
        ("Forest", "exactMatch", "00000111"),
        ("Grassland", "exactMatch", "00000106"),
        ("Beach", "exactMatch", "00000091"),
        ("Lake", "exactMatch", "00000020"),
        ("River", "exactMatch", "00000022"),
        ("ParkingLot", "exactMatch", "01001281"),
        ("BuiltUpLand", "exactMatch", "01001269"),
        ("Pasture", "closeMatch", "00000266"),
        ("InlandWater", "broadMatch", "00000063"),
    ],
)
def test_scenes_are_aligned_to_the_environment_ontology(
    graph: KnowledgeGraph, cls: str, match: str, envo: str
) -> None:
    assert ENVO + envo in {o.value for o in graph.objects(LC + cls, SKOS + match)}


def test_every_value_has_a_measure_and_where_it_sets_in(graph: KnowledgeGraph) -> None:
    for value in attribute_of(graph):
        (measure,) = graph.objects(LC + value, KGT + "measuredBy")
        assert graph.objects(measure.value, KGT + "unit")[0].value == "1"
        (softness,) = graph.objects(LC + value, KGT + "softness")
        assert float(softness.value) != 0
        ends = ("threshold",), ("minimum", "maximum")
        assert sum(all(graph.objects(LC + value, KGT + e) for e in end) for end in ends) == 1


def test_the_grounder_grounds_every_attribute(graph: KnowledgeGraph) -> None:
    grounded = {
        o.value.removeprefix(LC) for o in graph.objects(LC + "sceneGrounder", KGT + "grounds")
    }
    assert grounded == set(attribute_of(graph).values())
    assert len(grounded) == 13


def test_a_fact_of_a_source_quotes_it(graph: KnowledgeGraph) -> None:
    (evidence,) = [
        graph.objects(axiom, KGT + "evidence")[0].value
        for axiom in axioms(graph)
        if said(graph, axiom) == ("Forest", "usual", "DarkGreenTone")
    ]
    assert evidence == "Grasslands tend to be pale green, while forests are very dark green."


def test_every_annotated_fact_is_stated(graph: KnowledgeGraph) -> None:
    facts = [said(graph, axiom) for axiom in axioms(graph)]
    assert len(facts) == 58
    assert all(value in values(graph, cls, frequency) for cls, frequency, value in facts)


def axioms(graph: KnowledgeGraph) -> list[str]:
    """Blank nodes of the owl:Axiom annotations of land-cover facts."""
    subjects = {str(t.subject) for t in graph.triples if t.predicate.value == KGT + "evidence"}
    return sorted(subjects)


def said(graph: KnowledgeGraph, axiom: str) -> tuple[str, str, str]:
    """Class, frequency and value that an annotation is about."""
    owl = "http://www.w3.org/2002/07/owl#annotated"
    source, prop, target = (
        graph.objects(axiom, owl + part)[0].value for part in ("Source", "Property", "Target")
    )
    return source.removeprefix(LC), prop.removeprefix(KGT), target.removeprefix(LC)
