"""Which of the processes that share a training this one is."""

from __future__ import annotations

import os

__all__ = ["leads"]


def leads() -> bool:
    """Whether this is the process, of those `torchrun` or `accelerate` started, that writes."""
    return os.environ.get("RANK", "0") == "0"
