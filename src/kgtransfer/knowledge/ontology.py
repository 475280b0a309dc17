"""Ontology files -> triples: Turtle, N-Triples, RDF/XML and JSON-LD, plain or gzipped.

Parsing never reaches for the network (`owl:imports` and remote JSON-LD contexts are not
followed) and never expands entities; every refusal names the file and the place in it.
"""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from xml.parsers import expat

import pyoxigraph as ox

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.positions import jsonld_positions, rdfxml_positions, turtle_positions
from kgtransfer.knowledge.syntax import located, syntax_error

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["MAX_BYTES", "ParsedFile", "merge", "ontology_files", "parse", "read_ontology"]

FORMATS: Mapping[str, ox.RdfFormat] = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
MAX_BYTES = 256 * 2**20
"""Largest file read, unpacked."""
MAX_XML_DEPTH = 200
"""Deepest nesting of RDF/XML elements read: parsing time grows with its square."""


@dataclass(frozen=True)
class ParsedFile:
    """One ontology file: what it says and where.

    Attributes:
        path: the file as it was given.
        triples: its triples; blank nodes have names of their own in every file.
        prefixes: prefix -> namespace as declared in the file.
        text: its text, unpacked.
        format: its syntax.
        base: the base IRI it declares, or an empty string.
    """

    path: Path
    triples: tuple[ox.Triple, ...] = field(repr=False)
    prefixes: Mapping[str, str]
    text: str = field(repr=False)
    format: ox.RdfFormat
    base: str = ""

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Subject IRI -> line (from 1) of its first description."""
        if self.format == ox.RdfFormat.RDF_XML:
            return rdfxml_positions(self.text)
        if self.format == ox.RdfFormat.JSON_LD:
            return jsonld_positions(self.text, self.prefixes)
        return turtle_positions(self.text)


def read_ontology(*paths: str | Path) -> KnowledgeGraph:
    """Read ontology files, or folders of them, as one graph.

    Folders are searched through, except for folders called `shapes`: their constraints are
    about the ontology, no part of it.

    Args:
        paths: `.ttl`, `.nt`, `.rdf`, `.owl`, `.xml` or `.jsonld` files, each also with `.gz`;
            or folders that hold such files.

    Raises:
        OntologyError: a file cannot be read; the message names file, line and column.
    """
    return merge([parse(path) for path in ontology_files(*paths)])


def merge(files: Sequence[ParsedFile]) -> KnowledgeGraph:
    """Parsed files as one graph; of two namespaces for one prefix the last file's counts."""
    prefixes = {prefix: space for file in files for prefix, space in file.prefixes.items()}
    return KnowledgeGraph((triple for file in files for triple in file.triples), prefixes)


def ontology_files(*paths: str | Path) -> list[Path]:
    """The files that `read_ontology` reads for these paths, in a fixed order.

    Raises:
        OntologyError: a path does not exist, or a folder holds no ontology file.
    """
    found: dict[Path, None] = {}
    for path in map(Path, paths):
        if not path.exists():
            raise OntologyError("no such file or folder", file=path, cure="check the path")
        inside = _files_in(path) if path.is_dir() else [path]
        if not inside:
            known = ", ".join(FORMATS)
            raise OntologyError("no ontology file in this folder", file=path, cure=f"add {known}")
        found.update(dict.fromkeys(inside))
    return list(found)


def _files_in(folder: Path) -> list[Path]:
    def wanted(path: Path) -> bool:
        inner = path.relative_to(folder).parts
        hidden = any(part.startswith(".") for part in inner)
        return not hidden and "shapes" not in inner[:-1] and _format_of(path) is not None

    return sorted(path for path in folder.rglob("*") if path.is_file() and wanted(path))


def _format_of(path: Path) -> ox.RdfFormat | None:
    name = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    return FORMATS.get(name.suffix.lower())


