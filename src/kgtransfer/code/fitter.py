"""An arm and a seed -> a fitted search model and its scores, in one setting of code search."""

from __future__ import annotations

import copy
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors.torch import load_file

from kgtransfer.code.api_graph import readable
from kgtransfer.code.arms import LEARNED, method_of
from kgtransfer.code.index import SearchIndex
from kgtransfer.code.inputs import SearchInputs
from kgtransfer.conditioning.attachment import Conditioned, condition
from kgtransfer.conditioning.gates import gates_of
from kgtransfer.experiments.cache import FitCache
from kgtransfer.retrieval.bm25 import bm25_scores
from kgtransfer.retrieval.context_gate import ContextGate, context_gate_of
from kgtransfer.retrieval.contrastive import encode
from kgtransfer.retrieval.encoder_training import ZeroShotVectors, train_encoder
from kgtransfer.retrieval.gate_training import GateTrainingSet, gate_groups, train_gates
from kgtransfer.retrieval.metrics import ranking_result
from kgtransfer.retrieval.settings import SearchTraining
from kgtransfer.training.checkpoint import write_safetensors

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor, nn

    from kgtransfer.backbones.text import TextEncoder
    from kgtransfer.code.arms import SearchMethod
    from kgtransfer.code.corpus import SearchCorpus
    from kgtransfer.embedding.concepts import ConceptEmbeddings
    from kgtransfer.experiments.arms import Arm
    from kgtransfer.experiments.task import FitResult
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["SearchFitter"]


