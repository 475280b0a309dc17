"""What is said of a concept."""

from __future__ import annotations

from kgtransfer.code.graphs.api import iri_of
from kgtransfer.code.verbalisers.base import ConceptWords
from kgtransfer.knowledge.graph import KnowledgeGraph


def test_words_of_a_concept_are_its_label_first_sentence_and_synonyms(
    shop_graph: KnowledgeGraph,
) -> None:
    basket = ConceptWords.of(iri_of("shop.basket.Basket"), shop_graph)
    assert basket == ("Basket", "Collects articles until they are paid for.", ("basket",))
