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
from kgtransfer.nodes.heads.few_labels import choose_range, fixed_settings, prior_alone
from kgtransfer.nodes.heads.head import NodeHead, fit_head, fit_prior, spread_labels
from kgtransfer.nodes.heads.kept_fits import KeptFits
from kgtransfer.nodes.heads.selection import choose_gates, choose_spread, selection_nodes
from kgtransfer.nodes.kept import Kept
from kgtransfer.nodes.model import NodeModel

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.nodes.arms import NodeMethod
    from kgtransfer.nodes.attributes.knowledge import AttributeKnowledge
    from kgtransfer.nodes.data.graph import NodeGraph
    from kgtransfer.nodes.data.splits import NodeSplit
    from kgtransfer.nodes.features.blocks import KnowledgeFeatures, NodeBlocks
    from kgtransfer.nodes.heads.head import Blocks, HeadSettings

__all__ = ["GatedHeads", "HeadInputs", "has_few_labels"]

# With fewer labels of each class, or fewer training nodes, nothing is chosen: settings are fixed.
MIN_LABELS_PER_CLASS, MIN_TRAINING_NODES = 5, 60
SMALL_GRAPH = 1000  # nodes; in fewer, ten steps of a walk may lead everywhere


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
        kept: what the run keeps of its work.
    """

    def __init__(
        self,
        nodes: NodeGraph,
        encoder: GIN,
        blocks: NodeBlocks,
        *,
        knowledge: AttributeKnowledge | None = None,
        restart: float = 0.8,
        kept: Kept | None = None,
    ) -> None:
        self.nodes, self.encoder, self.blocks = nodes, encoder, blocks
        self.knowledge, self.restart, self.kept = knowledge, restart, kept or Kept()
        self._fits: dict[tuple[int | None, int], KeptFits] = {}
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
        self.fits_of(split, seed).write()
        weights = {"weights": torch.from_numpy(head.weights)}
        return result, NodeModel(weights, _described(head), self.nodes.classes, probabilities)

    def inputs(self, method: NodeMethod, split: NodeSplit, seed: int) -> HeadInputs:
        """An arm's method, split and seed -> what its head may read.

        The block `encoder` is filled where gates are chosen; `fit_head` fills the rest if that gate
        opens.
        """
        if method.kind == "linear":
            return HeadInputs(self.blocks.baseline)
        blocks, priors = dict(self.blocks.condition), self.blocks.priors
        if method.kind == "unlabelled":
            features = self.features_of(method.knowledge, split, seed)
            priors = features.priors if features else priors
            return HeadInputs({}, [*priors.values()][-1] if priors else None)
        if self.nodes.has_edges:
            chosen_on = (
                split.train[:0] if self._is_fixed(split) else selection_nodes(split.train, seed)
            )
            blocks = {"encoder": self.vectors(method.encoder, chosen_on), **blocks}
        if self._ranges_are_chosen(split):
            blocks |= self.blocks.baseline
        return HeadInputs(blocks, priors.get("class names"))

    def fit_head(
        self, method: NodeMethod, inputs: HeadInputs, split: NodeSplit, seed: int
    ) -> NodeHead:
        """A head whose settings are chosen within the training nodes, fitted on all of them."""
        classes = len(self.nodes.classes)
        if method.kind == "unlabelled":
            return prior_alone(classes, 1.0)
        weight = self._weight_of_prior_alone(inputs, split)
        if weight > 0:
            return prior_alone(classes, weight)
        return fit_head(
            inputs.blocks, self.nodes.labels, split.train, classes,
            self.settings(method, inputs, split, seed), inputs.prior,
            fit=self.fits_of(split, seed),
        )  # fmt: skip

    def settings(
        self, method: NodeMethod, inputs: HeadInputs, split: NodeSplit, seed: int
    ) -> HeadSettings:
        """Gates, strength and spread, chosen within the training nodes; few labels fix them."""
        blocks, prior = inputs.blocks, inputs.prior
        labels, classes = self.nodes.labels, len(self.nodes.classes)
        fit, is_linear = self.fits_of(split, seed), method.kind == "linear"
        if not is_linear and self._ranges_are_chosen(split):
            settings = choose_range(blocks, labels, split.train, classes, seed=seed, fit=fit)
        elif self._is_fixed(split):
            settings = fixed_settings(blocks)
        else:
            settings = choose_gates(
                blocks, labels, split.train, classes, seed=seed, prior=prior,
                best_alone=is_linear, fit=fit, groups=self.nodes.sample_groups,
            )  # fmt: skip
            if "encoder" in settings.gates:
                self.vectors(method.encoder)  # fills the block's other rows
            if not is_linear and self.nodes.has_edges:
                settings = choose_spread(
                    settings, blocks, labels, split.train, classes, self.blocks.operator,
                    seed=seed, prior=prior, fit=fit, groups=self.nodes.sample_groups,
                )  # fmt: skip
        return settings

    def probabilities(
        self, head: NodeHead, inputs: HeadInputs, split: NodeSplit
    ) -> npt.NDArray[np.float32]:
        """Class probabilities of all nodes, `[N, classes]`, spread over the graph if chosen so."""
        probabilities = softmax(head.logits(inputs.blocks, inputs.prior), axis=1)
        if head.settings.spread < 1:
            probabilities = spread_labels(
                self.blocks.operator,
                probabilities,
                self.nodes.labels,
                split.train,
                head.settings.spread,
            )
        return self.balanced(probabilities, split)

    def balanced(
        self, probabilities: npt.NDArray[np.float32], split: NodeSplit
    ) -> npt.NDArray[np.float32]:
        """Probabilities `[N, classes]`; scaled where classes are taken as equally large."""
        return _balanced(probabilities) if self._is_balanced(split) else probabilities

    def vectors(
        self, weights: str, nodes: npt.NDArray[np.int64] | None = None
    ) -> npt.NDArray[np.float32]:
        """Vectors by the frozen encoder, pre-trained or random: all, or some and zeros."""
        if weights not in self._vectors:
            torch.manual_seed(0)
            encoder = self.encoder if weights == "pretrained" else GIN().eval()
            self._vectors[weights] = NodeVectors(encoder, self.nodes, self.restart, self.kept)
        return self._vectors[weights].read(nodes)

    def fits_of(self, split: NodeSplit, seed: int) -> KeptFits:
        """Fits on a split: arms share them."""
        key = split.labels, seed
        if key not in self._fits:
            self._fits[key] = KeptFits(self.kept, *key)
        return self._fits[key]

    def _is_fixed(self, split: NodeSplit) -> bool:
        """Whether labels are too few to choose gates by, or all of one group."""
        groups = np.array(self.nodes.sample_groups or range(self.nodes.num_nodes))[split.train]
        is_small = len(split.train) < MIN_TRAINING_NODES
        return has_few_labels(split) or is_small or len(np.unique(groups)) < 2

    def _ranges_are_chosen(self, split: NodeSplit) -> bool:
        """Whether the graph is small, and labels choose nothing but how far attributes travel."""
        is_small = self.nodes.num_nodes < SMALL_GRAPH and self.nodes.attributes is not None
        return self._is_fixed(split) and is_small and not self.nodes.is_table

    def _weight_of_prior_alone(self, inputs: HeadInputs, split: NodeSplit) -> float:
        """lambda where labels are too few to learn anything beside a prior over a table's rows.

        That is with one label a class, if they speak for the prior at all; else 0.
        """
        is_lone = len(split.train) < 2 * len(self.nodes.classes)
        if inputs.prior is None or not is_lone or not self.nodes.is_table:
            return 0.0
        return fit_prior(inputs.prior[split.train], self.nodes.labels[split.train])

    def _is_balanced(self, split: NodeSplit) -> bool:
        """Whether classes are taken as equally large: the random sample does not object."""
        if split.labels is not None or self.nodes.attributes is not None or self.nodes.is_table:
            return False
        counts = np.bincount(self.nodes.labels[split.train], minlength=len(self.nodes.classes))
        return bool(chisquare(counts).pvalue > 0.1)

    def features_of(self, which: str, split: NodeSplit, seed: int) -> KnowledgeFeatures | None:
        """Features by the knowledge, or by a seed's placebo; None without knowledge."""
        if not which or self.knowledge is None:
            return None
        is_true, has_related = which == "true", not has_few_labels(split)
        key = (which, 0 if is_true else seed, has_related)
        if key not in self._features:
            knowledge = self.knowledge if is_true else self.knowledge.shuffled(seed)
            for other in [other for other in self._features if other[0] != "true"]:
                del self._features[other]  # a placebo is large, and new for each seed
            self._features[key] = self.blocks.of_knowledge(
                knowledge, related=has_related, keep=is_true
            )
        return self._features[key]


def has_few_labels(split: NodeSplit) -> bool:
    """Whether each class has fewer labels than it takes to choose gates by."""
    return split.labels is not None and split.labels < MIN_LABELS_PER_CLASS


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
