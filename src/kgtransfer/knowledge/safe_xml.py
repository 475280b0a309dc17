"""XML from strangers: no DOCTYPE, so no entities; no nesting without end."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.parsers import expat

from kgtransfer.knowledge.syntax import located

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = ["scan"]

MAX_DEPTH = 200
"""Deepest nesting of elements read: an RDF/XML parser's time grows with its square."""


def scan(
    text: str, path: Path, element: Callable[[str, Mapping[str, str]], None] = lambda *_: None
) -> dict[str, str]:
    """Walk through an XML document.

    Args:
        text: the document.
        path: its file, for errors.
        element: called at each start tag with name and attributes; a name is its namespace, a
            space and the local part.

    Returns:
        The namespace prefixes it declares; of two for one prefix the first.

    Raises:
        OntologyError: it is not well-formed, holds a DOCTYPE, or is nested too deep.
    """
    prefixes, depth = dict[str, str](), 0
    # The text is decoded already, whatever encoding its first line declares.
    parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")

    def refuse(message: str, cure: str) -> None:
        line, column = parser.CurrentLineNumber, parser.CurrentColumnNumber + 1
        raise located(message, text, path, line, column, cure)

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            refuse(f"elements nested deeper than {MAX_DEPTH}", "refer to nodes by IRI")
        element(name, attributes)

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartNamespaceDeclHandler = lambda p, space: prefixes.setdefault(p or "", space)
    parser.StartDoctypeDeclHandler = lambda *_: refuse(
        "a DOCTYPE is refused: its entities can fill the memory or read other files",
        "remove the DOCTYPE and write the namespaces out, or save the ontology as Turtle",
    )
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        found = expat.ErrorString(error.code)
        raise located(found, text, path, error.lineno, error.offset + 1) from None
    return prefixes
