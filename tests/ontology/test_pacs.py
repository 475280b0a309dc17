from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.knowledge.axioms import axioms_of
from kgtransfer.knowledge.check.validate import check
from kgtransfer.knowledge.codes import classes_by_code
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.knowledge.wordnet import linked_synsets

ONTOLOGY = Path(__file__).parents[2] / "ontology"
PACS = "https://w3id.org/kgtransfer/pacs#"
SYNSETS = {
    "dog": "n02084071",
    "elephant": "n02503517",
    "giraffe": "n02439033",
    "guitar": "n03467517",
    "horse": "n02374451",
    "house": "n03544360",
    "person": "n00007846",
}


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    return read_ontology(ONTOLOGY / "pacs.ttl", ONTOLOGY / "kgt.ttl")


def test_it_checks_clean_with_the_vocabulary() -> None:
    assert check([ONTOLOGY / "kgt.ttl", ONTOLOGY / "pacs.ttl"]) == []


def test_each_class_is_linked_to_its_synset(graph: KnowledgeGraph) -> None:
    classes = classes_by_code(graph, list(SYNSETS))
    assert [linked_synsets(graph, cls) for (cls,) in classes] == [
        (id_,) for id_ in SYNSETS.values()
    ]


def test_a_person_may_show_by_clothing(graph: KnowledgeGraph) -> None:
    (fact,) = axioms_of(graph).facts(PACS + "Person")
    assert (fact.value, fact.probability) == (PACS + "Clothing", 0.3)
    assert linked_synsets(graph, PACS + "Clothing") == ("n03051540",)
