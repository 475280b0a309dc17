from __future__ import annotations

import pytest

from kgtransfer.store.embedded.dialect import differences


@pytest.mark.parametrize(
    ("cypher", "words"),
    [
        ("MATCH (c) RETURN c.type", ".type is never null"),
        ("MATCH (c) WHERE c . `label` IS NOT NULL RETURN c", ".label is never null"),
        ("RETURN duration.between(date(), date()).months AS m", ".months and .years"),
        ("RETURN round(-2.5)", "round() rounds a half away from zero"),
        ("MATCH (c) RETURN c {.*}", "{.*} also holds"),
        ("MATCH (c) RETURN Properties(c)", "Properties() also holds"),
        ("MATCH (c) RETURN keys(c)", "keys() also lists"),
        ("RETURN 1.0/0", "divided by 0 is null"),
        ("RETURN 1.0 / 0.0", "divided by 0 is null"),
    ],
)
def test_what_a_query_touches_is_told(cypher: str, words: str) -> None:
    (sentence,) = differences(cypher)
    assert words in sentence


@pytest.mark.parametrize(
    "cypher",
    [
        "MATCH (c:Resource) RETURN c.uri, c.rdfs__label, type(r), labels(c), id(c)",
        "MATCH (name {title: 'x.type'}) RETURN name // .label",
        "RETURN 1 / 10, 1 / 0.5, $name, {type: 1}",
    ],
)
def test_what_engines_agree_on_is_not(cypher: str) -> None:
    assert differences(cypher) == ()
