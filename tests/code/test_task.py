"""Arms of a code-search task on real code with the real encoder."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from kgtransfer.backbones.text import TextEncoder
from kgtransfer.code.arms import SearchArm, SearchRecipe
from kgtransfer.code.corpus import SearchCorpus
from kgtransfer.code.task import SearchTask
from kgtransfer.conditioning.gates import gates_of
from kgtransfer.embedding import ConceptEmbeddings
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.retrieval.context_gate import context_gate_of
from kgtransfer.retrieval.contrastive import encode

RECIPE = SearchRecipe(adaptation=64, batch_size=16, label_epochs=1)
VECTORS = SearchArm("kg_vectors", train_on="code", taught_by="graph", gates="learned")
KG = replace(VECTORS, name="kg", reading="learned")
BASELINE = SearchArm("baseline", train_on="code")


@pytest.fixture(scope="module")
def task(
    corpus: SearchCorpus,
    graph: KnowledgeGraph,
    concepts: ConceptEmbeddings,
    encoder: TextEncoder,
) -> SearchTask:
    return SearchTask(corpus, graph, concepts, encoder, recipe=RECIPE)


def test_zero_shot_is_the_encoder_itself(task: SearchTask, encoder: TextEncoder) -> None:
    run = task.run(SearchArm("none"), 0)
    queries = encoder.encode(task.test_queries)
    documents = encoder.encode([document.code for document in task.corpus.documents])
    scores = queries @ documents.T
    own = scores[torch.arange(len(scores)), torch.tensor(task.scored)]
    ranks = 1 + (scores > own[:, None]).sum(1)
    assert np.abs(1 / run.per_sample - ranks.numpy()).mean() < 0.5  # rounding of bfloat16
    assert 0.2 < run.per_sample.mean() < 1
    assert set(run.gates.values()) == {0.0}


def test_bm25_needs_no_encoder(task: SearchTask) -> None:
    run = task.run(SearchArm("bm25", lexical=True), 0)
    assert 0.1 < run.per_sample.mean() < 1
    assert run.metrics["r@1"] <= run.per_sample.mean() <= run.metrics["r@10"]


def test_before_training_the_conditioned_model_scores_as_the_plain_one(task: SearchTask) -> None:
    plain, conditioned = SearchArm("none"), KG
    assert torch.equal(
        task.scores(task.build(plain, 0), plain),
        task.scores(task.build(conditioned, 0), conditioned),
    )


def test_kg_with_all_gates_shut_is_the_baseline_to_the_bit(task: SearchTask) -> None:
    model, plain = task.fit(KG, 0), task.fit(BASELINE, 0)
    assert any(gates_of(model).gate_values().values())
    opened = task.scores(model, KG)
    gates_of(model).set({})
    read = task.scores(model, KG)
    context_gate_of(model).gate.data.zero_()
    assert torch.equal(task.scores(model, KG), task.scores(plain, BASELINE))
    assert not torch.equal(read, task.scores(plain, BASELINE))
    assert not torch.equal(opened, task.scores(plain, BASELINE))


def test_the_same_seed_gives_the_same_bits_and_another_does_not(task: SearchTask) -> None:
    first, again, other = task.run(KG, 0), task.run(KG, 0), task.run(KG, 1)
    assert np.array_equal(first.per_sample, again.per_sample)
    assert first.gates == again.gates
    assert first.gates != other.gates


def test_smoothing_fixes_a_gate_on_the_baselines_weights(task: SearchTask) -> None:
    smoothed = SearchArm("baseline_smoothed", train_on="code", gates={"class": 0.3})
    plain, fixed = task.fit(BASELINE, 0), task.fit(smoothed, 0)
    assert gates_of(fixed).gate_values()["class"] == pytest.approx(0.3)
    weights = context_gate_of(fixed).backbone.state_dict()
    for name, value in context_gate_of(plain).backbone.state_dict().items():
        assert torch.equal(value, weights[name])


def test_a_fixed_reading_moves_the_baselines_vectors(task: SearchTask) -> None:
    read = SearchArm("baseline_read", train_on="code", reading=0.5)
    plain, fixed = task.fit(BASELINE, 0), task.fit(read, 0)
    assert context_gate_of(fixed).gate.item() == 0.5
    bare = task.document_vectors(plain, BASELINE, 0)
    texts = task.texts.contexts(task.corpus.documents, task.texts.grounding, task.words_of(read, 0))
    inside = encode(plain, task.texts.states(texts))
    mixed = torch.nn.functional.normalize(bare + inside, dim=1)  # a half of each
    assert (task.document_vectors(fixed, read, 0) * mixed).sum(1).min() > 0.999


def test_the_placebos_words_go_with_its_vectors(task: SearchTask) -> None:
    placebo = SearchArm("shuffled", concepts="shuffled")
    words, vectors = task.words_of(placebo, 3), task.concepts_of(placebo, 3).vectors
    own, true = task.words_of(KG, 3), task.concepts_of(KG, 3).vectors
    unique = [row for row, said in enumerate(words) if own.count(said) == 1]
    assert len(unique) > 50
    for row in unique:
        assert torch.equal(vectors[row], true[own.index(words[row])])


def test_the_placebo_permutes_vectors_within_their_class(task: SearchTask) -> None:
    true = task.concepts_of(KG, 0)
    placebo = task.concepts_of(SearchArm("shuffled", concepts="shuffled"), 0)
    assert placebo.iris == true.iris
    moved = (placebo.vectors != true.vectors).any(1).float().mean()
    assert moved > 0.95
    kinds = {task.graph.types(iri) for iri in true.iris}
    for kind in kinds:
        rows = [row for row, iri in enumerate(true.iris) if task.graph.types(iri) == kind]
        assert torch.equal(
            placebo.vectors[rows].sum(1).sort().values, true.vectors[rows].sum(1).sort().values
        )


def test_few_labels_train_on_the_labelled_part_alone(task: SearchTask) -> None:
    arm = SearchArm("labels_20", train_on="labels", labels=20)
    pairs = task.pairs(arm, 0)
    allowed = {task.texts.documents.states[row].shape for row in task.corpus.labelled}
    assert len(pairs.documents) == min(20, len(task.corpus.labelled))
    assert {states.shape for states in pairs.documents.states} <= allowed
    assert task.run(arm, 0).per_sample.shape == (len(task.scored),)


@pytest.mark.parametrize("parts", [("structure",), ("text", "structure")])
def test_other_sources_of_vectors_condition_too(task: SearchTask, parts: tuple[str, ...]) -> None:
    run = task.run(replace(VECTORS, parts=parts), 0)
    assert any(run.gates.values())


def test_development_queries_can_be_scored_instead(
    corpus: SearchCorpus,
    graph: KnowledgeGraph,
    concepts: ConceptEmbeddings,
    encoder: TextEncoder,
) -> None:
    dev = SearchTask(corpus, graph, concepts, encoder, split="dev")
    assert dev.test_queries == corpus.queries(corpus.dev)
