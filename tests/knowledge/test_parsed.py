from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from kgtransfer.knowledge.parsed import ParsedFile


def test_positions_are_looked_for_once_and_only_when_needed() -> None:
    calls: list[int] = []

    def locate() -> Mapping[str, int]:
        calls.append(1)
        return {"http://e/a": 3}

    file = ParsedFile(Path("a.ttl"), (), {}, locate)
    assert calls == []
    assert [file.positions["http://e/a"], file.positions["http://e/a"], len(calls)] == [3, 3, 1]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("e:ab e:a.b\n e:a .", 2),
        ("\n\n<http://e/a> <http://e/a/b> 1 .", 3),
        ("<http://e/a#b> e:b <http://e/a-b> .", None),
        ('<e:T rdf:about="http://e/a"/>', 1),
    ],
)
def test_the_line_that_first_names_a_concept(text: str, line: int | None) -> None:
    file = ParsedFile(Path("a.ttl"), (), {"e": "http://e/"}, dict, text)
    assert file.mention("http://e/a") == line
