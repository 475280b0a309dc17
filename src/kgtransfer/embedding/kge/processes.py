"""Which of the processes that share a training this one is, and how many there are."""

from __future__ import annotations

import os

__all__ = ["leads", "processes", "rank"]


def leads() -> bool:
    """Whether this is the process, of those `torchrun` or `accelerate` started, that writes."""
    return rank() == 0


def rank() -> int:
    """Which of these processes this is, from 0."""
    return int(os.environ.get("RANK", "0"))


def processes() -> int:
    """How many processes `torchrun` or `accelerate` started."""
    return int(os.environ.get("WORLD_SIZE", "1"))
