from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.io.ontology import READERS, read_files, read_ontology
from kgtransfer.knowledge.io.parsed import ParsedFile
from kgtransfer.knowledge.io.sources import SUFFIXES

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TURTLE = b'@prefix e: <http://e/> .\ne:a e:p e:b ;\n    e:q "one" .\n\ne:b e:p _:x .\n_:x e:q 2 .\n'
RDFXML = f"""<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="http://e/">
<rdf:Description rdf:about="http://e/a"><e:p rdf:resource="http://e/b"/><e:q>one</e:q>
</rdf:Description>
<rdf:Description rdf:about="http://e/b"><e:p rdf:nodeID="n"/></rdf:Description>
<rdf:Description rdf:nodeID="n">
<e:q rdf:datatype="http://www.w3.org/2001/XMLSchema#integer">2</e:q></rdf:Description>
</rdf:RDF>""".encode()
JSONLD = b"""{"@context": {"e": "http://e/"}, "@graph": [
{"@id": "e:a", "e:p": {"@id": "e:b", "e:p": {"e:q": 2}}, "e:q": "one"}]}"""
NTRIPLES = b"""<http://e/b> <http://e/p> _:y .
_:y <http://e/q> "2"^^<http://www.w3.org/2001/XMLSchema#integer> .
<http://e/a> <http://e/q> "one" .
<http://e/a> <http://e/p> <http://e/b> .
"""
BILLION_LAUGHS = (
    '<?xml version="1.0"?>\n<!DOCTYPE lolz [<!ENTITY l0 "lol">'
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    + f']>\n<rdf:RDF xmlns:rdf="{RDF}"><rdf:Description rdf:about="http://e/a">&l11;'
    "</rdf:Description></rdf:RDF>"
).encode()


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def parse(path: Path) -> ParsedFile:
    files, errors = read_files(path)
    if errors:
        raise errors[0]
    return files[0]


def test_every_suffix_has_a_reader() -> None:
    assert tuple(READERS) == SUFFIXES


def test_the_same_graph_in_every_syntax(tmp_path: Path) -> None:
    files = [
        write(tmp_path, "a.ttl", b"\xef\xbb\xbf" + TURTLE),
        write(tmp_path, "a.nt", NTRIPLES),
        write(tmp_path, "a.owl", RDFXML),
        write(tmp_path, "a.jsonld", JSONLD),
        write(tmp_path, "a.TTL.gz", gzip.compress(TURTLE, mtime=0)),
    ]
    graphs = [read_ontology(file) for file in files]
    assert [len(graph) for graph in graphs] == [4] * 5
    assert len({graph.hash for graph in graphs}) == 1
    named, blank = 2, 2  # a blank node of one file is none of another
    assert len(read_ontology(*files)) == named + 5 * blank


def test_what_one_file_says_often_is_said_as_often(tmp_path: Path) -> None:
    petals = b"@prefix e: <http://e/> . e:f e:p [ a e:Petal ] , [ a e:Petal ] , [ a e:Petal ] ."
    assert len(read_ontology(write(tmp_path, "f.ttl", petals))) == 6


def test_prefixes_and_positions_are_kept(tmp_path: Path) -> None:
    for name, data in (("a.ttl", TURTLE), ("a.rdf", RDFXML), ("a.jsonld", JSONLD)):
        file = parse(write(tmp_path, name, data))
        assert file.prefixes["e"] == "http://e/"
        assert set(file.positions) == {"http://e/a", "http://e/b"}
    assert parse(tmp_path / "a.ttl").positions == {"http://e/a": 2, "http://e/b": 5}
    assert read_ontology(tmp_path / "a.ttl").expand("e:a") == "http://e/a"


@pytest.mark.parametrize("nothing", [b"", b" \n", b"# to come\n", b"@prefix a: <http://x/> ."])
def test_turtle_without_statements_is_valid_and_no_ontology(tmp_path: Path, nothing: bytes) -> None:
    empty, whole = write(tmp_path, "empty.ttl", nothing), write(tmp_path, "a.ttl", TURTLE)
    assert parse(empty).triples == ()
    assert read_ontology(empty, whole) == read_ontology(whole)
    with pytest.raises(OntologyError, match=r"empty\.ttl: the file says nothing") as caught:
        read_ontology(empty)
    assert caught.value.cure == "describe a concept in it"


def test_blank_nodes_of_two_files_stay_apart(tmp_path: Path) -> None:
    one = write(tmp_path, "one.ttl", b"<http://e/a> <http://e/p> _:x . _:x <http://e/q> 1 .")
    two = write(tmp_path, "two.ttl", b"<http://e/b> <http://e/p> _:x . _:x <http://e/q> 2 .")
    graph = read_ontology(one, two)
    assert graph.objects("http://e/a", "http://e/p") != graph.objects("http://e/b", "http://e/p")


def catalogue(**files: str) -> bytes:
    entries = "".join(f'<uri name="http://e/{name}" uri="{uri}"/>' for name, uri in files.items())
    space = "urn:oasis:names:tc:entity:xmlns:xml:catalog"
    return f'<catalog xmlns="{space}">{entries}</catalog>'.encode()


def importing(*names: str) -> bytes:
    objects = " , ".join(f"<http://e/{name}>" for name in names)
    return f"<http://e/o> <http://www.w3.org/2002/07/owl#imports> {objects} .".encode()


