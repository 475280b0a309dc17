"""Link prediction as a task: how well held-out links are found, and what descriptions add."""

from __future__ import annotations

from kgtransfer.link_prediction.data import LinkData, graph_links, read_links
from kgtransfer.link_prediction.task import LinkTask

__all__ = ["LinkData", "LinkTask", "graph_links", "read_links"]
