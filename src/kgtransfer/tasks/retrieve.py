"""Code search as a task: what an arm trains on, what conditions it, how it is scored."""

from __future__ import annotations

import copy
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file
from torch import Tensor

from kgtransfer.backbones.text import TokenStates
from kgtransfer.conditioning.attach import Conditioned, condition
from kgtransfer.conditioning.gates import gates_of
from kgtransfer.grounding.code import CodeGrounder
from kgtransfer.grounding.verbalise import code_queries, graph_queries
from kgtransfer.tasks.base import ArmRun
from kgtransfer.tasks.bm25 import bm25_scores
from kgtransfer.tasks.contrastive import Pairs, batches, contrastive_loss, encode
from kgtransfer.tasks.metrics import hits_at, ranks_of, reciprocal_ranks
from kgtransfer.tasks.search_index import SearchIndex
from kgtransfer.training.checkpoint import write_safetensors
from kgtransfer.training.loop import Budget, Group, fit

if TYPE_CHECKING:
    from pathlib import Path

    from kgtransfer.backbones.text import TextEncoder
    from kgtransfer.data.pairs import SearchCorpus, Snippet
    from kgtransfer.embedding.concepts import ConceptEmbeddings
    from kgtransfer.grounding.base import Grounding
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["Recipe", "SearchArm", "SearchTask"]


@dataclass(frozen=True)
class SearchArm:
    """One way to adapt an encoder to a code base, as data.

    Attributes:
        train_on: synthetic queries by rule from the `code` or the `graph`, human `labels`, or
            nothing (empty).
        labels: how many labelled pairs, where it trains on them.
        gates: `learned`, or fixed values by relation; empty where nothing conditions.
        concepts: `true` rows, rows `shuffled` within their type (the placebo), or `random` ones.
        parts: which columns of the concept embeddings condition.
        lexical: rank by BM25 instead of by an encoder.
    """

    name: str
    train_on: str = ""
    labels: int = 0
    gates: str | Mapping[str, float] = field(default_factory=dict)
    concepts: str = "true"
    parts: tuple[str, ...] = ("text",)
    lexical: bool = False

    @property
    def is_seeded(self) -> bool:
        """Whether seeds make a difference: only where something is trained or drawn."""
        return bool(self.train_on) or self.concepts != "true"


