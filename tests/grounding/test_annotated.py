"""Heads learn annotated attributes, by the ontology's codes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kgtransfer.errors import DataError
from kgtransfer.grounding.annotated import AnnotatedSource, AttributeHeads
from kgtransfer.knowledge.codes import attributes_by_code
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology

E = "https://example.org/"
FRUIT = """
@prefix e: <https://example.org/> . @prefix kgt: <https://w3id.org/kgtransfer/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
e:code rdfs:subPropertyOf kgt:codedAs .
e:Size rdfs:subClassOf kgt:Attribute ; e:code "size" .
e:Big rdfs:subClassOf e:Size ; e:code "big" . e:Small rdfs:subClassOf e:Size ; e:code "nil" .
e:Taste rdfs:subClassOf kgt:Attribute ; e:code "taste" .
e:Sour rdfs:subClassOf e:Taste ; e:code "nil" . e:Sweet rdfs:subClassOf e:Taste ; e:code "sugar" .
"""


@pytest.fixture
def fruit(tmp_path: Path) -> KnowledgeGraph:
    (tmp_path / "fruit.ttl").write_text(FRUIT, encoding="utf-8")
    return read_ontology(tmp_path / "fruit.ttl")


def test_a_code_means_what_it_means_in_its_column(fruit: KnowledgeGraph) -> None:
    assert attributes_by_code(fruit) == {
        "size": (E + "Size", {"big": E + "Big", "nil": E + "Small"}),
        "taste": (E + "Taste", {"nil": E + "Sour", "sugar": E + "Sweet"}),
    }


def test_heads_predict_what_was_annotated(fruit: KnowledgeGraph) -> None:
    numbers = np.random.default_rng(0).normal(size=(80, 2))
    size = ["big" if n > 0 else "nil" for n in numbers[:, 0]]
    taste = ["sugar"] * 80  # one value only: nothing to learn
    heads = AttributeHeads.fitted(fruit, numbers, {"size": size, "taste": taste, "colour": size})
    seen = heads.observe(np.array([[3.0, 0.0], [-3.0, 0.0]]))
    assert seen.values == {E + "Size": (E + "Big", E + "Small")}
    assert seen.weights[E + "Size"][:, 0] == pytest.approx([0.99, 0.01], abs=0.02)
    np.testing.assert_allclose(seen.weights[E + "Size"].sum(axis=1), 1)


def test_heads_ground_what_was_measured(fruit: KnowledgeGraph) -> None:
    numbers = np.random.default_rng(0).normal(size=(80, 2))
    size = ["big" if n > 0 else "nil" for n in numbers[:, 0]]
    heads = AttributeHeads.fitted(fruit, numbers, {"size": size})
    assert (heads.concepts, heads.relations) == ((E + "Big", E + "Small"), (E + "Size",))
    grounding = heads.ground(np.array([[3.0, 0.0], [-3.0, 0.0]]))
    assert (grounding.concepts, grounding.relations) == (heads.concepts, heads.relations)
    assert grounding.weights.tolist() == pytest.approx([0.99, 0.01, 0.01, 0.99], abs=0.02)


def test_unknown_entries_and_columns_are_named(fruit: KnowledgeGraph) -> None:
    numbers = np.zeros((2, 1))
    with pytest.raises(DataError, match=r"column size: the ontology does not know huge[\s\S]*big"):
        AttributeHeads.fitted(fruit, numbers, {"size": ["big", "huge"]})
    with pytest.raises(DataError, match="no column of the annotations"):
        AttributeHeads.fitted(fruit, numbers, {"colour": ["red", "blue"]})


class _Columns:
    """Samples are rows of two numbers."""

    model, code, width, scale = "", b"code", 2, 1.0

    def __init__(self, graph: KnowledgeGraph) -> None:
        self.graph = graph
        self.concepts: tuple[str, ...] = ()
        self.relations: tuple[str, ...] = ()

    def read(self, samples: Sequence[np.ndarray]) -> np.ndarray:
        return np.stack(list(samples))

    def numbers(self, readings: np.ndarray) -> np.ndarray:
        return readings


def test_heads_are_a_source_that_is_read_in_each_domain_by_what_is_usual_there(
    fruit: KnowledgeGraph,
) -> None:
    numbers = np.random.default_rng(0).normal(size=(80, 2))
    size = ["big" if n > 0 else "nil" for n in numbers[:, 0]]
    base: Any = _Columns(fruit)
    source = AnnotatedSource(base, numbers, {"size": size})
    elsewhere = numbers * 3 + 50  # the same fruit through another camera
    usual = source.usual(elsewhere)
    observed = source.observed(elsewhere, usual)
    assert observed.values == {E + "Size": (E + "Big", E + "Small")}
    right = observed.weights[E + "Size"].argmax(axis=1) == [s == "nil" for s in size]
    assert right.mean() > 0.95
    missing = source.observed(np.full((1, 2), np.nan), usual)
    at_mean = source.observed(elsewhere.mean(axis=0, keepdims=True), usual)
    np.testing.assert_allclose(missing.weights[E + "Size"], at_mean.weights[E + "Size"])
    assert source.ground(list(elsewhere)).relations == (E + "Size",)
    assert (source.code, source.width, source.numbers(numbers) is numbers) == (b"code", 2, True)


def test_facts_about_annotated_attributes_are_the_tables(tmp_path: Path) -> None:
    text = FRUIT + "e:Plum kgt:usual e:Small . e:Melon kgt:usual e:Big , e:Sweet ."
    (tmp_path / "fruit.ttl").write_text(text, encoding="utf-8")
    base: Any = _Columns(read_ontology(tmp_path / "fruit.ttl"))
    source = AnnotatedSource(base, np.array([[0.0, 1], [1, 0]]), {"size": ["big", "nil"]})
    tables = source.tables((E + "Plum", E + "Melon"))
    assert list(tables) == [E + "Size"]
    np.testing.assert_allclose(
        tables[E + "Size"][1], [[0.05 / 0.95, 0.9 / 0.95], [0.9 / 0.95, 0.05 / 0.95]]
    )
