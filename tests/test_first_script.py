"""A new domain of images takes a Turtle file and a short script: here on drawn images."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import kgtransfer as kgt

pytestmark = pytest.mark.slow

XRAY = "http://example.org/xray#"
TURTLE = """
@prefix x:    <http://example.org/xray#> .
@prefix kgt:  <https://w3id.org/kgtransfer/ns#> .
@prefix owl:  <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

<http://example.org/xray> a owl:Ontology ; owl:imports <https://w3id.org/kgtransfer/ns> .

x:opacity a owl:NamedIndividual , kgt:Measure ; rdfs:label "opacity" ; kgt:unit "1" .

x:Lung a owl:Class ; rdfs:subClassOf kgt:Attribute ; rdfs:label "lung" .
x:ClearLung a owl:Class ; rdfs:subClassOf x:Lung ; rdfs:label "clear lung" ;
    kgt:measuredBy x:opacity ; kgt:threshold 0.5 ; kgt:softness -0.1 .
x:OpaqueLung a owl:Class ; rdfs:subClassOf x:Lung ; rdfs:label "opaque lung" ;
    kgt:measuredBy x:opacity ; kgt:threshold 0.5 ; kgt:softness 0.1 .

x:Chest a owl:Class ; rdfs:label "chest" .
x:Healthy a owl:Class ; rdfs:subClassOf x:Chest ; rdfs:label "healthy" ;
    kgt:usual x:ClearLung ; kgt:never x:OpaqueLung .
x:Pneumonia a owl:Class ; rdfs:subClassOf x:Chest ; rdfs:label "pneumonia" ;
    kgt:usual x:OpaqueLung ; kgt:rare x:ClearLung .
"""


class Xray:
    """Any object with these two; no base class."""

    measures = (XRAY + "opacity",)

    def __init__(self) -> None:
        self.measured = 0

    def measure(self, images: Sequence[np.ndarray]) -> np.ndarray:
        self.measured += len(images)
        return np.array([[image[8:24, 8:24].mean() / 255] for image in images]).reshape(-1, 1)


def _draw(folder: Path, per_class: int, seed: int, brightness: float = 0.0) -> Path:
    """Chests with a window in the middle, dark where they are healthy."""
    random = np.random.default_rng(seed)
    for label, lung in {"healthy": 60, "pneumonia": 190}.items():
        (folder / label).mkdir(parents=True)
        for number in range(per_class):
            image = np.full((32, 32, 3), 120.0)
            image[8:24, 8:24] = lung
            image += brightness + random.normal(0, 12, (32, 32, 1))
            pixels = np.clip(image, 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / label / f"{number}.png")
    return folder


def test_the_first_script_says_what_knowledge_is_worth(tmp_path: Path) -> None:
    (tmp_path / "xray.ttl").write_text(TURTLE, encoding="utf-8")
    xrays, clinic = _draw(tmp_path / "xrays", 24, 0), _draw(tmp_path / "clinic", 10, 1, 20.0)
    out, xray = tmp_path / "runs" / "xray", Xray()

    graph = kgt.read_ontology(tmp_path / "xray.ttl")
    grounder = kgt.MeasuredGrounder(graph, xray)
    data = kgt.read_images(xrays, test=[clinic], size=32)
    concepts = kgt.embed(graph, select=grounder.concepts, text="minilm", dim=8, epochs=3)
    backbone = kgt.VisionBackbone.named("mobilenetv3_small_050", weights="random")
    recipe = kgt.images.FineTuning(steps=0.5)
    task = kgt.ImageTask(
        data, graph, grounder, concepts, backbone=backbone, labels=5, recipe=recipe, device="cpu"
    )
    arms = ["none", "baseline", "kg", "shuffled"]
    run = kgt.experiment(task, arms, seeds=2, out=out)

    assert [*run.settings] == ["source, 5 labels", "clinic, 5 labels"]
    assert [*run.main.arms] == arms
    assert run.kind == "images"
    kg, shuffled = run.main.arms["kg"], run.main.arms["shuffled"]
    assert kg.mean == 1  # opacity tells the two apart, and axioms name it
    assert (len(kg.per_seed), len(shuffled.per_seed)) == (2, 2)
    assert run.compare("kg", "none").difference == kg.mean - run.main.arms["none"].mean
    assert all(f" {arm} " in run.table() for arm in ("none", "baseline", "kg", "shuffled"))
    assert run.chosen == {"baseline": run.main.arms["baseline"].arm.says}
    names = {path.name for path in out.iterdir()}
    assert names >= {"report.html", "result.json", "models", "concepts", "ontology.ttl", "fits"}
    assert {path.name for path in (out / "models").iterdir()} == {
        "5-0.safetensors", "5-1.safetensors"
    }  # fmt: skip
    page = (out / "report.html").read_text(encoding="utf-8")
    for text in ("opaque lung", 'alt="pneumonia" src="data:image/png', "Which classes are taken"):
        assert text in page
    # 28 to train on, 14 to test on and 20 of the clinic once; an example of either class once more
    assert xray.measured == 62 + 2

    before = {path.name: path.stat().st_mtime_ns for path in (out / "fits").iterdir()}
    again = kgt.experiment(task, arms, seeds=2, out=out)
    assert {path.name: path.stat().st_mtime_ns for path in (out / "fits").iterdir()} == before
    assert again.run_hash == run.run_hash
