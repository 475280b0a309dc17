"""`read_ontology`: files, folders and archives of ontologies -> one graph.

Reading never reaches for the network; every refusal names the file and the place in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.bases import ambiguous_bases, base_of, refuse_relative
from kgtransfer.knowledge.io.catalogue import Catalogue, read_catalogue
from kgtransfer.knowledge.io.imports import local_imports, shipped_imports
from kgtransfer.knowledge.io.parsed import ParsedFile
from kgtransfer.knowledge.io.rdf import read_jsonld, read_ntriples, read_rdfxml, read_turtle
from kgtransfer.knowledge.io.sources import (
    Source,
    ontology_files,
    read_sources,
    text_of,
    unpacked_suffix,
)
from kgtransfer.utils.gc import gc_suspended

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


__all__ = ["READERS", "merge", "parse", "read_files", "read_ontology"]


def _read_obo(text: str, path: Path, _: str) -> ParsedFile:
    from kgtransfer.knowledge.io.obo.reader import read_obo  # fastobo takes a while to load

    return read_obo(text, path)


READERS: Mapping[str, Callable[[str, Path, str], ParsedFile]] = {
    ".ttl": read_turtle,
    ".nt": read_ntriples,
    ".rdf": read_rdfxml,
    ".owl": read_rdfxml,
    ".xml": read_rdfxml,
    ".jsonld": read_jsonld,
    ".obo": _read_obo,
}


@gc_suspended()
def read_ontology(*paths: str | Path, base: str = "") -> KnowledgeGraph:
    """Ontology files, folders and archives of them -> one graph.

    Folders are searched through, except for folders called `shapes`: their constraints are
    about the ontology, no part of it. What a file imports (`owl:imports`) is read too where a
    catalogue beside it, `catalog-v001.xml`, says which file that is, and where it is one of
    kgtransfer's own vocabularies, unless a copy of it is among the files.

    Args:
        paths: `.ttl`, `.nt`, `.rdf`, `.owl`, `.xml`, `.jsonld` or `.obo` files, each also
            with `.gz`; `.tar`, `.tar.gz` or `.tgz` archives of such files; or folders of either.
        base: the absolute IRI that relative IRIs are relative to, in files that do not say it by
            `@base` or `xml:base`; `file:///NAME`, with a file's own name, by default. Folders
            are no part of it: a graph is the same wherever its files lie.

    Raises:
        OntologyError: a file cannot be read; the message names file, line and column. Or they
            say nothing, all together.
    """
    files, errors = read_files(*paths, base=base)
    if errors:
        raise errors[0]
    if files and not any(file.triples for file in files):
        cure = "describe a concept in it"
        raise OntologyError("the file says nothing", file=files[0].path, cure=cure)
    return merge(files)


def read_files(*paths: str | Path, base: str = "") -> tuple[list[ParsedFile], list[OntologyError]]:
    """Paths -> every file of the ontology, parsed, and the errors of those that cannot be.

    The files come first that the paths name, then those that they import.

    Args:
        paths: as for `read_ontology`.
        base: as for `read_ontology`.

    Raises:
        OntologyError: a path does not exist, a folder holds no ontology file, or the base is no
            absolute IRI.
    """
    if base:
        refuse_relative(base)
    waiting: list[tuple[Path, Catalogue]] = [(path, {}) for path in ontology_files(*paths)]
    visited = {path.resolve() for path, _ in waiting}
    files, errors = list[ParsedFile](), list[OntologyError]()
    for path, inherited in waiting:  # grows by what the files import
        parsed, failed = _read(path, base)
        try:
            catalogue = read_catalogue(path.parent) or inherited
        except OntologyError as error:
            failed, catalogue = [*failed, error], inherited
        for imported in (path for file in parsed for path in local_imports(file, catalogue)):
            if imported.resolve() not in visited:
                visited.add(imported.resolve())
                waiting.append((imported, catalogue))
        files += parsed
        if path == waiting[-1][0]:  # what is still missing may have come with us
            shipped = [file for file in shipped_imports(files) if file.resolve() not in visited]
            visited |= {file.resolve() for file in shipped}
            waiting += ((file, {}) for file in shipped)
        errors += (error for error in failed if str(error) not in map(str, errors))
    if not base:
        errors += ambiguous_bases(files)
    return files, errors


def _read(path: Path, base: str) -> tuple[list[ParsedFile], list[OntologyError]]:
    """Path of a file or archive -> what it says, and the errors of what cannot be read."""
    files, errors = list[ParsedFile](), list[OntologyError]()
    try:
        sources = read_sources(path)
    except OntologyError as error:
        return [], [error]
    for source in sources:
        try:
            files.append(parse(source, base))
        except OntologyError as error:
            errors.append(error)
    return files, errors


def merge(files: Sequence[ParsedFile]) -> KnowledgeGraph:
    """Parsed files -> one graph; of two namespaces for one prefix the last file's counts."""
    prefixes = {prefix: space for file in files for prefix, space in file.prefixes.items()}
    return KnowledgeGraph((triple for file in files for triple in file.triples), prefixes)


def parse(source: Source, base: str = "") -> ParsedFile:
    """Content of one ontology file -> what it says; its suffix says the syntax.

    Args:
        source: the file.
        base: as for `read_ontology`.

    Raises:
        OntologyError: it is empty (Turtle and N-Triples may be), not UTF-8 text, of an unknown
            kind, holds what is refused (dangerous entities, a remote context), or is not
            well-formed.
    """
    path = source.path
    read = READERS.get(unpacked_suffix(path))
    if read is None:
        raise _unknown_kind(path)
    if not source.data.strip() and read in (read_turtle, read_ntriples):
        return ParsedFile(path, (), {}, dict)  # a document of no statements
    parsed = read(text_of(source), path, base or base_of(path))
    if not parsed.triples and read is read_jsonld:  # what has no IRI is left out without a word
        cure = "describe a concept in it, and say in @context which IRI each name stands for"
        raise OntologyError("the file says nothing", file=path, cure=cure)
    return parsed


def _unknown_kind(path: Path) -> OntologyError:
    suffix, suffixes = unpacked_suffix(path), ", ".join(READERS)
    kind = f" {suffix!r}" if suffix else ": its name has no suffix"
    cure = f"give {suffixes}, also with .gz, or a .tar, .tar.gz or .tgz of such files"
    if suffix == ".json":
        cure = "name JSON-LD .jsonld; other JSON is no ontology"
    return OntologyError(f"unknown kind of file{kind}", file=path, cure=cure)
