"""A pre-trained head as a source of grounding: what it reads, shows and expects."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kgtransfer.grounding.observations import Observations
from kgtransfer.images.synsets.head import DEPICTED
from kgtransfer.images.synsets.source import SynsetSource
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.knowledge.wordnet import WordNet, read_wordnet, synset_iri

E = "https://e.example/"
NOUNS = """wnid\tlemmas\thypernyms
n00000001\tthing\t
n00000002\tanimal|beast\tn00000001
n00000003\tdog\tn00000002
n00000004\tgarment\tn00000001
n00000005\tLapp_hat|cap\tn00000004
"""
TURTLE = """
@prefix e: <https://e.example/> .
@prefix kgt: <https://w3id.org/kgtransfer/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix wn30: <http://wordnet-rdf.princeton.edu/wn30/> .
e:Dog skos:exactMatch wn30:00000003-n ; rdfs:label "hound" .
e:Person skos:exactMatch wn30:00000001-n ; kgt:usual e:Clothing .
e:Worn rdfs:subClassOf kgt:Attribute ; rdfs:label "worn" .
e:Clothing rdfs:subClassOf e:Worn ; skos:exactMatch wn30:00000004-n ; rdfs:label "clothing" .
e:Collar rdfs:subClassOf e:Worn ; skos:broadMatch wn30:00000003-n .
e:Tattoo rdfs:subClassOf e:Worn .
"""
DOG, HAT = synset_iri("n00000003"), synset_iri("n00000005")


class _Head:
    """Names dogs by red and hats by blue."""

    concepts, relations = (DOG, HAT), (DEPICTED,)
    hash, width, code = "of a model", 2, b"of a model and its code"

    def features(self, samples: Sequence[np.ndarray]) -> np.ndarray:
        return np.array([[image[..., 0].mean(), image[..., 2].mean()] for image in samples])

    def observations(self, features: np.ndarray) -> Observations:
        return Observations(
            {DEPICTED: self.concepts}, {DEPICTED: features / features.sum(axis=1, keepdims=True)}
        )


@pytest.fixture
def wordnet(tmp_path: Path) -> WordNet:
    (tmp_path / "nouns.tsv").write_text(NOUNS, encoding="utf-8")
    return read_wordnet(tmp_path / "nouns.tsv")


@pytest.fixture
def source(tmp_path: Path, wordnet: WordNet) -> SynsetSource:
    (tmp_path / "zoo.ttl").write_text(TURTLE, encoding="utf-8")
    head: Any = _Head()
    return SynsetSource(read_ontology(tmp_path / "zoo.ttl"), wordnet, head)


def _image(red: int, blue: int) -> np.ndarray:
    return np.full((4, 4, 3), (red, 0, blue), dtype=np.uint8)


def test_linked_values_show_what_lies_below_them(source: SynsetSource) -> None:
    assert source.relations == (DEPICTED, E + "Worn")
    assert source.concepts == (DOG, HAT, E + "Clothing", E + "Collar")
    readings = source.read([_image(30, 10), _image(0, 200)])
    observed = source.observed(readings, source.usual(readings))
    assert observed.weights[DEPICTED].tolist() == [[0.75, 0.25], [0, 1]]
    assert observed.values[E + "Worn"] == (E + "Clothing", E + "Collar")
    expected = [[0.26 / 1.02, 0.76 / 1.02], [1.01 / 1.02, 0.01 / 1.02]]
    np.testing.assert_allclose(observed.weights[E + "Worn"], expected)


def test_classes_are_expected_by_their_synsets_and_no_class_is_a_concept(
    source: SynsetSource,
) -> None:
    tables = source.tables((E + "Dog", E + "Person"))
    assert list(tables) == [DEPICTED]
    values, table = tables[DEPICTED]
    assert values == (DOG, HAT)
    assert table[0, 0] > 0.7 > 0.3 > table[1, 0]  # clothing comes along with persons
    np.testing.assert_allclose(table.sum(axis=1), 1)
    assert not {E + "Dog", E + "Person"} & {*source.concepts}


def test_names_are_those_of_the_ontology_or_else_of_wordnet(source: SynsetSource) -> None:
    labels = [source.label(iri) for iri in (DOG, HAT, E + "Clothing", E + "Worn", E + "Dog")]
    assert labels == ["dog", "Lapp hat", "clothing", "worn", "hound"]


def test_arms_without_the_graph_read_features_of_bounded_length(source: SynsetSource) -> None:
    readings = source.read([_image(3, 4)])
    assert source.numbers(readings).tolist() == [[3, 4]]
    assert source.scale == pytest.approx(10 / np.sqrt(2))
    assert (source.width, source.model, source.code) == (2, "of a model", source.head.code)


def test_a_photo_is_grounded_for_a_training_loop_of_ones_own(source: SynsetSource) -> None:
    grounding = source.ground([_image(30, 10)])
    assert (grounding.concepts, grounding.relations) == (source.concepts, source.relations)
    assert grounding.concepts_of(0) == {
        DEPICTED: [DOG, HAT], E + "Worn": [E + "Clothing", E + "Collar"]
    }  # fmt: skip
