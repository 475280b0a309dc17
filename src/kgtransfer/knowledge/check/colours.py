"""Colours of classes that no plot can use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kgtransfer.knowledge.check.findings import Finding
from kgtransfer.knowledge.vocabulary import COLOURS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["unusable_colours"]

COLOUR = re.compile(r"#[0-9a-f]{3}|#[0-9a-f]{6}|[a-z]+", re.IGNORECASE | re.ASCII)
KIND = "a colour that plots do not know"


def unusable_colours(graph: KnowledgeGraph) -> Iterator[Finding]:
    """Graph -> hints about `schema:color` that is neither `#rrggbb`, `#rgb` nor a name of CSS.

    Which names CSS has is not asked here; one that it lacks is a colour of ours in the plots too.
    """
    cure = 'write schema:color "#6b8e23", or a name of CSS such as "olivedrab"'
    for predicate in COLOURS:
        for concept, term in graph.statements(predicate):
            if not COLOUR.fullmatch(term.value.strip()):
                message = f"{term.value!r} is no colour that plots know: they take one of their own"
                yield Finding.of(graph, concept, "hint", message, cure, KIND)
