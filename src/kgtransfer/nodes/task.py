"""Node classification as a task: what each arm sees, how it is fitted, how it is scored."""

from __future__ import annotations

import copy
import time
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import torch
from scipy.special import softmax
from scipy.stats import chisquare

from kgtransfer.experiments.task import FitResult
from kgtransfer.nodes.arms import NodeRecipe
from kgtransfer.nodes.encoder import GIN
from kgtransfer.nodes.features import Known, NodeBlocks
from kgtransfer.nodes.finetuned import TunedNodes, carved
from kgtransfer.nodes.gcn import fit_gcn
from kgtransfer.nodes.head import HeadSettings, NodeHead, fit_head, spread_labels
from kgtransfer.nodes.selection import choose_gates, choose_spread, some_of
from kgtransfer.nodes.splits import NodeSplit, random_split, split_per_class
from kgtransfer.nodes.subgraph_cache import NodeVectors
from kgtransfer.training.checkpoint import write_safetensors

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt
    import scipy.sparse as sp

    from kgtransfer.nodes.arms import NodeArm
    from kgtransfer.nodes.graph import NodeGraph
    from kgtransfer.nodes.head import Blocks
    from kgtransfer.nodes.knowledge import AttributeKnowledge

__all__ = ["NodeTask"]

FEWEST, FEW = 5, 60  # labels a class, and in all, below which nothing is chosen: settings are fixed
FIXED = {"propagated .1": 160.0, "structure": 3.0, "two hops": 160.0, "descriptors": 10.0}
DOORS = ("related", "meaning")  # blocks through which knowledge enters


