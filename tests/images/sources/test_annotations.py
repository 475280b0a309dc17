"""`[[grounding]]` tables of the source `annotations`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kgtransfer.errors import DataError
from kgtransfer.images.config import BackboneConfig
from kgtransfer.images.sources.annotations import Settings, annotated, opened
from kgtransfer.knowledge.io.ontology import read_ontology

E = "https://e.example/"
TURTLE = """
@prefix e: <https://e.example/> .
@prefix kgt: <https://w3id.org/kgtransfer/ns#> .
@prefix im: <https://w3id.org/kgtransfer/image-measures#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
e:code rdfs:subPropertyOf kgt:codedAs .
e:Shade a owl:Class ; rdfs:subClassOf kgt:Attribute ; e:code "shade" .
e:Dark a owl:Class ; rdfs:subClassOf e:Shade ; e:code "dark" .
e:Light a owl:Class ; rdfs:subClassOf e:Shade ; e:code "light" .
e:Lit a owl:Class ; rdfs:subClassOf kgt:Attribute .
e:Bright a owl:Class ; rdfs:subClassOf e:Lit ; kgt:measuredBy im:brightShare ;
    kgt:threshold 0.5 ; kgt:softness 0.1 .
e:Dim a owl:Class ; rdfs:subClassOf e:Lit ; kgt:measuredBy im:brightShare ;
    kgt:threshold 0.5 ; kgt:softness -0.1 .
"""


def _folder(path: Path, splits: str) -> Path:
    """Ten images of each split; those that are not for training are annotated wrongly."""
    rows = ["image,label,split,shade"]
    for number in range(20):
        dark, split = number % 2, splits.split()[number // 10]
        pixels = np.full((24, 24, 3), 40 if dark else 210, dtype=np.uint8) + number
        Image.fromarray(pixels).save(path / f"{number}.png")
        said = "dark" if dark == (split == "train") else "light"
        rows.append(f"{number}.png,thing,{split},{said}")
    (path / "labels.csv").write_text("\n".join(rows), encoding="utf-8")
    (path / "shade.ttl").write_text(TURTLE, encoding="utf-8")
    return path


def test_heads_learn_from_training_images_alone(tmp_path: Path) -> None:
    folder = _folder(tmp_path, "train test")
    graph = read_ontology(folder / "shade.ttl")
    source = opened(Settings(data=str(folder)), BackboneConfig(), None).on(graph)
    pictures = [np.full((24, 24, 3), shade, dtype=np.uint8) for shade in (50, 200)]
    readings = source.read(pictures)
    observed = source.observed(readings, source.usual(readings))
    assert observed.values == {E + "Shade": (E + "Dark", E + "Light")}
    assert observed.weights[E + "Shade"].argmax(axis=1).tolist() == [0, 1]


def test_images_without_an_entry_are_left_out(tmp_path: Path) -> None:
    folder = _folder(tmp_path, "train train")
    table = (
        (folder / "labels.csv")
        .read_text(encoding="utf-8")
        .replace("19.png,thing,train,dark", "19.png,thing,train,")
    )
    (folder / "labels.csv").write_text(table, encoding="utf-8")
    images = opened(Settings(data=str(folder)), BackboneConfig(), None).images
    assert len(annotated(read_ontology(folder / "shade.ttl"), images)) == 19


def test_without_a_split_nothing_says_what_may_be_learned_from(tmp_path: Path) -> None:
    folder = _folder(tmp_path, "test test")
    with pytest.raises(DataError, match="nothing says which annotated images"):
        opened(Settings(data=str(folder)), BackboneConfig(), None)


def test_columns_that_no_attribute_codes_are_refused(tmp_path: Path) -> None:
    folder = _folder(tmp_path, "train test")
    (folder / "shade.ttl").write_text(TURTLE.replace('e:code "shade"', ""), encoding="utf-8")
    sources = opened(Settings(data=str(folder)), BackboneConfig(), None)
    with pytest.raises(DataError, match="no training image has attributes that the ontology code"):
        sources.on(read_ontology(folder / "shade.ttl"))
