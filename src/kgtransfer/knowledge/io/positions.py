"""Where in a file each concept is described: SHACL reports nodes, people need lines.

A light scan, for files that a real parser has already accepted: it need only tell subjects from
the rest, not check anything.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from xml.parsers import expat

from kgtransfer.knowledge.io.iris import resolved
from kgtransfer.knowledge.io.lines import line_finder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["jsonld_positions", "ntriples_positions", "rdfxml_positions", "turtle_positions"]

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XML_BASE = "http://www.w3.org/XML/1998/namespace base"

# In this order: a `#` or a dot inside a string or an IRI is no comment and no end of statement.
TURTLE_TOKEN = re.compile(
    r"""
      (?P<skip> \#[^\n]*
              | \"{3}(?:[^"\\]|\\.|"{1,2}(?!"))*\"{3} | '{3}(?:[^'\\]|\\.|'{1,2}(?!'))*'{3}
              | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' )
    | (?P<iri> <[^<>\s]*> )
    | (?P<mark> [\[\](){}.;,] )
    | (?P<name> (?:[^\s<>"'()\[\]{};,.\\]|\\.|\.+(?=[^\s<>"'()\[\]{};,.]))+ )
    """,
    re.VERBOSE | re.DOTALL,
)
NTRIPLES_SUBJECT = re.compile(r"^[ \t]*<([^>\n]*)>", re.MULTILINE)
ESCAPED = re.compile(r"\\(.)")
# `id` is what most contexts call `@id`.
JSON_ID = re.compile(r'"@?id"\s*:\s*("(?:[^"\\]|\\.)*")')


def ntriples_positions(text: str) -> dict[str, int]:
    """N-Triples -> subject IRI: line (from 1) of its first description."""
    positions, line = dict[str, int](), line_finder(text)
    for match in NTRIPLES_SUBJECT.finditer(text):
        positions.setdefault(match.group(1), line(match.start()))
    return positions


def turtle_positions(text: str, base: str = "") -> dict[str, int]:
    """Turtle -> subject IRI: line (from 1) of its first description; `base` as it is read."""
    positions, prefixes = dict[str, int](), dict[str, str]()
    depth, is_start, directive = 0, True, list[str]()
    for token, line in _tokens(text):
        if directive:
            directive.append(token)
            base = _declare(directive, prefixes, base)
        elif token in ("[", "("):
            depth, is_start = depth + 1, False
        elif token in ("]", ")"):
            depth -= 1
        elif token == "." and not depth:
            is_start = True
        elif is_start and token.lower() in ("@prefix", "prefix", "@base", "base"):
            directive = [token]
        elif is_start:
            is_start = False
            if not token.startswith("_:"):
                positions.setdefault(_resolve(token, prefixes, base), line)
    return positions


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    line = line_finder(text)
    for match in TURTLE_TOKEN.finditer(text):
        if match.lastgroup != "skip":
            yield match.group(), line(match.start())


def _declare(directive: list[str], prefixes: dict[str, str], base: str) -> str:
    """Take in a prefix or base declaration once it is whole; clears `directive` then."""
    if directive[-1].startswith("<"):
        iri = resolved(directive[-1][1:-1], base)
        if "base" in directive[0].lower():
            base = iri
        else:
            prefixes[directive[1].removesuffix(":")] = iri
        directive.clear()
    return base


def _resolve(token: str, prefixes: Mapping[str, str], base: str) -> str:
    if token.startswith("<"):
        return resolved(token[1:-1], base)
    prefix, _, local = token.partition(":")
    return prefixes.get(prefix, prefix + ":") + ESCAPED.sub(r"\1", local)


def rdfxml_positions(text: str, base: str = "") -> dict[str, int]:
    """RDF/XML -> subject IRI: line (from 1) of its first description; `base` as it is read."""
    positions, bases = dict[str, int](), [base]
    parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")

    def start(_: str, attributes: dict[str, str]) -> None:
        base = attributes.get(XML_BASE, bases[-1])
        bases.append(base)
        about = attributes.get(f"{RDF} about")
        if f"{RDF} ID" in attributes:
            about = "#" + attributes[f"{RDF} ID"]
        if about is not None:
            positions.setdefault(resolved(about, base), parser.CurrentLineNumber)

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: bases.pop()
    parser.Parse(text.encode(), True)
    return positions


def jsonld_positions(text: str, prefixes: Mapping[str, str]) -> dict[str, int]:
    """JSON-LD -> node IRI: line (from 1) of its first `@id`."""
    positions, line = dict[str, int](), line_finder(text)
    for match in JSON_ID.finditer(text):
        positions.setdefault(
            _resolve(json.loads(match.group(1)), prefixes, ""), line(match.start())
        )
    return positions
