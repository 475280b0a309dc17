"""Arms that train on subgraphs: the encoder fine-tuned, and GraphControl as published."""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp
import torch

from kgtransfer.experiments.task import FitResult
from kgtransfer.nodes.arms import PRESETS, Preset
from kgtransfer.nodes.encoder import GIN
from kgtransfer.nodes.graph_control import ControlBranch
from kgtransfer.nodes.positions import local_positions, similar_positions
from kgtransfer.nodes.propagation import similarity_graph, spectral_condition
from kgtransfer.nodes.subgraph_cache import NodeSubgraphs, node_subgraphs
from kgtransfer.nodes.training import Tuned, Tuning, tune

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from kgtransfer.nodes.arms import NodeArm, NodeRecipe
    from kgtransfer.nodes.features import NodeBlocks
    from kgtransfer.nodes.graph import NodeGraph
    from kgtransfer.nodes.splits import NodeSplit

__all__ = ["TunedNodes", "carved"]

HELD = 0.2  # of the training nodes, for arms that choose an epoch


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

    def run(self, arm: NodeArm, seed: int, split: NodeSplit) -> FitResult:
        """Fine-tune the encoder, or train a control branch beside it."""
        started = time.perf_counter()
        return _of_tuned(self._tuned(arm, seed, split), started)

    def _tuned(self, arm: NodeArm, seed: int, split: NodeSplit) -> Tuned:
        paper = self.recipe.protocol == "paper"
        fitted, held = (split.train, split.train[:0]) if paper else carved(split.train)
        torch.manual_seed(seed)
        encoder = self.encoder if arm.encoder == "pretrained" else GIN()
        controlled = arm.kind == "control"
        body: GIN | ControlBranch
        if controlled:
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
            self._published if controlled else self.recipe.tuning,
            condition=self._condition if controlled else None,
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
            positions=(lambda found: similar_positions(found, self._similarity))
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
    """Training nodes to fit on and to choose an epoch on; too few are all fitted on."""
    count = int(len(train) * HELD) if len(train) >= 25 else 0
    return train[count:], train[:count]


def _of_tuned(tuned: Tuned, started: float) -> FitResult:
    """The chosen epoch is what counts; the best on the test stands beside it under its name."""
    best = {"best_on_test": max(tuned.curve.test)} if tuned.curve.test else {}
    return FitResult(
        per_sample=tuned.right.astype(np.float64),
        metrics=best,
        seconds=time.perf_counter() - started,
    )
