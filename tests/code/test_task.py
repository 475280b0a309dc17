"""Code search as a task: what it tells an experiment."""

from __future__ import annotations

import pytest

from kgtransfer.backbones.text import TextEncoder
from kgtransfer.code.corpus import SearchCorpus
from kgtransfer.code.data import CodeData
from kgtransfer.code.task import CodeSearchTask
from kgtransfer.embedding import ConceptEmbeddings
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.retrieval.settings import SearchTraining


@pytest.fixture(scope="module")
def data(corpus: SearchCorpus) -> CodeData:
    corpora = {"named": corpus, "masked": corpus.with_names_masked()}
    return CodeData(corpora, name="library", test="library")


@pytest.fixture(scope="module")
def task(
    data: CodeData, graph: KnowledgeGraph, concepts: ConceptEmbeddings, encoder: TextEncoder
) -> CodeSearchTask:
    return CodeSearchTask(data, graph, concepts, encoder, labels=(5, 10**6), device="cpu")


def test_it_says_what_it_is(task: CodeSearchTask) -> None:
    assert (task.kind, task.metric, task.headline) == ("code", "mrr", "kg")
    assert (task.data, task.test, task.device) == ("library", "library", "cpu")


def test_few_label_arms_have_no_more_pairs_than_there_are(task: CodeSearchTask) -> None:
    pairs = len(task.source.main.labelled)
    assert 5 < pairs < 100
    assert [arm.labels for arm in task.arms if arm.role == "labels"] == [5, pairs]


def test_sources_of_vectors_run_in_the_first_setting_alone(task: CodeSearchTask) -> None:
    chosen = [arm for arm in task.arms if arm.name in ("none", "kg", "kg_random")]
    named, masked = task.settings(chosen)
    assert (named.name, [arm.name for arm in named.arms]) == ("named", ["none", "kg", "kg_random"])
    assert (masked.name, [arm.name for arm in masked.arms]) == ("masked", ["none", "kg"])


def test_settings_share_the_token_states_of_texts(task: CodeSearchTask) -> None:
    named, masked = task.fitters.values()
    first = named.texts.states(["def f(x): return x"])
    again = masked.texts.states(["def f(x): return x"])
    assert again.states[0] is first.states[0]


def test_the_hash_depends_on_training_and_encoder(
    task: CodeSearchTask,
    data: CodeData,
    graph: KnowledgeGraph,
    concepts: ConceptEmbeddings,
    encoder: TextEncoder,
) -> None:
    same = CodeSearchTask(data, graph, concepts, encoder)
    longer = CodeSearchTask(data, graph, concepts, encoder, training=SearchTraining(epochs=2))
    other = CodeSearchTask(data, graph, concepts, "minilm")
    assert task.hash == same.hash
    assert len({task.hash, longer.hash, other.hash}) == 3


def test_arms_that_read_the_structure_need_one(
    task: CodeSearchTask,
    data: CodeData,
    graph: KnowledgeGraph,
    concepts: ConceptEmbeddings,
    encoder: TextEncoder,
) -> None:
    texts = CodeSearchTask(data, graph, concepts.part("text"), encoder, device="cpu")
    left_out = {arm.name for arm in task.arms} - {arm.name for arm in texts.arms}
    assert left_out >= {"kg_structure", "kg_both"}
    assert "kg" in {arm.name for arm in texts.arms}