class NodeTask:
    """A graph and a pre-trained encoder, ready for any arm.

    Args:
        graph: the data.
        encoder: pre-trained; never changed.
        knowledge: of attributes and classes; None where the graph has no attributes.
        recipe: settings that all arms share.
        cache: folder for subgraphs and encodings, named by content.
    """

    def __init__(
        self,
        graph: NodeGraph,
        encoder: GIN,
        *,
        knowledge: AttributeKnowledge | None = None,
        recipe: NodeRecipe | None = None,
        cache: Path | None = None,
    ) -> None:
        self.graph, self.encoder, self.knowledge = graph, encoder, knowledge
        self.recipe, self.cache = recipe or NodeRecipe(), cache
        self.blocks = NodeBlocks(graph)
        self._reading: dict[str, NodeVectors] = {}
        self._known: dict[tuple[str, int, bool], Known] = {}
        self._runs: dict[tuple[NodeArm, int], FitResult] = {}
        self.tuned = TunedNodes(graph, encoder, self.recipe, self.blocks, cache)

    def at(self, labels: int) -> NodeTask:
        """The same with so many labels of each class; what was worked out is shared."""
        other = copy.copy(self)
        other.recipe = replace(self.recipe, labels_per_class=labels)
        return other

    def split(self, seed: int, labels: int = 0) -> NodeSplit:
        """The nodes of a seed: the same for all arms.

        Args:
            seed: of the split.
            labels: of each class; 0: as the recipe says.
        """
        labels = labels or self.recipe.labels_per_class
        if labels:
            return split_per_class(self.graph, seed, labels, self.recipe.reserve)
        return random_split(self.graph, seed, self.recipe.share)

    def run(self, arm: NodeArm, seed: int, *, model_file: Path | None = None) -> FitResult:
        """Fit an arm on a seed's split and score it on the test nodes; arms alike are fitted once.

        Args:
            arm: what to fit.
            seed: of the split and of everything random.
            model_file: where to write the head's weights, for arms that have one.
        """
        labels = arm.labels or self.recipe.labels_per_class
        key = replace(arm, name="", labels=labels), seed
        if key not in self._runs or model_file is not None:
            self._runs[key] = self._run(arm, seed, self.split(seed, labels), model_file)
        return self._runs[key]

    def _run(self, arm: NodeArm, seed: int, split: NodeSplit, model_file: Path | None) -> FitResult:
        started = time.perf_counter()
        if arm.kind == "tuned" or (arm.kind == "control" and self.recipe.preset):
            return self.tuned.run(arm, seed, split)
        if arm.kind == "gnn":
            fitted, held = carved(split.train)
            named = fit_gcn(
                self.blocks.operator,
                self._raw,
                self.graph.labels,
                fitted,
                held,
                seed=seed,
                own=self.graph.attributes is None,
            )
            right = named[split.test] == self.graph.labels[split.test]
            return _scored(right, started)
        blocks, prior = self.inputs(arm, seed)
        head = self.fit(arm, blocks, prior, split, seed)
        if model_file is not None:
            write_safetensors(model_file, {"weights": torch.from_numpy(head.weights)})
        chances = self.chances(head, blocks, prior, split)
        right = chances.argmax(axis=1)[split.test] == self.graph.labels[split.test]
        doors = {name: head.settings.gates.get(name, 0.0) for name in blocks}
        doors |= {"prior": head.prior_weight} if prior is not None else {}
        doors |= {"spread": 1.0 - head.settings.spread} if arm.kind == "control" else {}
        return _scored(right, started, doors if arm.kind == "control" else {})

    def inputs(self, arm: NodeArm, seed: int) -> tuple[Blocks, npt.NDArray[np.float32] | None]:
        """Blocks of features that an arm's head may read, and its prior over classes.

        The block `encoder` is filled where gates are chosen; `fit` fills the rest if that gate
        opens.
        """
        if arm.kind == "linear":
            return self.blocks.baseline, None
        nodes = some_of(self.split(seed, arm.labels).train, seed)
        blocks = {"encoder": self.vectors(arm.encoder, nodes), **self.blocks.condition}
        known = self._knowledge_of(arm.knowledge, seed)
        return (blocks, None) if known is None else (blocks | known.blocks, known.prior)

    def fit(
        self,
        arm: NodeArm,
        blocks: Blocks,
        prior: npt.NDArray[np.float32] | None,
        split: NodeSplit,
        seed: int,
    ) -> NodeHead:
        """A head whose settings are chosen within the training nodes, fitted on all of them."""
        labels, classes = self.graph.labels, len(self.graph.classes)
        linear = arm.kind == "linear"
        if 0 < split.labels < FEWEST or len(split.train) < FEW:
            name = next(name for name in FIXED if name in blocks)
            settings = HeadSettings({name: 1.0}, FIXED[name])
        else:
            settings = choose_gates(
                blocks, labels, split.train, classes,
                seed=seed, prior=prior, doors=DOORS, one=linear,
            )  # fmt: skip
            if "encoder" in settings.gates:
                self.vectors(arm.encoder)  # fills the block's other rows
            if not linear:
                settings = choose_spread(
                    settings, blocks, labels, split.train, classes, self.blocks.operator,
                    seed=seed, prior=prior,
                )  # fmt: skip
        return fit_head(blocks, labels, split.train, classes, settings, prior)

    def chances(
        self,
        head: NodeHead,
        blocks: Blocks,
        prior: npt.NDArray[np.float32] | None,
        split: NodeSplit,
    ) -> npt.NDArray[np.float32]:
        """Probabilities of all nodes, `[N, classes]`, spread over the graph if that was chosen."""
        found = softmax(head.logits(blocks, prior), axis=1)
        labels = self.graph.labels
        found = spread_labels(
            self.blocks.operator, found, labels, split.train, head.settings.spread
        )
        if self._even(split):
            found = _balanced(found)
        return found

    def _even(self, split: NodeSplit) -> bool:
        """Whether classes are taken as equally large: the random sample does not object."""
        if split.labels or self.graph.attributes is not None:
            return False
        counts = np.bincount(self.graph.labels[split.train], minlength=len(self.graph.classes))
        return bool(chisquare(counts).pvalue > 0.1)

    def vectors(
        self, weights: str, nodes: npt.NDArray[np.int64] | None = None
    ) -> npt.NDArray[np.float32]:
        """Vectors by the frozen encoder, pre-trained or random: all, or some and zeros."""
        if weights not in self._reading:
            torch.manual_seed(0)
            encoder = self.encoder if weights == "pretrained" else GIN().eval()
            self._reading[weights] = NodeVectors(encoder, self.graph, self.recipe.restart)
        return self._reading[weights].read(nodes)

    def _knowledge_of(self, which: str, seed: int) -> Known | None:
        if not which or self.knowledge is None:
            return None
        related = not 0 < self.recipe.labels_per_class < FEWEST
        key = (which, 0 if which == "true" else seed, related)
        if key not in self._known:
            known = self.knowledge if which == "true" else self.knowledge.shuffled(seed)
            for other in [other for other in self._known if other[0] != "true"]:
                del self._known[other]  # a placebo is large, and new for each seed
            self._known[key] = self.blocks.known(known, related=related)
        return self._known[key]

    @cached_property
    def _raw(self) -> sp.csr_array | npt.NDArray[np.float32]:
        """Attributes as a graph network reads them; descriptors where there are none."""
        if self.graph.attributes is None:
            return 2.5 * self.blocks.baseline["descriptors"]
        return self.blocks.weights


def _balanced(chances: npt.NDArray[np.float32], steps: int = 50) -> npt.NDArray[np.float32]:
    """Probabilities scaled so that all classes have the same mean (Sinkhorn's iteration)."""
    found = chances.copy()
    for _ in range(steps):
        found /= np.maximum(found.mean(axis=0), 1e-12) * found.shape[1]
        found /= found.sum(axis=1, keepdims=True)
    return found


def _scored(
    right: npt.NDArray[np.bool_], started: float, gates: dict[str, float] | None = None
) -> FitResult:
    return FitResult(
        per_sample=right.astype(np.float64),
        gates=gates or {},
        seconds=time.perf_counter() - started,
    )
