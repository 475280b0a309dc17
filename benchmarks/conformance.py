"""The W3C's own test suites: RDF 1.1 Turtle, N-Triples and RDF/XML, and SHACL core.

    python benchmarks/conformance.py --suite FOLDER [--suite FOLDER ...]

FOLDER is searched for the suites' `manifest.ttl` (the source distributions of rdflib and pySHACL
hold them). A graph must be isomorphic to the one that the suite expects, what is no RDF must be
refused with the line of its mistake, and a validation must report the same focus nodes with the
same severities. Results go to `benchmarks/results/conformance.json`: every case that fails, with
its explanation; one without explanation makes the exit status 1.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlparse

import pyoxigraph as ox

from kgtransfer.errors import KgTransferError, OntologyError
from kgtransfer.knowledge.check.shacl.findings import violations
from kgtransfer.knowledge.io.ontology import merge, read_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kgtransfer.knowledge.graph import KnowledgeGraph

RESULT = Path(__file__).parent / "results" / "conformance.json"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFT = "http://www.w3.org/ns/rdftest#"
SH = "http://www.w3.org/ns/shacl#"
SHT = "http://www.w3.org/ns/shacl-test#"

BASES = {
    "turtle": "http://www.w3.org/2013/TurtleTests/",
    "rdf-xml": "http://www.w3.org/2013/RDFXMLTests/",
}
"""Suite, by the folder of its manifest -> the address that its expected graphs take for it."""
SUITES = ("turtle", "ntriples", "rdf-xml", "core")
SEVERITIES = {SH + "Violation": "violation", SH + "Info": "hint"}
NUL = (
    "the text holds U+0000, which Turtle allows in a literal: it is refused, for in a file it is "
    "the mark of damage or of UTF-16"
)
EXPLAINED: Mapping[str, str] = {
    "LITERAL1_ascii_boundaries": NUL,
    "LITERAL1_all_controls": NUL,
    "LITERAL2_ascii_boundaries": NUL,
    "LITERAL_LONG1_ascii_boundaries": NUL,
    "LITERAL_LONG2_ascii_boundaries": NUL,
    "literal_ascii_boundaries": NUL,
    "xml-canon-test001": "the RDF parser writes every namespace in scope into an rdf:XMLLiteral, "
    "where exclusive canonicalisation writes those in use",
}
"""Case that fails -> why it does, and stays so."""


class Manifest(NamedTuple):
    """A W3C manifest as a graph whose IRIs are those of files on this machine."""

    path: Path
    graph: ox.Store

    @classmethod
    def read(cls, path: Path) -> Manifest:
        """Parse a manifest file."""
        graph = ox.Store()
        graph.load(path=str(path), format=ox.RdfFormat.TURTLE, base_iri=path.resolve().as_uri())
        return cls(path, graph)

    def value(self, subject: ox.Term, predicate: str) -> ox.Term | None:
        """The first object of a predicate."""
        return next(iter(self.values(subject, predicate)), None)

    def values(self, subject: ox.Term, predicate: str) -> list[ox.Term]:
        """All objects of a predicate."""
        found = self.graph.quads_for_pattern(subject, ox.NamedNode(predicate), None)
        return [quad.object for quad in found]

    def entries(self) -> Iterator[ox.Term]:
        """The cases that the manifest lists."""
        for quad in self.graph.quads_for_pattern(None, ox.NamedNode(MF + "entries"), None):
            node: ox.Term | None = quad.object
            while node is not None and node != ox.NamedNode(RDF + "nil"):
                entry = self.value(node, RDF + "first")
                if entry is not None:
                    yield entry
                node = self.value(node, RDF + "rest")


class Outcome(NamedTuple):
    """How one case went: `trouble` is empty where it passed."""

    suite: str
    case: str
    trouble: str


def with_included(path: Path) -> Iterator[Path]:
    """A manifest, and those that it includes."""
    yield path
    manifest = Manifest.read(path)
    for quad in manifest.graph.quads_for_pattern(None, ox.NamedNode(MF + "include"), None):
        yield from with_included(local(quad.object))


def suite_of(manifest: Path) -> str:
    """The suite a manifest belongs to; empty for one that is not measured here."""
    parts = manifest.parent.parts
    if parts[-1] in SUITES[:3]:
        return parts[-1]
    return "core" if "core" in parts else ""


def outcomes(manifest: Manifest, suite: str) -> Iterator[Outcome]:
    """Run the cases of a manifest."""
    for entry in manifest.entries():
        kind = str(getattr(manifest.value(entry, RDF + "type"), "value", ""))
        case = entry.value.rpartition("#")[2].rpartition("/")[2]
        if kind == SHT + "Validate":
            trouble = validated(manifest, entry)
        elif kind.startswith(RDFT):
            trouble = parsed(manifest, entry, kind, BASES.get(suite, ""))
        else:
            continue
        yield Outcome(suite, case, trouble)


def parsed(manifest: Manifest, entry: ox.Term, kind: str, base: str) -> str:
    """What is wrong with our reading of a case; empty where nothing is."""
    action = local(manifest.value(entry, MF + "action"))
    try:
        inner = action.relative_to(manifest.path.parent.resolve()).as_posix()
        graph = read(action, base and base + inner)
    except OntologyError as error:
        if "Negative" not in kind:
            return f"refused: {error.reason.splitlines()[0]}"
        return "" if error.line else f"refused without a place: {error.reason.splitlines()[0]}"
    except Exception as error:  # a crash is one of the outcomes
        return f"crashed: {error!r}"
    if "Negative" in kind:
        return "read, though it is no RDF"
    expected = manifest.value(entry, MF + "result")
    if expected is None:
        return ""
    wanted = ox.parse(path=str(local(expected)), format=ox.RdfFormat.N_TRIPLES, lenient=True)
    return compared(graph.triples, (quad.triple for quad in wanted))


def read(path: Path, base: str = "") -> KnowledgeGraph:
    """What a file says, if only nothing."""
    files, errors = read_files(path, base=base)
    if errors:
        raise errors[0]
    return merge(files)


def compared(said: Iterable[ox.Triple], wanted: Iterable[ox.Triple]) -> str:
    """How two graphs differ; empty where they are isomorphic (RDF Dataset Canonicalization)."""
    texts = []
    for triples in (said, wanted):
        graph = ox.Dataset(ox.Quad(*triple) for triple in triples)
        graph.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        texts.append({str(quad) for quad in graph})
    lacking, further = sorted(texts[1] - texts[0]), sorted(texts[0] - texts[1])
    return f"lacks {lacking[:2]}, has {further[:2]}" if lacking or further else ""


def validated(manifest: Manifest, entry: ox.Term) -> str:
    """What is wrong with our report on a case; empty where nothing is."""
    action, result = manifest.value(entry, MF + "action"), manifest.value(entry, MF + "result")
    assert action is not None
    assert result is not None
    data = local(manifest.value(action, SHT + "dataGraph"))
    shapes = local(manifest.value(action, SHT + "shapesGraph"))
    unusable = isinstance(result, ox.NamedNode) and result.value == SHT + "Failure"
    try:
        findings = [f for f in violations(read(data), [shapes]) if f.file != str(shapes)]
    except KgTransferError as error:
        return "" if unusable else f"refused: {str(error).splitlines()[0]}"
    said = Counter((finding.severity, finding.concept) for finding in findings)
    wanted = Counter(
        (
            SEVERITIES.get(getattr(manifest.value(node, SH + "resultSeverity"), "value", ""))
            or "warning",
            named(manifest.value(node, SH + "focusNode"), manifest.path.parent),
        )
        for node in manifest.values(result, SH + "result")
    )
    # Of an unnamed focus node the concept that it belongs to is named; of a literal none is.
    unnamed = Counter({key: number for key, number in wanted.items() if not key[1]})
    lacking, further = wanted - unnamed - said, said - wanted
    severities = [Counter(severity for severity, _ in c.elements()) for c in (wanted, said)]
    if lacking or severities[0] != severities[1] or (further and not unnamed):
        return f"lacks {list(lacking)}, has {list(further)}"
    return ""


def named(term: ox.Term | None, folder: Path) -> str:
    """The IRI of a focus node, of which no folder is part; empty for blank nodes and literals."""
    iri = term.value if isinstance(term, ox.NamedNode) else ""
    return iri.replace(f"{folder.resolve().as_uri()}/", "file:///")


def local(term: ox.Term | None) -> Path:
    """The file that an IRI of the manifest names."""
    return Path(unquote(urlparse(getattr(term, "value", "")).path))


def main() -> int:
    """Run the suites in the folders given; 1 where a case fails without explanation."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--suite", type=Path, action="append", required=True, metavar="FOLDER")
    folders = parser.parse_args().suite
    roots = sorted(
        path for folder in folders for path in folder.rglob("manifest.ttl") if suite_of(path)
    )
    manifests = dict.fromkeys(path for root in roots for path in with_included(root))
    found = [
        outcome
        for path in manifests
        if (suite := suite_of(path))
        for outcome in outcomes(Manifest.read(path), suite)
    ]
    failing = [
        {**outcome._asdict(), "why": EXPLAINED.get(outcome.case, "")}
        for outcome in found
        if outcome.trouble
    ]
    cases = Counter(outcome.suite for outcome in found)
    passed = Counter(outcome.suite for outcome in found if not outcome.trouble)
    counts = {suite: {"cases": cases[suite], "passed": passed[suite]} for suite in SUITES}
    report = {"command": "python benchmarks/conformance.py", "suites": counts, "failing": failing}
    RESULT.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    print(json.dumps(counts))
    for case in failing:
        print(f"{case['suite']} {case['case']}: {case['trouble'][:300]}")
    return int(any(not case["why"] for case in failing))


if __name__ == "__main__":
    sys.exit(main())
