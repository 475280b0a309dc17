from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kgtransfer.knowledge.parsed import ParsedFile


def test_positions_are_looked_for_once_and_only_when_needed() -> None:
    calls: list[int] = []

    def locate() -> Mapping[str, int]:
        calls.append(1)
        return {"http://e/a": 3}

    file = ParsedFile(Path("a.ttl"), (), {}, locate)
    assert calls == []
    assert [file.positions["http://e/a"], file.positions["http://e/a"], len(calls)] == [3, 3, 1]
