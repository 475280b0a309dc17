from __future__ import annotations

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from kgtransfer.store.facts import CHUNK, about, changed_subjects

GRAPH = [f"<urn:{i:05}> <urn:p> <urn:{i}>" for i in range(3 * CHUNK)]
SOME = st.sets(st.sampled_from(GRAPH), max_size=5)


def test_facts_about_a_subject() -> None:
    facts = sorted(["<urn:a> <urn:p> <urn:b>", "<urn:a/b> <urn:p> <urn:b>", '_:b <urn:p> "x"',
                    "<urn:a> <urn:q> <urn:a>", "<urn:a!> <urn:q> <urn:a>"])  # fmt: skip
    assert about(facts, "<urn:a>") == ["<urn:a> <urn:p> <urn:b>", "<urn:a> <urn:q> <urn:a>"]
    assert about(facts, "_:b") == ['_:b <urn:p> "x"']
    assert about(facts, "<urn:c>") == []


@given(SOME, SOME)
def test_changed_subjects_of_texts_and_of_triples(fewer: set[str], others: set[str]) -> None:
    old = [fact for fact in GRAPH if fact not in others]
    new = [fact for fact in GRAPH if fact not in fewer]
    expected = {fact.split(" ")[0] for fact in set(old) ^ set(new)}
    assert changed_subjects(old, new) == expected


def test_triples_are_compared_as_triples() -> None:
    parsed = ox.parse(" .\n".join([*GRAPH, ""]).encode(), format=ox.RdfFormat.N_TRIPLES)
    triples = [quad.triple for quad in parsed]
    assert changed_subjects(triples, [*triples[:700], *triples[701:]]) == {"<urn:00700>"}
    assert changed_subjects([], triples[:2]) == {"<urn:00000>", "<urn:00001>"}
    assert changed_subjects(triples[:2], []) == {"<urn:00000>", "<urn:00001>"}
