"""`owl:imports`: which ontologies a file asks for, and which of them lie beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.knowledge.vocabulary import OWL

if TYPE_CHECKING:
    from pathlib import Path

    from kgtransfer.knowledge.catalogue import Catalogue
    from kgtransfer.knowledge.parsed import ParsedFile

__all__ = ["local_imports"]

IMPORTS = ox.NamedNode(OWL + "imports")


def local_imports(file: ParsedFile, catalogue: Catalogue) -> list[Path]:
    """The files, in the order of the file, of those imports that the catalogue knows."""
    return [
        catalogue[triple.object.value]
        for triple in file.triples
        if triple.predicate == IMPORTS
        and isinstance(triple.object, ox.NamedNode)
        and triple.object.value in catalogue
    ]
