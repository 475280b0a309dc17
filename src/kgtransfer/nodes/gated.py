"""Arms with a convex head over gated blocks of features: what each reads, and how it is fitted."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from scipy.special import softmax
from scipy.stats import chisquare

from kgtransfer.experiments.task import FitResult
from kgtransfer.nodes.encoders.gin import GIN
from kgtransfer.nodes.encoders.vectors import NodeVectors
from kgtransfer.nodes.heads.head import HeadSettings, NodeHead, fit_head, spread_labels
from kgtransfer.nodes.heads.selection import choose_gates, choose_spread, selection_nodes
from kgtransfer.nodes.model import NodeModel

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.nodes.arms import NodeMethod
    from kgtransfer.nodes.attributes.knowledge import AttributeKnowledge
    from kgtransfer.nodes.data.graph import NodeGraph
    from kgtransfer.nodes.data.splits import NodeSplit
    from kgtransfer.nodes.features.blocks import KnowledgeFeatures, NodeBlocks
    from kgtransfer.nodes.heads.head import Blocks

__all__ = ["GatedHeads", "HeadInputs"]

# With fewer labels of each class, or fewer training nodes, nothing is chosen: settings are fixed.
MIN_LABELS_PER_CLASS, MIN_TRAINING_NODES = 5, 60
FIXED = {"propagated .1": 160.0, "structure": 3.0, "two hops": 160.0, "descriptors": 10.0}
KNOWLEDGE_BLOCKS = ("related", "meaning")


@dataclass(frozen=True, eq=False)
class HeadInputs:
    """What a head reads: blocks of features `[N, width]`, and a prior `[N, classes]`, if any."""

    blocks: Blocks
    prior: npt.NDArray[np.float32] | None = None


class GatedHeads:
    """Heads over blocks of features of a graph's nodes; what arms and seeds share is made once.

    Args:
        nodes: the data.
        encoder: pre-trained; never changed.
        blocks: features of the data.
        knowledge: of attributes and classes; None where there is none.
        restart: of the encoder's walks.
    """

    def __init__(
        self,
        nodes: NodeGraph,
        encoder: GIN,
        blocks: NodeBlocks,
        *,
        knowledge: AttributeKnowledge | None = None,
        restart: float = 0.8,
    ) -> None:
        self.nodes, self.encoder, self.blocks = nodes, encoder, blocks
        self.knowledge, self.restart = knowledge, restart
        self._vectors: dict[str, NodeVectors] = {}
        self._features: dict[tuple[str, int, bool], KnowledgeFeatures] = {}

    def fit(self, method: NodeMethod, split: NodeSplit, seed: int) -> tuple[FitResult, NodeModel]:
        """Fit a head on the training nodes -> its scores on the test nodes, and the model."""
        started = time.perf_counter()
        inputs = self.inputs(method, split, seed)
        head = self.fit_head(method, inputs, split, seed)
        probabilities = self.probabilities(head, inputs, split)
        correct = probabilities.argmax(axis=1)[split.test] == self.nodes.labels[split.test]
        result = FitResult(
            per_sample=correct.astype(np.float64),
            gates=_gates(head, inputs) if method.kind == "control" else {},
            seconds=time.perf_counter() - started,
        )
        weights = {"weights": torch.from_numpy(head.weights)}
        return result, NodeModel(weights, _described(head), self.nodes.classes, probabilities)

    def inputs(self, method: NodeMethod, split: NodeSplit, seed: int) -> HeadInputs:
        """An arm's method, split and seed -> what its head may read.

        The block `encoder` is filled where gates are chosen; `fit_head` fills the rest if that gate
        opens.
        """
        if method.kind == "linear":
            return HeadInputs(self.blocks.baseline)
        nodes = selection_nodes(split.train, seed)
        blocks = {"encoder": self.vectors(method.encoder, nodes), **self.blocks.condition}
        features = self._features_of(method.knowledge, split, seed)
        if features is None:
            return HeadInputs(blocks)
        return HeadInputs(blocks | features.blocks, features.prior)

    def fit_head(
        self, method: NodeMethod, inputs: HeadInputs, split: NodeSplit, seed: int
    ) -> NodeHead:
        """A head whose settings are chosen within the training nodes, fitted on all of them."""
        blocks, prior = inputs.blocks, inputs.prior
        labels, classes = self.nodes.labels, len(self.nodes.classes)
        is_linear = method.kind == "linear"
        if _has_few_labels(split) or len(split.train) < MIN_TRAINING_NODES:
            name = next(name for name in FIXED if name in blocks)
            settings = HeadSettings({name: 1.0}, FIXED[name])
        else:
            settings = choose_gates(
                blocks, labels, split.train, classes, seed=seed, prior=prior,
                knowledge_blocks=KNOWLEDGE_BLOCKS, best_alone=is_linear,
            )  # fmt: skip
            if "encoder" in settings.gates:
                self.vectors(method.encoder)  # fills the block's other rows
            if not is_linear:
                settings = choose_spread(
                    settings, blocks, labels, split.train, classes, self.blocks.operator,
                    seed=seed, prior=prior,
                )  # fmt: skip
        return fit_head(blocks, labels, split.train, classes, settings, prior)

    def probabilities(
        self, head: NodeHead, inputs: HeadInputs, split: NodeSplit
    ) -> npt.NDArray[np.float32]:
        """Class probabilities of all nodes, `[N, classes]`, spread over the graph if chosen so."""
        probabilities = spread_labels(
            self.blocks.operator,
            softmax(head.logits(inputs.blocks, inputs.prior), axis=1),
            self.nodes.labels,
            split.train,
            head.settings.spread,
        )
        return _balanced(probabilities) if self._is_balanced(split) else probabilities

    def vectors(
        self, weights: str, nodes: npt.NDArray[np.int64] | None = None
    ) -> npt.NDArray[np.float32]:
        """Vectors by the frozen encoder, pre-trained or random: all, or some and zeros."""
        if weights not in self._vectors:
            torch.manual_seed(0)
            encoder = self.encoder if weights == "pretrained" else GIN().eval()
            self._vectors[weights] = NodeVectors(encoder, self.nodes, self.restart)
        return self._vectors[weights].read(nodes)

    def _is_balanced(self, split: NodeSplit) -> bool:
        """Whether classes are taken as equally large: the random sample does not object."""
        if split.labels or self.nodes.attributes is not None:
            return False
        counts = np.bincount(self.nodes.labels[split.train], minlength=len(self.nodes.classes))
        return bool(chisquare(counts).pvalue > 0.1)

    def _features_of(self, which: str, split: NodeSplit, seed: int) -> KnowledgeFeatures | None:
        """Features by the knowledge, or by a seed's placebo; None without knowledge."""
        if not which or self.knowledge is None:
            return None
        is_true, has_related = which == "true", not _has_few_labels(split)
        key = (which, 0 if is_true else seed, has_related)
        if key not in self._features:
            knowledge = self.knowledge if is_true else self.knowledge.shuffled(seed)
            for other in [other for other in self._features if other[0] != "true"]:
                del self._features[other]  # a placebo is large, and new for each seed
            self._features[key] = self.blocks.of_knowledge(knowledge, related=has_related)
        return self._features[key]


def _has_few_labels(split: NodeSplit) -> bool:
    return 0 < split.labels < MIN_LABELS_PER_CLASS


def _gates(head: NodeHead, inputs: HeadInputs) -> dict[str, float]:
    """How far each block's gate opened, how much the prior counts, how far predictions spread."""
    gates = {name: head.settings.gates.get(name, 0.0) for name in inputs.blocks}
    prior = {} if inputs.prior is None else {"prior": head.prior_weight}
    return {**gates, **prior, "spread": 1.0 - head.settings.spread}


def _described(head: NodeHead) -> dict[str, object]:
    settings = head.settings
    return {
        "gates": dict(settings.gates),
        "strength": settings.strength,
        "spread": settings.spread,
        "prior": head.prior_weight,
    }


def _balanced(probabilities: npt.NDArray[np.float32], steps: int = 50) -> npt.NDArray[np.float32]:
    """Probabilities scaled so that all classes have the same mean (Sinkhorn's iteration)."""
    balanced = probabilities.copy()
    for _ in range(steps):
        balanced /= np.maximum(balanced.mean(axis=0), 1e-12) * balanced.shape[1]
        balanced /= balanced.sum(axis=1, keepdims=True)
    return balanced
