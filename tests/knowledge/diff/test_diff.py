from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st

from kgtransfer.knowledge.diff.diff import diff
from kgtransfer.knowledge.diff.differences import Concept, Diff, Difference
from kgtransfer.knowledge.graph import KnowledgeGraph

EX = "http://example.org/"
OWL = "http://www.w3.org/2002/07/owl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
CELLS = """
:granuleColour rdfs:label "granule colour" .
:Pink rdfs:label "pink" . :Red rdfs:label "red" .
:Eosinophil rdfs:label "eosinophil" ;
    rdfs:subClassOf [ a owl:Restriction ;
        owl:onProperty :granuleColour ; owl:someValuesFrom :Pink ] .
"""
Read = Callable[[str], KnowledgeGraph]


def lines(old: KnowledgeGraph, new: KnowledgeGraph) -> list[str]:
    return str(diff(old, new)).splitlines()


def test_a_change_reads_as_a_person_would_say_it(turtle: Read) -> None:
    edited = CELLS.replace("someValuesFrom :Pink", "someValuesFrom :Red")
    edited += ':Basophil rdfs:label "basophil" .'
    assert lines(turtle(CELLS), turtle(edited)) == [
        "+ basophil",
        "~ eosinophil",
        "    ~ granule colour: some pink -> some red",
        "1 added, 0 removed, 1 changed, 3 unchanged",
    ]
    assert lines(turtle(edited), turtle(CELLS))[:3] == [
        "- basophil",
        "~ eosinophil",
        "    ~ granule colour: some red -> some pink",
    ]


def test_what_differs_as_data(turtle: Read) -> None:
    difference = diff(turtle(CELLS), turtle(CELLS.replace("some", "all")))
    assert difference
    assert difference.touched == (EX + "Eosinophil",)
    (change,) = difference.changed
    assert change.concept == Concept(EX + "Eosinophil", "eosinophil")
    assert change.differences == (Difference("granule colour", ("some pink",), ("only pink",)),)
    assert difference.to_json() == {
        "added": [],
        "removed": [],
        "changed": [
            {
                "iri": EX + "Eosinophil",
                "label": "eosinophil",
                "differences": [
                    {"topic": "granule colour", "removed": ("some pink",), "added": ("only pink",)}
                ],
            }
        ],
        "unchanged": 3,
        "renamed": {},
    }


def test_equal_graphs_do_not_differ(turtle: Read) -> None:
    difference = diff(turtle(CELLS), turtle(CELLS))
    assert not difference
    assert str(difference) == "0 added, 0 removed, 0 changed, 4 unchanged"


def test_annotations_of_axioms_belong_to_their_subject(turtle: Read) -> None:
    fact = """
        :Shape rdfs:subClassOf kgt:Attribute ; rdfs:label "nucleus shape" .
        :Bilobed rdfs:subClassOf :Shape ; rdfs:label "bilobed" .
        :Eosinophil kgt:usual :Bilobed .
        [] a owl:Axiom ; owl:annotatedSource :Eosinophil ; owl:annotatedProperty kgt:usual ;
            owl:annotatedTarget :Bilobed ; kgt:evidence "two lobes" ."""
    old, new = turtle(CELLS + fact), turtle(CELLS + fact.replace("two", "2"))
    assert lines(old, new) == [
        "~ eosinophil",
        '    ~ evidence of "nucleus shape: usual bilobed": "two lobes" -> "2 lobes"',
        "0 added, 0 removed, 1 changed, 5 unchanged",
    ]
    rarer = turtle(CELLS + fact.replace("kgt:usual", "kgt:rare"))
    assert "    ~ nucleus shape: usual bilobed -> rare bilobed" in lines(old, rarer)


def test_annotations_of_annotations_belong_to_it_too(turtle: Read) -> None:
    note = """
        _:axiom a owl:Axiom ; owl:annotatedSource :Pink ; owl:annotatedProperty rdfs:label ;
            owl:annotatedTarget "pink" ; rdfs:comment "as seen" .
        [] a owl:Annotation ; owl:annotatedSource _:axiom ; owl:annotatedProperty rdfs:comment ;
            owl:annotatedTarget "as seen" ; :by "Ann" ."""
    old, new = turtle(CELLS + note), turtle(CELLS + note.replace("Ann", "Bob"))
    assert lines(old, new)[:2] == [
        "~ pink",
        '    ~ by of "comment of "label: "pink"": "as seen"": "Ann" -> "Bob"',
    ]


