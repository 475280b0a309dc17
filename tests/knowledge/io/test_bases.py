"""Relative IRIs: the same in every folder, of the file alone."""

from __future__ import annotations

import io
import shutil
import tarfile
from pathlib import Path

import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.io.bases import base_of
from kgtransfer.knowledge.io.ontology import read_files, read_ontology

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
OWL = "http://www.w3.org/2002/07/owl#"
TURTLE = f"<> a <{OWL}Ontology> . <#leaf> a <{OWL}Class> ."
FILES = {
    "a.ttl": TURTLE,
    "a.owl": f"""<rdf:RDF xmlns:rdf="{RDF}" xmlns:owl="{OWL}"><owl:Ontology rdf:about=""/>
        <owl:Class rdf:ID="leaf"/></rdf:RDF>""",
    "a.jsonld": f"""[{{"@id": "", "@type": "{OWL}Ontology"}},
        {{"@id": "#leaf", "@type": "{OWL}Class"}}]""",
}


@pytest.mark.parametrize("name", FILES)
def test_what_is_relative_is_relative_to_the_files_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    assert read_ontology(tmp_path / name).concepts == (f"file:///{name}", f"file:///{name}#leaf")
    graph = read_ontology(tmp_path / name, base="http://example.org/plants")
    assert graph.concepts == ("http://example.org/plants", "http://example.org/plants#leaf")


def test_the_graph_does_not_depend_on_where_the_file_lies(tmp_path: Path) -> None:
    for folder in ("one", "two/three"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.ttl").write_text(TURTLE, encoding="utf-8")
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        info = tarfile.TarInfo("deep/a.ttl")
        info.size = len(TURTLE)
        archive.addfile(info, io.BytesIO(TURTLE.encode()))
    places = ("one/a.ttl", "two", "a.tar")
    (graph, *others) = [read_ontology(tmp_path / place) for place in places]
    assert [other.hash for other in others] == [graph.hash] * 2
    assert str(tmp_path) not in graph.canonical.decode()
    assert base_of(Path("x/ä b.ttl.gz")) == "file:///%C3%A4%20b.ttl"


def test_what_a_file_says_of_its_base_counts(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(f"@base <http://b/c> . {TURTLE}", encoding="utf-8")
    for base in ("", "http://other/"):
        assert read_ontology(tmp_path / "a.ttl", base=base).concepts[0] == "http://b/c"


def test_files_of_one_name_need_a_base(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.ttl").write_text(TURTLE, encoding="utf-8")
    with pytest.raises(OntologyError, match="relative IRIs in two files of one name") as error:
        read_ontology(tmp_path)
    assert error.value.file == str(tmp_path / "two" / "a.ttl")
    assert len(read_ontology(tmp_path, base="http://b/")) == 2
    shutil.rmtree(tmp_path / "two")
    assert read_files(tmp_path)[1] == []


@pytest.mark.parametrize("base", ["plants", "#", "http://a b/"])
def test_a_base_is_absolute(tmp_path: Path, base: str) -> None:
    (tmp_path / "a.ttl").write_text(TURTLE, encoding="utf-8")
    with pytest.raises(OntologyError, match="is no absolute IRI"):
        read_ontology(tmp_path, base=base)
