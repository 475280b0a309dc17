from __future__ import annotations

import pyoxigraph as ox
import pytest

from kgtransfer.knowledge.datatypes import is_well_typed

XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize(
    ("datatype", "right", "wrong"),
    [
        ("integer", ["-12", "+0", " 007 ", "9" * 5000], ["", "abc", "1.0", "1_000"]),
        ("byte", ["-128", "127"], ["128", "-129"]),
        ("unsignedInt", ["4294967295"], ["-1", "4294967296", "9" * 5000]),
        ("positiveInteger", ["1"], ["0"]),
        ("decimal", ["1", "-.5", "2."], ["1e3", ".", "1,5"]),
        ("double", ["1e3", "INF", "-INF", "NaN", "1"], ["inf", "e3", "many"]),
        ("boolean", ["true", "0"], ["True", "yes"]),
        ("date", ["2020-01-31", "-0044-03-15", "2020-01-31+02:00"], ["2020-1-31", "31.1.2020"]),
        ("dateTime", ["2020-01-31T12:00:00.5Z", "2020-01-31T24:00:00"], ["2020-01-31"]),
        ("time", ["12:00:00"], ["12:00", "25:00:00"]),
        ("gYear", ["2020"], ["20"]),
        ("date", ["2024-02-29", "2000-02-29", "0000-02-29"], ["2023-02-30", "2023-02-29"]),
        ("date", ["2020-04-30", "12000-02-29"], ["2020-04-31", "1900-02-29", "2020-06-31Z"]),
        ("dateTime", ["2024-02-29T12:00:00"], ["2023-02-29T12:00:00", "2020-09-31T12:00:00Z"]),
        (
            "dateTimeStamp",
            ["2020-01-31T12:00:00Z"],
            ["2020-01-31T12:00:00", "2023-02-30T12:00:00Z"],
        ),
        ("gYearMonth", ["2020-01"], ["2020-13", "2020"]),
        ("gMonthDay", ["--02-29", "--12-31"], ["--02-30", "--04-31", "02-29"]),
        ("gMonth", ["--01"], ["--13", "01"]),
        ("gDay", ["---31"], ["---32"]),
        ("duration", ["P1Y2M", "PT1.5S", "-P1DT2H"], ["P", "PT", "1Y", "P1DT"]),
        ("yearMonthDuration", ["P1Y"], ["P1D", "P"]),
        ("dayTimeDuration", ["P1DT2H", "PT3S"], ["P1Y", "P"]),
        ("hexBinary", ["", "0fB7"], ["0fB", "xy"]),
        ("base64Binary", ["", "aGk=", "aGkh"], ["aGk", "a-_="]),
        ("language", ["en", "pt-BR"], ["en_GB", "languages-x"]),
        ("string", ["any"], []),
    ],
)
def test_what_has_a_value_in_its_datatype(
    datatype: str, right: list[str], wrong: list[str]
) -> None:
    kind = ox.NamedNode(XSD + datatype)
    assert [text for text in right if not is_well_typed(ox.Literal(text, datatype=kind))] == []
    assert [text for text in wrong if is_well_typed(ox.Literal(text, datatype=kind))] == []


def test_datatypes_not_known_here_are_left_alone() -> None:
    kind = ox.NamedNode("http://example.org/integer")
    assert is_well_typed(ox.Literal("abc", datatype=kind))