def test_disjointness_belongs_to_every_class_that_it_names(turtle: Read) -> None:
    old = turtle(CELLS)
    new = turtle(CELLS + "[] a owl:AllDisjointClasses ; owl:members ( :Pink :Red ) .")
    assert diff(old, new).touched == (EX + "Pink", EX + "Red")
    assert "    + all disjoint classes: (pink, red)" in lines(old, new)


def test_a_concept_without_a_name_is_one_by_what_is_said_of_it(turtle: Read) -> None:
    vase = '[] a :Vase ; :made [ :in 1760 ] ; :glaze "blue" .'
    old, same, new = (turtle(CELLS + v) for v in (vase, vase, vase.replace("1760", "1770")))
    assert not diff(old, same)
    assert lines(old, new) == [
        "+ unnamed Vase",
        "- unnamed Vase",
        "1 added, 1 removed, 0 changed, 4 unchanged",
    ]


PETALS = ':f rdfs:label "flower" ; :petal {} .'


def test_one_of_equal_things_is_one_change(turtle: Read) -> None:
    five, four = (turtle(PETALS.format(", ".join(["[ a :Petal ]"] * n))) for n in (5, 4))
    change = "petal: [type Petal] (1 of 5 alike)"
    counts = "0 added, 0 removed, 1 changed, 0 unchanged"
    assert lines(five, four) == ["~ flower", f"    - {change}", counts]
    assert lines(four, five) == ["~ flower", f"    + {change}", counts]
    assert diff(five, turtle(PETALS.format('"none"'))).changed[0].differences == (
        Difference("petal", ("[type Petal] (5 of 5 alike)",), ('"none"',)),
    )


def test_equal_unnamed_concepts_are_counted(turtle: Read) -> None:
    three, one = (turtle("[] a :Vase . " * n) for n in (3, 1))
    assert [concept.label for concept in diff(three, one).removed] == ["unnamed Vase"] * 2
    assert len(diff(three, one).touched) == 1


def test_a_copy_of_an_expression_is_no_difference(turtle: Read) -> None:
    axiom = ":A rdfs:subClassOf {} . [] a owl:Axiom ; owl:annotatedSource :A ; rdfs:comment "
    axiom += '"so" ; owl:annotatedProperty rdfs:subClassOf ; owl:annotatedTarget {} .'
    some = "[ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :B ]"
    shared = axiom.format("_:r", "_:r") + some.replace("[ a", "_:r a").replace(" ]", " .")
    assert not diff(turtle(axiom.format(some, some)), turtle(shared))


def test_blank_nodes_that_lead_only_to_each_other_are_seen(turtle: Read) -> None:
    cycle = "_:x :p _:y . _:y :p _:x . "
    assert diff(turtle(CELLS), turtle(CELLS + cycle))
    assert diff(turtle(CELLS + cycle), turtle(CELLS + cycle + "_:x :q 1 ."))


def test_an_edit_deep_in_an_expression_concerns_only_who_says_it(turtle: Read) -> None:
    deep = ":Red :like [ :of [ :of [ :value 1 ] ] ] . :Pink :like [ :of [ :of [ :value 1 ] ] ] ."
    new = deep.replace("value 1", "value 2", 1)
    difference = diff(turtle(CELLS + deep), turtle(CELLS + new))
    assert difference.touched == (EX + "Red",)
    (difference,) = difference.changed[0].differences
    assert str(difference) == "~ like: [of [of [value 1]]] -> [of [of [value 2]]]"


