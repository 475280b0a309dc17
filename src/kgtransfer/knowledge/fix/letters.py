"""Typing errors that an RDF parser does not accept, found by the tokens of the text."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from kgtransfer.knowledge.patch.edits import TextEdit
from kgtransfer.knowledge.patch.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyoxigraph as ox

__all__ = ["Mend", "languages", "spaces"]

WIDE_SPACES = frozenset("\u00a0\u2002\u2003\u2007\u2009\u202f\u3000")
NO_WIDTH = frozenset("\u200b\u2060\ufeff")


class Mend(NamedTuple):
    """A mistake, and the edits that mend it.

    Attributes:
        place: where in the text it is.
        what: what is wrong and what takes its place.
        edits: the edits.
        removed: triples that the text does not say afterwards.
        added: triples that it says instead.
        renamed: IRIs that are others afterwards.
    """

    place: int
    what: str
    edits: tuple[TextEdit, ...]
    removed: tuple[ox.Triple, ...] = ()
    added: tuple[ox.Triple, ...] = ()
    renamed: Mapping[str, str] = MappingProxyType({})


def spaces(text: str) -> Iterator[Mend]:
    """Spaces of typesetters between tokens become plain ones; those without width go."""
    for token in tokens(text):
        if token.kind == "other" and token.text in WIDE_SPACES | NO_WIDTH:
            plain = " " if token.text in WIDE_SPACES else ""
            what = f"U+{ord(token.text):04X} is no space in Turtle"
            yield Mend(token.start, what, (TextEdit(token.start, token.end, plain),))


def languages(text: str) -> Iterator[Mend]:
    """`"colour"@en_GB` becomes `"colour"@en-GB` (BCP 47)."""
    all_tokens = list(tokens(text))
    for before, tag, line, region in zip(
        all_tokens, all_tokens[1:], all_tokens[2:], all_tokens[3:], strict=False
    ):
        joined = (before.kind, tag.kind, line.text) == ("string", "at", "_")
        if joined and region.kind in ("word", "integer"):
            right = f"{tag.text}-{region.text}"
            what = f"{tag.text}_{region.text} is no language: {right}"
            yield Mend(tag.start, what, (TextEdit(line.start, line.end, "-"),))
