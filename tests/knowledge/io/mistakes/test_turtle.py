from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.io.mistakes.turtle import turtle_mistake
from kgtransfer.knowledge.io.ontology import parse
from kgtransfer.knowledge.io.sources import Source

HEAD = "@prefix e: <http://e/> .\n@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
SOUND = """e:A a e:C ;
    rdfs:label "a"@en , 'b' ;
    e:p [ e:q ( 1 2 ) ; e:r e:B ] .

e:B a e:C ;
    rdfs:label \"\"\"b
    c\"\"\" .
"""


def refusal(text: str, name: str = "a.ttl") -> OntologyError:
    with pytest.raises(OntologyError) as caught:
        parse(Source(Path(name), text.encode()))
    return caught.value


@pytest.mark.parametrize(
    ("statement", "line", "column", "cure"),
    [
        # a semicolon for a full stop
        ("e:A a e:C ;\n\ne:B a e:C .", 3, 11, "a full stop for the semicolon in line 3"),
        ('e:A a e:C ; # x\n\ne:B e:p "b" .', 3, 11, "a full stop for the semicolon in line 3"),
        ("e:A a e:C ;\n<http://e/B> a e:C .", 3, 11, "a full stop for the semicolon in line 3"),
        ("e:A a e:C ;\n[] a e:C .", 3, 11, "a full stop for the semicolon in line 3"),
        ("e:A a e:C ;\n@prefix f: <f:> .", 3, 11, "a full stop for the semicolon in line 3"),
        ("e:A a e:C ;\n\n", 3, 11, "a full stop for the semicolon in line 3"),
        # other marks for each other
        ("e:A a e:C ,\n e:p 1 .", 3, 11, "a semicolon for the comma in line 3"),
        ("e:A a e:C ,\n\ne:B a e:C .", 3, 11, "a full stop for the comma in line 3"),
        ('e:A a e:C .\n e:p "b" .', 3, 11, "a semicolon for the full stop in line 3"),
        ('e:A e:p "a" ;\n "b" .', 3, 13, "a comma for the semicolon in line 3"),
        ("e:A a e:C ;\n e:D ;\n e:p 1 .", 4, 5, "a comma for the semicolon in line 3"),
        # marks that are missing
        ("e:A a e:C\ne:B a e:C .", 3, 10, "write ' .' at the end of line 3"),
        ("e:A a e:C\n e:p 1 .", 3, 10, "write ' ;' at the end of line 3"),
        ("e:A a e:C ;\n e:p 1\n e:q 2 .", 4, 7, "write ' ;' at the end of line 4"),
        ("e:A e:p e:B e:C .", 3, 12, "write ' ,' before another object"),
        ("e:A e:p [ e:q 1 .\ne:B a e:C .", 3, 17, "close the bracket with ]"),
        ("e:A e:p ( 1 2 .", 3, 15, "close the bracket with )"),
        # what cannot be seen
        ("e:A a\u00a0e:C .", 3, 6, "write a plain space"),
        ("e:A a e:C\u200b .", 3, 10, "delete it"),
        ("e:A a \ufeffe:C .", 3, 7, "delete it"),
        # texts
        ('e:A e:p "a ;\n e:q "b" .', 3, 9, 'close it with "'),
        ("e:A e:p 'a .", 3, 9, "close it with '"),
        ('e:A e:p """a .\n', 3, 9, 'close it with """'),
        ("e:A e:p 'it's' .", 3, 13, "write \\' for a '"),
        ('e:A e:p "a"@en_GB .', 3, 12, "write @en-GB"),
        ('e:A e:p "a"@ en .', 3, 13, "@pt-BR"),
        # names and values
        ("e:A a owl:Class .", 3, 7, "@prefix owl: <http://www.w3.org/2002/07/owl#> ."),
        ("e:A a rdf:Class .", 3, 7, "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>"),
        ("e:A a rdsf:Class .", 3, 7, "did you mean rdfs:?"),
        ("e:A e:p http://e/b .", 3, 9, "write <http://e/b>"),
        ("e:A a Class .", 3, 7, "as in ex:Class"),
        ("e:A e:p True .", 3, 9, "write true"),
        ("e:A e:p e:b/c .", 3, 12, "escape it"),
        ("e:A(b) a e:C .", 3, 4, "escape it, as in ex:a\\(b"),
        ("e:A$b a e:C .", 3, 4, "escape it, as in ex:a\\$b"),
        ("e:A e:p e:R&D .", 3, 12, "escape it, as in ex:a\\&b"),
        ("e:A e:p e:a+b .", 3, 12, "escape it, as in ex:a\\+b"),
        ("e:A%b a e:C .", 3, 2, "write %25 for a percent sign, or \\% within a name"),
        ("e:A e:p ( 3,5 4 ) .", 3, 12, "write 3.5"),
        ("e:A e:p 5mm .", 3, 9, 'write 5 alone, or the text "5mm"'),
        ("e:A e:p ( e:B [ e:q 1 ] .", 3, 25, "close the bracket with )"),
        ("e:A e:p [ e:q ( 1 2 ] .", 3, 21, "close the bracket with )"),
        ("e:A e:p [ e:q 1 ) .", 3, 17, "close the bracket with ]"),
        ("e:A a e:C .\n.\n", 4, 1, "remove it"),
        ("e:A a e:C ..", 3, 12, "remove it"),
        ("e:A e:p 2020-01-31 .", 3, 9, 'write "2020-01-31"^^xsd:date'),
        ('e:A e:p "1"^e:int .', 3, 12, '"1"^^xsd:integer'),
        ("e:A = e:B .", 3, 5, "owl:sameAs"),
        ("// a comment", 3, 1, "a comment starts with #"),
        ("?x a e:C .", 3, 1, "write the IRI that is meant"),
        ("e:A { e:p 1 } .", 3, 5, "leave them out"),
    ],
)
def test_the_mistake_is_named_where_it_is(
    statement: str, line: int, column: int, cure: str
) -> None:
    error = refusal(HEAD + statement)
    assert (error.line, error.column) == (line, column)
    assert cure in error.cure


