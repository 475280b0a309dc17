"""Turtle that is not well-formed -> the mistake's own place, and what was likely meant.

A parser stops where it can read no further, often words or lines after the mistake: after a
semicolon where a full stop belongs, it stumbles over the next statement.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from kgtransfer.knowledge.io.mistakes.punctuation import punctuation
from kgtransfer.knowledge.io.mistakes.turtle_stop import (
    TOKEN,
    Mistake,
    Stop,
    statement_start,
    stop_at,
)
from kgtransfer.knowledge.vocabulary import WELL_KNOWN

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Mistake", "conflict_marker", "invisible_character", "turtle_mistake"]

INVISIBLE = {
    "\u00a0": "a no-break space", "\u200b": "a zero-width space", "\u2060": "a word joiner",
    "\ufeff": "a byte-order mark", "\u202f": "a narrow no-break space", "\u00ad": "a soft hyphen",
    "\u2007": "a figure space", "\u3000": "an ideographic space", "\u2028": "a line separator",
    "\u2029": "a paragraph separator", "\u200e": "a left-to-right mark", "\u2009": "a thin space",
}  # fmt: skip
CONFLICT = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})(?=[ \r\n]|$)", re.MULTILINE)
NO_NAME = "/($&*+=!?"
"""Marks that a name after a prefix holds only behind a backslash, and that end nothing."""
QUERY_WORDS = {
    "SPARQL": ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "INSERT", "DELETE", "CLEAR", "WITH"),
    "Cypher": ("MATCH", "CREATE", "MERGE", "RETURN", "UNWIND"),
}
ASKING = "an ontology only states: ask a store in Cypher, kgtransfer query 'MATCH ...'"


def conflict_marker(text: str) -> Mistake | None:
    """Text -> the first line that a merge left in it, in any syntax."""
    if (match := CONFLICT.search(text)) is None or "\n<<<<<<<" not in f"\n{text}":
        return None
    cure = "keep one of the two sides, and remove the lines with <<<<<<<, ======= and >>>>>>>"
    return Mistake(match.start(), "a merge conflict is not resolved", cure)


def invisible_character(text: str, place: int) -> Mistake | None:
    """Text and place -> an invisible character or odd space in the word there."""
    start, end = max(0, place - 1), place
    while end < len(text) and not text[end].isspace():
        end += 1
    for offset, letter in enumerate(text[start : end + 1], start):
        if (name := INVISIBLE.get(letter)) and offset:
            message = f"{name} (U+{ord(letter):04X}) stands here, which is no space in this syntax"
            return Mistake(offset, message, "delete it, or write a plain space")
    return None


def turtle_mistake(text: str, place: int, complaint: str) -> Mistake | None:
    """Text and where its parser stopped -> the mistake; None where none is known.

    Args:
        text: the whole text.
        place: the place it complains of, in letters from 0.
        complaint: what it complains of.
    """
    stop = stop_at(text, place, complaint)
    return next((mistake for look in DETECTORS if (mistake := look(stop))), None)


def _inside_word(stop: Stop) -> Mistake | None:
    """What stands right behind a name or a number and belongs to neither."""
    before = re.search(r"\S*$", stop.text[max(0, stop.place - 80) : stop.place])
    start, mark = before.group() if before else "", stop.word[:1]
    if re.search(r":[\w.-]*\w$", start) and mark and mark in NO_NAME:
        cure = f"escape it, as in ex:a\\{mark}b, or write the whole IRI in <>"
        return Mistake(stop.place, f"a name after a prefix holds no {mark}", cure)
    number = re.search(r"(?<![\w.:])[+-]?\d[\d.]*$", start)
    if number and (decimals := re.match(r",(\d+)", stop.word)):
        cure = f"write {number.group()}.{decimals[1]}, or leave a space for the comma in a list"
        return Mistake(stop.place, f"{number.group()}{decimals.group()} is no number", cure)
    if number and (unit := re.match(r"[^\W\d]\w*", stop.word)):
        value = number.group() + unit.group()
        cure = f'write {number.group()} alone, or the text "{value}"'
        return Mistake(stop.place - len(number.group()), f"{value} is no number", cure)
    return None


def _query(stop: Stop) -> Mistake | None:
    word = re.match(r"\w*", stop.word)
    for language, words in QUERY_WORDS.items():
        if word and word.group().upper() in words and "not a valid subject" in stop.complaint:
            return Mistake(stop.place, f"this is {language}, a query, and no ontology", ASKING)
    if stop.word.startswith(("?", "$")):
        message = f"{stop.word.rstrip('.;,')} is a variable, which only queries have"
        return Mistake(
            stop.place, message, "write the IRI that is meant, or [ ] for something unnamed"
        )
    return None


def _directive(stop: Stop) -> Mistake | None:
    """`@prefix` and `PREFIX`: brackets, colon, full stop, small letters."""
    match = re.match(r"\s*(@?)(prefix|base)\b\s*(.*)", stop.line, re.IGNORECASE | re.DOTALL)
    start = stop.place - len(stop.text[: stop.place].rpartition("\n")[2])
    if match is None:
        return _unended_directive(stop)
    at, keyword, rest = match.groups()
    name, _, value = (
        rest.rstrip(" .").partition(" ") if keyword.lower() == "prefix" else ("", "", rest)
    )
    value = value.strip(" .<>'\"")
    end = " ." if at else ""
    whole = " ".join(filter(None, (f"{at}{keyword.lower()}", name, f"<{value}>"))) + end
    if at and keyword != keyword.lower():
        return Mistake(start, f"@{keyword} is not Turtle", f"write it in small letters: {whole}")
    if "like 'ex:'" in stop.complaint and value:
        whole = whole.replace(f" {name} ", f" {name}: ", 1)
        return Mistake(stop.place, "a prefix ends with a colon", f"write {whole}")
    if not at and stop.word == ".":
        return Mistake(
            stop.place, "PREFIX and BASE have no full stop", f"remove it, or write @{whole} ."
        )
    if "IRI" in stop.complaint and value and "<" not in rest:
        return Mistake(stop.place, "the namespace is not in angle brackets", f"write {whole}")
    if rest.count("<") > rest.count(">"):
        return Mistake(
            start + stop.line.index("<"), "the bracket < is not closed", f"write {whole}"
        )
    return None


def _unended_directive(stop: Stop) -> Mistake | None:
    """An `@prefix` without full stop, found in the line after it."""
    words = [token.text for token in stop.run[:3]]
    length = {"@prefix": 3, "@base": 2}.get(words[0], 0) if words else 0
    if length and stop.at == length:
        place = stop.run[length - 1].end
        return Mistake(
            place, "a full stop is missing", f"end line {stop.line_number(place)} with ' .'"
        )
    return None


def _quotation(stop: Stop) -> Mistake | None:
    if "Line jumps" in stop.complaint or "Unexpected end of file" in stop.complaint:
        opened = stop.place
        if stop.text[opened : opened + 1] not in ('"', "'"):  # at the end of the line
            tokens = TOKEN.finditer(stop.text, statement_start(stop.text, stop.place))
            opened = next((m.start() for m in tokens if m.group() in ('"', "'")), -1)
        if opened < 0:
            return None
        quote = stop.text[opened]
        long = stop.text.startswith(quote * 3, opened)
        line = stop.line_number(opened)
        message = f"the text that opens here, in line {line}, is not closed"
        cure = (
            f"close it with {quote * 3}"
            if long
            else (
                f"close it with {quote}, or put it between {quote * 3} to go on over several lines"
            )
        )
        return Mistake(opened, message, cure)
    before = stop.run[stop.at - 1] if 0 < stop.at <= len(stop.run) else None
    if before and before.kind == "text" and before.end == stop.place and stop.word[:1].isalpha():
        line, quote = stop.line_number(before.start), before.text[0]
        message = f"the text that opens in line {line} ends before {stop.word!r}"
        cure = f"write \\{quote} for a {quote} within a text; close every text where it ends"
        return Mistake(stop.place, message, cure)
    return None


def _language(stop: Stop) -> Mistake | None:
    for match in re.finditer(r"@([A-Za-z]+(?:[_-]\w+)+)", stop.line):
        start = stop.place - len(stop.text[: stop.place].rpartition("\n")[2]) + match.start()
        if start < stop.place <= start + len(match.group()) and "_" in match.group():
            right = match.group().replace("_", "-")
            return Mistake(start, f"{match.group()} is no language", f"write {right}")
    if "language code" in stop.complaint:
        return Mistake(stop.place, "a language stands right after the @", "write @en or @pt-BR")
    return None


def _prefix(stop: Stop) -> Mistake | None:
    match = re.match(r"The prefix (\S*):? has not been declared", stop.complaint)
    if match is None:
        return None
    prefix = match[1].rstrip(":")
    if stop.text.startswith("//", stop.place + len(prefix) + 1):
        iri = stop.word.rstrip(".;,")
        return Mistake(stop.place, "an IRI is not in angle brackets", f"write <{iri}>")
    declared = re.findall(r"(?im)^\s*@?prefix\s+([\w.-]*):", stop.text)
    suggestions = get_close_matches(prefix, declared, 1) if prefix not in WELL_KNOWN else []
    cure = f"did you mean {suggestions[0]}:? else " if suggestions else ""
    space = WELL_KNOWN.get(prefix, "namespace")
    cure += f"declare it at the top: @prefix {prefix}: <{space}> ."
    return Mistake(stop.place, f"The prefix {prefix}: has not been declared", cure)


def _stray(stop: Stop) -> Mistake | None:
    """Words that look like Turtle and are not."""
    word = stop.word.rstrip(".;,")
    before = stop.text[stop.text.rfind("\n", 0, stop.place) + 1 : stop.place]
    if word.lower() in ("true", "false") and "not a valid RDF object" in stop.complaint:
        return Mistake(stop.place, f"{word} is no boolean", f"write {word.lower()}")
    if not before.strip() and word.startswith(("//", "/*", "--", "%", "!")):
        return Mistake(stop.place, f"{word[:2]} starts no comment", "a comment starts with #")
    if date := re.search(r"\d{4}-\d\d?-\d\d?\S*?$", before + word):
        text = date.group()
        cure = f'write "{text}"^^xsd:{"dateTime" if "T" in text else "date"}'
        return Mistake(
            stop.place - len(before) + date.start(), "a date stands without quotes", cure
        )
    if word.startswith("^"):
        cure = 'write the value in quotes, two ^ and the datatype: "1"^^xsd:integer'
        return Mistake(stop.place, "a datatype does not follow a text in quotes", cure)
    if stop.word and not word.strip(".") and "not a valid subject" in stop.complaint:
        return Mistake(stop.place, "a full stop follows that ends nothing", "remove it")
    if word.startswith(("{", "}")):
        return Mistake(stop.place, "Turtle has no braces", "leave them out, or write [ ] or ( )")
    if word == "=":
        return Mistake(stop.place, "= is no predicate", "write owl:sameAs or owl:equivalentClass")
    return None


def _without_prefix(stop: Stop) -> Mistake | None:
    word = stop.word.rstrip(".;,")
    if re.fullmatch(r"[^\W\d]\w*", word) and "not a valid" in stop.complaint and word != "a":
        cure = f'write it with its prefix, as in ex:{word}, or as a text, "{word}"'
        return Mistake(stop.place, f"{word} has no prefix", cure)
    return None


DETECTORS: tuple[Callable[[Stop], Mistake | None], ...] = (
    _inside_word,
    _query,
    _directive,
    _quotation,
    _language,
    _prefix,
    _stray,
    punctuation,
    _without_prefix,
)
"""In the order of how sure each is."""