@dataclass(frozen=True)
class Recipe:
    """Settings of fine-tuning, the same for every arm; chosen on development queries only."""

    epochs: int = 1
    label_epochs: int = 4
    adaptation: int = 1024
    batch_size: int = 32
    negatives: float = 0.25
    encoder_lr: float = 1e-4
    gate_lr: float = 4e-2
    projection_lr: float = 1e-3
    weight_decay: float = 0.01


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
    """

    def __init__(
        self,
        corpus: SearchCorpus,
        graph: KnowledgeGraph,
        concepts: ConceptEmbeddings,
        encoder: TextEncoder,
        *,
        recipe: Recipe | None = None,
        split: str = "test",
        device: str = "cpu",
    ) -> None:
        self.corpus, self.graph, self.concepts, self.encoder = corpus, graph, concepts, encoder
        self.recipe, self.device = recipe or Recipe(), device
        self.scored: tuple[int, ...] = getattr(corpus, split)
        self.grounder = CodeGrounder(graph, concepts.iris, masked=corpus.masked)
        self._before: dict[int, Tensor] = {}
        self._stems: dict[str, Tensor] = {}
        self._synthetic: dict[str, list[list[str]]] = {}
        self._trained: dict[tuple[str, int, int], dict[str, Tensor]] = {}

    @cached_property
    def grounding(self) -> Grounding:
        """Of the documents."""
        return self.grounder.ground(self.corpus.documents)

    @cached_property
    def documents(self) -> TokenStates:
        """Stem states of the documents."""
        return self._states([document.code for document in self.corpus.documents])

    @cached_property
    def queries(self) -> TokenStates:
        """Stem states of the documents' queries."""
        return self._states(self.corpus.held_out)

    @property
    def test_queries(self) -> list[str]:
        """The queries that arms are scored on, in the order of their scores."""
        return self.corpus.queries(self.scored)

    def run(self, arm: SearchArm, seed: int, *, model_file: Path | None = None) -> ArmRun:
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
        return self._scored(self.scores(model, arm).numpy(), gates_of(model).values(), started)

    def fit(self, arm: SearchArm, seed: int) -> Conditioned:
        """The arm's model, trained; the plain encoder where the arm trains on nothing."""
        torch.manual_seed(seed)
        model = self.build(arm, seed)
        if arm.train_on:
            self._train(model, arm, seed)
        if isinstance(arm.gates, Mapping):
            gates_of(model).set(arm.gates)
        return model.eval()

    def _train(self, model: Conditioned, arm: SearchArm, seed: int) -> None:
        """Train in place, or take over the weights of an arm that was trained in the same way."""
        recipe, learned = self.recipe, arm.gates == "learned"
        same = (arm.train_on, arm.labels, seed)  # all that counts where no gate is learned
        if same in self._trained and not learned:
            model.backbone.load_state_dict(self._trained[same])
            return
        few = arm.train_on == "labels"
        pairs = self.pairs(arm, seed, grounded=learned)
        fit(
            model,
            batches(
                model,
                pairs,
                size=recipe.batch_size,
                negatives=recipe.negatives,
                seed=seed,
                first=self._zero_shot(pairs.documents),
            ),
            contrastive_loss,
            self._groups(model, learned=learned),
            budget=Budget(recipe.label_epochs if few else recipe.epochs),
        )
        if not learned:
            self._trained[same] = copy.deepcopy(model.backbone.state_dict())

    def _zero_shot(self, documents: TokenStates) -> Tensor:
        """Vectors before any training: the same for every arm, whose gates are all 0 then."""
        # A text's states are one tensor as long as the task lives, so its id names the text.
        fresh = [states for states in documents.states if id(states) not in self._before]
        if fresh:
            vectors = encode(self.build(SearchArm("none"), 0), TokenStates(tuple(fresh)))
            self._before |= zip(map(id, fresh), vectors, strict=True)
        return torch.stack([self._before[id(states)] for states in documents.states])

    def _groups(self, model: Conditioned, *, learned: bool) -> list[Group]:
        recipe, gates = self.recipe, gates_of(model)
        encoder = list(model.backbone.parameters())
        groups = [Group(encoder, recipe.encoder_lr, recipe.weight_decay)]
        if learned:
            groups.append(Group([gates.gates], recipe.gate_lr))
            groups.append(Group(list(gates.projection.parameters()), recipe.projection_lr))
        return groups

    def build(self, arm: SearchArm, seed: int) -> Conditioned:
        """The arm's model before training: the encoder to the bit, since all gates are 0."""
        concepts = self.concepts_of(arm, seed)
        encoder = copy.deepcopy(self.encoder)
        return condition(encoder, concepts, self.grounder, width=encoder.width).to(self.device)

    def concepts_of(self, arm: SearchArm, seed: int) -> ConceptEmbeddings:
        """The rows that condition an arm; the placebo's are permuted within their class."""
        concepts = self.concepts.part(*arm.parts)
        if arm.concepts == "shuffled":
            return concepts.shuffled({iri: self.graph.types(iri) for iri in concepts.iris}, seed)
        return concepts.random(seed) if arm.concepts == "random" else concepts

    def pairs(self, arm: SearchArm, seed: int, *, grounded: bool) -> Pairs:
        """What an arm trains on for a seed: labelled pairs, or functions with synthetic queries."""
        rng = np.random.default_rng(seed)
        if arm.train_on == "labels":
            rows = rng.permutation(self.corpus.labelled)[: arm.labels].tolist()
            snippets = [self.corpus.documents[row] for row in rows]
            queries = [[snippet.query] for snippet in snippets]
        else:
            size = self.recipe.adaptation
            rows = rng.permutation(len(self.corpus.adaptation))[:size].tolist()
            snippets = [self.corpus.adaptation[row] for row in rows]
            every = [self.synthetic_queries(arm.train_on)[row] for row in rows]
            # As many as there are epochs will do: one is shown in each.
            queries = [rng.choice(group, self.recipe.epochs).tolist() for group in every]
        return Pairs(
            documents=self._states([snippet.code for snippet in snippets]),
            grounding=self.grounder.ground(snippets) if grounded else None,
            queries=self._states([query for group in queries for query in group]),
            offsets=np.cumsum([0, *map(len, queries)]),
        )

    def scores(self, model: Conditioned, arm: SearchArm) -> Tensor:
        """Cosine of every scored query with every document, `[queries, documents]`."""
        documents = encode(model, self.documents, self.grounding if arm.gates else None)
        chosen = self.queries.select(self.scored)
        return encode(model, chosen) @ documents.T

    def index(self, arm: SearchArm, seed: int, model_file: Path) -> SearchIndex:
        """A fitted arm's model, read back, with its documents: ready to answer queries."""
        model = self.build(arm, seed)
        model.load_state_dict(load_file(model_file))
        vectors = encode(model, self.documents, self.grounding)
        concepts = self.concepts_of(arm, seed)
        model = model.cpu().eval()  # searching needs no accelerator
        return SearchIndex(model, concepts, self.corpus.documents, self.grounding, vectors)

    def synthetic_queries(self, source: str) -> list[list[str]]:
        """For every adaptation function the queries by rule from the `code` or the `graph`."""
        if source not in self._synthetic:
            write = {"code": self._code_queries, "graph": self._graph_queries}[source]
            self._synthetic[source] = write(self.corpus.adaptation)
        return self._synthetic[source]

    def _code_queries(self, snippets: Sequence[Snippet]) -> list[list[str]]:
        return [code_queries(snippet.name, snippet.code) for snippet in snippets]

    def _graph_queries(self, snippets: Sequence[Snippet]) -> list[list[str]]:
        grounding = self.grounder.ground(snippets)
        return [
            graph_queries(snippet.name, snippet.code, self._around(grounding, row), self.graph)
            for row, snippet in enumerate(snippets)
        ]

    def _states(self, texts: Sequence[str]) -> TokenStates:
        """Stem states; each text goes through the stem once in a task's life."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._stems]
        if fresh:
            self._stems |= zip(fresh, self.encoder.stem_states(fresh).states, strict=True)
        return TokenStates(tuple(self._stems[text] for text in texts))

    def _around(self, grounding: Grounding, sample: int) -> dict[str, list[str]]:
        rows = grounding.concepts_of(sample)
        return {name: [self.concepts.iris[row] for row in found] for name, found in rows.items()}

    def _scored(
        self, scores: npt.NDArray[Any], gates: Mapping[str, float], started: float
    ) -> ArmRun:
        ranks = ranks_of(scores, self.scored)
        return ArmRun(
            per_sample=reciprocal_ranks(ranks),
            metrics={"r@1": hits_at(1, ranks), "r@10": hits_at(10, ranks)},
            gates=gates,
            seconds=time.perf_counter() - started,
        )
