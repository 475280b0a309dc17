"""`LiveIndex`: a run's model over a code base as it is now, kept up edit by edit."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import torch

from kgtransfer.code.corpus import Snippet, snippets_of
from kgtransfer.code.grounder import CodeGrounder
from kgtransfer.code.index import SearchIndex, plain_texts, plain_vectors
from kgtransfer.code.live.neighbourhood import affected, around
from kgtransfer.code.live.triples import Change, LiveTriples
from kgtransfer.code.verbalisers.base import ConceptWords
from kgtransfer.code.verbalisers.functions import FUNCTIONS
from kgtransfer.code.words import word_counts
from kgtransfer.conditioning.attachment import condition
from kgtransfer.embedding.concepts import ConceptEmbeddings
from kgtransfer.errors import RunError
from kgtransfer.grounding.base import Grounding
from kgtransfer.retrieval.context_gate import ContextGate
from kgtransfer.retrieval.gate_training import DocumentVectors
from kgtransfer.retrieval.vectors import TextVectors

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from torch import Tensor

    from kgtransfer.backbones.text import TextEncoder
    from kgtransfer.code.languages.source import SourceModule
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["LiveIndex", "Update"]

BLOCK = 512  # texts that are encoded at once
FEW = 4  # as many times as that must functions that changed go into all, to be looked at alone


@dataclass(frozen=True)
class Update:
    """What came of an update.

    Attributes:
        functions: that there are now.
        changed: functions that were read: new ones, edited ones, those that stand beside others.
        encoded: texts that passed the encoder.
        seconds: that it took.
    """

    functions: int
    changed: int
    encoded: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.functions:,} functions, {self.changed:,} of them read, {self.encoded:,} texts "
            f"encoded ({self.seconds:.2f} s)"
        )


class _Reading(NamedTuple):
    """A function as it is read: its concepts, relation by relation, and its code in context."""

    concepts: tuple[str, ...]
    lengths: tuple[int, ...]  # how many concepts by each relation
    context: str


class LiveIndex:
    """A fitted model, and the functions of a code base that changes.

    Args:
        run: the run's index: its model, and what its contexts and concepts are like.
        graph: of the run, for the classes of the concepts that may condition.
        written: what people say: the vocabulary, and what stands beside the generated graph.
        reader: the encoder as it was before any training, which reads the concepts' texts.
        texts: vectors of code and contexts that are known already.
        concept_texts: the same of the concepts' texts; by default those of the run's.

    Raises:
        RunError: the run is not over functions, or its concepts have vectors of more than their
            texts, or were not selected by their classes.
    """

    def __init__(
        self,
        run: SearchIndex,
        graph: KnowledgeGraph,
        written: KnowledgeGraph,
        reader: TextEncoder,
        texts: TextVectors,
        concept_texts: TextVectors | None = None,
    ) -> None:
        self.texts = texts
        self.encoded, self.few = 0, FEW
        self._run, self._reader, self._counts = run, reader, word_counts()
        if run.grounding.relations != tuple(FUNCTIONS.paths):
            raise RunError(
                "this run is not over functions of source code: its code is no folder of files",
                cure="ask it as it is, or make a run over a folder of source code",
            )
        self._kinds = _kinds_that_condition(run.concepts, graph)
        self._triples = LiveTriples(written)
        self._of_module: dict[int, tuple[SourceModule, tuple[Snippet, ...]]] = {}
        self._snippets: dict[str, Snippet] = {}
        self._readings: dict[str, _Reading] = {}
        self._vectors: dict[str, Tensor] = {}
        self._concepts: dict[str, Tensor] = {}
        self._labels: dict[str, str] = {}
        self.concept_texts = concept_texts or TextVectors.of(
            {graph.text(iri): run.concepts[iri] for iri in run.concepts.iris}
        )

    @property
    def graph(self) -> KnowledgeGraph:
        """What is known of the code base as it is now."""
        return self._triples.graph

    @property
    def labels(self) -> dict[str, str]:
        """IRI of each concept that may condition -> its label."""
        return dict(self._labels)

    def update(
        self, modules: Sequence[SourceModule], progress: Callable[[int], None] = lambda done: None
    ) -> Update:
        """Take the code base as it is now; only what changed is read and encoded.

        Args:
            modules: of all its files.
            progress: told how many more functions were encoded.
        """
        started, encoded = time.perf_counter(), self.encoded
        change = self._triples.change(modules)
        self._triples.apply(change)
        touched = affected(self._triples, change, FUNCTIONS.paths)
        snippets = self._functions(modules)
        edited = {iri for iri, new in snippets.items() if self._snippets.get(iri) != new}
        for gone in self._snippets.keys() - snippets.keys():
            del self._readings[gone], self._vectors[gone]
        self._snippets = snippets
        todo = [iri for iri in snippets if iri in touched or iri in edited]
        graph = self._near(todo, change)
        self._take_concepts(change, graph)
        self._read(todo, graph)
        self._encode(todo, progress)
        took = time.perf_counter() - started
        return Update(len(snippets), len(todo), self.encoded - encoded, took)

    def known_texts(self) -> tuple[TextVectors, TextVectors]:
        """Vectors of the code and contexts of now, and of all texts of concepts."""
        contexts = (reading.context for reading in self._readings.values())
        texts = plain_texts(self._snippets.values(), self._run.lines)
        return self.texts.only(chain(texts, contexts)), self.concept_texts

    def index(self) -> SearchIndex:
        """The code base as it is now, ready to be searched."""
        iris = sorted(self._concepts)
        concepts = ConceptEmbeddings.from_parts(
            iris,
            {"text": torch.stack([self._concepts[iri] for iri in iris])},
            self._run.concepts.provenance,
        )
        grounding = _grounding(iris, [self._readings[iri] for iri in self._snippets])
        encoder = self._run.encoder
        model = condition(ContextGate(encoder), concepts, grounding, width=encoder.width)
        model.load_state_dict(self._run.model.state_dict())
        contexts = [self._readings[iri].context for iri in self._snippets]
        index = SearchIndex(
            model.eval(),
            concepts,
            tuple(self._snippets.values()),
            grounding,
            contexts if self._run.contexts else (),
            torch.stack([self._vectors[iri] for iri in self._snippets]),
            lines=self._run.lines,
            lexical=self._run.lexical,
        )
        index.read, index.counts = self.texts, self._counts
        return index

    def _functions(self, modules: Sequence[SourceModule]) -> dict[str, Snippet]:
        """By IRI; those of a module that stays are taken as they are."""
        before, self._of_module = self._of_module, {}
        for module in modules:
            module_id = id(module)
            known = before.get(module_id)
            self._of_module[module_id] = known or (module, tuple(snippets_of([module])))
        pairs = self._of_module.values()
        return {snippet.iri: snippet for _, snippets in pairs for snippet in snippets}

    def _near(self, todo: Sequence[str], change: Change) -> KnowledgeGraph:
        """What is said of functions and what is around them, and of all that changed."""
        if self.few * len(todo) > len(self._snippets):
            return self._triples.graph
        return around(self._triples, dict.fromkeys((*todo, *change.subjects)), FUNCTIONS.paths)

    def _take_concepts(self, change: Change, graph: KnowledgeGraph) -> None:
        changed = change.subjects
        now = sorted(iri for iri in changed if self._kinds & {*graph.types(iri)})
        for gone in changed - {*now}:
            self._concepts.pop(gone, None)
            self._labels.pop(gone, None)
        if now:
            vectors = self.concept_texts([graph.text(iri) for iri in now], self._reader.encode)
            self._concepts |= zip(now, vectors, strict=True)
            self._labels |= {iri: graph.label(iri) for iri in now}

    def _read(self, todo: Sequence[str], graph: KnowledgeGraph) -> None:
        grounder = CodeGrounder(graph, list(self._concepts), verbaliser=FUNCTIONS)
        grounding = grounder.ground([self._snippets[iri] for iri in todo])
        words: dict[str, ConceptWords] = {}
        for row, iri in enumerate(todo):
            near = grounding.concepts_of(row)
            concepts = tuple(chain.from_iterable(near.values()))
            for concept in concepts:
                if concept not in words:
                    words[concept] = ConceptWords.of(concept, graph)
            said = {name: {i: words[i] for i in iris} for name, iris in near.items()}
            context = FUNCTIONS.context(self._snippets[iri], said)
            self._readings[iri] = _Reading(concepts, tuple(map(len, near.values())), context)

    def _encode(self, todo: Sequence[str], progress: Callable[[int], None]) -> None:
        for start in range(0, len(todo), BLOCK):
            block = todo[start : start + BLOCK]
            near = [self._readings[iri] for iri in block]
            snippets = [self._snippets[iri] for iri in block]
            plain = plain_vectors(snippets, self._run.lines, self._read_texts)
            in_context = None
            if self._run.contexts:
                in_context = self.texts([reading.context for reading in near], self._fresh)
            used = sorted({iri for reading in near for iri in reading.concepts})
            conditions = None
            if used:
                embeddings = torch.stack([self._concepts[iri] for iri in used])
                conditions = _grounding(used, near).condition(embeddings)
            with torch.no_grad():
                vectors = DocumentVectors(plain, in_context, conditions).through(self._run.model)
            self._vectors |= zip(block, vectors, strict=True)
            progress(len(block))

    def _read_texts(self, texts: Sequence[str]) -> Tensor:
        return self.texts(texts, self._fresh)

    def _fresh(self, texts: Sequence[str]) -> Tensor:
        self.encoded += len(texts)
        return self._run.encode(texts)


def _grounding(iris: Sequence[str], readings: Sequence[_Reading]) -> Grounding:
    """As `Grounding.from_lists`, without a list for each relation of each function."""
    column = {iri: place for place, iri in enumerate(iris)}
    rows = list(map(column.__getitem__, chain.from_iterable(r.concepts for r in readings)))
    lengths = torch.tensor(list(chain.from_iterable(r.lengths for r in readings)))
    return Grounding(
        tuple(iris),
        tuple(FUNCTIONS.paths),
        torch.cat([lengths.new_zeros(1), lengths.cumsum(0)]),
        torch.tensor(rows, dtype=torch.int64),
        (1.0 / lengths).repeat_interleave(lengths),
    )


def _kinds_that_condition(concepts: ConceptEmbeddings, graph: KnowledgeGraph) -> frozenset[str]:
    """The classes whose members are the concepts that may condition."""
    kinds = frozenset(kind for iri in concepts.iris for kind in graph.types(iri))
    members = {iri for kind in kinds for iri in graph.instances(kind)}
    if tuple(concepts.parts) != ("text",) or members != {*concepts.iris}:
        raise RunError(
            "the concepts of this run are not all those of some classes, with vectors of their "
            "texts: new ones could not be told",
            cure="make a run that selects concepts by their classes, as pipelines/code_search.toml",
        )
    return kinds
