"""Small files that unpack, declare, nest or run without end.

Each input is read in a process of its own. What counts as a failure: any exception but a
`KgTransferError`, no refusal at all, more than 30 seconds of CPU time, more than 1.5 GiB of memory.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import resource
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import numpy as np

from fuzzing.base import Tally
from kgtransfer.errors import KgTransferError

__all__ = ["BOMBS", "battery", "outcome"]

SECONDS, MEMORY = 30.0, 1.5 * 2**30
BIG = 320 * 2**20  # bytes, above what is read of one file
DEEP = 200_000
Bomb = Callable[[Path], Callable[[], object]]
"""Writes an input into a folder and returns what reads it."""


def zeros(stream: Any, size: int) -> None:
    for _ in range(size // 2**20):
        stream.write(bytes(2**20))


def chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)


def png(width: int, height: int, *chunks: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    rows = zlib.compress(bytes(2**20))
    return (
        b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def zipped_images(packing: int, *, lie: bool = False) -> Bomb:
    def bomb(folder: Path) -> Callable[[], object]:
        from kgtransfer.images.data.folder import read_image_table

        (folder / "labels.csv").write_text("image,label\na.png,x\n")
        archive = zipfile.ZipFile(folder / "a.zip", "w", packing)
        with archive, archive.open("a.png", "w") as member:
            zeros(member, BIG)
        if lie:  # of both places that declare the unpacked size
            content = (folder / "a.zip").read_bytes()
            true, false = struct.pack("<I", BIG), struct.pack("<I", 1000)
            (folder / "a.zip").write_bytes(content.replace(true, false))

        def read() -> object:
            for picture in read_image_table(folder).pictures():
                if isinstance(picture, Exception):
                    raise picture
            return None

        return read

    return bomb


def picture(content: Callable[[], bytes]) -> Bomb:
    def bomb(_: Path) -> Callable[[], object]:
        from kgtransfer.images.data.decode import read_picture

        return lambda: read_picture(content(), "a.png")

    return bomb


def tiff() -> bytes:
    entries = [(256, 4, 1, 2**20), (257, 4, 1, 2**20), (258, 3, 1, 8), (262, 3, 1, 1)]
    entries += [(273, 4, 2**28, 8), (277, 3, 1, 1), (278, 4, 1, 1), (279, 4, 2**28, 8)]
    table = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + table + bytes(64)


def gif() -> bytes:
    screen = b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0x80, 0, 0) + bytes(6)
    return screen + b"," + struct.pack("<HHHHB", 0, 0, 65535, 65535, 0) + b"\x02\x02\x4c\x01\0;"


def graph(save: Callable[[Path], None]) -> Bomb:
    def bomb(folder: Path) -> Callable[[], object]:
        from kgtransfer.nodes.data.reading import read_nodes

        save(folder / "a.npz")
        return lambda: read_nodes(folder / "a.npz")

    return bomb


def member(header: bytes, content: bytes = b"") -> Callable[[Path], None]:
    """An archive with an array `y` of a header of one's own."""

    def save(path: Path) -> None:
        head = header.ljust(117) + b"\n"
        array = b"\x93NUMPY\x01\0" + struct.pack("<H", len(head)) + head + content
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("y.npy", array)
            archive.writestr("class_names.npy", array)
            edges = io.BytesIO()
            np.save(edges, np.zeros((2, 3), dtype=np.int64))
            archive.writestr("edge_index.npy", edges.getvalue())

    return save


