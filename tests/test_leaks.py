"""Nothing that is scored reaches training or a condition; a planted leak is found."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest

from kgtransfer.backbones.text import TextEncoder
from kgtransfer.code.corpus import SearchCorpus, Snippet, source_corpus
from kgtransfer.code.fitter import SearchFitter
from kgtransfer.code.graphs.api import build_code_graph
from kgtransfer.code.grounder import CodeGrounder
from kgtransfer.code.languages.python import find_source
from kgtransfer.code.languages.reading import read_modules
from kgtransfer.code.languages.source import SourceModule
from kgtransfer.code.methods import SearchMethod
from kgtransfer.code.queries import in_context
from kgtransfer.code.verbalisers.base import ConceptWords
from kgtransfer.embedding import ConceptEmbeddings
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.utils.resources import resource


def flat(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()


def leaked_sentences(held_out: Iterable[str], texts: Iterable[str]) -> set[str]:
    """The held-out queries that stand in one of the texts."""
    everything = [f" {flat(text)} " for text in texts]
    return {q for q in held_out if any(f" {flat(q)} " in text for text in everything)}


def leaked_names(
    documents: Sequence[Snippet], grounder: CodeGrounder, concepts: Sequence[str]
) -> set[str]:
    """The functions whose own name stands in their code, in a concept, or in their context."""
    grounding = grounder.ground(documents)
    said = [ConceptWords.of(iri, grounder.graph) for iri in concepts]
    leaked = set()
    for sample, document in enumerate(documents):
        around = grounding.rows_of(sample)
        rows = [row for columns in around.values() for row in columns]
        named = {
            relation: {concepts[row]: said[row] for row in columns}
            for relation, columns in around.items()
        }
        texts = [
            in_context(replace(document, code=""), named),
            *(grounder.graph.text(concepts[row]) for row in rows),
        ]
        if any(f" {words(document.name)} " in f" {words(text)} " for text in texts):
            leaked.add(document.name)
        identifiers = {found.strip("_") for found in re.findall(r"\w+", document.code)}
        if document.name.strip("_") in identifiers:
            leaked.add(document.name)
    return leaked


def words(text: str) -> str:
    """Identifiers taken apart at capitals and underscores, in lower case."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text)
    spaced = re.sub(r"([A-Z])([A-Z][a-z])", r"\1 \2", spaced)
    return re.sub(r"[^a-z0-9]+", " ", spaced.lower()).strip()


@pytest.fixture(scope="module", params=["named", "masked"])
def fitter(
    request: pytest.FixtureRequest,
    corpus: SearchCorpus,
    graph: KnowledgeGraph,
    concepts: ConceptEmbeddings,
    encoder: TextEncoder,
) -> SearchFitter:
    seen = corpus.with_names_masked() if request.param == "masked" else corpus
    return SearchFitter(seen, graph, concepts, encoder)


def test_no_held_out_sentence_is_a_training_query_or_in_training_code(fitter: SearchFitter) -> None:
    for source in ("code", "graph"):
        texts = [text for group in fitter.inputs.queries(source, 0) for text in group]
        assert leaked_sentences(fitter.corpus.held_out, texts) == set()
    codes = [snippet.code for snippet in fitter.corpus.adaptation]
    assert leaked_sentences(fitter.corpus.held_out, codes) == set()


@pytest.fixture(scope="module")
def demo() -> tuple[SearchCorpus, KnowledgeGraph]:
    """The code base of `make demo`, whole."""
    toml = resource("pipelines/code_search.toml").read_text(encoding="utf-8")
    modules = read_modules(find_source("stdlib", tomllib.loads(toml)["data"]["packages"]))
    corpus = source_corpus(modules)
    return corpus, build_code_graph(modules, withheld=corpus.held_out)


def test_no_held_out_sentence_is_in_a_concept(demo: tuple[SearchCorpus, KnowledgeGraph]) -> None:
    corpus, graph = demo
    texts = [graph.comment(iri) for iri in graph.concepts if graph.comment(iri)]
    assert len(texts) > 300
    assert leaked_sentences(corpus.held_out, texts) == set()


def test_no_query_of_the_demo_is_asked_twice(demo: tuple[SearchCorpus, KnowledgeGraph]) -> None:
    corpus, _ = demo
    assert len({flat(query) for query in corpus.held_out}) == len(corpus.documents)
    assert len({document.iri for document in corpus.documents}) == len(corpus.documents)


def test_masked_names_of_the_demo_stay_hidden(demo: tuple[SearchCorpus, KnowledgeGraph]) -> None:
    corpus, graph = demo
    guarded = CodeGrounder(graph, graph.concepts, masked=True)
    masked = corpus.with_names_masked()
    assert leaked_names(masked.documents, guarded, graph.concepts) == set()


def test_no_held_out_sentence_is_in_a_context(fitter: SearchFitter) -> None:
    method = SearchMethod(context="learned")
    for snippets in (fitter.corpus.documents, fitter.corpus.adaptation):
        grounding = fitter.texts.grounder.ground(snippets)
        contexts = fitter.inputs.contexts(method, 0, snippets, grounding)
        assert leaked_sentences(fitter.corpus.held_out, contexts) == set()


def test_a_planted_sentence_is_found(library: list[SourceModule], corpus: SearchCorpus) -> None:
    query = corpus.held_out[0]
    module = library[0]
    planted = replace(module, docstring=f"Helpers. {query} And more.")
    leaky = build_code_graph([planted, *library[1:]])  # nothing withheld
    texts = [leaky.comment(iri) for iri in leaky.concepts]
    assert query in leaked_sentences(corpus.held_out, texts)
    clean = build_code_graph([planted, *library[1:]], withheld=corpus.held_out)
    texts = [clean.comment(iri) for iri in clean.concepts]
    assert leaked_sentences(corpus.held_out, texts) == set()


def test_no_held_out_code_is_trained_on(fitter: SearchFitter) -> None:
    pool = {flat(document.code) for document in fitter.corpus.documents}
    assert not pool & {flat(snippet.code) for snippet in fitter.corpus.adaptation}


def test_planted_names_are_found(corpus: SearchCorpus, graph: KnowledgeGraph) -> None:
    masked = corpus.with_names_masked()
    unguarded = CodeGrounder(graph, graph.concepts, masked=False)
    assert len(leaked_names(masked.documents, unguarded, graph.concepts)) > 5
    guarded = CodeGrounder(graph, graph.concepts, masked=True)
    assert len(leaked_names(corpus.documents, guarded, graph.concepts)) > 50
