"""Every named query on the blood smear, with the rows that it gives on every engine."""

from __future__ import annotations

from typing import Any

import pytest

from kgtransfer.store import GraphStore
from kgtransfer.store.queries import answer, query_names

EX = "http://example.org/smear#"
KGT = "https://w3id.org/kgtransfer/ns#"
Case = tuple[str, dict[str, Any], list[tuple[Any, ...]]]
ATLAS = EX + "Atlas"


def at(*names: str) -> list[str]:
    """IRIs of the smear."""
    return [EX + name for name in names]


CASES: list[Case] = [
    # What there is, and where it stands.
    ("ancestors", {"uri": EX + "PlasmaCell"},
     [("B cell@en", 1, EX + "BCell"), ("lymphocyte@en", 2, EX + "Lymphocyte"),
      ("leukocyte@en", 3, EX + "Leukocyte"), ("blood cell@en", 4, EX + "BloodCell")]),
    ("ancestors", {"uri": EX + "CropCircle"}, [("field@en", 1, EX + "Field")]),
    ("descendants", {"uri": EX + "Lymphocyte"},
     [("B cell@en", 1, EX + "BCell"), ("T cell@en", 1, EX + "TCell"),
      ("plasma cell@en", 2, EX + "PlasmaCell")]),
    ("neighbourhood", {"uri": EX + "BlueCytoplasm"},
     [("to", "kgt__measuredBy", "blueness@en", EX + "blueness"),
      ("to", "rdfs__subClassOf", "cytoplasm colour@en", EX + "CytoplasmColour"),
      ("from", "kgt__usual", "plasma cell@en", EX + "PlasmaCell")]),
    ("shortest_path", {"a": EX + "lobeCount", "b": EX + "Neutrophil"},
     [(EX + "lobeCount", 2, at("lobeCount", "BilobedNucleus", "Neutrophil"),
       ["kgt__measuredBy", "kgt__rare"])]),
    ("shortest_path", {"a": EX + "Basophil", "b": EX + "TCell"},
     [(EX + "Leukocyte", 4, at("Basophil", "Granulocyte", "Leukocyte", "Lymphocyte", "TCell"),
       ["rdfs__subClassOf"] * 4)]),
    ("concepts_by_word", {"text": "PHIL"},
     [("band neutrophil@en", EX + "BandNeutrophil"), ("basophil@en", EX + "Basophil"),
      ("eosinophil@en", EX + "Eosinophil"), ("neutrophil@en", EX + "Neutrophil")]),
    ("concepts_by_word", {"text": "blutk"}, [("weißes Blutkörperchen@de", EX + "Leukocyte")]),
    ("concepts_by_label", {"label": "kgt__Grounder"}, [("cell grounder@en", EX + "cellGrounder")]),
    ("derived_restrictions", {"uri": EX + "BandNeutrophil"},
     [(EX + "BloodCell", "ex__foundIn", EX + "Blood"),
      (EX + "Granulocyte", "ex__developsFrom", EX + "MyeloidProgenitor"),
      (EX + "Granulocyte", "ex__hasPart", EX + "Granule")]),
    ("restrictions", {},
     [("blood cell@en", "ex__foundIn", "blood@en", EX + "BloodCell"),
      ("granulocyte@en", "ex__developsFrom", "myeloid progenitor@en", EX + "Granulocyte"),
      ("granulocyte@en", "ex__hasPart", "granule@en", EX + "Granulocyte"),
      ("lymphocyte@en", "ex__developsFrom", "lymphoid progenitor@en", EX + "Lymphocyte"),
      ("monocyte@en", "ex__developsFrom", "myeloid progenitor@en", EX + "Monocyte"),
      ("T cell@en", "ex__maturesIn", "thymus@en", EX + "TCell")]),
    ("hubs", {},
     [("granulocyte@en", 10, EX + "Granulocyte"), ("neutrophil@en", 10, EX + "Neutrophil"),
      ("lymphocyte@en", 8, EX + "Lymphocyte"), ("nucleus shape@en", 7, EX + "NucleusShape"),
      ("eosinophil@en", 6, EX + "Eosinophil"), ("granule colour@en", 6, EX + "GranuleColour"),
      ("multilobed nucleus@en", 6, EX + "MultilobedNucleus"),
      ("red granules@en", 6, EX + "RedGranules"), ("round nucleus@en", 6, EX + "RoundNucleus"),
      ("bilobed nucleus@en", 5, EX + "BilobedNucleus")]),
    ("counts_by_label", {},
     [("owl__Class", 40), ("skos__Concept", 8), ("owl__Restriction", 7), ("kgt__Frequency", 4),
      ("kgt__Measure", 4), ("owl__AnnotationProperty", 4), ("owl__Axiom", 4),
      ("owl__ObjectProperty", 4), ("skos__ConceptScheme", 3), ("ex__Smear", 2),
      ("kgt__Grounder", 1)]),
    ("counts_by_relation", {},
     [("rdfs__subClassOf", 37), ("kgt__usual", 14), ("owl__onProperty", 7),
      ("owl__someValuesFrom", 7), ("skos__inScheme", 7), ("kgt__measuredBy", 6),
      ("ex__developsFrom", 5),
      ("ex__shows", 4), ("kgt__sometimes", 4), ("kgt__source", 4), ("owl__annotatedProperty", 4),
      ("owl__annotatedSource", 4), ("owl__annotatedTarget", 4), ("kgt__never", 3),
      ("skos__broader", 3), ("ex__region", 2), ("kgt__grounds", 2), ("skos__relatedMatch", 2),
      ("ex__foundIn", 1), ("ex__hasPart", 1), ("ex__maturesIn", 1), ("kgt__frequency", 1),
      ("kgt__rare", 1), ("skos__closeMatch", 1), ("skos__exactMatch", 1)]),
    # Measures and facts.
    ("attributes", {},
     [("cytoplasm colour@en", 2, 1, EX + "CytoplasmColour"),
      ("granule colour@en", 4, 1, EX + "GranuleColour"),
      ("nucleus shape@en", 5, 4, EX + "NucleusShape")]),
    ("concepts_by_measure", {"uri": EX + "lobeCount"},
     [("bilobed nucleus@en", 1.5, 0.3, "1", EX + "BilobedNucleus"),
      ("multilobed nucleus@en", 2.5, 0.3, "1", EX + "MultilobedNucleus")]),
    ("measured_concepts", {},
     [(iri,) for iri in at("BilobedNucleus", "BlueCytoplasm", "IndentedNucleus",
                           "MultilobedNucleus", "RedGranules", "RoundNucleus")]),
    ("grounders", {}, [("cell grounder@en", 11, EX + "cellGrounder")]),
    ("facts_of_class", {"uri": EX + "BandNeutrophil"},
     [("cytoplasm colour@en", "kgt__usual", "pink cytoplasm@en", "neutrophil@en",
       EX + "PinkCytoplasm"),
      ("granule colour@en", "kgt__usual", "lilac granules@en", "neutrophil@en",
       EX + "LilacGranules"),
      ("nucleus shape@en", "kgt__usual", "indented nucleus@en", "band neutrophil@en",
       EX + "IndentedNucleus"),
      ("nucleus shape@en", "kgt__usual", "multilobed nucleus@en", "neutrophil@en",
       EX + "MultilobedNucleus"),
      ("nucleus shape@en", "kgt__rare", "bilobed nucleus@en", "neutrophil@en",
       EX + "BilobedNucleus"),
      ("nucleus shape@en", "kgt__never", "multilobed nucleus@en", "band neutrophil@en",
       EX + "MultilobedNucleus"),
      ("nucleus shape@en", "kgt__never", "round nucleus@en", "neutrophil@en",
       EX + "RoundNucleus")]),
    ("classes_by_fact", {"uri": EX + "BilobedNucleus"},
     [("eosinophil@en", "kgt__usual", EX + "Eosinophil"),
      ("basophil@en", "kgt__sometimes", EX + "Basophil"),
      ("neutrophil@en", "kgt__rare", EX + "Neutrophil")]),
    ("classes_alike", {"uri": EX + "Neutrophil"},
     [("erythrocyte@en", 1, ["pink cytoplasm@en"], EX + "Erythrocyte")]),
    ("discriminating_axioms", {"a": EX + "BandNeutrophil", "b": EX + "Eosinophil"},
     [("cytoplasm colour@en", "pink cytoplasm@en", "kgt__usual", None, EX + "PinkCytoplasm"),
      ("granule colour@en", "lilac granules@en", "kgt__usual", None, EX + "LilacGranules"),
      ("granule colour@en", "no granules@en", None, "kgt__never", EX + "NoGranules"),
      ("granule colour@en", "red granules@en", None, "kgt__usual", EX + "RedGranules"),
      ("nucleus shape@en", "bilobed nucleus@en", "kgt__rare", "kgt__usual",
       EX + "BilobedNucleus"),
      ("nucleus shape@en", "indented nucleus@en", "kgt__usual", None, EX + "IndentedNucleus"),
      ("nucleus shape@en", "multilobed nucleus@en", "kgt__never", "kgt__sometimes",
       EX + "MultilobedNucleus"),
      ("nucleus shape@en", "round nucleus@en", "kgt__never", None, EX + "RoundNucleus")]),
    ("sources_of_facts", {"uri": EX + "Eosinophil"},
     [("usual@en", "red granules@en", ATLAS, "large, refractile, orange-red@en")]),
    ("sources_of_facts", {"uri": EX + "Basophil"},
     [("usual@en", "blue granules@en", "doi:10.1000/182", None)]),
    ("facts_by_source", {}, [(ATLAS, 2), ("doi:10.1000/182", 1), (EX + "Review", 1)]),
    # Other domains.
    ("cross_domain_links", {},
     [("field@en", "skos__relatedMatch", "celadon@en", "fields from above@en", "glazes@en"),
      ("red granules@en", "skos__relatedMatch", "copper red@en", "blood smears@en", "glazes@en"),
      ("round nucleus@en", "skos__closeMatch", "circular field@en", "blood smears@en",
       "fields from above@en")]),
    ("cross_domain_paths", {"uri": EX + "RoundNucleus"},
     [("circular field@en", "fields from above@en", 1, ["round nucleus@en", "circular field@en"]),
      ("field@en", "fields from above@en", 2,
       ["round nucleus@en", "circular field@en", "field@en"]),
      ("celadon@en", "glazes@en", 3,
       ["round nucleus@en", "circular field@en", "field@en", "celadon@en"]),
      ("glaze@en", "glazes@en", 4,
       ["round nucleus@en", "circular field@en", "field@en", "celadon@en", "glaze@en"])]),
    # What an expert should look at again.
    ("class_cycles", {}, [("dye@en", EX + "Dye"), ("stain@en", EX + "Stain")]),
    ("classes_without_facts", {},
     [("immature granulocyte@en", "granulocyte@en", EX + "ImmatureGranulocyte")]),
    ("contradictions", {},
     [("band neutrophil@en", "kgt__never", "multilobed nucleus@en", "neutrophil@en",
       EX + "BandNeutrophil")]),
    ("duplicate_labels", {}, [("field@en", at("Field", "FieldOfView"))]),
    ("facts_without_source", {},
     [("band neutrophil@en", "kgt__never", "multilobed nucleus@en", EX + "BandNeutrophil"),
      ("band neutrophil@en", "kgt__usual", "indented nucleus@en", EX + "BandNeutrophil"),
      ("basophil@en", "kgt__sometimes", "bilobed nucleus@en", EX + "Basophil"),
      ("eosinophil@en", "kgt__never", "no granules@en", EX + "Eosinophil"),
      ("eosinophil@en", "kgt__sometimes", "multilobed nucleus@en", EX + "Eosinophil"),
      ("eosinophil@en", "kgt__usual", "bilobed nucleus@en", EX + "Eosinophil"),
      ("erythrocyte@en", "kgt__usual", "no nucleus@en", EX + "Erythrocyte"),
      ("erythrocyte@en", "kgt__usual", "pink cytoplasm@en", EX + "Erythrocyte"),
      ("lymphocyte@en", "kgt__sometimes", "indented nucleus@en", EX + "Lymphocyte"),
      ("lymphocyte@en", "kgt__usual", "no granules@en", EX + "Lymphocyte"),
      ("lymphocyte@en", "kgt__usual", "round nucleus@en", EX + "Lymphocyte"),
      ("monocyte@en", "kgt__sometimes", "no granules@en", EX + "Monocyte"),
      ("monocyte@en", "kgt__usual", "indented nucleus@en", EX + "Monocyte"),
      ("plasma cell@en", "kgt__usual", "blue cytoplasm@en", EX + "PlasmaCell"),
      ("thrombocyte@en", "kgt__usual", "no nucleus@en", EX + "Thrombocyte")]),
    ("measures_without_unit", {}, [("blueness@en", EX + "blueness")]),
    ("orphans", {},
     [("artefact@en", EX + "Artefact"), ("field@en", EX + "FieldOfView"),
      ("smudge cell@en", EX + "SmudgeCell"), ("never@en", KGT + "never"),
      ("rare@en", KGT + "rare"), ("sometimes@en", KGT + "sometimes")]),
    ("thresholds_without_measure", {}, [("artefact@en", 3.0, EX + "Artefact")]),
    ("unlabelled_concepts", {},
     [(EX + "Glasur",), (EX + "Inclusion",),
      ("http://www.w3.org/2000/01/rdf-schema#subClassOf",), (KGT + "Attribute",)]),
    ("runs", {}, []),
]  # fmt: skip
RECORDED = {
    *("best_runs", "changes_between_runs", "concepts_of_run", "concepts_of_sample"),
    *("lineage_of_run", "runs_by_concept", "samples_by_concept"),
    "worth_of_concepts",
}
"""Queries about recorded runs: tested with the recording."""


@pytest.mark.parametrize(
    ("name", "params", "rows"),
    [pytest.param(*case, id=f"{n}-{case[0]}") for n, case in enumerate(CASES)],
)
def test_rows(
    smear: GraphStore, name: str, params: dict[str, Any], rows: list[tuple[Any, ...]]
) -> None:
    assert [tuple(row.values()) for row in answer(smear, name, params).rows] == rows


def test_none_is_left_out() -> None:
    others = ("api_", "att_", "bash_", "sql_")  # of other vocabularies: tests/store/test_queries.py
    domain = {name for name in query_names() if not name.startswith(others)}
    assert {case[0] for case in CASES} == domain - RECORDED
