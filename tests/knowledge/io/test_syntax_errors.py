from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.io.ontology import parse
from kgtransfer.knowledge.io.sources import Source
from kgtransfer.knowledge.io.syntax_errors import located_error

HEAD = "@prefix e: <http://e/> .\n"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def refusal(name: str, text: str) -> OntologyError:
    with pytest.raises(OntologyError) as caught:
        parse(Source(Path(name), text.encode()))
    return caught.value


def rdfxml(content: str) -> str:
    return f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="http://e/">\n{content}\n</rdf:RDF>'


@pytest.mark.parametrize(
    ("name", "text", "cure"),
    [
        ("a.ttl", "<!DOCTYPE html>\n<html></html>", "this is a web page"),
        ("a.owl", "\n<html><body>not found</body></html>", "this is a web page"),
        ("a.ttl", '<?xml version="1.0"?>\n<rdf:RDF/>', "name the file .rdf or .owl"),
        ("a.owl", f"# mine\n{HEAD}", "name the file .ttl"),
        ("a.nt", "PREFIX e: <http://e/>", "name the file .ttl"),
        ("a.ttl", '{"@id": "http://e/a"}', "name the file .jsonld"),
        ("a.owl", "format-version: 1.4\n", "name the file .obo"),
        (
            "a.owl",
            '<?xml version="1.0"?>\n<Ontology><Class IRI="e"/></Ontology>',
            "this is OWL/XML",
        ),
        ("a.owl", "Prefix(:=<http://e/>)\nOntology()", "OWL functional syntax"),
        ("a.owl", "Prefix: : <http://e/>\nOntology: <http://e>", "Manchester syntax"),
    ],
)
def test_another_syntax_than_the_name_says(name: str, text: str, cure: str) -> None:
    assert cure in refusal(name, text).cure


@pytest.mark.parametrize(
    ("name", "text", "line", "column", "cure"),
    [
        ("a.ttl", HEAD + "e:a e:b\n\n", 2, 8, "end the statement"),
        ("a.ttl", HEAD + r'e:a e:b "C:\data" .', 2, 12, r"backslash twice: \\"),
        ("a.ttl", HEAD + "e:a e:b [ e:c e:d .", 2, 19, "close the bracket"),
        ("a.ttl", HEAD + "e:a e:b \u201cx\u201d .", 2, 9, "straight double quotes"),
        ("a.ttl", HEAD + "@prefx f: <http://f/> .", 2, 1, "@prefix"),
        ("a.ttl", HEAD + 'e:a e:b "x"@e_n .', 2, 12, "write @e-n"),
        ("a.ttl", HEAD + "e:a e:b e:c , .", 2, 15, "take out the comma"),
        ("a.rdf", rdfxml("<f:T/>"), 2, 1, "xmlns:prefix"),
        ("a.rdf", rdfxml("<e:T>a & b</e:T>"), 2, 9, "&amp;"),
        ("a.rdf", rdfxml("lost"), 2, 1, "a property's element"),
        ("a.rdf", rdfxml("")[:-12], 1, 86, "close what is open"),
        ("a.jsonld", "{'@id': 1}", 1, 2, "double quotes"),
        ("a.obo", "[Term]\nname: a\n", 2, 1, "id: PREFIX:0000001"),
    ],
)
def test_every_complaint_has_its_place_and_cure(
    name: str, text: str, line: int, column: int, cure: str
) -> None:
    error = refusal(name, text)
    assert (error.line, error.column) == (line, column)
    assert cure in error.cure


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_line_is_shown_whatever_ends_lines(end: str) -> None:
    error = located_error("wrong", end.join(("first", "second line", "third")), Path("a"), 2, 8)
    assert error.reason == "wrong\n    second line\n           ^"


def test_what_is_missing_at_the_end_is_marked_after_the_last_word() -> None:
    error = located_error("wrong", "first\nlast \n\n \n", Path("a"), 5, 1)
    assert (error.line, error.column) == (2, 5)
    assert error.reason == "wrong\n    last\n        ^"


def test_of_a_long_line_only_the_place_is_shown() -> None:
    error = located_error("wrong", "x" * 50_000 + "!" + "y" * 50_000, Path("a"), 1, 50_001)
    excerpt, mark = error.reason.split("\n")[1:]
    assert (len(excerpt), excerpt[len(mark) - 1]) == (104, "!")
