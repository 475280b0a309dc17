from __future__ import annotations

from pathlib import Path

from kgtransfer.images.cells.measures import MEASURES
from kgtransfer.knowledge.io.ontology import read_ontology


def test_the_measures_are_those_of_the_ontology(repository: Path) -> None:
    graph = read_ontology(repository / "ontology" / "kgt.ttl", repository / "ontology" / "wbc.ttl")
    assert set(MEASURES) == set(graph.instances("kgt:Measure"))
