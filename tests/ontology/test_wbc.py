"""Blood cells: what a morphologist and the data sets expect of the ontology."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.knowledge.axioms import axioms_of
from kgtransfer.knowledge.check.shacl.findings import violations
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology

FREQUENCIES = ("usual", "sometimes", "rare", "never")
FIVE_TYPES = ("Neutrophil", "Eosinophil", "Basophil", "Lymphocyte", "Monocyte")
CELL_ONTOLOGY = "http://purl.obolibrary.org/obo/CL_"
SUBCLASS_OF = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
PATO = "http://purl.obolibrary.org/obo/PATO_"

# Column of WBCAtt -> entries, as in the files of the data set.
WBCATT = {
    "cell_size": {"big", "small"},
    "cell_shape": {"round", "irregular"},
    "nucleus_shape": {
        *("segmented-multilobed", "segmented-bilobed", "irregular"),
        *("unsegmented-band", "unsegmented-indented", "unsegmented-round"),
    },
    "nuclear_cytoplasmic_ratio": {"low", "high"},
    "chromatin_density": {"densely", "loosely"},
    "cytoplasm_vacuole": {"no", "yes"},
    "cytoplasm_texture": {"clear", "frosted"},
    "cytoplasm_colour": {"light blue", "blue", "purple blue"},
    "granule_type": {"small", "round", "coarse", "nil"},
    "granule_colour": {"pink", "red", "purple", "nil"},
    "granularity": {"yes", "no"},
}


@pytest.fixture(scope="module")
def wbc() -> KnowledgeGraph:
    folder = Path(__file__).parents[2] / "ontology"
    return read_ontology(folder / "kgt.ttl", folder / "wbc.ttl")


def said(graph: KnowledgeGraph, name: str, relation: str) -> set[str]:
    """What `wbc:name` points to by a relation: local names and literals."""
    values = said_of(graph, graph.expand(f"wbc:{name}"), relation)
    return {term.removeprefix("https://w3id.org/kgtransfer/wbc#") for term in values}


def said_of(graph: KnowledgeGraph, node: str, relation: str = "wbc:wbcattCode") -> list[str]:
    """What a node points to by a relation: IRIs and literals."""
    return [term.value for term in graph.objects(node, graph.expand(relation))]


def annotations_of(graph: KnowledgeGraph, name: str) -> list[str]:
    """The nodes that say something of a fact of `wbc:name`."""
    source, cell = graph.expand("owl:annotatedSource"), graph.expand(f"wbc:{name}")
    about = [t for t in graph.triples if t.predicate.value == source]
    return [str(t.subject) for t in about if t.object.value == cell]


@pytest.mark.parametrize(
    ("cell", "frequency", "value"),
    [
        ("Leukocyte", "usual", "NucleatedCell"),
        ("Neutrophil", "usual", "MultilobedNucleus"),
        ("Neutrophil", "sometimes", "BandNucleus"),
        ("Neutrophil", "never", "RoundNucleus"),
        ("BandNeutrophil", "usual", "BandNucleus"),
        ("Eosinophil", "usual", "BilobedNucleus"),
        ("Eosinophil", "usual", "RedGranules"),
        ("Eosinophil", "sometimes", "PinkGranules"),
        ("Basophil", "usual", "PurpleGranules"),
        ("Basophil", "usual", "ObscuredNucleus"),
        ("Eosinophil", "rare", "ObscuredNucleus"),
        ("Lymphocyte", "usual", "HighNuclearCytoplasmicRatio"),
        ("Lymphocyte", "never", "MultilobedNucleus"),
        ("Monocyte", "usual", "IndentedNucleus"),
        ("Monocyte", "rare", "BilobedNucleus"),
        ("Metamyelocyte", "usual", "IndentedNucleus"),
        ("Platelet", "usual", "AnucleateCell"),
    ],
)
def test_states_what_a_morphologist_knows(
    wbc: KnowledgeGraph, cell: str, frequency: str, value: str
) -> None:
    assert value in said(wbc, cell, f"kgt:{frequency}")


@pytest.mark.parametrize(
    ("cell", "only_it"),
    [
        (
            "Neutrophil",
            {
                *("MultilobedNucleus", "SmallGranules", "PinkGranules"),
                *("SlightBasophilia", "PaleCytoplasm"),
            },
        ),
        ("Eosinophil", {"RoundGranules", "RedGranules"}),
        (
            "Basophil",
            {"IrregularNucleus", "CoarseGranules", "PurpleGranules", "ObscuredNucleus"},
        ),
        ("Lymphocyte", {"RoundNucleus", "HighNuclearCytoplasmicRatio"}),
        ("Monocyte", {"IndentedNucleus", "LooseChromatin", "FrostedCytoplasm"}),
    ],
)
def test_each_of_the_five_types_has_values_of_its_own(
    wbc: KnowledgeGraph, cell: str, only_it: set[str]
) -> None:
    others = set().union(*(said(wbc, c, "kgt:usual") for c in FIVE_TYPES if c != cell))
    assert said(wbc, cell, "kgt:usual") - others == only_it


def test_every_leukocyte_states_what_no_wider_class_does(wbc: KnowledgeGraph) -> None:
    def stated(iri: str) -> set[tuple[str, str]]:
        return {(f, v) for f in FREQUENCIES for v in said_of(wbc, iri, f"kgt:{f}")}

    leukocytes = wbc.subclasses("wbc:Leukocyte")
    wider = {cell: set().union(*map(stated, wbc.ancestors(cell))) for cell in leukocytes}
    assert len(leukocytes) == 9
    assert [cell for cell in leukocytes if stated(cell) <= wider[cell]] == []


@pytest.mark.parametrize(
    ("cell", "relation", "term"),
    [
        ("Leukocyte", "skos:exactMatch", "0000738"),
        ("Neutrophil", "skos:exactMatch", "0000775"),
        ("BandNeutrophil", "skos:exactMatch", "0000560"),
        ("SegmentedNeutrophil", "skos:closeMatch", "0000096"),
        ("Eosinophil", "skos:exactMatch", "0000771"),
        ("Basophil", "skos:exactMatch", "0000767"),
        ("Lymphocyte", "skos:exactMatch", "0000542"),
        ("Monocyte", "skos:exactMatch", "0000576"),
        ("ImmatureGranulocyte", "skos:broadMatch", "0002191"),
        ("Promyelocyte", "skos:exactMatch", "0000836"),
        ("Erythroblast", "skos:exactMatch", "0000765"),
        ("Platelet", "skos:exactMatch", "0000233"),
    ],
)
def test_cells_are_aligned_to_the_cell_ontology(
    wbc: KnowledgeGraph, cell: str, relation: str, term: str
) -> None:
    assert said(wbc, cell, relation) == {CELL_ONTOLOGY + term}


@pytest.mark.parametrize(
    ("value", "term"),
    [
        ("BilobedNucleus", "0002214"),
        ("BandNucleus", "0001879"),
        ("VacuolatedCytoplasm", "0000941"),
        ("RedGranules", "0000322"),
        ("GranularCytoplasm", "0001759"),
    ],
)
def test_values_are_aligned_to_pato(wbc: KnowledgeGraph, value: str, term: str) -> None:
    assert said(wbc, value, "skos:broadMatch") == {PATO + term}


def test_codes_of_wbcatt_name_each_attribute_and_value_once(wbc: KnowledgeGraph) -> None:
    columns = {}
    for attribute in wbc.subjects(SUBCLASS_OF, wbc.expand("kgt:Attribute")):
        values = wbc.subjects(SUBCLASS_OF, attribute)
        codes = [code for value in values for code in said_of(wbc, value)]
        assert len(codes) == len(set(codes))
        for column in said_of(wbc, attribute):
            columns[column] = set(codes)
    assert columns == WBCATT


@pytest.mark.parametrize("data_set", ["wbcatt", "pbc", "bccd", "jtsc"])
def test_every_data_set_knows_the_five_types(wbc: KnowledgeGraph, data_set: str) -> None:
    for cell in FIVE_TYPES:
        assert said(wbc, cell, f"wbc:{data_set}Code") == {cell.lower()}


def test_the_eight_classes_of_pbc_are_there(wbc: KnowledgeGraph) -> None:
    cells = wbc.subclasses("wbc:HematopoieticCell")
    codes = {code for cell in cells for code in said_of(wbc, cell, "wbc:pbcCode")}
    assert codes == {*map(str.lower, FIVE_TYPES), "ig", "erythroblast", "platelet"}


def test_every_measure_has_a_unit_and_decides_a_value(wbc: KnowledgeGraph) -> None:
    measures = wbc.instances("kgt:Measure")
    units = {m.rpartition("#")[2]: said_of(wbc, m, "kgt:unit") for m in measures}
    assert units["lobeCount"] == ["1"]
    assert units["cellDiameter"] == ["um"]
    assert {unit for (unit,) in units.values()} == {"1", "um"}
    attributes = wbc.subjects(SUBCLASS_OF, wbc.expand("kgt:Attribute"))
    values = [value for attribute in attributes for value in wbc.subclasses(attribute)]
    by = {m for value in values for m in said_of(wbc, value, "kgt:measuredBy")}
    unmeasured = {v for v in values if not said_of(wbc, v, "kgt:measuredBy")}
    assert by == set(measures)
    assert {v.rpartition("#")[2] for v in unmeasured} == {
        "IrregularNucleus",
        "PurpleBlueCytoplasm",
        "ClearCytoplasm",
        "FrostedCytoplasm",
        "GranularCytoplasm",
        "AgranularCytoplasm",
    }


def test_the_range_of_a_fact_stands_on_the_fact(wbc: KnowledgeGraph) -> None:
    ends = {
        (said_of(wbc, node, "owl:annotatedTarget")[0].rpartition("#")[2], *numbers)
        for node in annotations_of(wbc, "Neutrophil")
        if (numbers := (*said_of(wbc, node, "kgt:minimum"), *said_of(wbc, node, "kgt:maximum")))
    }
    assert ends == {("cellDiameter", "9", "15"), ("lobeCount", "2", "5")}


def test_every_annotation_is_about_a_fact_that_is_stated(wbc: KnowledgeGraph) -> None:
    cells = [iri.rpartition("#")[2] for iri in wbc.subclasses("wbc:HematopoieticCell")]
    nodes = [(cell, node) for cell in cells for node in annotations_of(wbc, cell)]
    assert len(nodes) > 100
    for cell, node in nodes:
        (frequency,) = said_of(wbc, node, "owl:annotatedProperty")
        (value,) = said_of(wbc, node, "owl:annotatedTarget")
        assert value in said_of(wbc, wbc.expand(f"wbc:{cell}"), frequency), (cell, frequency)


def test_every_source_that_is_named_is_described_and_used(wbc: KnowledgeGraph) -> None:
    source = wbc.expand("kgt:source")
    used = {t.object.value for t in wbc.triples if t.predicate.value == source}
    assert used == set(wbc.instances("kgt:Source"))


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (("skos:exactMatch obo:CL_0000771", "skos:exactMatch obo:PATO_0000322"), "is no term of"),
        (("    skos:exactMatch obo:CL_0000771 ;\n", ""), "no counterpart in the Cell Ontology"),
        (('wbc:pbcCode "eosinophil"', 'wbc:pbcCode "eosinophil "'), "has a space at"),
        (
            (
                "kgt:measuredBy wbc:cellCircularity ; kgt:threshold 0.97 ; kgt:softness 0.01",
                'rdfs:comment "not measured yet"',
            ),
            "that no measure is given for",
        ),
        (
            ('    skos:definition "A nucleated precursor of an erythrocyte."@en ;\n', ""),
            "a cell has no definition",
        ),
        (
            (
                "skos:exactMatch obo:CL_0000988",
                'skos:exactMatch obo:CL_0000988 ; wbc:pbcCode "other"',
            ),
            "has no fact that tells it from others",
        ),
    ],
)
def test_shapes_find_an_edit_that_breaks_it(
    repository: Path, tmp_path: Path, edit: tuple[str, str], message: str
) -> None:
    text = (repository / "ontology" / "wbc.ttl").read_text(encoding="utf-8")
    assert edit[0] in text
    broken = tmp_path / "wbc.ttl"
    broken.write_text(text.replace(*edit), encoding="utf-8")
    graph = read_ontology(broken, repository / "ontology" / "kgt.ttl")
    findings = list(violations(graph, [repository / "ontology" / "shapes"]))
    assert [message in finding.message for finding in findings] == [True]


def test_a_segmented_neutrophil_is_a_neutrophil_but_for_its_nucleus(wbc: KnowledgeGraph) -> None:
    facts = axioms_of(wbc).facts(wbc.expand("wbc:SegmentedNeutrophil"), inherited=True)
    shapes = {
        (wbc.label(fact.frequency), wbc.label(fact.value))
        for fact in facts
        if fact.attribute == wbc.expand("wbc:NucleusShape")
    }
    assert shapes == {
        ("usual", "multilobed nucleus"),
        ("sometimes", "bilobed nucleus"),
        ("never", "band-shaped nucleus"),
    }
    assert "pink granules" in {wbc.label(fact.value) for fact in facts}
    assert "cell with a nucleus" in {wbc.label(fact.value) for fact in facts}
