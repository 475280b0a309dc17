"""The kind of sample that is a node of an attributed graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.utils.lazy import lazy_names

if TYPE_CHECKING:
    from kgtransfer.nodes.arms import NodeMethod as NodeMethod
    from kgtransfer.nodes.attributes.dataset import attribute_facts as attribute_facts
    from kgtransfer.nodes.attributes.dataset import attribute_knowledge as attribute_knowledge
    from kgtransfer.nodes.attributes.graph import build_attribute_graph as build_attribute_graph
    from kgtransfer.nodes.data.graph import NodeGraph as NodeGraph
    from kgtransfer.nodes.data.splits import random_split as random_split
    from kgtransfer.nodes.encoders.gin import load_gin as load_gin
    from kgtransfer.nodes.recipe import NodeRecipe as NodeRecipe

_HOME = {
    "NodeGraph": "kgtransfer.nodes.data.graph",
    "NodeMethod": "kgtransfer.nodes.arms",
    "NodeRecipe": "kgtransfer.nodes.recipe",
    "attribute_facts": "kgtransfer.nodes.attributes.dataset",
    "attribute_knowledge": "kgtransfer.nodes.attributes.dataset",
    "build_attribute_graph": "kgtransfer.nodes.attributes.graph",
    "load_gin": "kgtransfer.nodes.encoders.gin",
    "random_split": "kgtransfer.nodes.data.splits",
}

__all__ = [*_HOME]  # noqa: PLE0604  # the names are strings
__getattr__ = lazy_names(__name__, _HOME)
