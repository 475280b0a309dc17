"""What every battery of hostile inputs returns, and the walls that all of them put up."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Battery", "Tally", "block_network"]


@dataclass
class Tally:
    """What became of a battery's inputs.

    Attributes:
        outcomes: how many inputs had each outcome, the failures among them.
        complaints: a line for each failure: which input, and what went wrong.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Count what another part of the battery found."""
        self.outcomes += other.outcomes
        self.complaints += other.complaints

    def to_json(self) -> dict[str, Any]:
        """Counts for `benchmarks/results/fuzz.json`."""
        return {
            "inputs": self.outcomes.total(),
            "failures": len(self.complaints),
            "outcomes": dict(sorted(self.outcomes.items())),
        }


Battery = Callable[[int], Tally]
"""Tries so many inputs, or all that it has where it has fewer."""


def block_network() -> None:
    """Make every use of the network in this process an error of its own kind."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked for")

    socket.socket.connect = refuse  # type: ignore[method-assign]
    socket.getaddrinfo = refuse  # type: ignore[assignment]
