from __future__ import annotations

import fastobo
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgtransfer.knowledge.io.obo.repair import repaired


def cited(line: str) -> list[tuple[str, str | None]]:
    """The references that fastobo reads in a line, after repair."""
    clause = fastobo.loads(repaired(f"[Term]\nid: A:1\n{line}\n")[0])[0][0]
    xrefs = [clause.xref] if hasattr(clause, "xref") else clause.xrefs
    return [(getattr(x.id, "unescaped", str(x.id)), x.desc) for x in xrefs]


@pytest.mark.parametrize(
    ("line", "references"),
    [
        ('def: "x" [A:1, B:2 "b, c"]', [("A:1", None), ("B:2", "b, c")]),
        ('def: "x" [Adapted from https://e/a_(b)]', [("Adapted from https://e/a_(b)", None)]),
        ('def: "x" [URL:http\\://e, P:1 "q"]', [("URL:http://e", None), ("P:1", "q")]),
        ('def: "x" [Food\\, 5 {1}., A:1]', [("Food, 5 {1}.", None), ("A:1", None)]),
        ("xref: http://e/Category\\:x", [("http://e/Category:x", None)]),
        ('xref: formed by a process "d" {a="b"} ! c', [("formed by a process", "d")]),
        ("xref: A:1 ! comment", [("A:1", None)]),
    ],
)
def test_references_are_read_as_they_are_meant(
    line: str, references: list[tuple[str, str | None]]
) -> None:
    assert cited(line) == references


def test_instances_are_found() -> None:
    text = "[Instance]\n! a comment\nid: A:1\ninstance_of: A:2\n[Term]\nid: A:3\n"
    strict = "[Term]\n\nid: A:1\nis_a: A:2\n[Term]\nid: A:3\n"
    assert repaired(text) == (strict, {3})


def test_a_line_of_comment_may_stand_in_a_frame() -> None:
    text = "[Term]\nid: A:1\n ! a comment\nname: one\n! another\n"
    frame = fastobo.loads(repaired(text)[0])[0]
    assert [clause.raw_value() for clause in frame] == ["one"]


@pytest.mark.parametrize("line", ['def: "x" EXACT' + '[" ' * 50_000, "xref: " + '" {' * 50_000])
def test_a_hostile_line_takes_no_time(line: str) -> None:
    assert repaired(line)[0]


@given(st.text(alphabet='ab [](){}\\",:!\nxref:def', max_size=60))
def test_lines_stay_where_they_are(text: str) -> None:
    assert repaired(text)[0].count("\n") == text.count("\n")
