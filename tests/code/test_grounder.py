"""Functions grounded on the API graph around them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import pytest

from kgtransfer.code.corpus import SearchCorpus
from kgtransfer.code.graphs.api import iri_of
from kgtransfer.code.grounder import CodeGrounder
from kgtransfer.knowledge.graph import KnowledgeGraph


@dataclass(frozen=True)
class Function:
    iri: str
    name: str


def _named(graph: KnowledgeGraph, name: str, *, masked: bool = False) -> dict[str, set[str]]:
    grounder = CodeGrounder(graph, graph.concepts, masked=masked)
    function = Function(iri_of(name), name.rpartition(".")[2])
    return {
        relation: {iri.rpartition("/")[2] for iri in concepts}
        for relation, concepts in grounder.ground([function]).concepts_of(0).items()
    }


def test_a_method_is_grounded_on_all_that_stands_around_it(shop_graph: KnowledgeGraph) -> None:
    assert _named(shop_graph, "shop.basket.Basket.add") == {
        "class": {"shop.basket.Basket"},
        "module": set(),
        "module of class": {"shop.basket"},
        "superclasses": {"shop.basket.Container"},
        "callers": {"shop.basket.Basket.empty"},
        "calls": {"shop.money.total", "shop.basket.Container._count", "builtins.ValueError"},
        "parameters": {"article", "amount"},
        "raises": {"builtins.ValueError"},
        "siblings": {"shop.basket.Basket.empty"},
    }


def test_a_function_is_grounded_on_its_module(shop_graph: KnowledgeGraph) -> None:
    found = _named(shop_graph, "shop.money.total")
    assert found["module"] == {"shop.money"}
    assert found["callers"] == {"shop.basket.Basket.add", "shop.money._round"}


def test_concepts_that_were_not_selected_condition_nothing(shop_graph: KnowledgeGraph) -> None:
    chosen = [iri_of("shop.money")]
    grounding = CodeGrounder(shop_graph, chosen).ground([Function(iri_of("shop.money.total"), "x")])
    assert grounding.concepts == tuple(chosen)
    shown = {relation: iris for relation, iris in grounding.concepts_of(0).items() if iris}
    assert shown == {"module": chosen}


def test_an_unknown_function_is_grounded_on_nothing(shop_graph: KnowledgeGraph) -> None:
    assert not any(_named(shop_graph, "shop.no_such").values())


@pytest.mark.parametrize("setting", ["named", "masked"])
def test_no_function_is_grounded_on_itself(
    corpus: SearchCorpus, graph: KnowledgeGraph, setting: str
) -> None:
    grounder = CodeGrounder(graph, graph.concepts, masked=setting == "masked")
    grounding = grounder.ground(corpus.documents)
    for sample, document in enumerate(corpus.documents):
        assert document.iri not in chain.from_iterable(grounding.concepts_of(sample).values())
