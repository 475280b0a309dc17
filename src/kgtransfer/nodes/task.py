"""Node classification as a task: a graph, an encoder and knowledge, ready for any arm."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from kgtransfer.embedding.text import text_encoder
from kgtransfer.errors import ConfigError, DataError
from kgtransfer.experiments.arms import headline_of
from kgtransfer.experiments.runner import digest
from kgtransfer.experiments.task import FitResult, Setting
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.nodes.arms import CONTROL, STRONGEST, NodeMethod, arms_for, learning_curve
from kgtransfer.nodes.chosen import ChosenBaseline
from kgtransfer.nodes.data.splits import NodeSplit, random_split, split_per_class
from kgtransfer.nodes.encoders.gcn import fit_gcn
from kgtransfer.nodes.encoders.gin import GIN, load_gin, weights_digest, weights_for
from kgtransfer.nodes.features.blocks import NodeBlocks
from kgtransfer.nodes.features.texts import text_features
from kgtransfer.nodes.finetuned import TunedNodes, carved
from kgtransfer.nodes.gated import GatedHeads
from kgtransfer.nodes.heads.forest import fit_forest
from kgtransfer.nodes.kept import Kept
from kgtransfer.nodes.model import NodeModel
from kgtransfer.nodes.recipe import NodeRecipe
from kgtransfer.nodes.report import node_findings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kgtransfer.embedding.text import EncoderLike
    from kgtransfer.experiments.arms import Arm
    from kgtransfer.experiments.runner import SettingRuns
    from kgtransfer.nodes.attributes.knowledge import AttributeKnowledge
    from kgtransfer.nodes.data.graph import NodeGraph

__all__ = ["UNLABELLED", "NodeTask", "labels_of"]

UNLABELLED = "no label"  # name of the setting in which nothing is trained on


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
            nodes; 0 for none, where texts of rows and names of classes are all that there is.
        recipe: how arms are fitted.
        text: what reads the texts of a table's rows, for all arms alike: a bundled encoder's name,
            a model folder or an encoder.
        cache: folder for subgraphs and vectors of texts, named by content.
        kept: what the run keeps of its work for a retraining; nothing by default.

    Raises:
        DataError: nodes have neither edges nor attributes nor texts.
        ConfigError: the recipe's preset needs edges, and there are none; or nothing can be said
            without a label.
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
        text: EncoderLike = "minilm",
        cache: Path | None = None,
        kept: Kept | None = None,
    ) -> None:
        _require_something(nodes, recipe)
        self.nodes, self.recipe = nodes, recipe or NodeRecipe()
        self.graph = ontology or KnowledgeGraph(())
        self.share, self.few_labels = share, tuple(few_labels)
        weights = weights_for(nodes.name) if encoder == "auto" else encoder
        self.encoder = weights if isinstance(weights, GIN) else load_gin(weights)
        self.knowledge = None if self.recipe.preset else knowledge
        kept = kept or Kept()
        reader = text_encoder(text) if nodes.texts else None
        self.texts = text_features(nodes, reader, cache, kept) if reader else None
        self.blocks = NodeBlocks(nodes, texts=self.texts, kept=kept)
        self.heads = GatedHeads(
            nodes,
            self.encoder,
            self.blocks,
            knowledge=self.knowledge,
            restart=self.recipe.restart,
            kept=kept,
        )
        self.chosen = ChosenBaseline(self.heads)
        self.tuned = TunedNodes(nodes, self.encoder, self.recipe, self.blocks, cache)
        self._fits: dict[tuple[NodeMethod, int | None, int], FitResult] = {}
        if 0 in self.few_labels and not self.blocks.priors:
            raise ConfigError(
                f"{nodes.name}: without a label there is only the name of a class, and there are "
                "no such names, or no texts to set them against",
                cure="leave 0 out of few_labels, or give texts and classes that have names",
            )

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
        knowledge = self.knowledge.hash if self.knowledge else ""
        recipe = repr((self.recipe, self.share, self._reserve))
        recipe += self.texts.hash if self.texts else ""
        return digest(
            self.graph.hash, self.nodes.hash, weights_digest(self.encoder), knowledge, recipe
        )

    @property
    def arms(self) -> Sequence[Arm[NodeMethod]]:
        """All arms that can run; those with knowledge where there is any."""
        names = ["class_names"] if self.blocks.priors else []
        if self.knowledge is not None and self.knowledge.names_classes:
            names.append("kg_unlabelled")
        return arms_for(
            self.nodes,
            knowledge=self.knowledge is not None,
            unlabelled=names,
            preset=self.recipe.preset,
        )

    @property
    def headline(self) -> str:
        """The first arm with knowledge; without knowledge the baseline, or the preset's method."""
        return (headline_of(self.arms) or (CONTROL if self.recipe.preset else STRONGEST)).name

    def settings(self, arms: Sequence[Arm[NodeMethod]]) -> Sequence[Setting[NodeMethod]]:
        """A share of the labelled nodes, and each number of labels, with the points of a curve.

        The curve says how many labels the knowledge is worth; without knowledge there is none.
        """
        curve = learning_curve(self.few_labels) if self.knowledge is not None else ()
        main = tuple(arm for arm in arms if arm.role != "labels")
        few = (*arms, *(point for point in curve if point.name not in {arm.name for arm in arms}))
        return [
            Setting("own split" if self.nodes.parts else f"{self.share:.0%} labelled", main),
            *(
                Setting(f"{labels} label{'s' if labels > 1 else ''} a class", few, labels)
                if labels
                else Setting(UNLABELLED, tuple(filter(_can_do_without, few)))
                for labels in self.few_labels
            ),
        ]

    def split(self, seed: int, labels: int | None = None) -> NodeSplit:
        """The nodes of a seed: the same for all arms.

        Args:
            seed: of the split.
            labels: of each class; None is the share.
        """
        if labels is not None:
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
        labels = arm.labels or labels_of(setting)
        is_kept = model_file is not None and labels is None
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
        """Write the headline's model of the first seed, its word on every node, and concepts."""
        main = next(iter(runs.values()))
        if file := main.models.get(self.headline):
            NodeModel.read(file).save(folder, self.nodes.ids)
        if self.knowledge and self.knowledge.concepts:
            self.knowledge.concepts.save(folder)

    @property
    def _reserve(self) -> int:
        """Labels of each class that stay out of the test, so that all settings share it."""
        return max(self.few_labels, default=0)

    def _fit(
        self, method: NodeMethod, split: NodeSplit, seed: int, model_file: Path | None
    ) -> FitResult:
        if method.kind in ("gnn", "tuned") and not self.nodes.has_edges:
            raise ConfigError(
                f"{self.nodes.name}: rows without edges have no neighbours to learn from",
                cure=f"run arms of: {', '.join(arm.name for arm in self.arms)}",
            )
        held = self.nodes.sample_groups
        groups = [held[node] for node in split.test] if held else []
        if method.kind in ("gnn", "forest"):
            return replace(self._fit_classes(method, split, seed), groups=groups)
        if method.kind == "tuned" or (method.kind == "control" and self.recipe.preset):
            result, model = self.tuned.fit(method, split, seed, keep=model_file is not None)
        elif method.kind == "chosen":
            result, model = self.chosen.fit(method, split, seed)
        else:
            result, model = self.heads.fit(method, split, seed)
        if model_file and model:
            model.write(model_file)
        return replace(result, groups=groups)

    def _fit_classes(self, method: NodeMethod, split: NodeSplit, seed: int) -> FitResult:
        """What gives a class to every node and keeps no model."""
        started = time.perf_counter()
        fitted, held = carved(split.train)
        raw, labels = self.blocks.raw, self.nodes.labels
        if method.kind == "forest":
            predicted = fit_forest(np.asarray(raw), labels, split.train, seed=seed)
        else:
            predicted = fit_gcn(
                self.blocks.operator,
                raw,
                labels,
                fitted,
                held,
                seed=seed,
                own=self.nodes.attributes is None,
            )
        correct = predicted[split.test] == labels[split.test]
        return FitResult(correct.astype(np.float64), seconds=time.perf_counter() - started)


def labels_of(setting: Setting[NodeMethod]) -> int | None:
    """Setting -> labels of each class that are trained on; None is a share of all."""
    return 0 if setting.name == UNLABELLED else int(setting.labels) or None


def _can_do_without(arm: Arm[NodeMethod]) -> bool:
    """Whether an arm needs no label, or brings a number of its own."""
    return arm.labels is not None or (
        arm.method is not None and arm.method.kind in ("chosen", "unlabelled")
    )


def _require_something(nodes: NodeGraph, recipe: NodeRecipe | None) -> None:
    if nodes.has_edges:
        return
    if nodes.attributes is None and not nodes.texts:
        raise DataError(
            f"{nodes.name}: has neither edges nor attributes: there is nothing to learn from",
            cure="add edges, or attributes (docs/graph_control.md)",
        )
    if recipe and recipe.preset:
        raise ConfigError(
            f"the preset {recipe.preset} reads the surroundings of nodes, and {nodes.name} has "
            "no edges",
            cure="leave method.preset out, or give edges (docs/rows.md)",
        )
