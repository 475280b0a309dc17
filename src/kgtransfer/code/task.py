"""Code search as a task: what an arm trains on, what conditions it, how it is scored."""

from __future__ import annotations

import copy
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from kgtransfer.backbones.text import TokenStates
from kgtransfer.code.arms import LEARNED, SearchArm, SearchRecipe
from kgtransfer.code.index import SearchIndex
from kgtransfer.code.queries import ConceptWords
from kgtransfer.code.texts import SearchTexts
from kgtransfer.conditioning.attachment import Conditioned, condition
from kgtransfer.conditioning.gate_values import gates
from kgtransfer.conditioning.gates import gates_of
from kgtransfer.embedding.concepts import shuffled_rows
from kgtransfer.experiments.task import FitResult
from kgtransfer.retrieval.bm25 import bm25_scores
from kgtransfer.retrieval.context_gate import ContextGate, context_gate_of
from kgtransfer.retrieval.contrastive import Knowledge, Pairs, batches, contrastive_loss, encode
from kgtransfer.retrieval.gate_training import GateTrainingSet, train_gates
from kgtransfer.retrieval.metrics import hits_at, ranks_of, reciprocal_ranks
from kgtransfer.training.checkpoint import write_safetensors
from kgtransfer.training.loop import Budget, Group, fit

if TYPE_CHECKING:
    from pathlib import Path

    from kgtransfer.backbones.text import TextEncoder
    from kgtransfer.code.corpus import SearchCorpus, Snippet
    from kgtransfer.embedding.concepts import ConceptEmbeddings
    from kgtransfer.grounding.base import Grounding
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["SearchTask"]


