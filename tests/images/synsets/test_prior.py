from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.grounding.observations import Observations
from kgtransfer.images.synsets.head import DEPICTED
from kgtransfer.images.synsets.prior import synset_prior
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.knowledge.wordnet import WordNet, synset_iri

E = "https://e.example/"
#           1 thing
#        2 animal            3 artefact
#   4 dog   5 ruminant       8 hat
#  6  7     9 ox  10 giraffe
WORDNET = WordNet(
    {
        f"n{below:08}": tuple(f"n{n:08}" for n in above)
        for below, above in {
            1: (), 2: (1,), 3: (1,), 4: (2,), 5: (2,), 6: (4,), 7: (4,), 8: (3,), 9: (5,), 10: (5,)
        }.items()
    }
)  # fmt: skip
HEAD = tuple(synset_iri(f"n{n:08}") for n in (6, 7, 8, 9))  # two dogs, a hat, an ox
CLASSES = (E + "Dog", E + "Giraffe", E + "Person")
ZOO = """
@prefix e: <https://e.example/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix kgt: <https://w3id.org/kgtransfer/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix wn30: <http://wordnet-rdf.princeton.edu/wn30/> .
e:Dog a owl:Class ; skos:exactMatch wn30:00000004-n .
e:Giraffe a owl:Class ; skos:exactMatch wn30:00000010-n .
e:Person a owl:Class ; skos:exactMatch wn30:00000001-n ; kgt:usual e:Hat .
e:Companion rdfs:subClassOf kgt:Attribute .
e:Hat rdfs:subClassOf e:Companion ; skos:exactMatch wn30:00000008-n .
e:Scarf rdfs:subClassOf e:Companion .
e:Stone a owl:Class ; rdfs:label "stone" .
e:Ghost a owl:Class ; rdfs:label "ghost" ; skos:exactMatch wn30:00000099-n .
"""


@pytest.fixture
def zoo(tmp_path: Path) -> KnowledgeGraph:
    (tmp_path / "zoo.ttl").write_text(ZOO, encoding="utf-8")
    return read_ontology(tmp_path / "zoo.ttl")


@pytest.fixture
def observe() -> Callable[..., Observations]:
    return lambda *rows: Observations({DEPICTED: HEAD}, {DEPICTED: np.array(rows, dtype=float)})


def test_the_head_names_the_class_that_lies_above_its_synsets(
    zoo: KnowledgeGraph, observe: Callable
) -> None:
    prior = synset_prior(zoo, CLASSES, WORDNET, HEAD)
    seen = observe([0.6, 0.4, 0, 0], [0, 0, 1, 0])
    assert prior.scores(seen).argmax(axis=1).tolist() == [0, 2]


def test_a_class_that_the_head_does_not_know_lives_on_its_relatives(
    zoo: KnowledgeGraph, observe: Callable
) -> None:
    prior = synset_prior(zoo, CLASSES, WORDNET, HEAD)
    assert prior.scores(observe([0, 0, 0, 1]))[0].argmax() == 1


def test_the_table_is_a_mixture_over_the_hierarchy(zoo: KnowledgeGraph) -> None:
    _, table = synset_prior(zoo, CLASSES, WORDNET, HEAD).tables[DEPICTED]
    # dog: itself 1, animal .3, thing .09, each even over the values below, of which there are 4
    mixture = np.array([1 / 2, 1 / 2, 0, 0]) + 0.3 * np.array([1, 1, 0, 1]) / 3 + 0.09 / 4
    assert table[0] == pytest.approx(0.7 * mixture / 1.39 + 0.3 / 4)
    # person: a thing, and usually a hat, which is a hat 1, an artefact .3, a thing .09
    hat = (np.array([0, 0, 1.3, 0]) + 0.09 / 4) / 1.39
    assert table[2] == pytest.approx(0.7 * (0.1 * 0.25 + 0.9 * hat) + 0.3 / 4)
    assert table.sum(axis=1) == pytest.approx([1, 1, 1])


def test_a_class_without_a_link_is_an_error(zoo: KnowledgeGraph) -> None:
    with pytest.raises(OntologyError, match="stone is linked to no synset") as raised:
        synset_prior(zoo, [E + "Stone"], WORDNET, HEAD)
    assert "skos:exactMatch <http://wordnet-rdf.princeton.edu/wn30/" in raised.value.cure


def test_a_link_to_what_wordnet_lacks_is_an_error(zoo: KnowledgeGraph) -> None:
    with pytest.raises(OntologyError, match="ghost is linked to n00000099, which is no noun"):
        synset_prior(zoo, [E + "Ghost"], WORDNET, HEAD)
