from __future__ import annotations

from datetime import UTC, date, datetime

import pyoxigraph as ox
import pytest

from kgtransfer.store.literals import Value, decode, encode, faithful, parse, plain

ZONED = datetime(2024, 2, 29, 1, 2, 3, tzinfo=UTC)
XSD = "http://www.w3.org/2001/XMLSchema#"


def lit(text: str, kind: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + kind))


@pytest.mark.parametrize(
    ("literal", "value", "kept"),
    [
        (ox.Literal("cell"), "cell", True),
        (ox.Literal("Zelle", language="de"), "Zelle@de", True),
        (ox.Literal("a\nb", language="en-gb"), "a\nb@en-gb", True),
        (ox.Literal("me@example"), "me@example", False),
        (ox.Literal("@A"), "@A", True),
        (lit("7", "integer"), 7, True),
        (lit("007", "integer"), 7, False),
        (lit("7", "byte"), 7, False),
        (lit(str(2**63), "integer"), str(2**63), False),
        (lit("0.5", "decimal"), 0.5, True),
        (lit("0.50", "decimal"), 0.5, False),
        (lit("1e-07", "double"), 1e-07, True),
        (lit("INF", "double"), "INF", False),
        (lit("true", "boolean"), True, True),
        (lit("1", "boolean"), True, False),
        (lit("2024-02-29", "date"), date(2024, 2, 29), True),
        (lit("2023-02-29", "date"), "2023-02-29", False),
        (lit("2024-02-29T01:02:03", "dateTime"), datetime(2024, 2, 29, 1, 2, 3), True),  # noqa: DTZ001
        (
            lit("2024-02-29T01:02:03Z", "dateTime"),
            datetime(2024, 2, 29, 1, 2, 3, tzinfo=UTC),
            False,
        ),
        (lit("P1D", "duration"), "P1D", False),
    ],
)
def test_values(literal: ox.Literal, value: Value, kept: bool) -> None:
    stored = encode([literal], many=False)
    assert stored == value
    assert type(stored) is type(value)
    assert faithful([literal], stored) is kept
    assert not kept or decode(stored) == [literal]
    assert parse(str(literal)) == literal
    assert plain(str(literal)) in (None, stored)
    assert plain(str(literal)) is None or kept


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"cell"', "cell"),
        ('"Zelle"@de', "Zelle@de"),
        ('""', ""),
        ('"say "@en', "say @en"),
        ('"me@example"', None),
        ('"a\\nb"@en', None),
        ('"7"^^<urn:x>', None),
        ('"x"@ar--rtl', None),
    ],
)
def test_plain_texts_are_told_at_once(text: str, value: str | None) -> None:
    assert plain(text) == value


def test_a_zone_that_an_engine_may_drop() -> None:
    assert decode(ZONED) == [lit("2024-02-29T01:02:03Z", "dateTime")]


def test_one_value_is_the_english_one() -> None:
    texts = [ox.Literal("Zelle", language="de"), ox.Literal("cell", language="en")]
    assert encode(texts, many=False) == "cell@en"
    assert encode([texts[0], ox.Literal("zzz")], many=False) == "zzz"


def test_arrays_hold_one_type() -> None:
    assert encode([lit("1", "integer"), lit("2", "integer")], many=True) == [1, 2]
    assert encode([lit("1", "integer"), ox.Literal("b")], many=True) == ["1", "b"]
    assert encode([ox.Literal("b")], many=True) == ["b"]


@pytest.mark.parametrize("other", ["soon", "2024-13-01"])
def test_a_time_beside_what_is_none(other: str) -> None:
    """A property may say when in one literal and in words in another."""
    time = lit("2024-02-29T01:02:03", "dateTime")
    for many in (False, True):
        value = encode([time, ox.Literal(other)], many=many)
        assert faithful([time, ox.Literal(other)], value) is False
    assert not faithful([time, ox.Literal(other)], datetime(2024, 2, 29, 1, 2, 3))  # noqa: DTZ001
