"""Statements come, go and change; every other byte stays."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.patch import add, change, remove
from kgtransfer.knowledge.patch.tree import read_document

PATH = Path("cells.ttl")
FILES = sorted((Path(__file__).parents[3] / "ontology").rglob("*.ttl"))
EX = "http://e/"
XSD = "http://www.w3.org/2001/XMLSchema#"
INTEGER, BOOLEAN = ox.NamedNode(XSD + "integer"), ox.NamedNode(XSD + "boolean")
HARD = r'''@prefix : <http://e/> .
PREFIX o: <http://www.w3.org/2002/07/owl#>
@base <http://e/base/> .
@prefix p.q: <http://e/p#> . # a comment . with : dots ; and "quotes
:Cell a o:Class ;      # what it is
    :label "cell"@en , 'Zelle'@de ,   # two languages
        """a "long" one
# no comment .
""" ;
    :size 1 , 2.50 , .5e1 , true ; ; :at "2020-01-31"^^<http://www.w3.org/2001/XMLSchema#date> .

# about the nucleus
:Nucleus :partOf [ a o:Class ; :of ( :Cell [ :n 1 ] "x" ) ; ] , :Cell
    ; <http://e/p#near> <rel#x> , p.q:a\,b .
:Cell :seen :Nucleus.	:Other :p _:b1 . _:b1 :p () , ( 1 2 ) .
[] a o:Thing ; :p [ ] .
[ a o:Axiom ; o:annotatedSource :Cell ; o:annotatedProperty :seen ; o:annotatedTarget :Nucleus ;
  :source "a book" ] .
@prefix : <http://other/> .
:Cell :last "\u00e9\t\\" ;
.
:Lone :p :q .'''
VARIANTS = {
    "plain": HARD,
    "windows": HARD.replace("\n", "\r\n"),
    "marked": "\ufeff" + HARD + "\n",
    "ended": HARD + "\n# the end",
}


def read(text: str) -> KnowledgeGraph:
    parser = ox.parse(input=text.removeprefix("\ufeff").encode(), format=ox.RdfFormat.TURTLE)
    return KnowledgeGraph(quad.triple for quad in parser)


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(EX + name)


def statement(*names: str) -> ox.Triple:
    subject, predicate, obj = map(node, names)
    return ox.Triple(subject, predicate, obj)


def plain_statements(text: str) -> list[ox.Triple]:
    """Statements between named things, or of literals, that nothing annotates."""
    document = read_document(text, PATH)
    annotated = {
        t.object for t in document.triples if t.predicate.value.endswith("#annotatedSource")
    }
    return [
        t
        for t in document.triples
        if isinstance(t.subject, ox.NamedNode)
        and not isinstance(t.object, ox.BlankNode)
        and t.subject not in annotated
    ]


def assert_only_blocks_of(subject: object, old: str, new: str) -> None:
    """What stands before the first and after the line of the last block about it is the same."""
    blocks = [b for b in read_document(old, PATH).blocks if b.subject.term == subject]
    before, after = old[: blocks[0].subject.start], old[blocks[-1].dot + 1 :]
    assert new.startswith(before.rstrip())
    assert new.endswith(after.lstrip())


def edit_and_compare(text: str, data: st.DataObject) -> None:
    old = data.draw(st.sampled_from(plain_statements(text)))
    triples = set(read(text).triples)
    removed = remove(text, old, PATH)
    assert set(read(removed).triples) == triples - {old}
    assert_only_blocks_of(old.subject, text, removed)
    predicate = data.draw(st.sampled_from([old.predicate, node("new")]))
    obj = data.draw(st.sampled_from([node("new"), ox.Literal('a "b"\n', language="de")]))
    new = ox.Triple(old.subject, predicate, obj)
    added = add(text, new, PATH)
    assert set(read(added).triples) == triples | {new}
    assert_only_blocks_of(old.subject, text, added)
    assert remove(added, new, PATH) == text
    changed = change(text, old, new, PATH)
    assert set(read(changed).triples) == triples - {old} | {new}
    assert_only_blocks_of(old.subject, text, changed)


@pytest.mark.parametrize("variant", VARIANTS)
@settings(max_examples=8)
@given(data=st.data())
def test_a_hard_file(variant: str, data: st.DataObject) -> None:
    edit_and_compare(VARIANTS[variant], data)


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
@settings(max_examples=2)
@given(data=st.data())
def test_our_ontologies(path: Path, data: st.DataObject) -> None:
    edit_and_compare(path.read_bytes().decode(), data)


def only(text: str, old: str, new: str) -> str:
    """The text with one piece replaced, which it has once."""
    assert text.count(old) == 1
    return text.replace(old, new)


START = "@prefix : <http://e/> .\n"


@pytest.mark.parametrize(
    ("text", "removed", "remaining"),
    [
        # one of several objects, with its comma
        (":a :p :x , :y , :z .", "apx", ":a :p :y , :z ."),
        (":a :p :x , :y , :z .", "apz", ":a :p :x , :y ."),
        (":a :p :x , # 1\n  :y . # 2\n", "apx", ":a :p # 1\n  :y . # 2\n"),
        (":a :p :x , # 1\n  :y . # 2\n", "apy", ":a :p :x # 1\n  . # 2\n"),
        # one of several predicates, with its semicolon
        (":a :p :x ;\n  :q :y ;\n  :r :z .\n", "apx", ":a :q :y ;\n  :r :z .\n"),
        (":a :p :x ;\n  :q :y ;\n  :r :z .\n", "aqy", ":a :p :x ;\n  :r :z .\n"),
        (":a :p :x ;\n  :q :y ;\n  :r :z .\n", "arz", ":a :p :x ;\n  :q :y .\n"),
        (":a :p :x ; # 1\n  :q :y . # 2\n", "aqy", ":a :p :x . # 1\n  # 2\n"),
        (":a :p :x ; # 1\n  :q :y . # 2\n", "apx", ":a # 1\n  :q :y . # 2\n"),
        (":a :p :x ;; :q :y ;\n.\n", "aqy", ":a :p :x ;;\n.\n"),
        # the whole block; what people wrote beside it stays
        ("# 1\n:a :p :x . # 2\n:b :p :x .\n", "apx", "# 1\n# 2\n:b :p :x .\n"),
        (":b :p :x .\n\n:a :p # 1\n  :x .\n", "apx", ":b :p :x .\n\n# 1\n"),
        (":b :p :x .\n\n:a :p :x .\n\n:c :p :x .\n", "apx", ":b :p :x .\n\n:c :p :x .\n"),
        (":b :p :x .\n:a :p :x .", "apx", ":b :p :x .\n"),
        # wherever it is stated
        (":a :p :x , :x ; :p :x ; :q :y .\n:a :p :x .\n", "apx", ":a :q :y .\n"),
    ],
)
def test_removal(text: str, removed: str, remaining: str) -> None:
    assert remove(START + text, statement(*removed), PATH) == START + remaining


@pytest.mark.parametrize(
    ("text", "new", "patched"),
    [
        (":a :p :x .\n", "apy", ":a :p :x , :y .\n"),
        (":b :p :x, :y .\n:a :p :x .\n", "apy", ":b :p :x, :y .\n:a :p :x, :y .\n"),
        (":a :p :x ,\n    :y ; :q :z .\n", "apz", ":a :p :x ,\n    :y ,\n    :z ; :q :z .\n"),
        (":a :p :x .\n", "aqy", ":a :p :x ;\n    :q :y .\n"),
        (":b :p :x ;\n\t:q :y .\n:a :p :x .", "aqy",
         ":b :p :x ;\n\t:q :y .\n:a :p :x ;\n\t:q :y ."),
        (":a :p :x . # why x\n", "aqy", ":a :p :x ; # why x\n    :q :y .\n"),
        (":a :p :x ;\n  .\n", "aqy", ":a :p :x ;\n    :q :y ;\n  .\n"),
        (":a :p :x .", "bqy", ":a :p :x .\n\n:b :q :y ."),
        (":a :p :x .\n:b :p :x .\n:c :p :x .\n", "dqy",
         ":a :p :x .\n:b :p :x .\n:c :p :x .\n:d :q :y .\n"),
        (":a :p :x .\r\n", "bqy", ":a :p :x .\r\n\r\n:b :q :y .\r\n"),
        (":a :p :x .\n", "apx", ":a :p :x .\n"),
    ],
)  # fmt: skip
def test_addition(text: str, new: str, patched: str) -> None:
    start = START if "\r" not in text else START.replace("\n", "\r\n")
    assert add(start + text, statement(*new), PATH) == start + patched


@pytest.mark.parametrize(
    ("obj", "written"),
    [
        (ox.NamedNode("http://far/x#y"), "<http://far/x#y>"),
        (node("a/b"), "<http://e/a/b>"),
        (node("a.b"), ":a.b"),
        (ox.Literal('say "hi"\n\\'), r'"say \"hi\"\n\\"'),
        (ox.Literal("Zelle", language="de"), '"Zelle"@de'),
        (ox.Literal(7), "7"),
        (ox.Literal("007", datatype=INTEGER), "007"),
        (ox.Literal("many", datatype=INTEGER),
         '"many"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        (ox.Literal("true", datatype=BOOLEAN), "true"),
        (ox.Literal("x", datatype=node("t")), '"x"^^:t'),
    ],
)  # fmt: skip
def test_terms_are_written_as_short_as_they_can_be(obj: ox.Literal, written: str) -> None:
    patched = add(START + ":a :p :x .\n", ox.Triple(node("a"), node("q"), obj), PATH)
    assert patched == f"{START}:a :p :x ;\n    :q {written} .\n"


def test_a_type_is_written_as_a() -> None:
    rdf_type = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    patched = add(START + ":a :p :x .\n", ox.Triple(node("a"), rdf_type, node("C")), PATH)
    assert patched == START + ":a :p :x ;\n    a :C .\n"


def test_a_change_stays_in_its_place() -> None:
    text = START + ":a :p :x , :y ; # 1\n  :q :z . # 2\n"
    patched = change(text, statement(*"apx"), statement(*"apw"), PATH)
    assert patched == only(text, ":x", ":w")
    patched = change(text, statement(*"aqz"), statement(*"arz"), PATH)
    assert patched == only(text, ":q :z", ":r :z")
    patched = change(text, statement(*"apx"), statement(*"arx"), PATH)
    assert patched == START + ":a :p :y ; # 1\n  :q :z ; # 2\n  :r :x .\n"
    patched = change(text, statement(*"apx"), statement(*"apy"), PATH)
    assert patched == START + ":a :p :y ; # 1\n  :q :z . # 2\n"


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (':a :p"x";:q :z.', ":a :p :y;:q :z."),
        (':a :p "x".:b :q :z .', ":a :p :y .:b :q :z ."),
        (':a :p"x"@en.', ":a :p :y."),
        (':a :p[ :q 1 ],"x".', ":a :p[ :q 1 ],:y."),
    ],
)
def test_terms_do_not_grow_together(text: str, right: str) -> None:
    language = "en" if "@" in text else None
    old = ox.Triple(node("a"), node("p"), ox.Literal("x", language=language))
    assert change(START + text, old, statement(*"apy"), PATH) == START + right
    assert add(START + text, statement(*"apy"), PATH)


def test_annotations_go_with_what_they_annotate() -> None:
    seen = statement("Cell", "seen", "Nucleus")
    patched = change(HARD, seen, statement("Cell", "saw", "Nuclei"), PATH)
    begun = only(HARD, ":Cell :seen :Nucleus.", ":Cell :saw :Nuclei.")
    parts = ("annotatedProperty :seen ; o:annotatedTarget :Nucleus",
             "annotatedProperty :saw ; o:annotatedTarget :Nuclei")  # fmt: skip
    assert patched == only(begun, *parts)
    axiom = HARD[HARD.index("[ a o:Axiom") : HARD.index("@prefix : <http://other/>")]
    assert remove(HARD, seen, PATH) == only(only(HARD, axiom, ""), ":Cell :seen :Nucleus.\t", "")


def test_a_statement_about_what_stands_in_brackets() -> None:
    graph = read(HARD)
    part_of = graph.objects(EX + "Nucleus", EX + "partOf")
    bracket = next(term for term in part_of if isinstance(term, ox.BlankNode))
    old = ox.Triple(node("Nucleus"), node("partOf"), bracket)
    inner = '[ a o:Class ; :of ( :Cell [ :n 1 ] "x" ) ; ] , '
    assert remove(HARD, old, PATH) == only(HARD, inner, "")
    new = statement("Nucleus", "partOf", "Body")
    assert change(HARD, old, new, PATH) == only(HARD, inner, ":Body , ")


@pytest.mark.parametrize(
    ("do", "message"),
    [
        (lambda: remove(HARD, statement("Cell", "seen", "Cell"), PATH), "does not state"),
        (lambda: add(HARD, ox.Triple(node("a"), node("p"), ox.BlankNode()), PATH), "a blank node"),
        (lambda: add(HARD + " :a :b", statement("a", "p", "x"), PATH), "cells.ttl:2[0-9]:"),
        (lambda: change(HARD, statement("Cell", "seen", "Nucleus"), statement("X", "p", "x"), PATH),
         "about one subject"),
    ],
)  # fmt: skip
def test_what_is_refused(do: object, message: str) -> None:
    with pytest.raises(OntologyError, match=message):
        do()  # type: ignore[operator]
