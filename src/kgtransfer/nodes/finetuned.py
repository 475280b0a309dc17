"""Arms that train on subgraphs: the encoder fine-tuned, and GraphControl as published."""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp
import torch

from kgtransfer.experiments.task import FitResult
from kgtransfer.nodes.encoders.control_branch import ControlBranch
from kgtransfer.nodes.encoders.gin import GIN
from kgtransfer.nodes.encoders.training import Tuned, Tuning, class_probabilities, tune
from kgtransfer.nodes.features.propagation import similarity_graph, spectral_condition
from kgtransfer.nodes.model import NodeModel
from kgtransfer.nodes.recipe import PRESETS, Preset
from kgtransfer.nodes.subgraphs.cache import NodeSubgraphs, node_subgraphs
from kgtransfer.nodes.subgraphs.positions import local_positions, similar_positions

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from kgtransfer.nodes.arms import NodeMethod
    from kgtransfer.nodes.data.graph import NodeGraph
    from kgtransfer.nodes.data.splits import NodeSplit
    from kgtransfer.nodes.features.blocks import NodeBlocks
    from kgtransfer.nodes.recipe import NodeRecipe

__all__ = ["TunedNodes", "carved"]

HELD_OUT = 0.2  # of the training nodes, for arms that choose an epoch


class TunedNodes:
    """Subgraphs of a graph's nodes, and encoders trained on them.

    Args:
        graph: the data.
        encoder: pre-trained; never changed.
        recipe: settings that all arms share; with its preset, those of GraphControl's public code.
        blocks: of the graph; stand in for the attributes that the preset asks for.
        cache: folder for subgraphs, named by content.
    """

    def __init__(
        self,
        graph: NodeGraph,
        encoder: GIN,
        recipe: NodeRecipe,
        blocks: NodeBlocks,
        cache: Path | None = None,
    ) -> None:
        self.graph, self.encoder, self.recipe = graph, encoder, recipe
        self.blocks, self.cache = blocks, cache

    def fit(
        self, method: NodeMethod, split: NodeSplit, seed: int, *, keep: bool = False
    ) -> tuple[FitResult, NodeModel | None]:
        """Fine-tune the encoder, or train a control branch beside it -> scores on the test nodes.

        Where the network is to be kept, the model too: its word on every node takes a while. The
        chosen epoch is what counts; the best on the test stands beside it under its name.
        """
        started = time.perf_counter()
        tuned = self._tuned(method, split, seed)
        best = {"best_on_test": max(tuned.curve.test)} if tuned.curve.test else {}
        seconds = time.perf_counter() - started
        result = FitResult(tuned.correct.astype(np.float64), metrics=best, seconds=seconds)
        return result, self._model(method, tuned) if keep else None

    def _model(self, method: NodeMethod, tuned: Tuned) -> NodeModel:
        condition = self._condition if method.kind == "control" else None
        return NodeModel(
            tuned.network.state_dict(),
            {"preset": self.recipe.preset, "layerwise": self.recipe.layerwise},
            self.graph.classes,
            class_probabilities(tuned.network, self.subgraphs, condition),
        )

    def _tuned(self, method: NodeMethod, split: NodeSplit, seed: int) -> Tuned:
        paper = self.recipe.protocol == "paper"
        fitted, held = (split.train, split.train[:0]) if paper else carved(split.train)
        torch.manual_seed(seed)
        encoder = self.encoder if method.encoder == "pretrained" else GIN()
        is_controlled = method.kind == "control"
        body: GIN | ControlBranch
        if is_controlled:
            body = ControlBranch(encoder, layerwise=self.recipe.layerwise)
        else:
            body = GIN()
            body.load_state_dict(encoder.state_dict())
        return tune(
            body,
            self.subgraphs,
            self.graph.labels,
            fitted,
            held,
            split.test,
            self._published if is_controlled else self.recipe.tuning,
            condition=self._condition if is_controlled else None,
            seed=seed,
            on_test=paper,
        )

    @cached_property
    def subgraphs(self) -> NodeSubgraphs:
        """Subgraphs of all nodes; the preset's walks and positions are its own."""
        by_attributes = self.recipe.preset and self.recipe.local == "attributes"
        restart = self._preset.restart if self.recipe.preset else self.recipe.restart
        return node_subgraphs(
            self.graph,
            np.arange(self.graph.num_nodes),
            restart=restart,
            jumps_count=bool(self.recipe.preset),
            positions=(lambda subgraphs: similar_positions(subgraphs, self._similarity))
            if by_attributes
            else local_positions,
            name=f"{self.graph.hash} {self._preset.threshold}" if by_attributes else "adjacency",
            cache=self.cache,
        )

    @property
    def _preset(self) -> Preset:
        return PRESETS.get(self.graph.name, PRESETS["cora_ml"])

    @property
    def _published(self) -> Tuning:
        preset = self._preset
        return Tuning(
            optimiser=preset.optimiser,
            lr=preset.lr,
            weight_decay=preset.weight_decay,
            epochs=preset.epochs,
            steps=0,
            patience=15,
        )

    @cached_property
    def _similarity(self) -> sp.csr_array:
        """A' of the preset; graphs without attributes get factors of their adjacency for some."""
        if self.graph.attributes is None:
            rows = sp.csr_array(self.blocks.condition["place"])
        else:
            rows = self.graph.attributes.copy()
            if rows.data.min() > 0:  # thresholds were published for presence alone
                rows.data = np.ones_like(rows.data)
        return similarity_graph(rows, threshold=self._preset.threshold)

    @cached_property
    def _condition(self) -> npt.NDArray[np.float32]:
        return spectral_condition(self._similarity)


def carved(
    train: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Training nodes -> those to fit on and to choose an epoch on; too few are all fitted on."""
    count = int(len(train) * HELD_OUT) if len(train) >= 25 else 0
    return train[count:], train[:count]
