from __future__ import annotations

import pytest

from kgtransfer.knowledge.diff.differences import Change, Concept, Diff, Difference

CHANGE = Change(
    Concept("http://e/a", "a"),
    (Difference("p", ("1",), ()), Difference("q", (), ("2", "3")), Difference("r", ("4",), ("5",))),
)


def test_a_diff_lists_concepts_then_counts() -> None:
    difference = Diff(
        (Concept("http://e/n", "new"),), (Concept("http://e/o", "old"),), (CHANGE,), 7
    )
    assert str(difference).splitlines() == [
        "+ new",
        "- old",
        "~ a",
        "    - p: 1",
        "    + q: 2, 3",
        "    ~ r: 4 -> 5",
        "1 added, 1 removed, 1 changed, 7 unchanged",
    ]
    assert difference.touched == ("http://e/a", "http://e/n", "http://e/o")
    assert difference


def test_no_difference_is_false() -> None:
    assert not Diff((), (), (), 7)
    assert Diff((), (), (), 7).touched == ()


def test_as_json() -> None:
    assert Diff((Concept("http://e/n", "new"),), (), (CHANGE,), 0).to_json() == {
        "added": [{"iri": "http://e/n", "label": "new"}],
        "removed": [],
        "changed": [
            {
                "iri": "http://e/a",
                "label": "a",
                "differences": [
                    {"topic": "p", "removed": ("1",), "added": ()},
                    {"topic": "q", "removed": (), "added": ("2", "3")},
                    {"topic": "r", "removed": ("4",), "added": ("5",)},
                ],
            }
        ],
        "unchanged": 0,
        "renamed": {},
    }


def test_markdown_is_a_table_in_which_nothing_is_markup() -> None:
    difference = Diff(
        added=(Concept("http://e/new", "a | b"),),
        removed=(Concept("http://e/old", "`old`"),),
        changed=(
            Change(
                Concept("http://e/a", "<img> #12"),
                (Difference("label", ('"x\ny"@en',), ('"``"@de', "[z](javascript:)")),),
            ),
        ),
        unchanged=2,
        renamed=(("http://e/p", "http://e/q"),),
    )
    assert difference.to_markdown().splitlines() == [
        "**1 added, 1 removed, 1 changed, 2 unchanged**",
        "",
        "| concept | about | before | after |",
        "| --- | --- | --- | --- |",
        "| renamed | | `http://e/p` | `http://e/q` |",
        r"| `a \| b` | added | | |",
        "| `` `old` `` | removed | | |",
        '| `<img> #12` | `label` | `"x y"@en` | ```"``"@de```<br>`[z](javascript:)` |',
    ]


def test_markdown_of_no_difference_is_its_counts() -> None:
    nothing = Diff((), (), (), 3)
    assert nothing.to_markdown() == "**0 added, 0 removed, 0 changed, 3 unchanged**"


@pytest.mark.parametrize(
    ("before", "after", "note"),
    [
        (r'"a\r\nb"', r'"a\nb"', "the same but for line ends: CRLF or LF"),
        (r'"a\u00a0b"', '"a b"', "the same but for spaces"),
        (r'"a\nb"', '"a  b"', "the same but for spaces"),
        ('"e\u0301"', '"\u00e9"', "the same but for how accents are composed: Unicode NFC or not"),
        ('"a\u200b"', '"a"', "the same but for characters that cannot be seen"),
        ('"a"', '"b"', ""),
    ],
)
def test_sides_that_look_the_same_are_said_to_differ(before: str, after: str, note: str) -> None:
    difference = Difference("comment", (before,), (after,))
    assert difference.note == note
    assert str(difference).endswith(f"({note})" if note else after)
