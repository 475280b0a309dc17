from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.grounding.measured import MeasuredGrounder
from kgtransfer.images.scenes.measurer import SceneMeasurer
from kgtransfer.images.scenes.measures import MEASURES
from kgtransfer.images.scenes.scene import Scene
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology

ONTOLOGY = Path(__file__).parents[3] / "ontology"
LC = "https://w3id.org/kgtransfer/land-cover#"
KGT = "https://w3id.org/kgtransfer/ns#"


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    return read_ontology(ONTOLOGY / "kgt.ttl", ONTOLOGY / "land_cover.ttl")


def test_the_measures_are_those_of_the_ontology(graph: KnowledgeGraph) -> None:
    assert set(MEASURES) == set(graph.instances(KGT + "Measure"))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("grass", {"Tone": "LightGreenTone", "Texture": "SmoothTexture", "WaterCover": "NoWater"}),
        ("lake", {"WaterCover": "SomeWater", "VegetationCover": "PartialVegetation"}),
        (
            "parking",
            {
                "ObjectSize": "TinyObjects",
                "Arrangement": "RegularArrangement",
                "BuiltUpCover": "DenseBuiltUpCover",
                "EdgeDirection": "AlignedEdges",
                "Texture": "BrokenTexture",
            },
        ),
        ("halls", {"LineStructure": "ManyStraightLines", "ObjectSize": "LargeObjects"}),
        ("forest", {"Arrangement": "IrregularArrangement", "EdgeDirection": "ScatteredEdges"}),
    ],
)
def test_drawn_scenes_show_what_was_drawn(
    graph: KnowledgeGraph, name: str, values: dict[str, str], request: pytest.FixtureRequest
) -> None:
    scene: Scene = request.getfixturevalue(name)
    observed = MeasuredGrounder(graph, SceneMeasurer()).observe([scene.image])
    shown = {
        attribute.removeprefix(LC): known[observed.weights[attribute][0].argmax()].removeprefix(LC)
        for attribute, known in observed.values.items()
    }
    assert {attribute: shown[attribute] for attribute in values} == values
