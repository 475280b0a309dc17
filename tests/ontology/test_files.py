"""What holds for every ontology of this folder: it is clean, portable, and within OWL 2 DL."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest

from kgtransfer.knowledge.check.validate import check
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology

ONTOLOGIES = ("kgt", "wbc", "sql", "attributes", "image_measures")
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
ONTOLOGY = ox.NamedNode(OWL + "Ontology")
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
    kinds = {
        iri: KINDS & set(whole.types(iri)) for iri in used if not iri.startswith((RDF, RDFS, OWL))
    }
    assert [iri for iri, kind in kinds.items() if len(kind) != 1] == []


def test_every_name_has_a_label_and_says_what_it_is(whole: KnowledgeGraph) -> None:
    citation = whole.expand("dcterms:bibliographicCitation")
    own = {i for i in whole.concepts if i.startswith("https://w3id.org/kgtransfer/") and "#" in i}
    assert {iri for iri in own if not whole.objects(iri, RDFS + "label")} == set()
    assert {i for i in own if not (whole.comment(i) or whole.objects(i, citation))} == set()


def alone(file: Path) -> set[ox.Triple]:
    """What one file says, without what it imports."""
    return {quad.triple for quad in ox.parse(path=file, format=ox.RdfFormat.TURTLE)}


def test_lists_are_in_the_order_in_which_protege_saves_them(whole: KnowledgeGraph) -> None:
    first, rest = RDF + "first", RDF + "rest"
    member = {str(t.subject): t.object.value for t in whole.triples if t.predicate.value == first}
    steps = [(str(t.subject), str(t.object)) for t in whole.triples if t.predicate.value == rest]
    pairs = [(member[here], member[there]) for here, there in steps if there in member]
    assert pairs
    assert [pair for pair in pairs if pair[0] > pair[1]] == []


@pytest.mark.parametrize("domain", [n for n in ONTOLOGIES if n != "kgt"])
def test_a_domain_imports_the_vocabulary(repository: Path, domain: str) -> None:
    said = alone(repository / "ontology" / f"{domain}.ttl")
    imported = {t.object.value for t in said if t.predicate.value == OWL + "imports"}
    assert imported == {VOCABULARY}


def test_no_name_is_described_in_two_files(repository: Path) -> None:
    where = defaultdict(set)
    for name in ONTOLOGIES:
        for triple in alone(repository / "ontology" / f"{name}.ttl"):
            if isinstance(triple.subject, ox.NamedNode):
                where[triple.subject.value].add(name)
    assert {iri for iri, files in where.items() if len(files) > 1} == set()


def test_the_catalogue_names_the_file_of_every_ontology(repository: Path) -> None:
    entries = ElementTree.parse(repository / "ontology" / "catalog-v001.xml").getroot()
    catalogue = {entry.get("name"): entry.get("uri") for entry in entries}
    for file in (repository / "ontology").glob("*.ttl"):
        (iri,) = (t.subject.value for t in alone(file) if t.object == ONTOLOGY)
        assert catalogue[iri] == file.name
