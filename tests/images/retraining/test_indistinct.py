"""A class that comes and is not told apart: the plan says why, and what would do it."""

from __future__ import annotations

import pytest

from kgtransfer.conditioning.axiom_prior import AxiomPrior
from kgtransfer.edits.edit import Edit
from kgtransfer.images.retraining.indistinct import indistinct_classes
from kgtransfer.knowledge.axioms.axioms import axioms_of
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology

E = "http://example.org/"
HEAD = f"""
@prefix e: <{E}> . @prefix kgt: <https://w3id.org/kgtransfer/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
e:Thing a owl:Class ; rdfs:label "thing" .
e:Colour a owl:Class ; rdfs:subClassOf kgt:Attribute ; rdfs:label "colour" .
e:Size a owl:Class ; rdfs:subClassOf kgt:Attribute ; rdfs:label "size" .
e:Red a owl:Class ; rdfs:subClassOf e:Colour ; rdfs:label "red" .
e:Blue a owl:Class ; rdfs:subClassOf e:Colour ; rdfs:label "blue" .
e:Big a owl:Class ; rdfs:subClassOf e:Size ; rdfs:label "big" .
e:Small a owl:Class ; rdfs:subClassOf e:Size ; rdfs:label "small" .
e:Ball a owl:Class ; rdfs:subClassOf e:Thing ; rdfs:label "ball" ; kgt:usual e:Red , e:Big .
e:Cube a owl:Class ; rdfs:subClassOf e:Thing ; rdfs:label "cube" ; kgt:usual e:Blue , e:Small .
"""
VALUES = {f"{E}Colour": (f"{E}Blue", f"{E}Red"), f"{E}Size": (f"{E}Big", f"{E}Small")}


def _graph(tmp_path_factory: pytest.TempPathFactory, more: str) -> KnowledgeGraph:
    path = tmp_path_factory.mktemp("o") / "o.ttl"
    path.write_text(HEAD + more, encoding="utf-8")
    return read_ontology(path)


@pytest.mark.parametrize(
    ("added", "is_target", "reason"),
    [
        (
            'e:Marble a owl:Class ; rdfs:subClassOf e:Ball ; rdfs:label "marble" .',
            False,
            (
                "marble is a kind of ball, which answers name instead: put it beside that, "
                "not below, and say what it shows of: colour, size"
            ),
        ),
        (
            'e:Cone a owl:Class ; rdfs:subClassOf e:Thing ; rdfs:label "cone" .',
            False,
            "cone has no fact of its own: say what it shows of: colour, size",
        ),
        (
            (
                'e:Toy a owl:Class ; rdfs:subClassOf e:Thing ; rdfs:label "toy" . '
                "e:Ball rdfs:subClassOf e:Toy ."
            ),
            False,
            "toy stands above ball: its kinds are told apart, not itself",
        ),
        (
            (
                'e:Cone a owl:Class ; rdfs:subClassOf e:Thing ; rdfs:label "cone" ; '
                "kgt:usual e:Red , e:Big ."
            ),
            True,
            (
                "cone is not told from ball, which shows the same: say what it shows of: "
                "colour, size, where they differ"
            ),
        ),
        (
            'e:Cone a owl:Class ; rdfs:subClassOf e:Thing ; rdfs:label "cone" ; kgt:usual e:Warm .',
            True,
            (
                "cone is told apart by nothing, as no fact of it is of what images show: "
                "say what it shows of: colour, size"
            ),
        ),
    ],
)
def test_the_reason_and_the_cure(
    added: str, is_target: bool, reason: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    before, after = _graph(tmp_path_factory, ""), _graph(tmp_path_factory, added)
    classes = (f"{E}Ball", f"{E}Cube", *((f"{E}Cone",) if is_target else ()))
    prior = AxiomPrior.of(axioms_of(after), classes, VALUES)
    assert indistinct_classes(Edit.of(before, after), prior, VALUES) == [reason]


def test_a_class_that_is_told_apart_needs_no_word(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    added = 'e:Cone a owl:Class ; rdfs:subClassOf e:Thing ; rdfs:label "cone" ; kgt:usual e:Small .'
    before, after = _graph(tmp_path_factory, ""), _graph(tmp_path_factory, added)
    prior = AxiomPrior.of(axioms_of(after), (f"{E}Ball", f"{E}Cube", f"{E}Cone"), VALUES)
    assert indistinct_classes(Edit.of(before, after), prior, VALUES) == []
