from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.io.contexts import with_contexts
from kgtransfer.knowledge.io.ontology import read_ontology

NAME = {"name": "http://e/name"}
REMOTE = "https://linked.example/context.json"
CATALOGUE = (
    '<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">'
    f'<uri name="{REMOTE}" uri="local.json"/></catalog>'
)


def context_of(folder: Path, **document: Any) -> Any:
    text = with_contexts(json.dumps(document), folder / "a.jsonld")
    return json.loads(text)["@context"]


def write_context(path: Path, context: Any) -> None:
    path.write_text(json.dumps({"@context": context}))


def test_a_context_beside_the_file_is_read(tmp_path: Path) -> None:
    write_context(tmp_path / "c.json", NAME)
    (tmp_path / "a.jsonld").write_text('{"@context": "c.json", "@id": "http://e/a", "name": "A"}')
    graph = read_ontology(tmp_path / "a.jsonld")
    assert [str(o) for o in graph.objects("http://e/a", "http://e/name")] == ['"A"']


def test_the_catalogue_names_remote_contexts(tmp_path: Path) -> None:
    (tmp_path / "catalog-v001.xml").write_text(CATALOGUE)
    write_context(tmp_path / "local.json", ["more.json", {"b": "http://e/b"}])
    write_context(tmp_path / "more.json", NAME)
    whole = [NAME, {"b": "http://e/b"}, {"c": "http://e/c"}]
    assert context_of(tmp_path, **{"@context": [REMOTE, {"c": "http://e/c"}]}) == whole


def test_contexts_inside_contexts_and_imports_are_written_out(tmp_path: Path) -> None:
    write_context(tmp_path / "c.json", NAME)
    scoped = {"part": {"@id": "http://e/part", "@context": "c.json"}}
    assert context_of(tmp_path, **{"@context": scoped})["part"]["@context"] == NAME
    imported = {"@import": "c.json", "b": "http://e/b"}
    assert context_of(tmp_path, **{"@context": imported}) == {**NAME, "b": "http://e/b"}


def test_a_document_without_references_stays_as_it_is(tmp_path: Path) -> None:
    for text in ('{ "@context": {"a": "http://e/a"} }', '{"@context": ["broken"', "[" * 100_000):
        assert with_contexts(text, tmp_path / "a.jsonld") == text


@pytest.mark.parametrize("reference", [REMOTE, "file:///etc/hosts", "../c.json", "missing.json"])
def test_what_is_not_on_disk_is_refused(tmp_path: Path, reference: str) -> None:
    path = tmp_path / "inner" / "a.jsonld"
    path.parent.mkdir()
    write_context(tmp_path / "c.json", NAME)
    text = json.dumps({"@id": "http://e/a", "@context": reference}, indent=1)
    with pytest.raises(OntologyError, match="jsonld:3: refers to the remote context") as caught:
        with_contexts(text, path)
    assert f'<uri name="{reference}" uri="context.json"/>' in caught.value.cure


def test_circles_and_multiplying_contexts_end(tmp_path: Path, monkeypatch: Any) -> None:
    write_context(tmp_path / "c.json", {"a": {"@id": "http://e/a", "@context": "c.json"}})
    with pytest.raises(OntologyError, match="refers to itself"):
        context_of(tmp_path, **{"@context": "c.json"})
    for n in range(20):
        write_context(tmp_path / f"{n}.json", [f"{n + 1}.json"] * 10)
    write_context(tmp_path / "20.json", {})
    monkeypatch.setattr("kgtransfer.knowledge.io.contexts.MAX_BYTES", 10_000)
    with pytest.raises(OntologyError, match="contexts are too large"):
        context_of(tmp_path, **{"@context": "0.json"})


def test_a_file_that_is_no_context_is_refused(tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text("[1]")
    with pytest.raises(OntologyError, match=r"c\.json: no JSON-LD context"):
        context_of(tmp_path, **{"@context": "c.json"})
