"""Where ontologies lie on disk: the OASIS XML catalogue that Protégé keeps beside them.

    <uri name="https://w3id.org/kgtransfer/ns" uri="kgt.ttl"/>

Only `uri` entries count (XML Catalogs 1.1, OASIS 2005, has more), for files in the catalogue's
folder and for ontologies by their absolute path; what leads elsewhere is as if it were not there.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import unquote, urlsplit

from kgtransfer.knowledge.io.safe_xml import scan
from kgtransfer.knowledge.io.sources import (
    CATALOGUE,
    SUFFIXES,
    read_sources,
    text_of,
    unpacked_suffix,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Catalogue", "local_file", "read_catalogue"]

Catalogue: TypeAlias = "Mapping[str, Path]"
"""IRI -> the file that holds what it names."""

MAX_CATALOGUE_BYTES = 2**20
URI_ENTRY = "urn:oasis:names:tc:entity:xmlns:xml:catalog uri"


def read_catalogue(folder: Path) -> Catalogue:
    """Folder -> IRI: file, by its catalogue; empty where it has none.

    Raises:
        OntologyError: the catalogue cannot be read, is not well-formed or is dangerous.
    """
    path = folder / CATALOGUE
    if not path.is_file():
        return {}
    files: dict[str, Path] = {}

    def entry(element: str, attributes: Mapping[str, str]) -> None:
        if element == URI_ENTRY and (file := _entry_file(folder, attributes.get("uri", ""))):
            files.setdefault(attributes.get("name", ""), file)

    source = read_sources(path, max_bytes=MAX_CATALOGUE_BYTES)[0]
    scan(text_of(source), path, entry)
    return files


def _entry_file(folder: Path, reference: str) -> Path | None:
    """Reference -> the file of an entry: in the folder, or an ontology by its absolute path."""
    parts = urlsplit(reference)
    whole = Path(unquote(parts.path))
    if parts.scheme not in ("", "file") or parts.netloc not in ("", "localhost"):
        return None
    if not whole.is_absolute():
        return local_file(folder, reference) if not parts.scheme else None
    try:
        is_known = unpacked_suffix(whole) in (*SUFFIXES, ".json")
        return whole if is_known and whole.is_file() else None
    except (OSError, ValueError):  # too long, a NUL
        return None


def local_file(folder: Path, reference: str) -> Path | None:
    """Relative reference -> the existing file in `folder`, or below it, that it names."""
    name = unquote(reference)
    if not name or ":" in name.partition("/")[0]:
        return None
    file = folder / name
    try:
        inside = file.resolve().is_relative_to(folder.resolve())
        return file if inside and file.is_file() else None
    except (OSError, RuntimeError, ValueError):  # too long, a circle of links, a NUL
        return None
