"""Misspelt terms -> the terms that were likely meant."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["OBO", "misspelt", "namespaces"]

MAX_TYPOS = 3
"""Letters that a suggestion may be longer or shorter."""
LIKENESS = 0.8
"""How alike two names are, between 0 and 1, for one to be the other misspelt."""
OBO = "http://purl.obolibrary.org/obo/"
"""Where the terms of all OBO ontologies are, each with its own prefix: `obo:CL_0000738`."""
OBO_SPACE = re.compile(re.escape(OBO) + r"[A-Za-z]+_(?=\d)")
CODE = re.compile(r"[A-Za-z]*[_:-]?\d+")
"""Names such as `Q42` and `CL_0000738`."""


def misspelt(iri: str, terms: Iterable[str], start: int) -> str:
    """IRI -> the term that it is likely misspelt for, by its name from `start` on; or nothing."""
    name = iri[start:]
    if CODE.fullmatch(name):  # another number is another term
        return ""
    names = {term[start:]: term for term in terms if abs(len(term) - len(iri)) <= MAX_TYPOS}
    matches = get_close_matches(name, names, 1, LIKENESS)
    return names[matches[0]] if matches else ""


def namespaces(graph: KnowledgeGraph) -> Callable[[str], str]:
    """Graph -> a function from an IRI to the longest declared namespace that it starts with.

    Every ontology of OBO has a namespace of its own: `http://purl.obolibrary.org/obo/CL_`.
    """
    declared = set(graph.prefixes.values())
    lengths = sorted({len(space) for space in declared}, reverse=True)

    def namespace(iri: str) -> str:
        if match := OBO_SPACE.match(iri):
            return match.group()
        starts = (iri[:length] for length in lengths)
        end = max(iri.rfind("#"), iri.rfind("/")) + 1
        return next((start for start in starts if start in declared), iri[:end])

    return namespace
