"""What arms of code search are given: concepts, their words, pairs to train on."""

from __future__ import annotations

import pytest
import torch

from kgtransfer.backbones.text import TextEncoder
from kgtransfer.code.corpus import SearchCorpus
from kgtransfer.code.inputs import SearchInputs
from kgtransfer.code.methods import SearchMethod
from kgtransfer.embedding import ConceptEmbeddings
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.retrieval.settings import SearchTraining

TRUE, SHUFFLED = SearchMethod(), SearchMethod(concepts="shuffled")


@pytest.fixture(scope="module")
def inputs(
    corpus: SearchCorpus,
    graph: KnowledgeGraph,
    concepts: ConceptEmbeddings,
    encoder: TextEncoder,
) -> SearchInputs:
    return SearchInputs(corpus, graph, concepts, encoder, SearchTraining(adaptation=64))


def test_the_placebos_words_go_with_its_vectors(inputs: SearchInputs) -> None:
    words, vectors = inputs.words_of(SHUFFLED, 3), inputs.concepts_of(SHUFFLED, 3).vectors
    own, true = inputs.words_of(TRUE, 3), inputs.concepts_of(TRUE, 3).vectors
    unique = [row for row, said in enumerate(words) if own.count(said) == 1]
    assert len(unique) > 50
    for row in unique:
        assert torch.equal(vectors[row], true[own.index(words[row])])


def test_the_placebo_permutes_vectors_within_their_class(inputs: SearchInputs) -> None:
    true, placebo = inputs.concepts_of(TRUE, 0), inputs.concepts_of(SHUFFLED, 0)
    assert placebo.iris == true.iris
    moved = (placebo.vectors != true.vectors).any(1).float().mean()
    assert moved > 0.95
    kinds = {inputs.graph.types(iri) for iri in true.iris}
    for kind in kinds:
        rows = [row for row, iri in enumerate(true.iris) if inputs.graph.types(iri) == kind]
        assert torch.equal(
            placebo.vectors[rows].sum(1).sort().values, true.vectors[rows].sum(1).sort().values
        )


def test_few_labels_train_on_the_labelled_part_alone(inputs: SearchInputs) -> None:
    pairs = inputs.pairs("labels", 20, 0)
    allowed = {
        states.shape
        for states in inputs.texts.states([q.answer.code for q in inputs.corpus.labelled]).states
    }
    assert len(pairs.documents) == min(20, len(inputs.corpus.labelled))
    assert {states.shape for states in pairs.documents.states} <= allowed


def test_the_unlabelled_functions_depend_on_the_seed_alone(inputs: SearchInputs) -> None:
    first, again, other = (inputs.adaptation("code", seed) for seed in (0, 0, 1))
    assert first == again
    assert first != other
    assert len(first) == min(64, len(inputs.corpus.adaptation))
    assert len(inputs.queries("graph", 0)) == len(first)


def test_an_arm_without_context_reads_none(inputs: SearchInputs) -> None:
    documents, grounding = inputs.corpus.documents, inputs.texts.grounding
    assert inputs.contexts(TRUE, 0, documents, grounding) == []


def test_no_arm_trains_on_what_is_held_out(inputs: SearchInputs) -> None:
    held, queries = inputs.held_out("code", 0)
    assert len(held) == len(queries) == len(inputs.corpus.adaptation) // 10
    assert not set(held) & set(inputs.adaptation("code", 0))
    assert [*held] == inputs.held_out("graph", 0)[0]


def test_the_placebos_queries_are_worded_from_its_own_graph(inputs: SearchInputs) -> None:
    true, placebo, again, other = (
        inputs.queries(source, seed)
        for source, seed in (
            ("graph", 0),
            ("shuffled graph", 0),
            ("shuffled graph", 0),
            ("shuffled graph", 1),
        )
    )
    assert placebo == again
    assert placebo not in (true, other)
    assert [group[0] for group in placebo] == [group[0] for group in true]  # its own name
