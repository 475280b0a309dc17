"""Well-known prefixes that a file binds to another namespace than everyone else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.knowledge.check.findings import Finding
from kgtransfer.knowledge.vocabulary import DC, DCTERMS, WELL_KNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kgtransfer.knowledge.io.parsed import ParsedFile

__all__ = ["moved_prefixes"]

CUSTOMARY = {
    "dc": (DC, DCTERMS),
    "schema": ("http://schema.org/", "https://schema.org/"),
}
"""Prefixes that two namespaces go by."""
OFTEN_OWN = frozenset(("api", "wbc"))
"""Prefixes that people use for vocabularies of their own."""


def moved_prefixes(file: ParsedFile) -> Iterator[Finding]:
    """File -> warnings at its declarations of well-known prefixes for other namespaces.

    Also a namespace that is nearly a well-known one: with `/` for `#`, or `https` for `http`.
    """
    nearly = {_skeleton(space): space for space in WELL_KNOWN.values()}
    for prefix, space in file.prefixes.items():
        usual = CUSTOMARY.get(prefix, (WELL_KNOWN.get(prefix, space),))
        right = usual[0] if prefix not in OFTEN_OWN else space
        if space in usual or right == space:
            well_known = nearly.get(_skeleton(space), space)
            if space == well_known or space in CUSTOMARY["schema"]:
                continue
            right = well_known
        yield Finding(
            severity="warning",
            file=str(file.path),
            line=file.mention(space),
            message=f"the prefix {prefix}: is bound to <{space}>, not to <{right}>",
            cure=f"write <{right}>, or call another namespace by another prefix",
        )


def _skeleton(space: str) -> str:
    return space.casefold().removeprefix("https://").removeprefix("http://").rstrip("/#")
