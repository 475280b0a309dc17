from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import torch
from matplotlib.colors import to_hex
from matplotlib.transforms import Bbox

from kgtransfer.embedding.concepts import ConceptEmbeddings
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.report.concept_map import (
    caption,
    class_palette,
    concept_map,
    draw,
    graph_map,
    write_png,
)
from kgtransfer.report.style import CLASSES, svg

EX = "http://x.example/"


def concepts(vectors: torch.Tensor) -> ConceptEmbeddings:
    iris = tuple(f"{EX}c{row}" for row in range(len(vectors)))
    return ConceptEmbeddings(iris, vectors, {"text": (0, vectors.shape[1])})


def cross() -> ConceptEmbeddings:
    """Variance 2 along the first axis, 1 along the third, none along the second."""
    ends = [[2, 0, 0], [-2, 0, 0], [0, 0, 2**0.5], [0, 0, -(2**0.5)]]
    return concepts(torch.tensor(ends) + torch.tensor([5.0, 1.0, 0.0]))


def cloud(count: int) -> ConceptEmbeddings:
    return concepts(torch.randn(count, 8, generator=torch.Generator().manual_seed(0)))


def test_places_are_the_principal_components() -> None:
    found = concept_map(cross(), {EX + "c0": "first"}, {EX + "c1": "A"})
    assert [abs(x) for x in found["x"]] == pytest.approx([2, 2, 0, 0], abs=1e-4)
    assert [abs(y) for y in found["y"]] == pytest.approx([0, 0, 2**0.5, 2**0.5], abs=1e-4)
    assert found["explained"] == [0.6667, 0.3333]
    assert found["label"] == ["first", EX + "c1", EX + "c2", EX + "c3"]
    assert found["class"] == ["", "A", "", ""]
    assert found["concepts"] == 4


@pytest.mark.parametrize("vectors", [torch.eye(2), torch.ones(5, 3), torch.rand(5, 1)])
def test_no_map_of_what_has_no_plane(vectors: torch.Tensor) -> None:
    assert concept_map(concepts(vectors)) == {}


def test_of_very_many_concepts_some_are_drawn() -> None:
    found = concept_map(cloud(1500))
    assert (len(found["x"]), found["concepts"]) == (1000, 1500)
    assert found == concept_map(cloud(1500))
    assert caption(found).startswith("Map of the concept vectors: 1,000 of 1,500 concepts. ")


def test_a_graph_gives_labels_and_classes() -> None:
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    nodes = [ox.NamedNode(f"{EX}c{row}") for row in range(4)]
    said = [(node, kind, ox.NamedNode(EX + "Colour")) for node in nodes[:3]]
    named = [(nodes[0], label, ox.Literal("red")), (nodes[3], label, ox.Literal("lone"))]
    found = graph_map(cross(), KnowledgeGraph(ox.Triple(*triple) for triple in (*said, *named)))
    assert found["class"] == ["Colour", "Colour", "Colour", ""]
    assert found["label"] == ["red", "c1", "c2", "lone"]


def test_a_class_is_drawn_in_the_colour_that_the_graph_gives_it() -> None:
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    said = [(ox.NamedNode(f"{EX}c{row}"), kind, ox.NamedNode(EX + "Moss")) for row in range(4)]
    colour = ox.NamedNode("https://schema.org/color"), ox.Literal("olivedrab")
    triples = (*said, (ox.NamedNode(EX + "Moss"), *colour))
    found = graph_map(cross(), KnowledgeGraph(ox.Triple(*triple) for triple in triples))
    assert found["colours"] == {"Moss": "#6b8e23"}
    dots = [group for group in draw(found).axes[0].collections if len(group.get_offsets())]
    assert [to_hex(group.get_facecolor()[0]) for group in dots] == ["#6b8e23"]


def test_no_two_classes_have_one_colour() -> None:
    palette = class_palette(["a", "b", "c"], {"b": CLASSES[0], "c": "no colour"})
    assert palette == {"a": CLASSES[1], "b": CLASSES[0], "c": CLASSES[2]}


def test_caption_says_what_is_seen_and_what_is_not() -> None:
    assert caption(concept_map(cross(), classes={EX + "c0": "A"})) == (
        "Map of the concept vectors: 4 concepts, coloured by class. The axes are the two "
        "directions in which the vectors differ most; they hold 100 % of the variance. Dots far "
        "apart differ; near ones may differ in the rest."
    )
    older = {"x": [0, 1], "y": [1, 0], "class": ["", ""]}
    assert caption(older).endswith("2 concepts. Near dots have similar vectors.")


def test_legend_counts_classes_and_puts_the_rest_last() -> None:
    iris = cloud(12).iris
    kinds = dict.fromkeys(iris[:5], "small") | dict.fromkeys(iris[5:11], "large")
    figure = draw(concept_map(cloud(12), classes=kinds))
    legend = figure.axes[0].get_legend()
    assert legend is not None
    entries = [text.get_text() for text in legend.get_texts()]
    assert entries == ["large (6)", "small (5)", "other (1)"]
    assert draw(concept_map(cloud(12))).axes[0].get_legend() is None


def test_names_never_cross_each_other() -> None:
    figure = draw(concept_map(cloud(300)))
    figure.draw_without_rendering()
    names = figure.axes[0].texts
    boxes = [Bbox(name.get_window_extent().get_points()) for name in names]
    assert len(boxes) >= 10
    assert [box.count_overlaps(boxes) for box in boxes] == [1] * len(boxes)  # itself


def test_only_concepts_of_a_class_are_named_where_there_are_classes() -> None:
    labels = {EX + "c0": "of a class", EX + "c1": "of none"}
    figure = draw(concept_map(cross(), labels, {EX + "c0": "A"}))
    assert [name.get_text() for name in figure.axes[0].texts] == ["of a class"]


@pytest.mark.parametrize("name", [r"<script>$\frac{$</script>", "図書館"])
def test_names_are_text_never_markup_or_mathematics(name: str) -> None:
    iris = cross().iris
    shown = concept_map(cross(), dict.fromkeys(iris, name), dict.fromkeys(iris, name))
    text = svg(draw(shown), "map")
    assert "<script" not in text
    assert name.replace("<", "&lt;").replace(">", "&gt;") in re.sub(r" \(4\)", "", text)


def test_picture_is_written_whole(tmp_path: Path) -> None:
    write_png(concept_map(cloud(30)), tmp_path / "concepts.png")
    assert (tmp_path / "concepts.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert [file.name for file in tmp_path.iterdir()] == ["concepts.png"]