def large_arrays(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in "abcd":
            with archive.open(f"{name}.npy", "w") as file:
                zeros(file, BIG)


def ontology(name: str, content: Callable[[], bytes]) -> Bomb:
    def bomb(folder: Path) -> Callable[[], object]:
        from kgtransfer.knowledge.io.ontology import read_ontology

        (folder / name).write_bytes(content())
        return lambda: read_ontology(folder / name)

    return bomb


def deflated() -> bytes:
    packer = zlib.compressobj(1)
    return b"".join(packer.compress(bytes(2**20)) for _ in range(BIG // 2**20)) + packer.flush()


def gzipped() -> bytes:
    stream = io.BytesIO()
    with gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=1) as file:
        zeros(file, BIG)
    return stream.getvalue()


def pax(**headers: str) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("a.ttl")
        info.pax_headers = headers
        archive.addfile(info)
    return stream.getvalue()


def long_pax() -> bytes:
    info = tarfile.TarInfo("a.ttl")
    info.type, info.size = tarfile.XHDTYPE, 2**40
    return info.tobuf() + bytes(1024)


def sparse() -> bytes:
    info = tarfile.TarInfo("a.ttl")
    info.type, info.size = tarfile.GNUTYPE_SPARSE, 512
    block = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    block[386:398], block[398:410] = b"00000000000\0", b"00000001000\0"
    block[483:495] = b"\x80" + (2**50).to_bytes(11, "big")
    block[148:156] = b" " * 8
    block[148:156] = f"{sum(block):06o}\0 ".encode()
    return bytes(block) + bytes(2048)


def members() -> bytes:
    header = tarfile.TarInfo("a.txt").tobuf()
    return header * 20_000 + bytes(1024)


def tensors(header: bytes, data: bytes = b"", length: int | None = None) -> Bomb:
    def bomb(folder: Path) -> Callable[[], object]:
        from kgtransfer.nodes.encoders.gin import load_gin

        size = struct.pack("<Q", len(header) if length is None else length)
        (folder / "a.safetensors").write_bytes(size + header + data)
        return lambda: load_gin(folder / "a.safetensors")

    return bomb


def offsets(shape: list[int], begin: int, end: int) -> bytes:
    tensor = {"dtype": "F32", "shape": shape, "data_offsets": [begin, end]}
    return json.dumps({"a": tensor, "b": {**tensor, "data_offsets": [0, 4], "shape": [1]}}).encode()


def run_folder(name: str, content: str) -> Bomb:
    def bomb(folder: Path) -> Callable[[], object]:
        from kgtransfer.experiments.results import RunResult

        (folder / name).write_text(content)
        return lambda: RunResult.load(folder)

    return bomb


def concepts(folder: Path) -> Callable[[], object]:
    from kgtransfer.embedding.concepts import ConceptEmbeddings

    (folder / "concepts.json").write_text("[" * DEEP)
    return lambda: ConceptEmbeddings.load(folder)


def settings(text: str) -> Bomb:
    def bomb(folder: Path) -> Callable[[], object]:
        from pydantic import BaseModel

        from kgtransfer.config.reading import read_config

        (folder / "a.toml").write_text(text)
        return lambda: read_config(folder / "a.toml", BaseModel)

    return bomb


def triples(folder: Path) -> Callable[[], object]:
    from kgtransfer.embedding.kge.files import read_triples

    with gzip.open(folder / "train.tsv.gz", "wb", compresslevel=1) as file:
        zeros(file, BIG)
    return lambda: read_triples(folder)


def wordnet(folder: Path) -> Callable[[], object]:
    from kgtransfer.knowledge.wordnet import read_wordnet

    (folder / "nouns.tsv.gz").write_bytes(gzipped())
    return lambda: read_wordnet(folder / "nouns.tsv.gz")


def shape(constraint: str) -> Bomb:
    turtle = (
        "@prefix : <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        ":S a sh:NodeShape ; sh:targetClass :Kind ; "
    )

    def bomb(folder: Path) -> Callable[[], object]:
        from kgtransfer.knowledge.check.validate import check

        things = "".join(f"<http://e/{n}> a <http://e/Kind> .\n" for n in range(200))
        text = '<http://e/0> <http://e/p> "' + "a" * 60 + '!" .\n'
        (folder / "a.ttl").write_text(things + text)
        (folder / "shapes").mkdir()
        (folder / "shapes" / "s.ttl").write_text(turtle + constraint + " .")
        return lambda: check(folder / "a.ttl", timeout=5)

    return bomb


PREFIX = b"@prefix : <http://e/> . :a :b "
CROSS = " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(8))
DOUBLED = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))
NPY = b"{'descr': %s, 'fortran_order': False, 'shape': (%d,), }"

