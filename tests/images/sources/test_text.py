"""`[[grounding]]` tables of the source `text`."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.errors import DataError, OntologyError
from kgtransfer.images.config import BackboneConfig
from kgtransfer.images.sources.text import Settings, opened
from kgtransfer.images.texts.source import NAMED
from kgtransfer.knowledge.io.ontology import read_ontology

ONTOLOGY = Path(__file__).parents[3] / "ontology"
RANDOM = BackboneConfig(name="mobilenetv2_035", weights="random", size=32)
LC = "https://w3id.org/kgtransfer/land-cover#"


@pytest.mark.parametrize(
    ("settings", "relations"),
    [
        (Settings(), (NAMED,)),  # everything is measured
        (Settings(attributes=("lc:Tone",)), (NAMED, LC + "Tone")),
    ],
)
def test_the_classifier_of_the_run_is_opened(
    settings: Settings, relations: tuple[str, ...]
) -> None:
    source = opened(settings, RANDOM, None).on(read_ontology(ONTOLOGY / "land_cover.ttl"))
    assert source.relations == relations
    assert source.width == 1280


def test_all_attributes_can_be_asked_for() -> None:
    graph = read_ontology(ONTOLOGY / "land_cover.ttl")
    assert len(opened(Settings(attributes="all"), RANDOM, None).on(graph).relations) == 14


def test_an_unknown_attribute_is_refused_with_those_there_are() -> None:
    sources = opened(Settings(attributes=("lc:Smell",)), RANDOM, None)
    with pytest.raises(OntologyError, match=r"(?s)lc:Smell is no attribute .*lc:Texture"):
        sources.on(read_ontology(ONTOLOGY / "land_cover.ttl"))


def test_a_model_of_images_and_texts_is_asked_for_by_folder(tmp_path: Path) -> None:
    sources = opened(Settings(model=str(tmp_path)), RANDOM, None)
    with pytest.raises(DataError, match="no image-text model"):
        sources.on(read_ontology(ONTOLOGY / "land_cover.ttl"))
