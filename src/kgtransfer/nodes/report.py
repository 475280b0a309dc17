"""What runs over nodes find beyond scores: sizes, gates, a map of the nodes, use of concepts."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import torch

from kgtransfer.embedding.concepts import ConceptEmbeddings
from kgtransfer.nodes.attributes.graph import AttributeFacts, attribute_iris
from kgtransfer.report.candidates import candidate_findings
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
    "What is known enters `kg` through `prior`, the weight of what attributes and classes mean, "
    "and through the blocks `meaning` and `related`: with all of them shut it is `baseline`. In "
    "`control` blocks without knowledge open or stay shut by held-out training labels; `spread` "
    "is how far predictions move to those of neighbours, `prior` how much names of classes count."
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
        "data_hash": nodes.hash,
        "graph": {**graph_summary(graph), **_sizes(nodes)},
        "gates": {name: learned_gates(setting.runs) for name, setting in runs.items()},
        "gates_note": GATES,
        **candidate_findings(runs),
        "map": _node_map(nodes, blocks),
        "weights": _concept_weights(nodes, graph, blocks) if uses_knowledge else {},
        "training": {name: settings[name] for name in RECIPE},
    }


def _node_map(nodes: NodeGraph, blocks: NodeBlocks) -> dict[str, Any]:
    """Nodes on the plane of the condition's two main directions, coloured by class."""
    conditions = blocks.condition
    first = ("propagated .1", "text", "columns", "words", "structure")
    rows = conditions[next(name for name in first if name in conditions)]
    names = [str(node) for node in range(nodes.num_nodes)]
    vectors = ConceptEmbeddings(
        tuple(names), torch.from_numpy(rows), {"condition": (0, rows.shape[1])}
    )
    classes = {names[node]: nodes.classes[nodes.labels[node]] for node in nodes.labelled}
    return {**concept_map(vectors, dict.fromkeys(names, ""), classes), "what": _what(nodes)}


def _concept_weights(
    nodes: NodeGraph, graph: KnowledgeGraph, blocks: NodeBlocks
) -> dict[str, float]:
    """IRI of each attribute -> how much it says of a node (TF-IDF), the mean over nodes."""
    means = abs(blocks.weights).mean(axis=0).tolist()
    names = nodes.attribute_names or ("",) * len(means)
    iris = attribute_iris(AttributeFacts(nodes.name, names, (), ()), graph)
    known = set(graph.concepts) if nodes.groups else set(iris)  # few words of rows are concepts
    return {iri: mean for iri, mean in zip(iris, means, strict=True) if iri in known}


def _what(nodes: NodeGraph) -> str:
    return "rows" if nodes.is_table else "nodes"


def _sizes(nodes: NodeGraph) -> dict[str, Any]:
    attributes = 0 if nodes.attributes is None else nodes.attributes.shape[1]
    edges = {"edges": nodes.edges.shape[1]} if nodes.has_edges else {}
    return {
        _what(nodes): nodes.num_nodes,
        **edges,
        "attributes": attributes,
        f"labelled {_what(nodes)}": len(nodes.labelled),
        **({"groups": len(set(nodes.sample_groups))} if nodes.sample_groups else {}),
        "put right": dict(nodes.corrections),
    }
