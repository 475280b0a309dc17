"""What runs over nodes find beyond scores: sizes, gates, a map of the nodes, use of concepts."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import torch

from kgtransfer.embedding.concepts import ConceptEmbeddings
from kgtransfer.nodes.attributes.graph import attribute_iri
from kgtransfer.report.concept_map import concept_map
from kgtransfer.report.findings import graph_summary, learned_gates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kgtransfer.experiments.runner import SettingRuns
    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.nodes.data.graph import NodeGraph
    from kgtransfer.nodes.features.blocks import NodeBlocks
    from kgtransfer.nodes.recipe import NodeRecipe

__all__ = ["node_findings"]

GATES = (
    "Blocks of features open or stay shut by held-out training labels; `spread` is how far "
    "predictions move to those of neighbours, `prior` how much the meaning of attributes and "
    "classes counts. Under the placebo `meaning`, `related` and `prior` should stay near 0; the "
    "other blocks know nothing of it."
)
RECIPE = ("preset", "protocol", "local", "layerwise")  # the part of it that the report shows


def node_findings(
    nodes: NodeGraph,
    graph: KnowledgeGraph,
    blocks: NodeBlocks,
    recipe: NodeRecipe,
    runs: Mapping[str, SettingRuns],
    *,
    uses_knowledge: bool,
) -> dict[str, Any]:
    """Data, knowledge, features and fits -> what the report and the graph store say, JSON-able."""
    settings = asdict(recipe)
    return {
        "label_unit": "labels a class",
        "graph": {**graph_summary(graph), **_sizes(nodes)},
        "gates": {name: learned_gates(setting.runs) for name, setting in runs.items()},
        "gates_note": GATES,
        "map": _node_map(nodes, blocks),
        "weights": _concept_weights(nodes, blocks) if uses_knowledge else {},
        "training": {name: settings[name] for name in RECIPE},
    }


def _node_map(nodes: NodeGraph, blocks: NodeBlocks) -> dict[str, Any]:
    """Nodes on the plane of the condition's two main directions, coloured by class."""
    conditions = blocks.condition
    rows = conditions["propagated .1" if "propagated .1" in conditions else "structure"]
    names = [str(node) for node in range(nodes.num_nodes)]
    vectors = ConceptEmbeddings(
        tuple(names), torch.from_numpy(rows), {"condition": (0, rows.shape[1])}
    )
    classes = {names[node]: nodes.classes[nodes.labels[node]] for node in nodes.labelled}
    return {**concept_map(vectors, dict.fromkeys(names, ""), classes), "what": "nodes"}


def _concept_weights(nodes: NodeGraph, blocks: NodeBlocks) -> dict[str, float]:
    """IRI of each attribute -> how much it says of a node (TF-IDF), the mean over nodes."""
    means = blocks.weights.mean(axis=0).tolist()
    names = nodes.attribute_names or ("",) * len(means)
    return {
        attribute_iri(nodes.name, column, name): mean
        for column, (name, mean) in enumerate(zip(names, means, strict=True))
    }


def _sizes(nodes: NodeGraph) -> dict[str, Any]:
    attributes = 0 if nodes.attributes is None else nodes.attributes.shape[1]
    return {
        "nodes": nodes.num_nodes,
        "edges": nodes.edges.shape[1],
        "attributes": attributes,
        "labelled nodes": len(nodes.labelled),
        "put right": dict(nodes.corrections),
    }