def test_words_that_would_be_the_same_are_made_exact(turtle: Read) -> None:
    two = ':Rouge rdfs:label "red" . :Eosinophil :hue :Red .'
    old, new = turtle(CELLS + two), turtle(CELLS + two.replace(":hue :Red", ":hue :Rouge"))
    assert "    ~ hue: :Red -> :Rouge" in lines(old, new)
    old, new = turtle(CELLS + ":Red :code 1 ."), turtle(CELLS + ":Red :code 1.0 , 1 .")
    assert "    + code: 1.0" in lines(old, new)
    text = turtle(CELLS + ':Red :code "a  b" .'), turtle(CELLS + ':Red :code "a b" .')
    assert '    ~ code: "a  b" -> "a b" (the same but for spaces)' in lines(*text)


def test_files_and_folders_are_sides(tmp_path: Path) -> None:
    (tmp_path / "old.ttl").write_text("<http://e/a> <http://e/p> 1 .")
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "a.nt").write_text('<http://e/a> <http://e/p> "1" .')
    assert str(diff(tmp_path / "old.ttl", str(tmp_path / "new"))).splitlines() == [
        "~ a",
        '    ~ p: 1 -> "1"',
        "0 added, 0 removed, 1 changed, 0 unchanged",
    ]


NAMED = st.sampled_from([ox.NamedNode(EX + name) for name in "abcd"])
BLANK = st.sampled_from([ox.BlankNode(name) for name in "uvwxyz"])
PREDICATE = st.sampled_from(
    [ox.NamedNode(EX + "p"), ox.NamedNode(EX + "q")]
    + [ox.NamedNode(OWL + f"annotated{part}") for part in ("Source", "Property", "Target")]
    + [ox.NamedNode(OWL + "members"), ox.NamedNode(RDF + "first"), ox.NamedNode(RDF + "rest")]
    + [ox.NamedNode(RDF + "type")]
)
OBJECT = st.sampled_from(
    [ox.Literal("one"), ox.Literal("one", language="en"), ox.Literal(1)]
    + [ox.NamedNode(OWL + name) for name in ("Axiom", "Restriction", "AllDisjointClasses")]
)
TRIPLES = st.lists(
    st.builds(ox.Triple, NAMED | BLANK, PREDICATE, NAMED | BLANK | OBJECT), max_size=16
)
FORMATS = st.sampled_from([ox.RdfFormat.TURTLE, ox.RdfFormat.RDF_XML, ox.RdfFormat.N_TRIPLES])


def mirrored(difference: Diff) -> Diff:
    changed = tuple(
        type(change)(
            change.concept,
            tuple(Difference(d.topic, d.added, d.removed) for d in change.differences),
        )
        for change in difference.changed
    )
    return Diff(difference.removed, difference.added, changed, difference.unchanged)


@settings(deadline=None)
@given(TRIPLES, FORMATS, st.randoms())
def test_serialisation_order_prefixes_and_blank_names_are_no_difference(
    triples: list[ox.Triple], syntax: ox.RdfFormat, chance: random.Random
) -> None:
    shuffled = list(triples)
    chance.shuffle(shuffled)
    written = ox.serialize(shuffled, format=syntax, prefixes={"any": EX}) or b""
    read = ox.parse(input=written, format=syntax, rename_blank_nodes=True)
    again = KnowledgeGraph((quad.triple for quad in read), {"any": EX})
    difference = diff(KnowledgeGraph(triples), again)
    assert not difference
    assert difference.unchanged == len(again.concepts)


@settings(deadline=None)
@given(TRIPLES, TRIPLES, TRIPLES)
def test_a_diff_turned_round_is_its_mirror(
    common: list[ox.Triple], ours: list[ox.Triple], theirs: list[ox.Triple]
) -> None:
    old, new = KnowledgeGraph(common + ours), KnowledgeGraph(common + theirs)
    assert mirrored(diff(old, new)) == diff(new, old)


@settings(deadline=None)
@given(TRIPLES, st.sampled_from("abcd"))
def test_a_new_fact_is_seen_and_touches_its_concept_alone(
    triples: list[ox.Triple], concept: str
) -> None:
    fact = ox.Triple(ox.NamedNode(EX + concept), ox.NamedNode(EX + "new"), ox.Literal("fact"))
    old, new = KnowledgeGraph(triples), KnowledgeGraph([*triples, fact])
    assert diff(old, new).touched == (EX + concept,)
