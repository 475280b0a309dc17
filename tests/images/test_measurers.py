from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.images.cells.measurer import CellMeasurer
from kgtransfer.images.measurer import ImageMeasurer
from kgtransfer.images.measurers import MEASURERS, measurer_for
from kgtransfer.images.scenes.measurer import SceneMeasurer
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.knowledge.vocabulary import KGT, RDF_TYPE

ONTOLOGY = Path(__file__).parents[2] / "ontology"


@pytest.mark.parametrize(
    ("file", "maker"), [("wbc.ttl", CellMeasurer), ("land_cover.ttl", SceneMeasurer)]
)
def test_the_ontology_says_what_images_it_is_about(
    file: str, maker: Callable[[], ImageMeasurer]
) -> None:
    graph = read_ontology(ONTOLOGY / "kgt.ttl", ONTOLOGY / file)
    assert measurer_for(graph).measures == maker().measures


def test_an_ontology_without_such_measures_is_refused() -> None:
    with pytest.raises(OntologyError, match="names no measure of an image"):
        measurer_for(read_ontology(ONTOLOGY / "kgt.ttl", ONTOLOGY / "ceramics.ttl"))


def test_what_the_ontologies_that_come_along_describe_is_computed() -> None:
    """`kgtransfer check` rests on this: it knows our measures by these ontologies alone."""
    described = read_ontology(*sorted(ONTOLOGY.glob("*.ttl"))).subjects(
        RDF_TYPE.value, KGT + "Measure"
    )
    assert {*described} == {iri for maker in MEASURERS for iri in maker(None).measures}
