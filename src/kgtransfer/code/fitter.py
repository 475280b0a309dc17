"""An arm and a seed -> a fitted search model and its scores, in one setting of code search."""

from __future__ import annotations

import copy
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors.torch import load_file

from kgtransfer.code.arms import LEARNED, method_of
from kgtransfer.code.graphs.api import readable
from kgtransfer.code.index import ENCODER, TEXTS, SearchIndex, under
from kgtransfer.code.inputs import SearchInputs
from kgtransfer.code.verbalisers.functions import FUNCTIONS
from kgtransfer.conditioning.attachment import Conditioned, condition
from kgtransfer.conditioning.gates import gates_of
from kgtransfer.experiments.cache import FitCache
from kgtransfer.retrieval.bm25 import bm25_scores
from kgtransfer.retrieval.context_gate import ContextGate, context_gate_of
from kgtransfer.retrieval.contrastive import encode
from kgtransfer.retrieval.encoder_training import ZeroShotVectors, train_encoder
from kgtransfer.retrieval.gate_training import (
    DocumentVectors,
    GateTrainingSet,
    gate_groups,
    train_gates,
)
from kgtransfer.retrieval.metrics import ranking_result
from kgtransfer.retrieval.settings import SearchTraining
from kgtransfer.retrieval.vectors import EncodersMemory, TextVectors
from kgtransfer.training.checkpoint import write_safetensors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from torch import Tensor

    from kgtransfer.backbones.text import TextEncoder
    from kgtransfer.code.arms import SearchMethod
    from kgtransfer.code.corpus import Query, SearchCorpus, Snippet
    from kgtransfer.code.verbalisers.base import Verbaliser
    from kgtransfer.embedding.concepts import ConceptEmbeddings
    from kgtransfer.experiments.arms import Arm
    from kgtransfer.experiments.task import FitResult
    from kgtransfer.grounding.base import Grounding
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["SearchFitter"]

