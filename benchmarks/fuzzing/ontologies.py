"""Hostile ontologies: every mutated file gives a graph or an error that names it.

Each input is read, checked and compared with another ontology. What counts as a
failure: any exception but a `KgTransferError` that names the file, a crash, an attempt to use the
network, more than 10 seconds.
"""

from __future__ import annotations

import faulthandler
import io
import random
import tarfile
import tempfile
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from fuzzing.base import Tally, block_network
from kgtransfer.errors import KgTransferError

__all__ = ["SAMPLES", "battery", "mutated", "outcome"]

LIMIT = 10.0  # seconds
CHUNK = 250

TURTLE = b"""@prefix : <http://e/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . # a comment
:o a owl:Ontology ; owl:imports <http://e/other> .
:Cell a owl:Class ; rdfs:label "cell"@en , '''Zelle'''@de ; rdfs:comment "a \\"cell\\" \\u00e9" .
:White rdfs:subClassOf :Cell , [ a owl:Restriction ; owl:onProperty :shows ;
    owl:someValuesFrom [ a owl:Class ; owl:unionOf ( :Lobes _:x ) ] ] ; :count 3 , 2.5 , 1e3 .
_:x a owl:Class . [] a owl:Axiom ; owl:annotatedSource :White ; owl:annotatedTarget :Cell ;
    owl:annotatedProperty rdfs:subClassOf ; :source "a"^^:kind .
"""
NTRIPLES = b"""<http://e/a> <http://e/p> _:x .
_:x <http://e/q> "two\\n"@en-GB .
<http://e/b> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <http://e/a> . # c
"""
RDFXML = b"""<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xml:base="http://e/"
  xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#" xmlns:e="http://e/">
<rdfs:Class rdf:about="http://e/a" e:p="x"><rdfs:label xml:lang="en">a</rdfs:label>
<rdfs:subClassOf rdf:resource="#b"/><e:q rdf:parseType="Collection"><e:T rdf:ID="z"/></e:q>
<e:r rdf:parseType="Literal"><i>x</i></e:r><e:s rdf:parseType="Resource"><e:p>1</e:p></e:s>
</rdfs:Class><rdf:Description rdf:nodeID="n"><e:q rdf:datatype="http://e/d">2</e:q>
</rdf:Description></rdf:RDF>
"""
OBO = b"""format-version: 1.4
ontology: cl
idspace: dc http://purl.org/dc/elements/1.1/
subsetdef: slim "A slim"
import: http://e/other

[Term]
id: CL:0000001
name: cell
def: "A \\"cell\\"." [PMID:1 "x", Adapted from https://e/a\\,b]
synonym: "Zelle" EXACT plural [] {a="b"}
xref: http://e/Category\\:x "d"
is_a: CL:0000002 {is_inferred="true"} ! other
intersection_of: CL:0000002
intersection_of: part_of CL:0000003
relationship: part_of CL:0000004 {minCardinality="1", maxCardinality="3"}
property_value: dc:creator "me" xsd:string
creation_date: 2020-01-02T03:04:05Z
is_obsolete: true

[Typedef]
id: part_of
xref: BFO:0000050
holds_over_chain: part_of part_of
is_transitive: true

[Instance]
id: CL:i
instance_of: CL:0000001
"""
JSONLD = b"""{"@context": [{"e": "http://e/", "knows": {"@id": "e:k", "@type": "@id"}}, "c.json"],
 "@graph": [{"@id": "e:a", "@type": "e:T", "e:p": [1, 2.5, true, null, {"@value": "x",
 "@language": "en"}], "knows": "e:b"}, {"@id": "e:b", "e:l": {"@list": [1, {"e:q": []}]}}]}
"""
CATALOGUE = b"""<?xml version="1.0"?><catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">
<uri name="http://e/other" uri="other.ttl"/><group xml:base=""><uri name="http://e/x" uri="../x"/>
</group></catalog>
"""


def archive() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for name, data in (("src/a.ttl", TURTLE), ("src/b.obo", OBO)):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return stream.getvalue()


