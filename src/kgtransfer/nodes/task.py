"""Node classification as a task: a graph, an encoder and knowledge, ready for any arm."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from kgtransfer.errors import ConfigError
from kgtransfer.experiments.arms import headline_of
from kgtransfer.experiments.runner import digest
from kgtransfer.experiments.task import FitResult, Setting
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.nodes.arms import STRONGEST, NodeMethod, arms_for, learning_curve
from kgtransfer.nodes.data.splits import NodeSplit, random_split, split_per_class
from kgtransfer.nodes.encoders.gcn import fit_gcn
from kgtransfer.nodes.encoders.gin import GIN, load_gin, weights_for
from kgtransfer.nodes.features.blocks import NodeBlocks
from kgtransfer.nodes.finetuned import TunedNodes, carved
from kgtransfer.nodes.gated import GatedHeads
from kgtransfer.nodes.model import NodeModel
from kgtransfer.nodes.recipe import NodeRecipe
from kgtransfer.nodes.report import node_findings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kgtransfer.experiments.arms import Arm
    from kgtransfer.experiments.runner import SettingRuns
    from kgtransfer.nodes.attributes.knowledge import AttributeKnowledge
    from kgtransfer.nodes.data.graph import NodeGraph

__all__ = ["NodeTask"]


class NodeTask:
    """A graph and a pre-trained encoder, ready for any arm.

    Args:
        nodes: the data.
        encoder: pre-trained, never changed; or whose weights to load, see `load_gin`: `auto` takes
            those that come along and were trained on other graphs than this.
        knowledge: of attributes and classes; None where there is none.
        ontology: the knowledge graph that it was made from; a run keeps it.
        share: of the labelled nodes that is trained on in the main setting.
        few_labels: numbers of labels of each class, a further setting each, all tested on the same
            nodes.
        recipe: how arms are fitted.
        cache: folder for subgraphs, named by content.
    """

    kind = "nodes"
    metric = "accuracy"
    device = "cpu"

    def __init__(
        self,
        nodes: NodeGraph,
        encoder: GIN | str | Path = "auto",
        knowledge: AttributeKnowledge | None = None,
        *,
        ontology: KnowledgeGraph | None = None,
        share: float = 0.1,
        few_labels: Sequence[int] = (),
        recipe: NodeRecipe | None = None,
        cache: Path | None = None,
    ) -> None:
        self.nodes, self.recipe = nodes, recipe or NodeRecipe()
        self.graph = ontology or KnowledgeGraph(())
        self.share, self.few_labels = share, tuple(few_labels)
        weights = weights_for(nodes.name) if encoder == "auto" else encoder
        self.encoder = weights if isinstance(weights, GIN) else load_gin(weights)
        self.knowledge = None if self.recipe.preset else knowledge
        self.blocks = NodeBlocks(nodes)
        self.heads = GatedHeads(
            nodes,
            self.encoder,
            self.blocks,
            knowledge=self.knowledge,
            restart=self.recipe.restart,
        )
        self.tuned = TunedNodes(nodes, self.encoder, self.recipe, self.blocks, cache)
        self._fits: dict[tuple[NodeMethod, int, int], FitResult] = {}

    @property
    def data(self) -> str:
        """Name of the graph."""
        return self.nodes.name

    @property
    def test(self) -> str:
        """Name of the graph: nodes are tested on their own."""
        return self.nodes.name

    @property
    def hash(self) -> str:
        """Digest of graph, encoder, knowledge, recipe and splits."""
        encoder = hashlib.sha256()
        for name, tensor in self.encoder.state_dict().items():
            encoder.update(name.encode() + tensor.numpy().tobytes())
        knowledge = self.knowledge.hash if self.knowledge else ""
        recipe = repr((self.recipe, self.share, self._reserve))
        return digest(self.graph.hash, self.nodes.hash, encoder.hexdigest(), knowledge, recipe)

    @property
    def arms(self) -> Sequence[Arm[NodeMethod]]:
        """All arms that can run; those with knowledge where there is any."""
        return arms_for(knowledge=self.knowledge is not None, preset=self.recipe.preset)

    @property
    def headline(self) -> str:
        """The first arm with knowledge; where there is no knowledge, the strongest without."""
        return (headline_of(self.arms) or STRONGEST).name

    def settings(self, arms: Sequence[Arm[NodeMethod]]) -> Sequence[Setting[NodeMethod]]:
        """A share of the labelled nodes, and each number of labels, with the points of a curve.

        The curve says how many labels the knowledge is worth; without knowledge there is none.
        """
        curve = learning_curve(self.few_labels) if self.knowledge is not None else ()
        main = tuple(arm for arm in arms if arm.role != "labels")
        few = (*arms, *(point for point in curve if point.name not in {arm.name for arm in arms}))
        return [
            Setting(f"{self.share:.0%} labelled", main),
            *(
                Setting(f"{labels} label{'s' if labels > 1 else ''} a class", few, labels)
                for labels in self.few_labels
            ),
        ]

    def split(self, seed: int, labels: int = 0) -> NodeSplit:
        """The nodes of a seed: the same for all arms.

        Args:
            seed: of the split.
            labels: of each class; 0 is the share.
        """
        if labels:
            return split_per_class(self.nodes, seed, labels, self._reserve)
        return random_split(self.nodes, seed, self.share)

    def fit(
        self,
        setting: Setting[NodeMethod],
        arm: Arm[NodeMethod],
        seed: int,
        *,
        model_file: Path | None = None,
    ) -> FitResult:
        """Fit an arm on a seed's split and score it on the test nodes; arms alike are fitted once.

        The model of the main setting is written where a file is given.
        """
        if arm.method is None:
            raise ConfigError(f"the arm {arm.name} has no method", cure="give it a NodeMethod")
        labels = arm.labels or int(setting.labels)
        is_kept = model_file is not None and not setting.labels
        key = arm.method, labels, seed
        if key not in self._fits or is_kept:
            split = self.split(seed, labels)
            self._fits[key] = self._fit(arm.method, split, seed, model_file if is_kept else None)
        return self._fits[key]

    def findings(self, runs: Mapping[str, SettingRuns]) -> dict[str, Any]:
        """What else the report shows."""
        return node_findings(
            self.nodes,
            self.graph,
            self.blocks,
            self.recipe,
            runs,
            uses_knowledge=self.knowledge is not None,
        )

    def save(self, folder: Path, runs: Mapping[str, SettingRuns]) -> None:
        """Write the headline's model of the first seed, and its word on every node."""
        main = next(iter(runs.values()))
        if file := main.models.get(self.headline):
            NodeModel.read(file).save(folder)

    @property
    def _reserve(self) -> int:
        """Labels of each class that stay out of the test, so that all settings share it."""
        return max(self.few_labels, default=0)

    def _fit(
        self, method: NodeMethod, split: NodeSplit, seed: int, model_file: Path | None
    ) -> FitResult:
        if method.kind == "gnn":
            return self._fit_gcn(split, seed)
        if method.kind == "tuned" or (method.kind == "control" and self.recipe.preset):
            result, model = self.tuned.fit(method, split, seed, keep=model_file is not None)
        else:
            result, model = self.heads.fit(method, split, seed)
        if model_file and model:
            model.write(model_file)
        return result

    def _fit_gcn(self, split: NodeSplit, seed: int) -> FitResult:
        started = time.perf_counter()
        fitted, held = carved(split.train)
        predicted = fit_gcn(
            self.blocks.operator,
            self.blocks.raw,
            self.nodes.labels,
            fitted,
            held,
            seed=seed,
            own=self.nodes.attributes is None,
        )
        correct = predicted[split.test] == self.nodes.labels[split.test]
        return FitResult(correct.astype(np.float64), seconds=time.perf_counter() - started)
