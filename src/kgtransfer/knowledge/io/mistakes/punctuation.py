"""Marks of Turtle that are missing, or that stand where another belongs."""

from __future__ import annotations

import re

from kgtransfer.knowledge.io.mistakes.turtle_stop import Mistake, Stop, Token

__all__ = ["punctuation"]


def punctuation(stop: Stop) -> Mistake | None:
    """Where a parser stopped -> a mark that is missing or should be another; None for neither."""
    count, mark = len(stop.run), stop.before.text if stop.before else ""
    if stop.before is None or mark == ".":
        return _missing(stop, 3) or _continued(stop)
    if mark == ";":
        return _after_semicolon(stop) or _missing(stop, 2)
    if mark == "," and count in (2, 3):
        right = ";" if count == 2 else "."
        return _instead(stop, right)
    if mark in ("[", "("):
        return _unclosed(stop)
    return None


def _after_semicolon(stop: Stop) -> Mistake | None:
    """A whole statement after a semicolon, or a lone object."""
    assert stop.before
    count, first = len(stop.run), stop.run[0] if stop.run else None
    if first is None:
        end = not stop.text[stop.before.end :].strip()
        return _instead(stop, ".") if end else None
    if first.text.lower() in ("@prefix", "@base", "prefix", "base") or first.text == "[]":
        return _instead(stop, ".")
    if count == 3 and (stop.run[1].text == "a" or _starts_line(stop, first)):
        return _instead(stop, ".")
    if count == 1 and first.text != "a":
        if first.kind == "text":
            return _instead(stop, ",")
        message = f"{first.text} has no object"
        cure = "write one; if it is another object, write a comma for the semicolon in line "
        return Mistake(first.end, message, cure + str(stop.line_number(stop.before.start)))
    return None


def _starts_line(stop: Stop, token: Token) -> bool:
    """Whether a word starts a line, as little indented as the subject of the statement before."""
    indent = stop.column(token)
    line = stop.text[token.start - indent : token.start]
    return not line.strip() and indent <= (stop.column(stop.subject) if stop.subject else 0)


def _missing(stop: Stop, whole: int) -> Mistake | None:
    """A mark is missing after `whole` words: what follows is a statement or its rest."""
    if stop.at < whole:
        return None
    place = stop.run[whole - 1].end
    mark = {whole + 2: ";", whole + 3: "."}.get(len(stop.run))
    if mark is None:
        if (
            len(stop.run) != whole + 1
            or "\n" in stop.text[stop.run[0].start : stop.run[whole].start]
        ):
            return None
        cure = "write ' ,' before another object, ' ;' before another predicate"
        return Mistake(place, "two words stand here without a mark between them", cure)
    name = {";": "a semicolon", ".": "a full stop"}[mark]
    return Mistake(
        place, f"{name} is missing", f"write ' {mark}' at the end of line {stop.line_number(place)}"
    )


def _continued(stop: Stop) -> Mistake | None:
    """A full stop, after which the statement goes on about the same subject."""
    if stop.before is None or len(stop.run) != 2:
        return None
    line = stop.text[: stop.before.start].rpartition("\n")[2]
    return None if re.match(r"\s*@(prefix|base)", line) else _instead(stop, ";")


def _unclosed(stop: Stop) -> Mistake | None:
    assert stop.before
    opened = stop.before
    close, other_close = {"[": ("]", ")"), "(": (")", "]")}[opened.text]
    if stop.word[:1] not in (".", "", other_close):
        return None
    message = f"the bracket {opened.text} of line {stop.line_number(opened.start)} is not closed"
    return Mistake(stop.place, message, f"close the bracket with {close}")


def _instead(stop: Stop, right: str) -> Mistake:
    """The mark before the run should be another."""
    assert stop.before
    names = {".": "full stop", ";": "semicolon", ",": "comma"}
    mark, line = stop.before.text, stop.line_number(stop.before.start)
    message = f"a {names[mark]} stands where a {names[right]} belongs"
    cure = f"write a {names[right]} for the {names[mark]} in line {line}"
    return Mistake(stop.before.start, message, cure)
