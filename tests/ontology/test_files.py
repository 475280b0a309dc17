"""What holds for every ontology of this folder: it is clean, portable, and within OWL 2 DL."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.ontology import read_ontology
from kgtransfer.knowledge.validate import check

ONTOLOGIES = ("kgt", "wbc", "sql", "attributes")
BUILT_IN = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://www.w3.org/2000/01/rdf-schema#",
    "http://www.w3.org/2002/07/owl#",
)
OWL = "http://www.w3.org/2002/07/owl#"
RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
KINDS = {OWL + kind for kind in ("AnnotationProperty", "ObjectProperty", "DatatypeProperty")}
VOCABULARY = "https://w3id.org/kgtransfer/ns"


def files(repository: Path, name: str) -> list[Path]:
    """An ontology, and the vocabulary that it imports."""
    return [repository / "ontology" / f"{part}.ttl" for part in dict.fromkeys(("kgt", name))]


@pytest.fixture(params=ONTOLOGIES)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def whole(repository: Path, name: str) -> KnowledgeGraph:
    return read_ontology(*files(repository, name))


def test_checks_clean(repository: Path, name: str) -> None:
    assert check(files(repository, name)) == []


@pytest.mark.parametrize(
    ("suffix", "syntax"), [(".rdf", ox.RdfFormat.RDF_XML), (".ttl", ox.RdfFormat.TURTLE)]
)
def test_survives_being_written_by_another_tool(
    whole: KnowledgeGraph, tmp_path: Path, suffix: str, syntax: ox.RdfFormat
) -> None:
    copy = tmp_path / f"copy{suffix}"
    copy.write_bytes(ox.serialize(whole.triples, format=syntax, prefixes=dict(whole.prefixes)))
    assert read_ontology(copy).hash == whole.hash


def test_every_property_is_declared_as_one_kind(whole: KnowledgeGraph) -> None:
    used = {t.predicate.value for t in whole.triples}
    kinds = {iri: KINDS & set(whole.types(iri)) for iri in used if not iri.startswith(BUILT_IN)}
    assert [iri for iri, kind in kinds.items() if len(kind) != 1] == []


def test_every_name_has_a_label_and_says_what_it_is(whole: KnowledgeGraph) -> None:
    citation = whole.expand("dcterms:bibliographicCitation")
    own = {i for i in whole.concepts if i.startswith("https://w3id.org/kgtransfer/") and "#" in i}
    assert {iri for iri in own if not whole.objects(iri, RDFS_LABEL)} == set()
    assert {i for i in own if not (whole.comment(i) or whole.objects(i, citation))} == set()


@pytest.mark.parametrize("domain", [n for n in ONTOLOGIES if n != "kgt"])
def test_a_domain_imports_the_vocabulary(repository: Path, domain: str) -> None:
    graph = read_ontology(repository / "ontology" / f"{domain}.ttl")
    imported = {t.object.value for t in graph.triples if t.predicate.value == OWL + "imports"}
    assert imported == {VOCABULARY}


def test_no_name_is_described_in_two_files(repository: Path) -> None:
    described = defaultdict(set)
    for name in ONTOLOGIES:
        for iri in read_ontology(repository / "ontology" / f"{name}.ttl").concepts:
            described[iri].add(name)
    assert {iri for iri, where in described.items() if len(where) > 1} == set()
