"""Datatypes of XSD: what their values are written as (W3C XSD 1.1, part 2)."""

from __future__ import annotations

import re
from calendar import isleap
from typing import TYPE_CHECKING

from kgtransfer.knowledge.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyoxigraph as ox

__all__ = ["is_well_typed", "written_form"]

_ZONE = r"(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))?"
_YEAR = r"-?([1-9]\d{3,}|0\d{3})"
_DATE = rf"{_YEAR}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_HOURS = r"(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?"
_TIME = r"(([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?|24:00:00(\.0+)?)"
_DECIMAL = r"[+-]?(\d+(\.\d*)?|\.\d+)"
_FLOAT = rf"{_DECIMAL}([eE][+-]?\d+)?|[+-]?INF|NaN"
FORMS: Mapping[str, tuple[str, str]] = {
    "boolean": ("true|false|0|1", "true or false"),
    "decimal": (_DECIMAL, "a number, such as 2.5"),
    "double": (_FLOAT, "a number, such as 2.5e3"),
    "float": (_FLOAT, "a number, such as 2.5e3"),
    "date": (_DATE + _ZONE, "a date, such as 2020-01-31"),
    "dateTime": (f"{_DATE}T{_TIME}{_ZONE}", "date and time, such as 2020-01-31T12:00:00Z"),
    "time": (_TIME + _ZONE, "a time, such as 12:00:00"),
    "dateTimeStamp": (
        f"{_DATE}T{_TIME}{_ZONE[:-1]}",
        "date, time and zone, such as 2020-01-31T12:00:00Z",
    ),
    "gYearMonth": (rf"{_YEAR}-(0[1-9]|1[0-2]){_ZONE}", "year and month, such as 2020-01"),
    "gMonthDay": (rf"--(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]){_ZONE}", "a day, such as --01-31"),
    "gMonth": (rf"--(0[1-9]|1[0-2]){_ZONE}", "a month, such as --01"),
    "gDay": (rf"---(0[1-9]|[12]\d|3[01]){_ZONE}", "a day of the month, such as ---31"),
    "duration": (
        rf"-?P(?=.)(\d+Y)?(\d+M)?(\d+D)?{_HOURS}",
        "a duration, such as P1Y2M or PT30S",
    ),
    "yearMonthDuration": (r"-?P(?=.)(\d+Y)?(\d+M)?", "years and months, such as P1Y2M"),
    "dayTimeDuration": (rf"-?P(?=.)(\d+D)?{_HOURS}", "days and hours, such as P1DT12H"),
    "hexBinary": ("([0-9a-fA-F]{2})*", "pairs of hexadecimal digits, such as 0FB7"),
    "base64Binary": (
        r"(([A-Za-z0-9+/]\s*){4})*(([A-Za-z0-9+/]\s*){2}=\s*=|([A-Za-z0-9+/]\s*){3}=)?",
        "text in Base64",
    ),
    "language": ("[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*", "a language, such as en or pt-BR"),
    "gYear": (rf"{_YEAR}{_ZONE}", "a year, such as 2020"),
}
"""Datatype -> the pattern of what it can be written as, and that in words."""
RANGES: Mapping[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    **{name: (-(2**bits), 2**bits - 1) for name, bits in
       (("byte", 7), ("short", 15), ("int", 31), ("long", 63))},
    **{f"unsigned{name}": (0, 2**bits - 1) for name, bits in
       (("Byte", 8), ("Short", 16), ("Int", 32), ("Long", 64))},
}  # fmt: skip
"""Datatype of integers -> its least and its largest, None for no limit."""
MAX_DIGITS = 4000
"""Longest integer whose value is looked at; longer ones fit no limited type."""
_PATTERNS = {XSD + name: re.compile(pattern) for name, (pattern, _) in FORMS.items()}
_DAY = re.compile(r"-?(?:(\d+)|-)-(\d\d)-(\d\d)")
_DATED = (XSD + "date", XSD + "gMonthDay")
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_INTEGER = re.compile(r"[+-]?\d+")


def is_well_typed(literal: ox.Literal) -> bool:
    """Literal -> whether its text has a value in its datatype; true for unknown datatypes."""
    datatype, text = literal.datatype.value, literal.value.strip()
    if (pattern := _PATTERNS.get(datatype)) is not None:
        return pattern.fullmatch(text) is not None and _in_calendar(datatype, text)
    range_ = RANGES.get(datatype.removeprefix(XSD)) if datatype.startswith(XSD) else None
    if range_ is None:
        return True
    if not _INTEGER.fullmatch(text):
        return False
    least, most = range_
    if len(text) > MAX_DIGITS:
        return (least if text.startswith("-") else most) is None
    return (least is None or least <= int(text)) and (most is None or int(text) <= most)


def _in_calendar(datatype: str, text: str) -> bool:
    """Well-formed date -> whether its day is in its month; 29 February in leap years only."""
    match = _DAY.match(text)
    if match is None or not datatype.startswith(_DATED):
        return True
    year, month, day = match.groups()
    # Without a year any 29 February counts; leap years repeat every 10,000.
    leap = year is None or isleap(int(year[-4:]))
    return int(day) <= (29 if leap and month == "02" else _LENGTHS[int(month) - 1])


def written_form(name: str) -> str:
    """Name of a datatype of XSD -> what its values are written as, in words."""
    if name in FORMS:
        return FORMS[name][1]
    least, most = RANGES[name]
    low = f"from {least}" if least is not None else ""
    high = f"to {most}" if most is not None else ""
    return " ".join(("a whole number", *filter(None, (low, high))))
