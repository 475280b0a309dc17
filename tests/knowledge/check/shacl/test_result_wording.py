from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.check.findings import Finding
from kgtransfer.knowledge.check.validate import check

HEAD = """@prefix : <http://e/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
DATA = """
:Cell a owl:Class ; rdfs:label "cell" . :size a owl:DatatypeProperty ; rdfs:label "size" .
:part a owl:ObjectProperty ; rdfs:label "part" .
:c1 a :Cell ; rdfs:label "c1" ; :size 3 ; :part :c2 . :c2 a :Cell ; rdfs:label "c2" .
"""


def findings(tmp_path: Path, constraint: str) -> list[Finding]:
    (tmp_path / "d.ttl").write_text(HEAD + DATA)
    shape = f":S a sh:NodeShape ; sh:targetNode :c1 ;\n {constraint} ."
    (tmp_path / "s.ttl").write_text(HEAD + shape)
    return check(tmp_path / "d.ttl", tmp_path / "s.ttl")


@pytest.mark.parametrize(
    ("constraint", "message"),
    [
        ("sh:property [ sh:path :size ; sh:in ( 1 2 ) ]", 'Value "3" not in list'),
        ("sh:property [ sh:path :size ; sh:minLength 10 ]", 'String length not >= "10"'),
        ("sh:property [ sh:path :size ; sh:hasValue 5 ]", 'in the set: ["5"]'),
    ],
)
def test_literals_are_shown_as_they_are_written(
    tmp_path: Path, constraint: str, message: str
) -> None:
    (finding,) = findings(tmp_path, constraint)
    assert message in finding.message
    assert "Literal(" not in finding.message


def test_an_unnamed_value_is_shown_without_the_name_of_its_node(tmp_path: Path) -> None:
    shape = (
        ":S a sh:NodeShape ; sh:targetNode :c1 ; sh:property [ sh:path :in ; sh:nodeKind sh:IRI ]"
    )
    (tmp_path / "d.ttl").write_text(HEAD + DATA + ":in rdfs:label 'in' . :c1 :in [ :size 1 ] .")
    (tmp_path / "s.ttl").write_text(f"{HEAD}{shape} .")
    (finding,) = check(tmp_path / "d.ttl", tmp_path / "s.ttl")
    assert finding.message == "Value is not of Node Kind sh:IRI (:in: [ ])"


@pytest.mark.parametrize(
    ("constraint", "message", "cure"),
    [
        ("sh:property [ sh:paht :size ]", "sh:paht is no term of", "did you mean sh:path?"),
        ("sh:property [ sh:maxCount 1 ]", "cannot be used: an unnamed node", "mend the shapes"),
    ],
)
def test_shapes_that_cannot_be_used_are_told_by_the_misspelt_term(
    tmp_path: Path, constraint: str, message: str, cure: str
) -> None:
    with pytest.raises(OntologyError) as caught:
        findings(tmp_path, constraint)
    assert message in caught.value.reason
    assert (caught.value.cure, caught.value.line in (5, 6)) == (cure, True)


def test_details_belong_to_their_result(tmp_path: Path) -> None:
    nested = "sh:node [ sh:property [ sh:path :lobes ; sh:minCount 1 ] ]"
    (finding,) = findings(tmp_path, nested)
    assert finding.message.endswith(": Less than 1 values on :c1->:lobes")
    assert "See details" not in finding.message


def test_an_unnamed_shape_is_shown_by_its_place(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, "sh:property [ sh:path :size ; sh:lessThan :size ]")
    assert finding.cure == f"see the shape at {tmp_path}/s.ttl:6, path :size"


@pytest.mark.parametrize(
    ("constraint", "cure"),
    [
        ("sh:property [ sh:path ( :part :size ) ; sh:minCount 1 ]", "add :part/:size"),
        (
            "sh:property [ sh:path [ sh:inversePath :part ] ; sh:minCount 1 ]",
            "add ^:part",
        ),
        ("sh:closed true", "leave out :part, or allow it in the shape"),
    ],
)
def test_cures_name_the_path(tmp_path: Path, constraint: str, cure: str) -> None:
    assert cure in {finding.cure for finding in findings(tmp_path, constraint)}


def test_a_literal_that_violates_is_named_and_is_no_concept(tmp_path: Path) -> None:
    (tmp_path / "d.ttl").write_text(HEAD + DATA)
    shape = ":S a sh:NodeShape ; sh:targetObjectsOf :size ; sh:maxInclusive 2 ."
    (tmp_path / "s.ttl").write_text(HEAD + shape)
    (finding,) = check(tmp_path / "d.ttl", tmp_path / "s.ttl")
    assert (finding.concept, finding.label) == ("", '"3"')
