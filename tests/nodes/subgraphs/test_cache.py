"""Subgraphs of nodes."""

from __future__ import annotations

import networkx as nx
import numpy as np

from kgtransfer.nodes.data.graph import NodeGraph
from kgtransfer.nodes.subgraphs.cache import node_subgraphs

EDGES = np.array(sorted(nx.gnp_random_graph(200, 0.2, seed=0).edges)).T
GRAPH = NodeGraph("random", 200, EDGES, np.arange(200) % 2, ("a", "b"))


def test_jumps_that_count_leave_a_walk_its_share_of_steps() -> None:
    nodes = np.arange(200)
    walks = {
        counted: node_subgraphs(GRAPH, nodes, steps=40, restart=1.0 - share, jumps_count=counted)
        for counted, share in ((False, 0.05), (True, 0.05))
    }
    sizes = {counted: walk.subgraphs.sizes.mean() - 1 for counted, walk in walks.items()}
    # a walk of n steps that jumps after almost each draws n neighbours out of about 40
    assert 20 < sizes[False] < 30
    assert 1.5 < sizes[True] < 2.5
