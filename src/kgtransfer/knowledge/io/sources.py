"""Paths -> named bytes: files, folders, gzip and tar archives.

Nothing is unpacked to disk, sizes count after decompression, and an archive's links are not
followed: what comes out is only ever what the archive itself holds.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, NamedTuple

from kgtransfer.errors import OntologyError
from kgtransfer.utils.bounded import TooLarge, read_at_most

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "ARCHIVE",
    "CATALOGUE",
    "MAX_BYTES",
    "SUFFIXES",
    "Source",
    "holds_ontologies",
    "ontology_files",
    "read_sources",
    "text_of",
    "unpacked_suffix",
]

SUFFIXES = (".ttl", ".nt", ".rdf", ".owl", ".xml", ".jsonld", ".obo")
"""Suffixes of ontology files; each also with `.gz`."""
ARCHIVE = ".tar"
CATALOGUE = "catalog-v001.xml"
"""An OASIS XML catalogue, as Protégé writes it: it tells where ontologies are, it is none."""
MAX_BYTES = 256 * 2**20
"""Most bytes read of one path, unpacked."""
MAX_MEMBERS = 10_000
"""Most entries of an archive."""


class Source(NamedTuple):
    """The content of one ontology file, under the name that errors give it.

    Attributes:
        path: the file; of an archive's member, the archive and the name in it.
        data: the bytes, unpacked.
    """

    path: Path
    data: bytes


def ontology_files(*paths: str | Path) -> list[Path]:
    """Paths -> the files and archives that `read_ontology` reads, in a fixed order.

    Raises:
        OntologyError: a path does not exist, or a folder holds no ontology file.
    """
    files: dict[Path, None] = {}
    for path in map(Path, paths):
        if not path.exists():
            raise OntologyError("no such file or folder", file=path, cure="check the path")
        inside = _files_in(path) if path.is_dir() else [path]
        if not inside:
            suffixes = ", ".join(SUFFIXES)
            raise OntologyError(
                "no ontology file in this folder", file=path, cure=f"add {suffixes}"
            )
        files.update(dict.fromkeys(inside))
    return list(files)


def holds_ontologies(folder: Path) -> bool:
    """Path -> whether it is a folder with an ontology file in it."""
    return folder.is_dir() and bool(_files_in(folder))


def read_sources(path: str | Path, *, max_bytes: int = MAX_BYTES) -> list[Source]:
    """Path -> the content of a file, or of every ontology file in an archive.

    Args:
        path: a file, plain or gzipped, or an archive (`.tar`, `.tar.gz`, `.tgz`).
        max_bytes: refuse what is larger, unpacked.

    Raises:
        OntologyError: the file is missing, damaged or too large, or the archive holds no ontology
            or names that lead out of it.
    """
    path = Path(path)
    data = _read(path, max_bytes)
    if unpacked_suffix(path) != ARCHIVE:
        return [Source(path, data)]
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            members = list(_members(archive, path, max_bytes))
    except (tarfile.TarError, EOFError, ValueError, OverflowError, OSError) as error:
        raise OntologyError(
            f"damaged archive ({error})", file=path, cure="get or pack the archive again"
        ) from None
    if not members:
        suffixes = ", ".join(SUFFIXES)
        raise OntologyError("no ontology file in this archive", file=path, cure=f"add {suffixes}")
    return sorted(members)


def unpacked_suffix(path: Path) -> str:
    """Path -> the suffix that says what a file holds, without `.gz`, in lower case."""
    name = path.name.lower()
    if name.endswith(".tgz"):
        return ARCHIVE
    return PurePosixPath(name.removesuffix(".gz")).suffix


def text_of(source: Source) -> str:
    """Source -> its text.

    Raises:
        OntologyError: it is empty, or not UTF-8 text.
    """
    path, data = source
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


def _files_in(folder: Path) -> list[Path]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in files if _wanted(path.relative_to(folder), archives=True))


def _wanted(inner: Path, *, archives: bool = False) -> bool:
    """Whether a file of a folder or an archive is part of the ontology."""
    hidden = any(part.startswith(".") for part in inner.parts)
    aside = "shapes" in inner.parts[:-1] or inner.name == CATALOGUE
    suffixes = (*SUFFIXES, ARCHIVE) if archives else SUFFIXES
    return not hidden and not aside and unpacked_suffix(inner) in suffixes


def _read(path: Path, max_bytes: int) -> bytes:
    if not path.exists():
        raise OntologyError("no such file", file=path, cure="check the path")
    if not path.is_file():
        raise OntologyError("not a regular file", file=path, cure="give a file")
    try:
        with path.open("rb") as stream:
            return _unpacked(stream, path, max_bytes)
    except OSError as error:
        raise OntologyError(f"cannot be read ({error.strerror})", file=path) from None


def _unpacked(stream: IO[bytes], path: Path, max_bytes: int) -> bytes:
    """At most `max_bytes` of a stream; what is called `.gz` or `.tgz` is decompressed."""
    packed = path.name.lower().endswith((".gz", ".tgz"))
    try:
        unpacked = gzip.GzipFile(fileobj=stream) if packed else stream
        return read_at_most(unpacked, max_bytes)
    except TooLarge:
        raise _too_large(path, max_bytes) from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise OntologyError(
            f"damaged gzip file ({error})", file=path, cure="get or pack the file again"
        ) from None


def _members(archive: tarfile.TarFile, path: Path, max_bytes: int) -> Iterator[Source]:
    remaining = max_bytes
    for count, member in enumerate(archive):
        inner = PurePosixPath(member.name)
        if member.size < 0 or count >= MAX_MEMBERS:
            raise OntologyError(
                f"more than {MAX_MEMBERS} entries", file=path, cure="pack only the ontology"
            )
        if inner.is_absolute() or ".." in inner.parts:
            raise OntologyError(
                f"the name {member.name!r} leads out of the archive",
                file=path,
                cure="pack the ontology's folder again, by its relative name",
            )
        if not member.isreg() or not _wanted(Path(inner)):
            continue
        stream = archive.extractfile(member) if member.size <= remaining else None
        data = _unpacked(stream, path / inner, max_bytes) if stream else b""
        remaining -= max(member.size, len(data))
        if remaining < 0:
            raise _too_large(path, max_bytes)
        yield Source(path / inner, data)


def _too_large(path: Path, max_bytes: int) -> OntologyError:
    return OntologyError(
        f"larger than {max_bytes / 2**20:.0f} MiB unpacked", file=path, cure="split the file"
    )
