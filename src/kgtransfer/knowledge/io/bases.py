"""What relative IRIs are relative to: `<>`, `rdf:about=""`, `rdf:ID`, `{"@id": "leaf"}`.

A file that says nothing of it (`@base`, `xml:base`) has the base `file:///NAME`, of its own name
alone: an address of the folder or the archive that it lies in would make another graph of the
same files elsewhere, and tell strangers about the machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pyoxigraph as ox

from kgtransfer.errors import OntologyError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kgtransfer.knowledge.io.parsed import ParsedFile

__all__ = ["ROOT", "ambiguous_bases", "base_of", "refuse_relative"]

ROOT = "file:///"
"""Start of the bases of files that do not say theirs."""


def base_of(path: Path) -> str:
    """Path -> the base of a file that does not say it; a packed file has that of its content."""
    return ROOT + quote(path.name.removesuffix(".gz"))


def refuse_relative(base: str) -> None:
    """Raises an `OntologyError` for a base that is no absolute IRI."""
    try:
        next(ox.parse("", format=ox.RdfFormat.TURTLE, base_iri=base), None)
    except (ValueError, SyntaxError):
        raise OntologyError(
            f"the base {base!r} is no absolute IRI", cure="write it as http://example.org/plants"
        ) from None


def ambiguous_bases(files: Sequence[ParsedFile]) -> list[OntologyError]:
    """Files -> an error for each with relative IRIs whose name another such file has."""
    by_base: dict[str, list[ParsedFile]] = {}
    for file in files:
        by_base.setdefault(base_of(file.path), []).append(file)
    errors = []
    for base, namesakes in by_base.items():
        relative = [f for f in namesakes if len(namesakes) > 1 and _uses(f, base)]
        errors += [
            OntologyError(
                f"relative IRIs in two files of one name, this and {relative[0].path}: they would "
                "mean the same",
                file=file.path,
                cure="write @base <...> . (XML: xml:base) into each, or rename one",
            )
            for file in relative[1:]
        ]
    return errors


def _uses(file: ParsedFile, base: str) -> bool:
    return any(
        isinstance(term, ox.NamedNode) and term.value.partition("#")[0] == base
        for triple in file.triples
        for term in (triple.subject, triple.predicate, triple.object)
    )