SAMPLES = {
    "a.ttl": TURTLE,
    "a.nt": NTRIPLES,
    "a.owl": RDFXML,
    "a.obo": OBO,
    "a.jsonld": JSONLD,
    "a.tar": archive(),
    "catalog-v001.xml": CATALOGUE,
}
NASTY = (
    *(b"\0", b"\xff", b"\xef\xbb\xbf", b"\r", b"\n", b"\\", b'"', b"'''", b"<", b">", b"&", b"]]>"),
    *(b"[", b"]", b"(", b")", b"{", b"}", b"<<(", b"_:x", b"@prefix", b"%00", b"\\u0000", b"{!"),
    *(b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>", b"&x;", b"<![CDATA[", b"<?x?>"),
    *(b"http://127.0.0.1:9/x", b"file:///etc/passwd", b"../../etc/passwd", b"C:\\", b"urn:x:y"),
    *(b"[Term]", b"[Instance]\n", b"id: ", b"! ", b'{a="b"}', b'"@context": "http://e/c",'),
    *("\u202e\U0001f600\ud7ff".encode(), b"9" * 400, b"-1", b"1e999", b"NaN", b"true", b"\x01"),
)


def mutated(data: bytes, rng: random.Random) -> bytes:
    """The data after one to three small or large changes."""
    for _ in range(rng.choice((1, 1, 2, 3))):
        start = rng.randrange(len(data) + 1)
        end = min(len(data), start + rng.choice((0, 0, 1, 1, 5, 40, 400)))
        piece = data[start:end]
        fresh = rng.choice(
            (
                b"",
                piece * 2,
                piece * rng.choice((50, 2_000)),
                rng.choice(NASTY),
                rng.choice(NASTY) * rng.choice((3, 3_000)),
                rng.randbytes(rng.choice((1, 8))),
                piece[::-1],
                piece + rng.choice(tuple(SAMPLES.values()))[start : end + 60],
            )
        )
        data = data[:start] + fresh + data[rng.choice((*(end,) * 9, len(data))) :]
        data = data[:200_000]
    return data


def outcome(name: str, data: bytes, folder: Path) -> str:
    """What becomes of one input: `read`, `refused with its line`, `refused`, or a complaint."""
    from kgtransfer.knowledge.check.validate import check
    from kgtransfer.knowledge.diff.diff import diff
    from kgtransfer.knowledge.io.ontology import read_ontology

    path = folder / name
    path.write_bytes(data)
    target = folder / "importing.ttl" if name == "catalog-v001.xml" else path
    target.touch()
    (folder / "importing.ttl").write_bytes(TURTLE)
    try:
        check(target)
        diff(read_ontology(target), read_ontology(folder / "importing.ttl"))
    except KgTransferError as error:
        if not str(getattr(error, "file", "")).startswith(str(folder)):
            return f"an error that names no file: {error!r}"
        return "refused with its line" if getattr(error, "line", None) else "refused"
    except BaseException as error:  # a panic is no Exception
        return f"{type(error).__name__}: {error}"
    finally:
        path.unlink()
    return "read"


def battery(inputs: int) -> Tally:
    """Try mutations of all kinds of files, in processes of their own: a crash loses one chunk."""
    tally = Tally()
    for start in range(0, inputs, CHUNK):
        with ProcessPoolExecutor(1) as pool:
            try:
                tally.add(pool.submit(_chunk, start, min(CHUNK, inputs - start)).result())
            except BrokenProcessPool:
                tally.outcomes["crashed or hung"] += 1
                tally.complaints.append(f"crash or hang between {start} and {start + CHUNK}")
        print(f"{start + CHUNK:>7} inputs, {len(tally.complaints)} failures", flush=True)
    return tally


def _chunk(start: int, count: int) -> Tally:
    """Try the inputs `start`, `start + 1`, ..."""
    block_network()
    names, tally = list(SAMPLES), Tally()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "c.json").write_text('{"@context": {"f": "http://f/"}}')
        (Path(folder) / "other.ttl").write_bytes(NTRIPLES)
        for seed in range(start, start + count):
            name = names[seed % len(names)]
            faulthandler.dump_traceback_later(LIMIT, exit=True)
            result = outcome(name, mutated(SAMPLES[name], random.Random(seed)), Path(folder))
            faulthandler.cancel_dump_traceback_later()
            known = result in ("read", "refused", "refused with its line")
            tally.outcomes[f"{name}: {result if known else 'failed'}"] += 1
            if not known:
                tally.complaints.append(f"{seed} {result[:300]}")
    return tally
