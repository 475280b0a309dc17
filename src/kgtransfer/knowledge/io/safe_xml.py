"""Untrusted XML: entities as editors write them, no others; bounded nesting."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import escape

from kgtransfer.knowledge.io.syntax_errors import located_error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import NoReturn

__all__ = ["Scanned", "scan"]

MAX_DEPTH = 200
"""Deepest nesting of elements read: an RDF/XML parser's time grows with its square."""
MAX_ENTITIES, MAX_VALUE = 10_000, 4_096
"""Most entities of a document, and most characters that one stands for: a namespace, a name."""
MAX_GROWTH = 2**24
"""Most characters that a document may grow by, beyond three times its length."""
OUTSIDE = "its entities can fill the memory or read other files"
PLAIN = 'write <!ENTITY name "text"> with no &, % or < in the text, or write the text out'
# What is not text comes first: an ampersand in it refers to nothing.
_REFERENCE = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|&(?P<name>[^#&;\s]+);", re.DOTALL
)
_BUILT_IN = ("amp", "lt", "gt", "quot", "apos")
_QUOTED = {'"': "&quot;", "'": "&apos;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}


class Scanned(NamedTuple):
    """What a walk through a document gives.

    Attributes:
        text: the document without its DOCTYPE, its entities written out; line by line as it was.
        prefixes: the namespace prefixes it declares; of two for one prefix the first.
    """

    text: str
    prefixes: dict[str, str]


def scan(
    text: str, path: Path, element: Callable[[str, Mapping[str, str]], None] = lambda *_: None
) -> Scanned:
    """XML document -> its text with entities written out, and its prefixes.

    Args:
        text: the document.
        path: its file, for errors.
        element: called at each start tag with name and attributes; a name is its namespace, a
            space and the local part.

    Raises:
        OntologyError: it is not well-formed, is nested too deep, or has a DOCTYPE with anything
            but entities that stand for a short text.
    """
    reader = _Reader(text, path, element)
    reader.read()
    if reader.root is None or not reader.has_doctype:
        return Scanned(text, reader.prefixes)
    prolog = text.encode()[: reader.root].decode()
    blank = "".join(char if char == "\n" else " " for char in prolog)
    return Scanned(blank + reader.expanded(text[len(prolog) :]), reader.prefixes)


class _Reader:
    """An expat parser that keeps the entities, and refuses what is dangerous where it stands."""

    def __init__(
        self, text: str, path: Path, element: Callable[[str, Mapping[str, str]], None]
    ) -> None:
        self.text, self.path, self.element = text, path, element
        self.prefixes, self.entities = dict[str, str](), dict[str, str]()
        self.root: int | None = None  # where its first element starts, in bytes
        self.has_doctype, self.depth = False, 0
        # The text is decoded already, whatever encoding its first line declares.
        self.parser = parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.StartNamespaceDeclHandler = self._declare
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._entity
        parser.AttlistDeclHandler = lambda *_: self._refuse(
            "a DOCTYPE that gives attributes is refused", "write the attributes at the elements"
        )

    def read(self) -> None:
        try:
            self.parser.Parse(self.text.encode(), True)
        except expat.ExpatError as error:
            message = expat.ErrorString(error.code)
            line, column = error.lineno, error.offset + 1
            raise located_error(message, self.text, self.path, line, column) from None

    def expanded(self, body: str) -> str:
        """The document's elements with their entities written out."""
        written = {name: escape(value, _QUOTED) for name, value in self.entities.items()}
        room = MAX_GROWTH + 3 * len(self.text)

        def text_of(match: re.Match[str]) -> str:
            nonlocal room
            name = match["name"]
            if name is None or name in _BUILT_IN:
                return match.group()
            room -= len(written[name])
            if room < 0:
                line = self.text.count("\n") - body.count("\n", match.start()) + 1
                message = f"its entities, written out, make it more than {MAX_GROWTH:,} longer"
                raise located_error(message, self.text, self.path, line, None, "write them out")
            return written[name]

        return _REFERENCE.sub(text_of, body)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self.root is None:
            self.root = self.parser.CurrentByteIndex
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self._refuse(f"elements nested deeper than {MAX_DEPTH}", "refer to nodes by IRI")
        self.element(name, attributes)

    def _end(self, _: str) -> None:
        self.depth -= 1

    def _declare(self, prefix: str | None, space: str) -> None:
        self.prefixes.setdefault(prefix or "", space)

    def _doctype(self, _: str, system: str | None, public: str | None, __: bool) -> None:
        self.has_doctype = True
        if system is not None or public is not None:
            cure = "remove SYSTEM or PUBLIC and what follows it up to the [ or the >"
            self._refuse(f"a DOCTYPE that refers to another file is refused: {OUTSIDE}", cure)

    def _entity(
        self, name: str, parameter: bool, value: str | None, _: object, *outside: str | None
    ) -> None:
        if parameter:
            self._refuse(f"the parameter entity %{name}; is refused: {OUTSIDE}", PLAIN)
        if value is None or any(outside):
            self._refuse(f"the entity &{name}; stands for another file: refused", PLAIN)
        if not set("&%<").isdisjoint(value):
            self._refuse(f"the entity &{name}; holds a & or % or <: {OUTSIDE}", PLAIN)
        if len(value) > MAX_VALUE or len(self.entities) >= MAX_ENTITIES:
            limits = f"{MAX_ENTITIES:,} entities of {MAX_VALUE:,} characters"
            self._refuse(f"more than {limits}: {OUTSIDE}", PLAIN)
        self.entities.setdefault(name, value)

    def _refuse(self, message: str, cure: str) -> NoReturn:
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        raise located_error(message, self.text, self.path, line, column, cure)
