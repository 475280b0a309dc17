"""An arm and a seed -> a fitted search model and its scores, in one setting of code search."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors.torch import load_file

from kgtransfer.code.arms import method_of
from kgtransfer.code.encoders import AdaptedEncoders
from kgtransfer.code.index import ENCODER, TEXTS, SearchIndex, plain_vectors, under
from kgtransfer.code.inputs import SearchInputs
from kgtransfer.code.methods import CANDIDATES, CHOSEN, JUDGED, LEARNED, strongest
from kgtransfer.code.verbalisers.functions import FUNCTIONS
from kgtransfer.code.words import DocumentWords, context_share
from kgtransfer.conditioning.attachment import Conditioned, condition
from kgtransfer.conditioning.gates import gates_of
from kgtransfer.experiments.choice import Choice
from kgtransfer.retrieval.context_gate import ContextGate, context_gate_of
from kgtransfer.retrieval.contrastive import encode
from kgtransfer.retrieval.fusion import fused
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

    import numpy.typing as npt
    from torch import Tensor

    from kgtransfer.backbones.text import TextEncoder
    from kgtransfer.code.corpus import Query, SearchCorpus, Snippet
    from kgtransfer.code.methods import SearchMethod
    from kgtransfer.code.verbalisers.base import Verbaliser
    from kgtransfer.embedding.concepts import ConceptEmbeddings
    from kgtransfer.experiments.arms import Arm
    from kgtransfer.experiments.cache import FitCache
    from kgtransfer.experiments.task import FitResult
    from kgtransfer.grounding.base import Grounding
    from kgtransfer.knowledge.graph import KnowledgeGraph

    FloatArray = npt.NDArray[np.float64]

__all__ = ["SearchFitter"]

SHARE = "share"  # beside the tensors of an encoder
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
        self.encoders = AdaptedEncoders(encoder, self.inputs, self.training, device)
        self.vectors = EncodersMemory()  # arms with the same encoder share them
        self._choices: dict[int, Choice] = {}

    @property
    def fits(self) -> FitCache:
        """Trained encoders, and what was judged of them; arms that train alike share them."""
        return self.encoders.fits

    @fits.setter
    def fits(self, cache: FitCache) -> None:
        self.encoders.fits = cache

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
        method = self.method(arm, seed)
        model = self.fit(method, seed)
        if model_file is not None:
            write_safetensors(model_file, model.state_dict())
        gates = {"context": context_gate_of(model).gate.item(), **gates_of(model).gate_values()}
        if method.graph_queries:
            gates["queries"] = self.encoders.graph_share(method, seed)
        scores = self.scores(model, method, seed)
        result = ranking_result(scores, self.targets, gates=gates)
        if method_of(arm) == CHOSEN:
            result = replace(result, choice=self.choice(seed), candidates=self._candidates(seed))
        return replace(result, seconds=time.perf_counter() - started)

    def method(self, arm: Arm[SearchMethod], seed: int) -> SearchMethod:
        """What an arm does, on top of the strongest candidate where it asks for that."""
        method = method_of(arm)
        return method.over(CANDIDATES[self.choice(seed).name]) if method.chosen else method

    def choice(self, seed: int) -> Choice:
        """The strongest candidate without the graph, chosen without a label."""
        if seed not in self._choices:
            judged = {name: CANDIDATES[name] for name in JUDGED}
            self._choices[seed] = strongest(self.encoders.losses(judged, seed))
        return self._choices[seed]

    def _candidates(self, seed: int) -> dict[str, FloatArray]:
        """Of each candidate the reciprocal rank of every scored query."""
        return {
            name: ranking_result(
                self.scores(self.fit(method, seed), method, seed), self.targets
            ).per_sample
            for name, method in CANDIDATES.items()
        }

    def fit(self, method: SearchMethod, seed: int) -> Conditioned:
        """A method's model, trained; the plain encoder where it trains on nothing."""
        torch.manual_seed(seed)
        model = self.build(method, seed)
        context_gate_of(model).backbone.load_state_dict(self.encoders.weights(method, seed))
        if method.gates_trained_on:
            self._train_gates(model, method, seed)
        if isinstance(method.gates, Mapping):
            gates_of(model).set(method.gates)
        if not isinstance(method.context, str):
            context_gate_of(model).gate.data.fill_(method.context)
        return model.eval()

    def keep_vectors(self, arm: Arm[SearchMethod], seed: int) -> None:
        """Keep, among the fits, what an arm's encoder made of the texts so far."""
        method = self.method(arm, seed)
        state = self.vectors.of(self.encoders.weights(method, seed)).state()
        self.fits.write({n: part.numpy() for n, part in state.items()}, {}, *_vectors(method, seed))

    def trained(self, arm: Arm[SearchMethod], seed: int) -> dict[str, Tensor]:
        """What an arm's fit left for later: the encoder's weights, and the vectors of texts by it.

        Returns:
            `encoder.NAME` for each tensor of the encoder; `share`, how far it stands towards the
            one trained on the graph's queries; `texts.digests` and `texts.vectors`, see
            `TextVectors.state`.
        """
        method = self.method(arm, seed)
        arrays, _ = self.fits.read(*_vectors(method, seed)) or ({}, {})
        texts = {name: torch.from_numpy(array) for name, array in arrays.items()}
        parts = {ENCODER: self.encoders.weights(method, seed), TEXTS: texts}
        return {SHARE: torch.tensor(self.encoders.graph_share(method, seed))} | {
            f"{part}{name}": value for part, held in parts.items() for name, value in held.items()
        }

    def adopt(
        self, arm: Arm[SearchMethod], seed: int, tensors: Mapping[str, Tensor], chosen: str
    ) -> None:
        """Take over what `trained` gave: the arm trains no encoder, and encodes no text again.

        Args:
            arm: that left it.
            seed: of its fit.
            tensors: what it left.
            chosen: the candidate without the graph that it stood on.
        """
        self._choices[seed] = Choice(chosen, "rule", {})
        weights, texts = (under(part, tensors) for part in (ENCODER, TEXTS))
        share = float(tensors[SHARE])
        self.encoders.adopt(self.method(arm, seed), seed, weights, share)
        self.vectors.remember(weights, TextVectors.restored(texts))

    def _recall(self, model: Conditioned, method: SearchMethod, seed: int) -> None:
        """Take up what `keep_vectors` kept, where this process has encoded nothing yet."""
        weights = context_gate_of(model).backbone.state_dict()
        kept, _ = self.fits.read(*_vectors(method, seed)) or ({}, {})
        if not self.vectors.of(weights).size:
            state = {name: torch.from_numpy(array) for name, array in kept.items()}
            self.vectors.remember(weights, TextVectors.restored(state))

    def _train_gates(self, model: Conditioned, method: SearchMethod, seed: int) -> None:
        """Let the gates learn, on queries for the code that the encoder was adapted on."""
        is_graph = method.gates_trained_on == "graph"
        source = method.graph_source if is_graph else "code"
        snippets = self.inputs.adaptation(source, seed)
        grounding = self.texts.grounder.ground(snippets)
        model.check(grounding)
        queries = self.inputs.queries(source, seed)
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
            plain_vectors(snippets, method.lines, lambda texts: self._encoded(model, texts)),
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

    def scores(self, model: Conditioned, method: SearchMethod, seed: int = 0) -> FloatArray:
        """Every scored query with every document, `[queries, documents]`: cosine, beside BM25."""
        if math.isinf(method.lexical):
            return self._words([]).scores(self.test_queries)
        documents = self.document_vectors(model, method, seed)
        cosines = (self._encoded(model, self.test_queries) @ documents.T).numpy()
        if not method.lexical:
            return cosines
        grounding = self.texts.grounding
        contexts = self.inputs.contexts(method, seed, self.corpus.documents, grounding)
        words = self._words(contexts).scores(self.test_queries, context_share(model))
        return fused(cosines, words, method.lexical)

    def _words(self, contexts: Sequence[str]) -> DocumentWords:
        return DocumentWords([document.code for document in self.corpus.documents], contexts)

    def index(self, arm: Arm[SearchMethod], seed: int, model_file: Path) -> SearchIndex:
        """A fitted model, read back, with its documents: ready to answer queries."""
        method = self.method(arm, seed)
        model = self.build(method, seed)
        model.load_state_dict(load_file(model_file))
        self._recall(model, method, seed)
        documents, grounding = self.corpus.documents, self.texts.grounding
        contexts = self.inputs.contexts(method, seed, documents, grounding)
        return SearchIndex(
            concepts=self.inputs.concepts_of(method, seed),
            documents=documents,
            grounding=grounding,
            contexts=contexts,
            vectors=self.document_vectors(model, method, seed),
            model=model.cpu().eval(),  # searching needs no accelerator
            lines=method.lines,
            lexical=method.lexical,
        )


def _vectors(method: SearchMethod, seed: int) -> tuple[object, ...]:
    return "vectors", method, seed