def test_imports_are_read_where_the_catalogue_names_a_file(tmp_path: Path) -> None:
    path = write(tmp_path, "a.ttl", importing("b", "a", "elsewhere"))
    write(tmp_path, "inner/b.ttl", importing("c"))  # has no catalogue: the first one's counts
    write(tmp_path, "c.obo", b"[Term]\nid: A:1\n")
    write(tmp_path, "catalog-v001.xml", catalogue(b="inner/b.ttl", a="a.ttl", c="c.obo"))
    files, errors = read_files(path)
    assert [file.path.name for file in files] == ["a.ttl", "b.ttl", "c.obo"]
    assert errors == []


def test_imports_are_never_fetched(tmp_path: Path) -> None:
    path = write(tmp_path, "a.ttl", importing("b").replace(b"e/b", b"127.0.0.1:9/b"))
    assert len(read_ontology(path)) == 1


def test_errors_of_imported_files_and_of_catalogues_are_named(tmp_path: Path) -> None:
    path = write(tmp_path, "a.ttl", importing("b"))
    imported = write(tmp_path, "b.ttl", b"not turtle")
    write(tmp_path, "catalog-v001.xml", catalogue(b="b.ttl"))
    assert [error.file for error in read_files(path)[1]] == [str(imported)]
    broken = write(tmp_path, "catalog-v001.xml", b"<!DOCTYPE a SYSTEM 'b'><a/>")
    assert [error.file for error in read_files(path, path)[1]] == [str(broken)]


def test_a_syntax_error_shows_place_line_and_cure(tmp_path: Path) -> None:
    path = write(tmp_path, "a.ttl", b"@prefix a: <http://x/> .\na:b a:c\n\ta:d a:e .\n")
    with pytest.raises(OntologyError) as caught:
        parse(path)
    error = caught.value
    assert (error.file, error.line, error.column) == (str(path), 3, 6)
    assert str(error).splitlines() == [
        f"{path}:3:6: A dot is expected at the end of statements",
        "     a:d a:e .",
        "         ^",
        "  what to do: end the statement with ' .', or go on about the same subject with ' ;'",
    ]


@pytest.mark.parametrize(
    ("name", "data", "place", "message", "cure"),
    [
        ("a.ttl", b"\n a:b a:c 1 .", ":2:2", "prefix a: has not been", "@prefix a: <namespace> ."),
        ("a.nt", b"<a> <http://b> <http://c> .", ":1:1", "No scheme", "full IRI"),
        ("a.ttl", b'<http://a> <http://b> "x .\n', ":1:23", "is not closed", "close it"),
        ("a.ttl", b"<http://a> <http://b> <c d> .", ":1:23", "Invalid IRI", "without spaces"),
        ("a.ttl", b"<http://a> <http://b>\n '\xff' .", ":2:3", "0xff is not UTF-8", "UTF-8"),
        ("a.ttl", b"\x00\x01", "", "binary data", "UTF-8"),
        ("a.owl", b" \n", "", "the file is empty", "describe"),
        (
            "a.ttl",
            b"\n<http://a> <http://b> <<( <http://a> <http://b> 1 )>> .",
            ":2",
            "triple",
            "Axiom",
        ),
        ("a.txt", b"x", "", "unknown kind of file '.txt'", ".ttl"),
        (
            "a.gz",
            gzip.compress(b"x", mtime=0),
            "",
            "unknown kind of file: its name has no",
            ".tar.gz or",
        ),
        ("a.json.gz", gzip.compress(b"x", mtime=0), "", "unknown kind of file '.json'", ".jsonld"),
        ("a.nt", b"<http://a> <http://b> 1", ":1:23", "object", "has no bare numbers"),
        ("a.ttl.gz", gzip.compress(TURTLE, mtime=0)[:-9], "", "damaged gzip", "again"),
        ("a.ttl.gz", TURTLE, "", "damaged gzip", "again"),
        ("a.jsonld", b'{"@context": "http://e/c", "@id": "x"}', ":1", "remote context", "network"),
        ("a.jsonld", b'{"@id": "http://a",}', ":1:20", "Trailing commas", "remove the comma"),
        ("a.jsonld", b'{"@id": "http://a", "name": "b"}', "", "says nothing", "@context"),
        ("a.jsonld", b'{"http://e/a":' * 9_000, ":1:2801", "nested deeper than 200", "IRI"),
        ("a.nt", b"<http://a> <http://b> " + b"<<( " * 60_000, ":1:823", "nested deeper", "IRI"),
        ("a.rdf", b"<a>\n<b></a>", ":2:6", "mismatched tag", "end tag"),
        ("a.rdf", RDFXML.replace(b"http://e/a", b"http://e a"), ":2:29", "Invalid IRI", "spaces"),
        ("a.rdf", b"<a>" * 300, ":1:601", "nested deeper", "IRI"),
        ("a.rdf", BILLION_LAUGHS, ":2:", "the entity &l1; holds a & or %", "write the text out"),
        (
            "a.owl",
            b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
            ":1:",
            "the entity &x; stands for another file",
            "write <!ENTITY",
        ),
    ],
)
def test_bad_files_are_refused_with_place_and_cure(
    tmp_path: Path, name: str, data: bytes, place: str, message: str, cure: str
) -> None:
    path = write(tmp_path, name, data)
    with pytest.raises(OntologyError) as caught:
        parse(path)
    assert caught.value.message.startswith(f"{path}{place}")
    assert message in caught.value.message
    assert cure in caught.value.cure


@pytest.mark.parametrize("name", ["a.ttl", "a.nt"])
def test_a_literal_without_end_is_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text('<http://e/a> <http://e/b> "' + "x" * 17_000_000 + '" .')
    with pytest.raises(OntologyError, match=rf"{name}: a literal.* longer than 16 MiB"):
        read_ontology(file)
