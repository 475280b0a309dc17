"""`owl:imports`: which ontologies a file asks for, and which lie beside it or come with us."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.knowledge.io.catalogue import read_catalogue
from kgtransfer.knowledge.vocabulary import OUR_VOCABULARIES, OWL
from kgtransfer.utils.resources import bundled

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kgtransfer.knowledge.io.catalogue import Catalogue
    from kgtransfer.knowledge.io.parsed import ParsedFile

__all__ = ["local_imports", "shipped_imports"]

ONTOLOGY = ox.NamedNode(OWL + "Ontology")
IMPORTS = ox.NamedNode(OWL + "imports")


def shipped_imports(files: Sequence[ParsedFile]) -> list[Path]:
    """Files -> the files of our own vocabularies that they import and are not among them."""
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
    catalogue = read_catalogue(bundled("ontology"))
    return [catalogue[iri] for iri in sorted(shipped - present) if iri in catalogue]


def local_imports(file: ParsedFile, catalogue: Catalogue) -> list[Path]:
    """File and catalogue -> the imported files that the catalogue knows, in order."""
    return [
        catalogue[triple.object.value]
        for triple in file.triples
        if triple.predicate == IMPORTS
        and isinstance(triple.object, ox.NamedNode)
        and triple.object.value in catalogue
    ]
