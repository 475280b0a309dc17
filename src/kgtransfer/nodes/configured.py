"""Settings of a run -> its task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.nodes.recipe import NodeRecipe
from kgtransfer.nodes.task import NodeTask

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kgtransfer.embedding import Encoder
    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.nodes.attributes.knowledge import AttributeKnowledge
    from kgtransfer.nodes.config import GraphControlConfig
    from kgtransfer.nodes.data.graph import NodeGraph
    from kgtransfer.nodes.kept import Kept

__all__ = ["configured_task"]


def configured_task(
    config: GraphControlConfig,
    nodes: NodeGraph,
    knowledge: AttributeKnowledge | None,
    graph: KnowledgeGraph,
    *,
    encoder: Callable[[], Encoder],
    cache: Path | None = None,
    kept: Kept | None = None,
) -> NodeTask:
    """Settings, data and what is known of it -> the task.

    Args:
        config: the settings.
        nodes: the data.
        knowledge: of attributes and classes; None where there is none.
        graph: that it was made from.
        encoder: makes what reads the texts of rows, where there are any.
        cache: see `NodeTask`.
        kept: see `NodeTask`.
    """
    return NodeTask(
        nodes,
        config.encoder.weights,
        knowledge,
        ontology=graph,
        share=config.data.train,
        few_labels=config.few_labels,
        text=encoder() if nodes.texts else "",
        recipe=NodeRecipe(restart=config.encoder.restart, **config.method.model_dump()),
        cache=cache,
        kept=kept,
    )
