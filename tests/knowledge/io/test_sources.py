from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path

import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.io.sources import Source, ontology_files, read_sources, text_of

TURTLE = b"<http://e/a> <http://e/p> <http://e/b> .\n"


def write(folder: Path, name: str, data: bytes = TURTLE) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def tar(*members: tarfile.TarInfo | tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
            else:
                info = tarfile.TarInfo(member[0])
                info.size = len(member[1])
                archive.addfile(info, io.BytesIO(member[1]))
    return stream.getvalue()


def link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def test_folders_are_searched_but_not_their_shapes_or_catalogue(tmp_path: Path) -> None:
    kept = [write(tmp_path, name) for name in ("b.ttl", "c.tar.gz", "sub/a.TTL.gz")]
    ignored = ("README.md", "shapes/a.ttl", "sub/shapes/a.ttl", ".hidden/a.ttl", "catalog-v001.xml")
    for name in ignored:
        write(tmp_path, name, b"not read")
    assert ontology_files(tmp_path, tmp_path / "b.ttl") == kept


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz", "a.TGZ"])
def test_an_archive_gives_the_ontologies_in_it(tmp_path: Path, name: str) -> None:
    packed = tar(
        ("./src/b.ttl", b"b"),
        ("src/a.ttl.gz", gzip.compress(b"a", mtime=0)),
        ("src/shapes/s.ttl", b"s"),
        ("src/catalog-v001.xml", b"c"),
        (".hidden/h.ttl", b"h"),
        ("LICENSE", b"l"),
        ("inner.tar", b"t"),
    )
    path = write(tmp_path, name, packed if name == "a.tar" else gzip.compress(packed, mtime=0))
    assert read_sources(path) == [
        Source(path / "src/a.ttl.gz", b"a"),
        Source(path / "src/b.ttl", b"b"),
    ]
    assert list(tmp_path.iterdir()) == [path]  # nothing is written


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_in_an_archive_are_not_followed(tmp_path: Path, kind: bytes) -> None:
    write(tmp_path, "secret.ttl")
    special = link("a.ttl", str(tmp_path / "secret.ttl"), kind)
    path = write(tmp_path, "a.tar", tar(special, ("b.ttl", TURTLE)))
    assert read_sources(path) == [Source(path / "b.ttl", TURTLE)]


@pytest.mark.parametrize("name", ["/etc/a.ttl", "../a.ttl", "src/../../a.ttl"])
def test_names_that_lead_out_of_an_archive_are_refused(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, "a.tar", tar((name, TURTLE)))
    with pytest.raises(OntologyError, match="leads out of the archive"):
        read_sources(path)


def test_sizes_count_unpacked(tmp_path: Path) -> None:
    big = b"#" * 700_000
    bombs = {
        "a.ttl.gz": gzip.compress(big + big, mtime=0),
        "a.tar": tar(("a.ttl", big), ("b.ttl.gz", gzip.compress(big, mtime=0))),
        "a.tgz": gzip.compress(tar(("a.ttl", big), ("b.txt", big)), mtime=0),
    }
    for name, data in bombs.items():
        with pytest.raises(OntologyError, match="larger than 1 MiB unpacked"):
            read_sources(write(tmp_path, name, data), max_bytes=2**20)


def test_an_archive_of_a_negative_size_ends(tmp_path: Path) -> None:
    """Such a member sends Python's reader back to where it came from (CVE-2025-8194)."""
    packed = bytearray(tar(("a.ttl", b"x" * 600), ("b.ttl", TURTLE)))
    packed[124:136] = b"\xff" * 12
    packed[148:156] = b"%06o\0 " % (sum(packed[:148]) + sum(packed[156:512]) + 8 * 32)
    with pytest.raises(OntologyError, match=r"a\.tar: "):
        read_sources(write(tmp_path, "a.tar", bytes(packed)))


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.ttl.gz", gzip.compress(TURTLE, mtime=0)[:-9], "damaged gzip"),
        ("a.ttl.gz", TURTLE, "damaged gzip"),
        ("a.tar", TURTLE, "damaged archive"),
        ("a.tar", tar(("a.ttl", TURTLE * 100))[:1000], "damaged archive"),
        ("a.tar", tar(("README", b"x")), "no ontology file in this archive"),
    ],
)
def test_damaged_files_are_refused(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    path = write(tmp_path, name, data)
    with pytest.raises(OntologyError, match=message) as caught:
        read_sources(path)
    assert caught.value.file == str(path)


def test_missing_paths_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OntologyError, match="no such file or folder"):
        ontology_files(tmp_path / "missing.ttl")
    with pytest.raises(OntologyError, match="no ontology file in this folder"):
        ontology_files(tmp_path)
    with pytest.raises(OntologyError, match="no such file"):
        read_sources(tmp_path / "missing.ttl")
    (tmp_path / "folder.ttl").mkdir()
    with pytest.raises(OntologyError, match="not a regular file"):
        read_sources(tmp_path / "folder.ttl")


def test_text_is_utf_8_with_or_without_a_mark() -> None:
    assert text_of(Source(Path("a.ttl"), b"\xef\xbb\xbf\xc3\xa9")) == "é"
    with pytest.raises(OntologyError, match=r"a\.ttl:2:2: byte 0xff is not UTF-8"):
        text_of(Source(Path("a.ttl"), b"a\nb\xff"))
