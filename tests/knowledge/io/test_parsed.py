from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from time import process_time

import pytest

from kgtransfer.knowledge.io.parsed import ParsedFile


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
        ("\n<e:a>1</e:a>", 2),
        ('{"@id":\n"e:a","x":1}', 2),
        ("[\ne:a,e:b]", 2),
    ],
)
def test_the_line_that_first_names_a_concept(text: str, line: int | None) -> None:
    file = ParsedFile(Path("a.ttl"), (), {"e": "http://e/"}, dict, text)
    assert file.mention("http://e/a") == line


def test_thousands_of_terms_are_found_in_one_walk() -> None:
    names = [f"e:x{number}" for number in range(20_000)]
    file, start = (
        ParsedFile(Path("a.ttl"), (), {"e": "http://e/"}, dict, "\n".join(names)),
        process_time(),
    )
    lines = [file.mention(f"http://e/x{number}") for number in range(20_000)]
    assert lines == list(range(1, 20_001))
    assert process_time() - start < 5  # a search for each would read 2 GB
