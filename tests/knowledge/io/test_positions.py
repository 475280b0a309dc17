from __future__ import annotations

from time import process_time

from kgtransfer.knowledge.io.positions import (
    jsonld_positions,
    ntriples_positions,
    rdfxml_positions,
    turtle_positions,
)

TURTLE = """@base <http://b/c> .
PREFIX e: <http://e/>
# a comment. e:not a e:subject .
<> a <z> ; e:p '''a .
e:not e:a e:subject ''' , "e:nor . # this" .
<q#r> <s> 1.5 , [ <a> e:object ] ; <t> ( e:a e:b ) .
[] <a> e:neither . _:b e:p _:c .
e:a.b\\,c <x> e:z.
e:k a e:l . <q#r> e:again 1 .
@prefix e: <http://other/> .
e:k a e:l .
"""
RDFXML = """<?xml version="1.0"?>
<rdf:RDF xml:base="http://b/c" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
         xmlns:e="http://e/">
  <rdf:Description rdf:about="http://e/a"
      e:p="1"/>
  <e:T rdf:ID="z">
    <e:p><e:T rdf:about="#inner"/></e:p>
  </e:T>
</rdf:RDF>
"""
JSONLD = """{"@context": {"e": "http://e/"},
 "@id": "e:a",
 "e:p": {"@id": "http://e/b",
         "e:q": 1}}
"""


def test_turtle_subjects_have_the_line_of_their_first_description() -> None:
    assert turtle_positions(TURTLE) == {
        "http://b/c": 4,
        "http://b/q#r": 6,
        "http://e/a.b,c": 8,
        "http://e/k": 9,
        "http://other/k": 11,
    }


def test_n_triples_are_turtle() -> None:
    assert turtle_positions("<http://a> <http://b> <http://c> .\n\n<http://d> <http://b> 1 .") == {
        "http://a": 1,
        "http://d": 3,
    }


def test_rdfxml_subjects_resolve_against_the_base() -> None:
    assert rdfxml_positions(RDFXML) == {"http://e/a": 4, "http://b/c#z": 6, "http://b/c#inner": 7}


def test_jsonld_nodes() -> None:
    assert jsonld_positions(JSONLD, {"e": "http://e/"}) == {"http://e/a": 2, "http://e/b": 3}


def test_the_nodes_of_a_long_json_file_are_found_in_time_by_its_length() -> None:
    nodes = ",\n".join(f'{{"@id": "e:n{n}", "e:p": "{"x" * 300}"}}' for n in range(20_000))
    start = process_time()
    positions = jsonld_positions(f'{{"@context": {{"e": "http://e/"}}, "@graph": [{nodes}]}}', {})
    assert positions["e:n19999"] == 20_000
    assert process_time() - start < 10  # it takes .2 s; counting lines anew for each node, 50 s


def test_a_namespace_keeps_its_hash_beside_a_base() -> None:
    text = "@base <http://b/> .\n@prefix e: <http://e#> .\ne:a a <#b> ."
    assert turtle_positions(text) == {"http://e#a": 3}


def test_subjects_of_ntriples_by_line() -> None:
    text = '# <http://e/no>\n<http://e/a> <http://e/p> "<http://e/b>" .\n\n'
    text += "_:x <http://e/p> <http://e/c> .\n \t<http://e/d> <http://e/p> <http://e/a> .\n"
    assert ntriples_positions(text) == {"http://e/a": 2, "http://e/d": 5}


def test_relative_subjects_are_found_by_the_base_that_they_are_read_with() -> None:
    assert turtle_positions("<> a <#b> .\n<#a> a <#b> .", "file:///x") == {
        "file:///x": 1,
        "file:///x#a": 2,
    }
    xml = RDFXML.replace('xml:base="http://b/c"', "")
    assert rdfxml_positions(xml, "file:///x")["file:///x#z"] == 6
