"""`owl:imports`: which ontologies a file asks for, and which lie beside it or come with us."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.knowledge.io.catalogue import read_catalogue
from kgtransfer.knowledge.vocabulary import OUR_VOCABULARIES, OWL
from kgtransfer.utils.resources import resource

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kgtransfer.knowledge.io.catalogue import Catalogue
    from kgtransfer.knowledge.io.parsed import ParsedFile

__all__ = ["local_imports", "shipped_imports"]

ONTOLOGY = ox.NamedNode(OWL + "Ontology")
IMPORTS = ox.NamedNode(OWL + "imports")


def shipped_imports(files: Sequence[ParsedFile]) -> list[Path]:
    """The files of our own vocabularies that are imported, and that none of the files is."""
    imported = {
        triple.object.value
        for file in files
        for triple in file.triples
        if triple.predicate == IMPORTS and isinstance(triple.object, ox.NamedNode)
    }
    shipped = {iri for iri in imported if iri.startswith(OUR_VOCABULARIES)}
    if not shipped:
        return []
    present = {
        triple.subject.value
        for file in files
        for triple in file.triples
        if triple.object == ONTOLOGY and isinstance(triple.subject, ox.NamedNode)
    }
    catalogue = read_catalogue(resource("ontology"))
    return [catalogue[iri] for iri in sorted(shipped - present) if iri in catalogue]


def local_imports(file: ParsedFile, catalogue: Catalogue) -> list[Path]:
    """The files, in the order of the file, of those imports that the catalogue knows."""
    return [
        catalogue[triple.object.value]
        for triple in file.triples
        if triple.predicate == IMPORTS
        and isinstance(triple.object, ox.NamedNode)
        and triple.object.value in catalogue
    ]
