"""Texts as a source of grounding: what it shows, and what axioms expect of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from kgtransfer.conditioning.axiom_prior import AxiomPrior
from kgtransfer.errors import OntologyError
from kgtransfer.images.texts.source import NAMED, TextSource, attributes_without_measures
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology

E = "https://e.example/"
TURTLE = """
@prefix e: <https://e.example/> .
@prefix kgt: <https://w3id.org/kgtransfer/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
e:Zebra a owl:Class ; rdfs:label "zebra" ; kgt:usual e:Striped .
e:Horse a owl:Class ; rdfs:label "horse" ; skos:altLabel "pony" ; kgt:never e:Striped .
e:Coat a owl:Class ; rdfs:subClassOf kgt:Attribute .
e:Striped a owl:Class ; rdfs:subClassOf e:Coat ; rdfs:label "stripes" .
e:Plain a owl:Class ; rdfs:subClassOf e:Coat ; rdfs:label "plain" .
e:Size a owl:Class ; rdfs:subClassOf kgt:Attribute .
e:Big a owl:Class ; rdfs:subClassOf e:Size ; rdfs:label "big" ; kgt:measuredBy e:area .
e:Small a owl:Class ; rdfs:subClassOf e:Size ; rdfs:label "small" .
"""
CLASSES = (E + "Zebra", E + "Horse")
HEADS = {"zebra": [1, 0], "horse": [0, 1], "pony": [0, 1], "stripes": [1, 0], "plain": [0, 1]}
READINGS = np.array([[3.0, 0.0], [0.0, 1.0], [0.0, 2.0]])


class _Texts:
    """Features are the mean red and blue of an image; some words point at one of them."""

    hash, code, width = "of a model", b"code", 2

    def __init__(self) -> None:
        self.asked: list[str] = []

    def features(self, samples: Sequence[np.ndarray]) -> np.ndarray:
        return np.array([[image[..., 0].mean(), image[..., 2].mean()] for image in samples])

    def heads(self, texts: Sequence[str]) -> np.ndarray:
        self.asked += texts
        return np.array([HEADS.get(text, [0.6, 0.8]) for text in texts], dtype=float)


@pytest.fixture
def graph(tmp_path: Path) -> KnowledgeGraph:
    (tmp_path / "zoo.ttl").write_text(TURTLE, encoding="utf-8")
    return read_ontology(tmp_path / "zoo.ttl")


@pytest.fixture
def source(graph: KnowledgeGraph) -> TextSource:
    return TextSource(graph, _Texts())


def test_what_nothing_measures_is_found_by_text(graph: KnowledgeGraph, source: TextSource) -> None:
    assert attributes_without_measures(graph) == (E + "Coat",)
    assert source.relations == (NAMED, E + "Coat")
    assert source.concepts == (E + "Plain", E + "Striped")  # and no class
    every = TextSource(graph, _Texts(), (E + "Coat", E + "Size"))
    assert every.relations == (NAMED, E + "Coat", E + "Size")


def test_names_fit_images_by_what_is_usual_in_their_domain(source: TextSource) -> None:
    usual = source.usual(READINGS)
    assert usual["text " + E + "Zebra"] == (1.0, pytest.approx(np.sqrt(2)))
    assert usual["text " + E + "Horse"] == (1.0, pytest.approx(np.sqrt(2 / 3)))
    observed = source.observed(READINGS, usual)
    assert observed.values[NAMED] == (E + "Horse", E + "Zebra")
    # of the first image: (3 - 1) / sqrt 2 for a zebra, (0 - 1) / sqrt(2/3) for a horse
    odds = np.exp(np.sqrt(2) + np.sqrt(1.5))
    assert observed.weights[NAMED][0, 1] == pytest.approx(odds / (1 + odds))
    assert observed.weights[E + "Coat"].argmax(axis=1).tolist() == [1, 0, 0]
    np.testing.assert_allclose(observed.weights[E + "Coat"].sum(axis=1), 1)


def test_one_image_is_read_against_the_other_texts(source: TextSource) -> None:
    assert source.usual(READINGS[:1]) == {}
    observed = source.observed(READINGS[:1], {})
    assert observed.weights[NAMED].argmax(axis=1).tolist() == [1]


def test_classes_are_told_apart_by_names_and_facts(source: TextSource) -> None:
    tables = source.tables(CLASSES)
    assert list(tables) == [NAMED, E + "Coat"]
    assert tables[NAMED][0] == CLASSES
    np.testing.assert_allclose(tables[NAMED][1], [[0.995, 0.005], [0.005, 0.995]])
    prior = AxiomPrior.telling(CLASSES, tables)
    scores = prior.scores(source.observed(READINGS, source.usual(READINGS)))
    assert scores.argmax(axis=1).tolist() == [0, 1, 1]


def test_a_class_without_a_name_is_refused(source: TextSource) -> None:
    with pytest.raises(OntologyError, match="Unicorn is no class"):
        source.tables((E + "Zebra", E + "Unicorn"))


def test_names_of_classes_are_no_condition(source: TextSource) -> None:
    grounding = source.ground([np.full((2, 2, 3), (9, 0, 1), dtype=np.uint8)] * 2)
    assert grounding.concepts == source.concepts
    assert grounding.rows_of(0) == {NAMED: [], E + "Coat": [0, 1]}


def test_synonyms_count_and_texts_are_asked_for_once(source: TextSource) -> None:
    source.observed(READINGS, source.usual(READINGS))
    texts = source.texts
    assert isinstance(texts, _Texts)
    assert texts.asked.count("pony") == texts.asked.count("horse") == 1


def test_arms_without_the_graph_read_the_features(source: TextSource) -> None:
    assert source.numbers(READINGS) is READINGS
    assert source.scale == pytest.approx(10 / np.sqrt(2))
    assert (source.model, source.code, source.evidence(READINGS, {})) == ("of a model", b"code", {})
    assert (source.label(NAMED), source.label(E + "Striped")) == ("name", "stripes")
