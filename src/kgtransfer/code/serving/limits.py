"""What an asker may ask for at the most."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True)
class Limits:
    """Bounds of what is asked and answered.

    Attributes:
        characters: of a question in words.
        answers: functions or concepts.
        cypher: characters of a statement.
        body: bytes of a request.
        rows: that a statement may return.
        seconds: that a statement may take.
        statements: that run or wait at once.
        requests: that are answered at once.
    """

    characters: int = 2_000
    answers: int = 100
    cypher: int = 20_000
    body: int = 65_536
    rows: int = 1_000
    seconds: float = 10.0
    statements: int = 4
    requests: int = 64