BLOCK = 1024  # documents whose conditions are taken at once


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
        verbaliser: what the code is grounded on, and how it is said in words.

    Attributes:
        test_queries: what arms are scored on, in the order of their scores.
        targets: row of each query's right document.
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
        verbaliser: Verbaliser = FUNCTIONS,
    ) -> None:
        self.corpus, self.encoder, self.device = corpus, encoder, device
        self.training = training or SearchTraining()
        self.inputs = SearchInputs(
            corpus, graph, concepts, encoder, self.training, frozen_states, verbaliser
        )
        self.texts = self.inputs.texts
        queries: tuple[Query, ...] = getattr(corpus, split)
        self.test_queries = [query.text for query in queries]
        self.targets = corpus.targets(queries)
        self._zero_shot = ZeroShotVectors(encoder, device)
        self.fits = FitCache()  # encoders after training: arms that train alike share them
        self.vectors = EncodersMemory()  # arms with the same encoder share them

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
            return ranking_result(ranking, self.targets, seconds=time.perf_counter() - started)
        model = self.fit(arm, seed)
        if model_file is not None:
            write_safetensors(model_file, model.state_dict())
        gates = {"context": context_gate_of(model).gate.item(), **gates_of(model).gate_values()}
        scores = self.scores(model, method_of(arm), seed).numpy()
        seconds = time.perf_counter() - started
        return ranking_result(scores, self.targets, gates=gates, seconds=seconds)

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
        key = _encoder(source, arm, seed)
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

    def keep_vectors(self, arm: Arm[SearchMethod], seed: int) -> None:
        """Keep, among the fits, what an arm's encoder made of the texts so far."""
        weights = self._trained_weights(arm, seed) if method_of(arm).train_on else {}
        state = self.vectors.of(weights or self.encoder.state_dict()).state()
        self.fits.write({n: part.numpy() for n, part in state.items()}, {}, *_vectors(arm, seed))

    def trained(self, arm: Arm[SearchMethod], seed: int) -> dict[str, Tensor]:
        """What an arm's fit left for later: the encoder's weights, and the vectors of texts by it.

        Returns:
            `encoder.NAME` for each tensor of the encoder, nothing where it was not trained;
            `texts.digests` and `texts.vectors`, see `TextVectors.state`.
        """
        weights = self._trained_weights(arm, seed) if method_of(arm).train_on else {}
        arrays, _ = self.fits.read(*_vectors(arm, seed)) or ({}, {})
        texts = {name: torch.from_numpy(array) for name, array in arrays.items()}
        parts = {ENCODER: weights, TEXTS: texts}
        return {
            f"{part}{name}": value for part, held in parts.items() for name, value in held.items()
        }

    def adopt(self, arm: Arm[SearchMethod], seed: int, tensors: Mapping[str, Tensor]) -> None:
        """Take over what `trained` gave: the arm trains no encoder, and encodes no text again."""
        weights, texts = (under(part, tensors) for part in (ENCODER, TEXTS))
        source = method_of(arm).train_on
        if source and self.fits.read(*_encoder(source, arm, seed)) is None:
            arrays = {name: part.numpy() for name, part in weights.items()}
            self.fits.write(arrays, {}, *_encoder(source, arm, seed))
        vectors = TextVectors.restored(texts)
        self.vectors.remember(weights or self.encoder.state_dict(), vectors)

    def _recall(self, model: Conditioned, arm: Arm[SearchMethod], seed: int) -> None:
        """Take up what `keep_vectors` kept, where this process has encoded nothing yet."""
        weights = context_gate_of(model).backbone.state_dict()
        kept, _ = self.fits.read(*_vectors(arm, seed)) or ({}, {})
        if not self.vectors.of(weights).size:
            state = {name: torch.from_numpy(array) for name, array in kept.items()}
            self.vectors.remember(weights, TextVectors.restored(state))

    def _train_gates(self, model: Conditioned, arm: Arm[SearchMethod], seed: int) -> None:
        """Let the gates learn, on queries for the code that the encoder was adapted on."""
        method = method_of(arm)
        snippets = self.inputs.adaptation(method.gates_trained_on, seed)
        grounding = self.texts.grounder.ground(snippets)
        model.check(grounding)
        queries = self.inputs.queries(method.gates_trained_on, seed)
        training_set = GateTrainingSet(
            self._read(model, method, seed, snippets, grounding),
            self._encoded(model, [query for group in queries for query in group]),
            np.cumsum([0, *map(len, queries)]),
        )
        groups = gate_groups(
            model,
            self.training,
            learns_context=method.context == LEARNED,
            learns_relations=method.gates == LEARNED,
            has_context=bool(method.context),
        )
        train_gates(model, training_set, groups, steps=self.training.gate_steps, seed=seed)

    def _read(
        self,
        model: Conditioned,
        method: SearchMethod,
        seed: int,
        snippets: Sequence[Snippet],
        grounding: Grounding,
    ) -> DocumentVectors:
        """Functions as the encoder reads them, and what an arm's knowledge may add."""
        contexts = self.inputs.contexts(method, seed, snippets, grounding)
        is_kept = method.concepts != "shuffled"  # nobody else reads the placebo's contexts
        embeddings = gates_of(model).embeddings.cpu()
        return DocumentVectors(
            self._encoded(model, [snippet.code for snippet in snippets]),
            self._encoded(model, contexts, keep=is_kept) if contexts else None,
            grounding.condition(embeddings) if method.gates else None,
        )

    def _encoded(self, model: Conditioned, texts: Sequence[str], *, keep: bool = True) -> Tensor:
        """Unit vectors `[texts, width]` without knowledge; kept, each text is encoded once."""

        def encode_fresh(fresh: Sequence[str]) -> Tensor:
            return encode(model, self.texts.states(fresh, keep=keep))

        if not keep:
            return encode_fresh(texts)
        return self.vectors.of(context_gate_of(model).backbone.state_dict())(texts, encode_fresh)

    def build(self, method: SearchMethod, seed: int) -> Conditioned:
        """The model before training: the encoder to the bit, since all gates are 0."""
        concepts = self.inputs.concepts_of(method, seed)
        gated = ContextGate(copy.deepcopy(self.encoder))
        conditioned = condition(gated, concepts, self.texts.grounder, width=self.encoder.width)
        return conditioned.to(self.device)

    @torch.no_grad()
    def document_vectors(self, model: Conditioned, method: SearchMethod, seed: int) -> Tensor:
        """Unit vectors of all documents as an arm reads them, `[documents, width]`."""
        documents, grounding = self.corpus.documents, self.texts.grounding
        model.check(grounding)
        read = self._read(model, method, seed, documents, grounding)
        parts = (read[start : start + BLOCK] for start in range(0, len(documents), BLOCK))
        device = torch.device(self.device)
        return torch.cat([part.to(device).through(model).cpu() for part in parts])

    def scores(self, model: Conditioned, method: SearchMethod, seed: int = 0) -> Tensor:
        """Cosine of every scored query with every document, `[queries, documents]`."""
        return (
            self._encoded(model, self.test_queries) @ self.document_vectors(model, method, seed).T
        )

    def index(self, arm: Arm[SearchMethod], seed: int, model_file: Path) -> SearchIndex:
        """A fitted model, read back, with its documents: ready to answer queries."""
        method = method_of(arm)
        model = self.build(method, seed)
        model.load_state_dict(load_file(model_file))
        self._recall(model, arm, seed)
        documents, grounding = self.corpus.documents, self.texts.grounding
        return SearchIndex(
            concepts=self.inputs.concepts_of(method, seed),
            documents=documents,
            grounding=grounding,
            contexts=self.inputs.contexts(method, seed, documents, grounding),
            vectors=self.document_vectors(model, method, seed),
            model=model.cpu().eval(),  # searching needs no accelerator
        )


def _encoder(source: str, arm: Arm[SearchMethod], seed: int) -> tuple[object, ...]:
    """What the training of an encoder depends on."""
    return "encoder", source, arm.labels, seed


def _vectors(arm: Arm[SearchMethod], seed: int) -> tuple[object, ...]:
    return "vectors", method_of(arm).train_on, arm.labels, seed