class SearchTask:
    """A corpus, its graph and a pre-trained encoder, ready for any arm.

    Args:
        corpus: documents, queries and code to adapt on; decides whether names are masked.
        graph: the API graph.
        concepts: embeddings of the concepts that may condition.
        encoder: the pre-trained encoder; never changed.
        recipe: settings of fine-tuning.
        split: rows that are scored: `test`, or `dev` while settings are chosen.
        device: where models are trained.
        stems: stem states of texts, shared with other tasks of the same encoder.
    """

    def __init__(
        self,
        corpus: SearchCorpus,
        graph: KnowledgeGraph,
        concepts: ConceptEmbeddings,
        encoder: TextEncoder,
        *,
        recipe: SearchRecipe | None = None,
        split: str = "test",
        device: str = "cpu",
        stems: dict[str, Tensor] | None = None,
    ) -> None:
        self.corpus, self.graph, self.concepts, self.encoder = corpus, graph, concepts, encoder
        self.recipe, self.device = recipe or SearchRecipe(), device
        self.scored: tuple[int, ...] = getattr(corpus, split)
        self.texts = SearchTexts(corpus, graph, concepts.iris, encoder, stems)
        self._before: dict[int, Tensor] = {}
        self._trained: dict[tuple[str, int, int], dict[str, Tensor]] = {}
        self._bare: dict[tuple[str, int, str, int], GateTrainingSet] = {}

    @property
    def test_queries(self) -> list[str]:
        """The queries that arms are scored on, in the order of their scores."""
        return self.corpus.queries(self.scored)

    def run(self, arm: SearchArm, seed: int, *, model_file: Path | None = None) -> FitResult:
        """Fit an arm and score it; the same arm and seed give the same bits.

        Args:
            arm: what to adapt on and what conditions.
            seed: of the draws of queries, batches and negatives.
            model_file: where to write the fitted weights, if they are wanted.
        """
        started = time.perf_counter()
        if arm.lexical:
            codes = [document.code for document in self.corpus.documents]
            scores = bm25_scores(self.test_queries, codes)
            return self._scored(scores, {}, started)
        model = self.fit(arm, seed)
        if model_file is not None:
            write_safetensors(model_file, model.state_dict())
        return self._scored(self.scores(model, arm, seed).numpy(), gates(model), started)

    def fit(self, arm: SearchArm, seed: int) -> Conditioned:
        """The arm's model, trained; the plain encoder where the arm trains on nothing."""
        torch.manual_seed(seed)
        model = self.build(arm, seed)
        if arm.train_on:
            self._train(context_gate_of(model).backbone, arm, seed)
        if arm.taught_by:
            self._teach(model, arm, seed)
        if isinstance(arm.gates, Mapping):
            gates_of(model).set(arm.gates)
        if not isinstance(arm.reading, str):
            context_gate_of(model).gate.data.fill_(arm.reading)
        return model.eval()

    def _train(self, encoder: nn.Module, arm: SearchArm, seed: int) -> None:
        """Train in place, or take over the weights of an arm that was trained in the same way."""
        same = (arm.train_on, arm.labels, seed)
        if same not in self._trained:
            self._trained[same] = self._fitted(arm, seed)
        encoder.load_state_dict(self._trained[same])

    def _fitted(self, arm: SearchArm, seed: int) -> dict[str, Tensor]:
        """The weights of a fresh encoder after training on bare code: no knowledge enters."""
        recipe = self.recipe
        encoder = copy.deepcopy(self.encoder).to(self.device)
        pairs = self.pairs(arm, seed)
        fit(
            encoder,
            batches(
                encoder,
                pairs,
                size=recipe.batch_size,
                negatives=recipe.negatives,
                seed=seed,
                first=self._zero_shot(pairs.documents),
            ),
            contrastive_loss,
            [Group(list(encoder.parameters()), recipe.encoder_lr, recipe.weight_decay)],
            budget=Budget(recipe.label_epochs if arm.train_on == "labels" else recipe.epochs),
        )
        return encoder.state_dict()

    def _teach(self, model: Conditioned, arm: SearchArm, seed: int) -> None:
        """Let the gates learn, on queries for the code that the encoder was adapted on."""
        snippets, _ = self._adaptation(seed)
        grounding = self.texts.grounder.ground(snippets)
        model.check(grounding)
        known = self.knowledge(arm, seed, snippets, grounding)
        embeddings = gates_of(model).embeddings.cpu()
        same = (arm.train_on, arm.labels, arm.taught_by, seed)  # all that the encoder reads bare
        if same not in self._bare:
            self._bare[same] = self._bare_lesson(model, arm, seed)
        lesson = replace(
            self._bare[same],
            read=None if known.contexts is None else encode(model, known.contexts),
            pooled=None if known.grounding is None else known.grounding.condition(embeddings),
        )
        groups = self._gate_groups(model, arm)
        train_gates(model, lesson, groups, steps=self.recipe.gate_steps, seed=seed)

    def _bare_lesson(self, model: Conditioned, arm: SearchArm, seed: int) -> GateTrainingSet:
        snippets, rows = self._adaptation(seed)
        queries = [self.texts.synthetic_queries(arm.taught_by)[row] for row in rows]
        return GateTrainingSet(
            bare=encode(model, self.texts.states([snippet.code for snippet in snippets])),
            queries=encode(model, self.texts.states([q for group in queries for q in group])),
            offsets=np.cumsum([0, *map(len, queries)]),
        )

    def _zero_shot(self, documents: TokenStates) -> Tensor:
        """Vectors before any training: the same for every arm."""
        # A text's states are one tensor as long as its stems are kept, so its id names the text.
        fresh = [states for states in documents.states if id(states) not in self._before]
        if fresh:
            plain = copy.deepcopy(self.encoder).to(self.device)
            vectors = encode(plain, TokenStates(tuple(fresh)))
            self._before |= zip(map(id, fresh), vectors, strict=True)
        return torch.stack([self._before[id(states)] for states in documents.states])

    def _gate_groups(self, model: Conditioned, arm: SearchArm) -> list[Group]:
        recipe, relation_gates, groups = self.recipe, gates_of(model), []
        if arm.reading == LEARNED:
            groups.append(Group([context_gate_of(model).gate], recipe.reading_lr))
        if arm.gates == LEARNED:
            gate_lr = recipe.gate_lr_beside_reading if arm.reading else recipe.gate_lr
            groups.append(Group([relation_gates.gates], gate_lr))
            projection = list(relation_gates.projection.parameters())
            groups.append(Group(projection, recipe.projection_lr))
        return groups

    def build(self, arm: SearchArm, seed: int) -> Conditioned:
        """The arm's model before training: the encoder to the bit, since all gates are 0."""
        concepts = self.concepts_of(arm, seed)
        reading = ContextGate(copy.deepcopy(self.encoder))
        conditioned = condition(reading, concepts, self.texts.grounder, width=self.encoder.width)
        return conditioned.to(self.device)

    def concepts_of(self, arm: SearchArm, seed: int) -> ConceptEmbeddings:
        """The rows that condition an arm; the placebo's are permuted within their class."""
        concepts = self.concepts.part(*arm.parts)
        if arm.concepts == "shuffled":
            return concepts.shuffled(self._types, seed)
        return concepts.random(seed) if arm.concepts == "random" else concepts

    def words_of(self, arm: SearchArm, seed: int) -> list[ConceptWords]:
        """What an arm reads of each concept; the placebo's words go with its vectors."""
        if arm.concepts != "shuffled":
            return self._words
        stand_ins = shuffled_rows(self.concepts.iris, self._types, seed)
        return [self._words[row] for row in stand_ins]

    @cached_property
    def _words(self) -> list[ConceptWords]:
        return [ConceptWords.of(iri, self.graph) for iri in self.concepts.iris]

    @cached_property
    def _types(self) -> Mapping[str, tuple[str, ...]]:
        return {iri: self.graph.types(iri) for iri in self.concepts.iris}

    def knowledge(
        self, arm: SearchArm, seed: int, snippets: Sequence[Snippet], grounding: Grounding
    ) -> Knowledge:
        """What an arm is told of functions: nothing, their concepts' vectors, their contexts."""
        contexts = None
        if arm.reading:
            texts = self.texts.contexts(snippets, grounding, self.words_of(arm, seed))
            contexts = self.texts.states(texts, keep=arm.concepts != "shuffled")
        return Knowledge(grounding if arm.gates else None, contexts)

    def pairs(self, arm: SearchArm, seed: int) -> Pairs:
        """What an encoder trains on: labelled pairs, or functions with synthetic queries."""
        rng = np.random.default_rng(seed)
        if arm.train_on == "labels":
            rows = rng.permutation(self.corpus.labelled)[: arm.labels].tolist()
            snippets = [self.corpus.documents[row] for row in rows]
            queries = [[snippet.query] for snippet in snippets]
        else:
            snippets, rows = self._adaptation(seed)
            every = [self.texts.synthetic_queries(arm.train_on)[row] for row in rows]
            # As many as there are epochs will do: one is shown in each.
            queries = [rng.choice(group, self.recipe.epochs).tolist() for group in every]
        return Pairs(
            documents=self.texts.states([snippet.code for snippet in snippets]),
            queries=self.texts.states([query for group in queries for query in group]),
            offsets=np.cumsum([0, *map(len, queries)]),
        )

    def _adaptation(self, seed: int) -> tuple[list[Snippet], list[int]]:
        """The unlabelled functions of a seed and their rows: the same for all arms."""
        every = self.corpus.adaptation
        rows = np.random.default_rng(seed).permutation(len(every))[: self.recipe.adaptation]
        return [every[row] for row in rows], rows.tolist()

    def document_vectors(self, model: Conditioned, arm: SearchArm, seed: int) -> Tensor:
        """Unit vectors of all documents as an arm reads them, `[documents, width]`."""
        known = self.knowledge(arm, seed, self.corpus.documents, self.texts.grounding)
        return encode(model, self.texts.documents, known)

    def scores(self, model: Conditioned, arm: SearchArm, seed: int = 0) -> Tensor:
        """Cosine of every scored query with every document, `[queries, documents]`."""
        chosen = self.texts.queries.select(self.scored)
        return encode(model, chosen) @ self.document_vectors(model, arm, seed).T

    def index(self, arm: SearchArm, seed: int, model_file: Path) -> SearchIndex:
        """A fitted arm's model, read back, with its documents: ready to answer queries."""
        model = self.build(arm, seed)
        model.load_state_dict(load_file(model_file))
        documents, grounding = self.corpus.documents, self.texts.grounding
        words = self.words_of(arm, seed)
        return SearchIndex(
            concepts=self.concepts_of(arm, seed),
            documents=documents,
            grounding=grounding,
            contexts=self.texts.contexts(documents, grounding, words) if arm.reading else (),
            vectors=self.document_vectors(model, arm, seed),
            model=model.cpu().eval(),  # searching needs no accelerator
        )

    def _scored(
        self, scores: npt.NDArray[Any], gates: Mapping[str, float], started: float
    ) -> FitResult:
        ranks = ranks_of(scores, self.scored)
        return FitResult(
            per_sample=reciprocal_ranks(ranks),
            metrics={"r@1": hits_at(1, ranks), "r@10": hits_at(10, ranks)},
            gates=gates,
            seconds=time.perf_counter() - started,
        )
