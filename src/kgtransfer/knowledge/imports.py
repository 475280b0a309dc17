"""`owl:imports`: which ontologies a file asks for, and which of them are at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from kgtransfer.knowledge.graph import OWL, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kgtransfer.knowledge.parsed import ParsedFile

__all__ = ["Import", "imports", "unresolved"]

IMPORTS = ox.NamedNode(OWL + "imports")
ONTOLOGY = ox.NamedNode(OWL + "Ontology")
VERSION = ox.NamedNode(OWL + "versionIRI")


class Import(NamedTuple):
    """An ontology that a file asks for.

    Attributes:
        path: the file that asks.
        ontology: IRI of the ontology that says so in it.
        iri: IRI of what it asks for.
    """

    path: Path
    ontology: str
    iri: str


def imports(file: ParsedFile) -> list[Import]:
    """What a file asks for, in the order of the file."""
    return [
        Import(file.path, str(triple.subject).strip("<>"), triple.object.value)
        for triple in file.triples
        if triple.predicate == IMPORTS and isinstance(triple.object, ox.NamedNode)
    ]


def unresolved(files: Iterable[ParsedFile]) -> list[Import]:
    """What these files ask for and none of them is: nothing is fetched from the network."""
    files = list(files)
    present: set[str] = set()
    for triple in (triple for file in files for triple in file.triples):
        if triple.predicate == VERSION and isinstance(triple.object, ox.NamedNode):
            present.add(triple.object.value)
        elif triple.predicate == RDF_TYPE and triple.object == ONTOLOGY:
            present.add(str(triple.subject).strip("<>"))
    return [wanted for file in files for wanted in imports(file) if wanted.iri not in present]
