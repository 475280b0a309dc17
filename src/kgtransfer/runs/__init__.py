"""Saved runs: what is common to all in `folder`, and a module for each kind of task."""

from __future__ import annotations

from kgtransfer.runs.folder import environment, run_key, save_run
from kgtransfer.runs.nodes import save_nodes
from kgtransfer.runs.search import SEARCHES, SavedRun, record_search, save_search

__all__ = [
    "SEARCHES",
    "SavedRun",
    "environment",
    "record_search",
    "run_key",
    "save_nodes",
    "save_run",
    "save_search",
]
