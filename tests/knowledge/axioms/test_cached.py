from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.axioms import axioms_of
from kgtransfer.knowledge.axioms.cached import cached_by_graph
from kgtransfer.knowledge.graph import KnowledgeGraph

Read = Callable[[str], KnowledgeGraph]


def test_what_was_worked_out_for_a_graph_is_given_again(turtle: Read) -> None:
    graph, same = turtle(":A rdfs:subClassOf :B ."), turtle(":A rdfs:subClassOf :B .")
    assert axioms_of(graph) is axioms_of(graph)
    assert axioms_of(same) == axioms_of(graph)


def test_each_graph_has_its_own_result(turtle: Read) -> None:
    count = cached_by_graph(len)
    assert [count(turtle(text)) for text in (":a :b 1 .", ":a :b 1, 2 .", "")] == [1, 2, 0]


def test_threads_are_given_the_same_object(turtle: Read) -> None:
    graph = turtle(":A rdfs:subClassOf :B .")
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(axioms_of, [graph] * 8))
    assert {id(axioms) for axioms in results} == {id(axioms_of(graph))}


def test_graph_and_result_are_freed(turtle: Read) -> None:
    graph = turtle(":A rdfs:subClassOf :B .")
    axioms = weakref.ref(axioms_of(graph))
    assert axioms() is not None
    del graph
    gc.collect()
    assert axioms() is None


def test_an_error_is_raised_every_time(turtle: Read) -> None:
    graph = turtle("kgt:usual a kgt:Frequency ; kgt:probability 2 .")
    for _ in range(2):
        with pytest.raises(OntologyError, match="no probability above 0 and below 1"):
            axioms_of(graph)