def parse(path: str | Path, *, max_bytes: int = MAX_BYTES) -> ParsedFile:
    """Parse one ontology file.

    Args:
        path: the file; its suffix says the syntax.
        max_bytes: refuse a file that is larger, unpacked.

    Raises:
        OntologyError: the file is missing, empty, too large, not UTF-8 text, of an unknown kind,
            holds a DOCTYPE, or is not well-formed.
    """
    path = Path(path)
    syntax = _format_of(path)
    if syntax is None:
        known = ", ".join(FORMATS)
        raise OntologyError(
            f"unknown kind of file {path.suffix!r}", file=path, cure=f"name it {known} (or .gz)"
        )
    text = _decode(_read(path, max_bytes), path)
    prefixes = _inspect_xml(text, path) if syntax == ox.RdfFormat.RDF_XML else {}
    parser = ox.parse(
        input=text.encode(), format=syntax, without_named_graphs=True, rename_blank_nodes=True
    )
    try:
        triples = tuple(quad.triple for quad in parser)
    except SyntaxError as error:
        raise syntax_error(error, text, path) from None
    if not triples:
        raise OntologyError("the file says nothing", file=path, cure="describe a concept in it")
    for triple in triples:
        if isinstance(triple.object, ox.Triple):
            raise OntologyError(
                f"a triple about a triple is not supported: {triple.object}",
                file=path,
                cure="annotate it as an owl:Axiom",
            )
    return ParsedFile(
        path, triples, prefixes | parser.prefixes, text, syntax, parser.base_iri or ""
    )


def _read(path: Path, max_bytes: int) -> bytes:
    if not path.exists():
        raise OntologyError("no such file", file=path, cure="check the path")
    if not path.is_file():
        raise OntologyError("not a regular file", file=path, cure="give a file")
    try:
        with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as stream:
            data = stream.read(max_bytes + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise OntologyError(
            f"damaged gzip file ({error})", file=path, cure="get or pack the file again"
        ) from None
    except OSError as error:
        raise OntologyError(f"cannot be read ({error.strerror})", file=path) from None
    if len(data) > max_bytes:
        raise OntologyError(
            f"larger than {max_bytes / 2**20:.0f} MiB unpacked", file=path, cure="split the file"
        )
    return data


def _decode(data: bytes, path: Path) -> str:
    if not data.strip():
        raise OntologyError("the file is empty", file=path, cure="describe a concept in it")
    if b"\0" in data:
        raise OntologyError("binary data, not text", file=path, cure="save it as UTF-8 text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        raise OntologyError(
            f"byte 0x{data[error.start]:02x} is not UTF-8",
            file=path,
            line=before.count(b"\n") + 1,
            column=len(before) - (before.rfind(b"\n") + 1) + 1,
            cure="save the file as UTF-8",
        ) from None


def _inspect_xml(text: str, path: Path) -> dict[str, str]:
    """Refuse what RDF/XML must not hold, before the RDF parser sees it; gives the prefixes."""
    prefixes, depth = dict[str, str](), 0
    parser = expat.ParserCreate(namespace_separator=" ")

    def refuse(message: str, cure: str) -> None:
        line, column = parser.CurrentLineNumber, parser.CurrentColumnNumber + 1
        raise OntologyError(message, file=path, line=line, column=column, cure=cure)

    def start(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_XML_DEPTH:
            refuse(f"elements nested deeper than {MAX_XML_DEPTH}", "refer to nodes by IRI")

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartNamespaceDeclHandler = lambda p, space: prefixes.setdefault(p or "", space)
    parser.StartDoctypeDeclHandler = lambda *_: refuse(
        "a DOCTYPE is refused: its entities can fill the memory or read other files",
        "remove the DOCTYPE and write the namespaces out, or save the ontology as Turtle",
    )
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        found = expat.ErrorString(error.code)
        raise located(found, text, path, error.lineno, error.offset + 1) from None
    return prefixes