@pytest.mark.parametrize(
    ("declaration", "column", "cure"),
    [
        ("@prefix e: http://e/ .", 12, "write @prefix e: <http://e/> ."),
        ("@prefix e: <http://e/>", 23, "end line 1 with ' .'"),
        ("@prefix e <http://e/> .", 9, "write @prefix e: <http://e/> ."),
        ("PREFIX e: <http://e/> .", 23, "remove it, or write @prefix e: <http://e/> ."),
        ("@prefix e: <http://e/ .", 12, "write @prefix e: <http://e/> ."),
        ("@PREFIX e: <http://e/> .", 1, "in small letters: @prefix e: <http://e/> ."),
    ],
)
def test_declarations(declaration: str, column: int, cure: str) -> None:
    error = refusal(f"{declaration}\ne:A a e:C .")
    assert (error.line, error.column) == (1, column)
    assert cure in error.cure


@pytest.mark.parametrize(
    ("query", "line", "language"),
    [
        ("SELECT ?x WHERE { ?x a ?y }", 1, "SPARQL"),
        ("PREFIX e: <http://e/>\nselect * { ?x a e:C }", 2, "SPARQL"),
        ("PREFIX e: <http://e/>\nINSERT DATA { e:a a e:C }", 2, "SPARQL"),
        ("MATCH (c:Class) RETURN c", 1, "Cypher"),
    ],
)
def test_queries_are_no_ontologies(query: str, line: int, language: str) -> None:
    error = refusal(query)
    assert error.line == line
    assert error.reason.startswith(f"this is {language}, a query")
    assert "kgtransfer query" in error.cure


CONFLICT = "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> other\n"


@pytest.mark.parametrize(
    ("name", "before", "sides"),
    [
        ("a.ttl", HEAD, "e:a a e:C ."),
        ("a.ttl", HEAD + "e:a a e:C ;\n", " e:p 1 ."),
        ("a.nt", "", "<http://e/a> <http://e/b> <http://e/c> ."),
        ("a.obo", "format-version: 1.4\n", "ontology: a"),
        ("a.jsonld", "{\n", '"@id": "http://e/a"'),
        ("a.owl", '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n', "<r:a/>"),
    ],
)
def test_a_merge_that_was_left_in_a_file(name: str, before: str, sides: str) -> None:
    error = refusal(before + CONFLICT.format(sides, sides), name)
    assert (error.line, error.column) == (before.count("\n") + 1, 1)
    assert error.reason.startswith("a merge conflict is not resolved")
    assert "<<<<<<<" in error.cure


@given(place=st.integers(0, len(HEAD + SOUND)), letter=st.text(max_size=3))
def test_whatever_is_typed_anywhere_the_search_for_its_slip_ends(place: int, letter: str) -> None:
    text = HEAD + SOUND
    text = text[:place] + letter + text[place:]
    for complaint in (
        "not a valid RDF object",
        "Line jumps",
        "The prefix e: has not been declared",
    ):
        mistake = turtle_mistake(text, place, complaint)
        assert mistake is None or 0 <= mistake.place <= len(text)
