from __future__ import annotations

from kgtransfer.knowledge.differences import Change, Concept, Diff, Difference

CHANGE = Change(
    Concept("http://e/a", "a"),
    (Difference("p", ("1",), ()), Difference("q", (), ("2", "3")), Difference("r", ("4",), ("5",))),
)


def test_a_diff_lists_concepts_then_counts() -> None:
    found = Diff((Concept("http://e/n", "new"),), (Concept("http://e/o", "old"),), (CHANGE,), 7)
    assert str(found).splitlines() == [
        "+ new",
        "- old",
        "~ a",
        "    - p: 1",
        "    + q: 2, 3",
        "    ~ r: 4 -> 5",
        "1 added, 1 removed, 1 changed, 7 unchanged",
    ]
    assert found.touched == ("http://e/a", "http://e/n", "http://e/o")
    assert found


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
