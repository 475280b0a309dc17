"""Where an RDF/XML parser gives up: its errors name what is wrong, but seldom the place."""

from __future__ import annotations

import re
from typing import IO, cast

import pyoxigraph as ox

__all__ = ["rdfxml_stop"]

QUOTED = re.compile(r"<([^<>\s]+)>|'\s*([^']*[^'\s])\s*'|^(.+?) is not a valid|tag name: (\S+)")
"""What a message names: an IRI, a text in quotes, an attribute's name or value, an element."""


class _Tags:
    """A document, given out tag by tag: how far the parser asked says where it stopped."""

    def __init__(self, data: bytes) -> None:
        self.data, self.read_to = data, 0

    def read(self, size: int = -1) -> bytes:
        """The text up to the end of the next tag."""
        start, end = self.read_to, self.data.find(b">", self.read_to) + 1 or len(self.data)
        self.read_to = min(end, start + size) if size >= 0 else end
        return self.data[start : self.read_to]


def rdfxml_stop(text: str, message: str, base: str | None = None) -> int | None:
    """RDF/XML -> where its parser stops, in letters from 0; None where it does not.

    Args:
        text: the document.
        message: the parser's complaint, which may quote what it is about.
        base: the IRI that relative ones are resolved against.
    """
    tags = _Tags(text.encode())
    try:
        for _ in ox.parse(input=cast(IO[bytes], tags), format=ox.RdfFormat.RDF_XML, base_iri=base):
            pass
    except SyntaxError:
        end = len(tags.data[: tags.read_to].decode(errors="ignore"))
        start = max(text.rfind("<", 0, end), 0)
        before = text.rfind(">", 0, start) + 1  # what stands between the tags may be wrong too
        return before + (_inside(text[before:end], message) or start - before)
    return None


def _inside(tag: str, message: str) -> int:
    """Where in a text that is which a message names; 0 where it is not found."""
    for match in QUOTED.finditer(message):
        named = next(filter(None, match.groups()), "")
        for name in (named, re.split(r"[#/:]", named)[-1]):
            if name and (place := tag.find(name)) >= 0:
                return place
    return 0
