from __future__ import annotations

from pathlib import Path

import numpy as np

from kgtransfer.classification.metrics import class_metrics
from kgtransfer.classification.outcomes.one_of import OneOf
from kgtransfer.classification.targets import Targets
from kgtransfer.images.report import class_names, of_test_sets
from kgtransfer.knowledge.io.ontology import read_ontology

TURTLE = """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix e: <http://example.org/> .
e:Flat a owl:Class ; rdfs:label "flat tile"@en .
e:Curved a owl:Class ; rdfs:label "curved tile"@en .
e:Bent a owl:Class ; rdfs:label "curved tile"@en .
"""
FLAT, CURVED, BENT = (f"http://example.org/{name}" for name in ("Flat", "Curved", "Bent"))


def _classes(labels: str) -> OneOf:
    return OneOf(Targets(tuple(labels), tuple(labels), tuple(range(len(labels)))))


def test_classes_are_called_what_the_ontology_calls_them(tmp_path: Path) -> None:
    (tmp_path / "tiles.ttl").write_text(TURTLE)
    graph = read_ontology(tmp_path / "tiles.ttl")
    names = class_names(graph, Targets(("F", "C"), (FLAT, CURVED), (0, 1)))
    assert names == ("flat tile", "curved tile")


def test_labels_stay_where_the_ontology_does_not_tell_them_apart(tmp_path: Path) -> None:
    (tmp_path / "tiles.ttl").write_text(TURTLE)
    graph = read_ontology(tmp_path / "tiles.ttl")
    assert class_names(graph, Targets(("C", "B"), (CURVED, BENT), (0, 1))) == ("C", "B")
    grouped = Targets(("F", "other"), (FLAT, CURVED, BENT), (0, 1, 1))
    assert class_names(graph, grouped) == ("F", "other")


def test_findings_of_test_sets_have_their_order() -> None:
    logits = {name: np.array([[2.0, 0.0], [0.0, 2.0]]) for name in ("clinic", "source")}
    targets = {"source": np.array([0, 1]), "clinic": np.array([1, 1])}
    sections = of_test_sets(_classes("FC"), logits, targets, ["flat", "curved"])
    assert list(sections) == ["confusion", "calibration"]
    assert [*map(list, sections.values())] == [["source", "clinic"]] * 2
    assert sections["confusion"]["clinic"] == {
        "classes": ["flat", "curved"],
        "table": [[0, 0], [1, 1]],
    }


def test_calibration_is_that_of_the_samples_that_are_scored() -> None:
    rng = np.random.default_rng(0)
    targets = np.array([0] * 12 + [1] * 12 + [2] * 3)  # too few of the last class to be scored
    logits = rng.normal(size=(27, 3))
    sections = of_test_sets(_classes("FCB"), {"source": logits}, {"source": targets}, "FCB")
    found = sections["calibration"]["source"]
    assert sum(bin_["count"] for bin_ in found["bins"]) == 24
    assert found["ece"] == class_metrics(logits[:24], targets[:24])["ece"]
