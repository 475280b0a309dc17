"""IRIs that are relative to nothing but the name of their file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.knowledge.check.findings import Finding
from kgtransfer.knowledge.io.bases import ROOT
from kgtransfer.knowledge.io.sources import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["relative_iris"]

CURE = "write @base <...> . (XML: xml:base) into the file, or give --base IRI"


def relative_iris(graph: KnowledgeGraph) -> Iterator[Finding]:
    """Graph -> findings about IRIs that were relative to the name of a file.

    A hint for `<>` and `<#leaf>`, as a file may call itself and its terms; a warning for `<leaf>`.
    """
    if f"<{ROOT}".encode() not in graph.canonical:
        return
    terms = {
        term.value
        for triple in graph.triples
        for term in (triple.subject, triple.predicate, triple.object)
        if isinstance(term, ox.NamedNode) and term.value.startswith(ROOT)
    }
    files = {term.partition("#")[0] for term in terms if "#" in term or _is_file(term)}
    for file in sorted(files):
        message = f"has relative IRIs, which are read as <{file}...>"
        yield Finding.of(graph, file, "hint", message, CURE)
    for term in sorted(terms):
        if term.partition("#")[0] not in files:
            message = f"<{term.removeprefix(ROOT)}> is relative to nothing but the file"
            name = term.rpartition("/")[2]
            cure = f"if you mean a prefixed name, write :{name}; else {CURE}"
            yield Finding.of(graph, term, "warning", message, cure)


def _is_file(term: str) -> bool:
    """Whether an IRI is a file's own: it has the suffix of a file."""
    return term.endswith(SUFFIXES)
