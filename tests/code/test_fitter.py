"""Arms of code search fitted on real code with the real encoder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from kgtransfer.backbones.text import TextEncoder
from kgtransfer.code import encoders as encoders_module
from kgtransfer.code import fitter as fitter_module
from kgtransfer.code.arms import search_arms
from kgtransfer.code.corpus import SearchCorpus
from kgtransfer.code.fitter import SearchFitter
from kgtransfer.code.methods import CANDIDATES, JUDGED, SearchMethod
from kgtransfer.conditioning.gates import gates_of
from kgtransfer.embedding import ConceptEmbeddings
from kgtransfer.experiments.arms import Arm
from kgtransfer.experiments.cache import FitCache
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.retrieval.context_gate import context_gate_of
from kgtransfer.retrieval.contrastive import encode
from kgtransfer.retrieval.settings import SearchTraining

TRAINING = SearchTraining(adaptation=64, batch_size=16, label_epochs=1)
ARMS = {arm.name: arm for arm in search_arms([20])}
METHODS = {name: arm.method for name, arm in ARMS.items() if arm.method}
KG = METHODS["kg"]


@pytest.fixture(scope="module")
def fitter(
    corpus: SearchCorpus,
    graph: KnowledgeGraph,
    concepts: ConceptEmbeddings,
    encoder: TextEncoder,
) -> SearchFitter:
    return SearchFitter(corpus, graph, concepts, encoder, training=TRAINING)


def test_zero_shot_is_the_encoder_itself(fitter: SearchFitter, encoder: TextEncoder) -> None:
    run = fitter.run(ARMS["none"], 0)
    queries = encoder.encode(fitter.test_queries)
    documents = encoder.encode([document.code for document in fitter.corpus.documents])
    scores = queries @ documents.T
    own = scores[torch.arange(len(scores)), torch.tensor(fitter.targets)]
    ranks = 1 + (scores > own[:, None]).sum(1)
    assert np.abs(1 / run.per_sample - ranks.numpy()).mean() < 0.5  # rounding of bfloat16
    assert 0.2 < run.per_sample.mean() < 1
    assert set(run.gates.values()) == {0.0}


def test_bm25_needs_no_encoder(fitter: SearchFitter) -> None:
    run = fitter.run(ARMS["bm25"], 0)
    assert 0.1 < run.per_sample.mean() < 1
    assert run.metrics["r@1"] <= run.per_sample.mean() <= run.metrics["r@10"]


def test_before_training_the_conditioned_model_scores_as_the_plain_one(
    fitter: SearchFitter,
) -> None:
    plain, kg = METHODS["none"], replace(KG, chosen=False)
    scores = [fitter.scores(fitter.build(method, 0), method) for method in (plain, kg)]
    assert np.array_equal(*scores)


def test_kg_with_all_gates_shut_is_the_baseline_to_the_bit(fitter: SearchFitter) -> None:
    kg, baseline = (fitter.method(ARMS[name], 0) for name in ("kg", "baseline"))
    model, plain = fitter.fit(kg, 0), fitter.fit(baseline, 0)
    assert any(gates_of(model).gate_values().values())
    expected = fitter.scores(plain, baseline)
    opened = fitter.scores(model, kg)
    context_gate_of(model).backbone.load_state_dict(fitter.encoders.weights(baseline, 0))
    gates_of(model).set({})
    read = fitter.scores(model, kg)
    context_gate_of(model).gate.data.zero_()
    assert np.array_equal(fitter.scores(model, kg), expected)
    assert not np.array_equal(read, expected)
    assert not np.array_equal(opened, expected)


def test_the_baseline_says_what_it_was_chosen_from(fitter: SearchFitter) -> None:
    run = fitter.run(ARMS["baseline"], 0)
    assert run.choice is not None
    assert run.choice.by == "held-out queries"
    assert set(run.choice.losses) == set(JUDGED)
    assert set(run.candidates) == set(CANDIDATES)
    assert np.array_equal(run.candidates[run.choice.name], run.per_sample)
    assert np.array_equal(run.candidates["zero_shot"], fitter.run(ARMS["none"], 0).per_sample)


def test_an_encoder_that_training_spoils_is_not_kept(
    corpus: SearchCorpus, graph: KnowledgeGraph, concepts: ConceptEmbeddings, encoder: TextEncoder
) -> None:
    spoiling = replace(TRAINING, encoder_lr=0.3)
    spoiled = SearchFitter(corpus, graph, concepts, encoder, training=spoiling)
    assert spoiled.choice(0).name.startswith("zero_shot")


def test_the_same_seed_gives_the_same_bits_and_another_does_not(fitter: SearchFitter) -> None:
    first, again, other = (fitter.run(ARMS["kg"], seed) for seed in (0, 0, 1))
    assert np.array_equal(first.per_sample, again.per_sample)
    assert first.gates == again.gates
    assert first.gates != other.gates


def test_a_fixed_context_gate_moves_the_baselines_vectors(fitter: SearchFitter) -> None:
    half = SearchMethod(train_on="code", context=0.5)
    adapted = CANDIDATES["adapted"]
    plain, fixed = fitter.fit(adapted, 0), fitter.fit(half, 0)
    assert context_gate_of(fixed).gate.item() == 0.5
    alone = fitter.document_vectors(plain, adapted, 0)
    texts = fitter.inputs.contexts(half, 0, fitter.corpus.documents, fitter.texts.grounding)
    in_context = encode(plain, fitter.texts.states(texts))
    mixed = torch.nn.functional.normalize(alone + in_context, dim=1)  # a half of each
    assert (fitter.document_vectors(fixed, half, 0) * mixed).sum(1).min() > 0.999


@pytest.mark.parametrize("parts", [("structure",), ("text", "structure")])
def test_other_sources_of_vectors_condition_too(
    fitter: SearchFitter, parts: tuple[str, ...]
) -> None:
    method = replace(METHODS["kg_vectors"], parts=parts)
    run = fitter.run(Arm("other", method=method), 0)
    assert any(run.gates.values())


def test_few_labels_are_fitted_and_scored(fitter: SearchFitter) -> None:
    assert fitter.run(ARMS["labels_20"], 0).per_sample.shape == (len(fitter.targets),)


def test_development_queries_can_be_scored_instead(
    corpus: SearchCorpus,
    graph: KnowledgeGraph,
    concepts: ConceptEmbeddings,
    encoder: TextEncoder,
) -> None:
    dev = SearchFitter(corpus, graph, concepts, encoder, split="dev")
    assert dev.test_queries == [query.text for query in corpus.dev]


@pytest.fixture
def begun(
    corpus: SearchCorpus,
    graph: KnowledgeGraph,
    concepts: ConceptEmbeddings,
    encoder: TextEncoder,
    tmp_path: Path,
) -> Callable[[], SearchFitter]:
    """Begins an experiment, or goes on with it: fits are kept in one folder."""

    def begin() -> SearchFitter:
        fitter = SearchFitter(corpus, graph, concepts, encoder, training=TRAINING)
        fitter.fits = FitCache(tmp_path / "fits", "key")
        return fitter

    return begin


def test_an_encoder_that_was_trained_is_not_trained_again(
    begun: Callable[[], SearchFitter], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = begun().run(ARMS["adapted"], 0)
    monkeypatch.setattr(encoders_module, "train_encoder", None)  # a call would fail
    again = begun().run(ARMS["adapted"], 0)
    assert again.per_sample.tobytes() == first.per_sample.tobytes()
    kept = [path.name for path in (tmp_path / "fits").iterdir()]
    assert len(kept) == 1


def test_a_finished_run_that_is_taken_up_encodes_no_document_again(
    begun: Callable[[], SearchFitter], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, arm, file = begun(), ARMS["kg_fixed"], tmp_path / "model.safetensors"
    first.run(arm, 0, model_file=file)
    first.keep_vectors(arm, 0)
    monkeypatch.setattr(fitter_module, "encode", None)  # a call would fail
    again = begun().index(arm, 0, file)
    assert torch.equal(again.vectors, first.index(arm, 0, file).vectors)