BOMBS: Mapping[str, Bomb] = {
    "zip: large member": zipped_images(zipfile.ZIP_DEFLATED),
    "zip: member that lies about its size": zipped_images(zipfile.ZIP_DEFLATED, lie=True),
    "zip: member packed by bzip2": zipped_images(zipfile.ZIP_BZIP2),
    "zip: member packed by LZMA": zipped_images(zipfile.ZIP_LZMA),
    "image: PNG of 10 gigapixels": picture(lambda: png(100_000, 100_000)),
    "image: PNG with a large text": picture(
        lambda: png(8192, 1024, chunk(b"zTXt", b"a\0\0" + deflated()))
    ),
    "image: PNG with a large profile": picture(
        lambda: png(64, 64, chunk(b"iCCP", b"a\0\0" + deflated()))
    ),
    "image: TIFF of a terapixel": picture(tiff),
    "image: GIF of 4 gigapixels": picture(gif),
    "image: PostScript": picture(
        lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99 99\n%%EndComments\n{} loop\n"
    ),
    "arrays: large": graph(large_arrays),
    "arrays: declared large": graph(member(NPY % (b"'<i8'", 10**15), bytes(80))),
    "arrays: no bytes an item": graph(member(NPY % (b"'<U0'", 10**12))),
    "arrays: Python objects": graph(member(NPY % (b"'|O'", 1), b"cos\nsystem\n(S'true'\ntR.")),
    "arrays: negative shape": graph(member(NPY % (b"'<i8'", -5), bytes(80))),
    "gzip: ontology": ontology("a.ttl.gz", gzipped),
    "gzip: archive": ontology("a.tar.gz", gzipped),
    "gzip: triples": triples,
    "gzip: WordNet": wordnet,
    "tar: endless header": ontology("a.tar", long_pax),
    "tar: large by a header": ontology("a.tar", lambda: pax(size=str(2**50))),
    "tar: sparse by a header": ontology(
        "a.tar", lambda: pax(**{"GNU.sparse.major": "1", "GNU.sparse.minor": "0"})
    ),
    "tar: sparse member": ontology("a.tar", sparse),
    "tar: many members": ontology("a.tar", members),
    "tensors: endless header": tensors(b"{}", length=2**62),
    "tensors: deep header": tensors(b"[" * DEEP),
    "tensors: large shape": tensors(offsets([2**62, 16], 0, 4), bytes(8)),
    "tensors: overlapping": tensors(offsets([1], 0, 4), bytes(4)),
    "tensors: backwards": tensors(offsets([1], 4, 0), bytes(4)),
    "tensors: beyond the end": tensors(offsets([2**20], 4, 4 + 2**22), bytes(8)),
    "JSON: deep result": run_folder("result.json", "[" * DEEP),
    "JSON: deep result that closes": run_folder("result.json", '{"a":' * 900 + "1" + "}" * 900),
    "JSON: deep index of concepts": concepts,
    "TOML: deep array": settings("a = " + "[" * DEEP),
    "TOML: deep table": settings("a = " + "{a = " * DEEP),
    "TOML: deep key": settings(".".join("a" * 5_000) + " = 1"),
    "nesting: Turtle lists": ontology("a.ttl", lambda: PREFIX + b"(" * DEEP + b")" * DEEP + b" ."),
    "nesting: Turtle nodes": ontology(
        "a.ttl", lambda: PREFIX + b"[ :p " * DEEP + b":x" + b"]" * DEEP + b" ."
    ),
    "nesting: Turtle lists that never close": ontology("a.ttl", lambda: PREFIX + b"(" * DEEP),
    "nesting: Turtle hidden by strings": ontology(
        "a.ttl", lambda: PREFIX + b'"]" , ( ' * DEEP + b") " * DEEP + b"."
    ),
    "nesting: N-Triples": ontology("a.nt", lambda: b"<<( " * DEEP),
    "nesting: JSON-LD": ontology("a.jsonld", lambda: b'{"http://e/p":' * DEEP + b"1" + b"}" * DEEP),
    "nesting: RDF/XML": ontology("a.owl", lambda: b"<a>" * DEEP),
    "nesting: OBO": ontology("a.obo", lambda: b"format-version: 1.4\n\n[Term]\nid: " + b"{" * DEEP),
    "shape: endless pattern": shape("sh:property [ sh:path :p ; sh:pattern '(a+)+$' ]"),
    "shape: endless query": shape(
        f"sh:sparql [ sh:select 'SELECT $this WHERE {{ {CROSS} FILTER(?a0 = 1) }}' ]"
    ),
    "shape: swelling text": shape(
        f"sh:sparql [ sh:select 'SELECT $this WHERE {{ $this :p ?x0 {DOUBLED} }}' ]"
    ),
    "shape: endless pattern in a query": shape(
        "sh:sparql [ sh:select 'SELECT $this WHERE { $this ?p ?o FILTER(regex(?o, \"(a+)+$\")) }' ]"
    ),
}


def outcome(name: str, folder: Path) -> str:
    """What becomes of one input: `refused`, or a complaint. Peak memory counts for the process."""
    read = BOMBS[name](folder)
    before = sum(os.times()[:4])
    try:
        read()
    except KgTransferError:
        pass
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:200]}"
    else:
        return "read without a word"
    if (seconds := sum(os.times()[:4]) - before) > SECONDS:
        return f"took {seconds:.0f} seconds"
    return "refused"


def _measured(name: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        result = outcome(name, Path(folder))
    usage = (
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    memory = max(usage) * 1024
    return f"took {memory / 2**20:.0f} MiB" if memory > MEMORY and result == "refused" else result


def battery(inputs: int) -> Tally:
    """Read every bomb, each in a process of its own."""
    tally = Tally()
    for name in list(BOMBS)[:inputs]:
        with ProcessPoolExecutor(1) as pool:
            try:
                result = pool.submit(_measured, name).result()
            except BrokenProcessPool:
                result = "crashed"
        print(f"{name}: {result}", flush=True)
        tally.outcomes[f"{name}: {'refused' if result == 'refused' else 'failed'}"] += 1
        if result != "refused":
            tally.complaints.append(f"{name}: {result}")
    return tally
