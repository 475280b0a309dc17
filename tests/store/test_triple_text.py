from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kgtransfer.store.triple_text import BLOCK, about, changed_subjects

GRAPH = [f"<urn:{i:05}> <urn:p> <urn:ü{i}>" for i in range(BLOCK // 10)]
GRAPH[70] += "x" * 2 * BLOCK  # a line longer than a block
SOME = st.sets(st.sampled_from([*GRAPH[:3], *GRAPH[69:72], *GRAPH[2000:2003], *GRAPH[-3:]]))


def text(facts: list[str]) -> bytes:
    return "".join(f"{fact}\n" for fact in sorted(facts)).encode()


def test_facts_about_a_subject() -> None:
    facts = text(["<urn:a> <urn:p> <urn:b>", "<urn:a/b> <urn:p> <urn:b>", '_:b <urn:p> "ü"',
                  "<urn:a> <urn:q> <urn:a>", "<urn:a!> <urn:q> <urn:a>"])  # fmt: skip
    assert about(facts, "<urn:a>") == ["<urn:a> <urn:p> <urn:b>", "<urn:a> <urn:q> <urn:a>"]
    assert about(facts, "_:b") == ['_:b <urn:p> "ü"']
    assert about(facts, "<urn:c>") == []
    assert about(b"", "<urn:c>") == []


def test_every_subject_is_found() -> None:
    facts = text(GRAPH)
    for fact in GRAPH[::97]:
        assert about(facts, fact.split(" ")[0]) == [fact]


@given(SOME, SOME)
def test_changed_subjects(fewer: set[str], others: set[str]) -> None:
    old = [fact for fact in GRAPH if fact not in others]
    new = [fact for fact in GRAPH if fact not in fewer]
    expected = {fact.split(" ")[0] for fact in set(old) ^ set(new)}
    assert changed_subjects(text(old), text(new)) == expected


def test_one_side_is_empty() -> None:
    assert changed_subjects(b"", text(GRAPH[:2])) == {"<urn:00000>", "<urn:00001>"}
    assert changed_subjects(text(GRAPH[:2]), b"") == {"<urn:00000>", "<urn:00001>"}
    assert changed_subjects(b"", b"") == set()