class SearchFitter:
    """A corpus, its graph and a pre-trained encoder, ready for any arm.

    Args:
        corpus: documents, queries and code to adapt on; decides whether names are masked.
        graph: the API graph.
        concepts: embeddings of the concepts that may condition.
        encoder: the pre-trained encoder; never changed.
        training: settings of fine-tuning.
        split: queries that are scored: `test`, or `dev` while settings are chosen.
        device: where models are trained.
        frozen_states: text -> token states, shared with other fitters of the same encoder.
    """

    def __init__(
        self,
        corpus: SearchCorpus,
        graph: KnowledgeGraph,
        concepts: ConceptEmbeddings,
        encoder: TextEncoder,
        *,
        training: SearchTraining | None = None,
        split: str = "test",
        device: str = "cpu",
        frozen_states: dict[str, Tensor] | None = None,
    ) -> None:
        self.corpus, self.encoder, self.device = corpus, encoder, device
        self.training = training or SearchTraining()
        self.inputs = SearchInputs(corpus, graph, concepts, encoder, self.training, frozen_states)
        self.texts = self.inputs.texts
        self.scored: tuple[int, ...] = getattr(corpus, split)
        self._zero_shot = ZeroShotVectors(encoder, device)
        self.fits = FitCache()  # encoders after training: arms that train alike share them
        self._training_sets: dict[tuple[object, ...], GateTrainingSet] = {}

    @property
    def test_queries(self) -> list[str]:
        """The queries that arms are scored on, in the order of their scores."""
        return self.corpus.queries(self.scored)

    def run(
        self, arm: Arm[SearchMethod], seed: int, *, model_file: Path | None = None
    ) -> FitResult:
        """Fit an arm and score it; the same arm and seed give the same bits.

        Args:
            arm: what to adapt on and what conditions.
            seed: of the draws of queries, batches and negatives.
            model_file: where to write the fitted weights, if they are wanted.
        """
        started = time.perf_counter()
        if method_of(arm).lexical:
            codes = [document.code for document in self.corpus.documents]
            # Split at underscores and capitals, or words of a query never meet those of a name.
            ranking = bm25_scores(self.test_queries, codes, lambda text: readable(text).split())
            return ranking_result(ranking, self.scored, seconds=time.perf_counter() - started)
        model = self.fit(arm, seed)
        if model_file is not None:
            write_safetensors(model_file, model.state_dict())
        gates = {"context": context_gate_of(model).gate.item(), **gates_of(model).gate_values()}
        scores = self.scores(model, method_of(arm), seed).numpy()
        seconds = time.perf_counter() - started
        return ranking_result(scores, self.scored, gates=gates, seconds=seconds)

    def fit(self, arm: Arm[SearchMethod], seed: int) -> Conditioned:
        """The arm's model, trained; the plain encoder where the arm trains on nothing."""
        torch.manual_seed(seed)
        method = method_of(arm)
        model = self.build(method, seed)
        if method.train_on:
            context_gate_of(model).backbone.load_state_dict(self._trained_weights(arm, seed))
        if method.gates_trained_on:
            self._train_gates(model, arm, seed)
        if isinstance(method.gates, Mapping):
            gates_of(model).set(method.gates)
        if not isinstance(method.context, str):
            context_gate_of(model).gate.data.fill_(method.context)
        return model.eval()

    def _trained_weights(self, arm: Arm[SearchMethod], seed: int) -> dict[str, Tensor]:
        """The encoder's weights after fine-tuning; arms that train alike share them."""
        source = method_of(arm).train_on
        key = ("encoder", source, arm.labels, seed)
        finished = self.fits.read(*key)
        if finished is None:
            encoder = copy.deepcopy(self.encoder).to(self.device)
            pairs, settings = self.inputs.pairs(arm, seed), self.training
            train_encoder(
                encoder,
                pairs,
                settings,
                epochs=settings.label_epochs if source == "labels" else settings.epochs,
                seed=seed,
                first=self._zero_shot(pairs.documents),
            )
            weights = {name: part.cpu().numpy() for name, part in encoder.state_dict().items()}
            finished = weights, {}
            self.fits.write(*finished, *key)
        return {name: torch.from_numpy(part) for name, part in finished[0].items()}

    def _train_gates(self, model: Conditioned, arm: Arm[SearchMethod], seed: int) -> None:
        """Let the gates learn, on queries for the code that the encoder was adapted on."""
        method, snippets = method_of(arm), self.inputs.adaptation(seed)
        grounding = self.texts.grounder.ground(snippets)
        model.check(grounding)
        knowledge = self.inputs.knowledge(method, seed, snippets, grounding)
        embeddings = gates_of(model).embeddings.cpu()
        contexts, grounded = knowledge.contexts, knowledge.grounding
        training_set = replace(
            self._gate_training_set(model, arm, seed),
            in_context=None if contexts is None else encode(model, contexts),
            conditions=None if grounded is None else grounded.condition(embeddings),
        )
        groups = gate_groups(
            model,
            self.training,
            learns_context=method.context == LEARNED,
            learns_relations=method.gates == LEARNED,
            has_context=bool(method.context),
        )
        train_gates(model, training_set, groups, steps=self.training.gate_steps, seed=seed)

    def _gate_training_set(
        self, model: nn.Module, arm: Arm[SearchMethod], seed: int
    ) -> GateTrainingSet:
        """Documents and queries without knowledge; arms whose encoders are the same share them."""
        method = method_of(arm)
        key = (method.train_on, arm.labels, method.gates_trained_on, seed)
        if key not in self._training_sets:
            codes = [snippet.code for snippet in self.inputs.adaptation(seed)]
            queries = self.inputs.queries(method.gates_trained_on, seed)
            flat = [query for group in queries for query in group]
            self._training_sets[key] = GateTrainingSet(
                documents=encode(model, self.texts.states(codes)),
                queries=encode(model, self.texts.states(flat)),
                offsets=np.cumsum([0, *map(len, queries)]),
            )
        return self._training_sets[key]

    def build(self, method: SearchMethod, seed: int) -> Conditioned:
        """The model before training: the encoder to the bit, since all gates are 0."""
        concepts = self.inputs.concepts_of(method, seed)
        gated = ContextGate(copy.deepcopy(self.encoder))
        conditioned = condition(gated, concepts, self.texts.grounder, width=self.encoder.width)
        return conditioned.to(self.device)

    def document_vectors(self, model: nn.Module, method: SearchMethod, seed: int) -> Tensor:
        """Unit vectors of all documents as an arm reads them, `[documents, width]`."""
        documents, grounding = self.corpus.documents, self.texts.grounding
        knowledge = self.inputs.knowledge(method, seed, documents, grounding)
        return encode(model, self.texts.documents, knowledge)

    def scores(self, model: nn.Module, method: SearchMethod, seed: int = 0) -> Tensor:
        """Cosine of every scored query with every document, `[queries, documents]`."""
        queries = self.texts.queries.select(self.scored)
        return encode(model, queries) @ self.document_vectors(model, method, seed).T

    def index(self, method: SearchMethod, seed: int, model_file: Path) -> SearchIndex:
        """A fitted model, read back, with its documents: ready to answer queries."""
        model = self.build(method, seed)
        model.load_state_dict(load_file(model_file))
        documents, grounding = self.corpus.documents, self.texts.grounding
        return SearchIndex(
            concepts=self.inputs.concepts_of(method, seed),
            documents=documents,
            grounding=grounding,
            contexts=self.inputs.contexts(method, seed, documents, grounding),
            vectors=self.document_vectors(model, method, seed),
            model=model.cpu().eval(),  # searching needs no accelerator
        )
