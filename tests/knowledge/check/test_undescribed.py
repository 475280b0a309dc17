from __future__ import annotations

import pyoxigraph as ox
import pytest

from kgtransfer.knowledge.check.undescribed import undescribed
from kgtransfer.knowledge.graph import KnowledgeGraph

EX = "http://example.org/"
PREFIXES = {
    "": EX,
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
}
HEAD = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in PREFIXES.items())
SOUND = """
:Animal a owl:Class ; rdfs:label "animal" .
:Dog a owl:Class ; rdfs:label "dog" ; rdfs:subClassOf :Animal .
"""


def findings(turtle: str) -> list[tuple[str, str, str]]:
    parser = ox.parse(input=HEAD + turtle, format=ox.RdfFormat.TURTLE)
    graph = KnowledgeGraph((quad.triple for quad in parser), PREFIXES)
    return [(f.severity, f.label, f.message) for f in undescribed(graph)]


def test_a_misspelt_term_is_undefined_and_the_near_one_suggested() -> None:
    turtle = HEAD + SOUND + ':Cat a owl:Class ; rdfs:label "cat" ; rdfs:subClassOf :Anmal .'
    parser = ox.parse(input=turtle, format=ox.RdfFormat.TURTLE)
    (finding,) = undescribed(KnowledgeGraph((quad.triple for quad in parser), PREFIXES))
    assert (finding.concept, finding.label) == (EX + "Cat", "cat")
    assert finding.message == "the term :Anmal, used by cat, is described nowhere"
    assert finding.cure.startswith("did you mean :Animal?")


@pytest.mark.parametrize(("known", "misspelt"), [("Q42", "Q43"), ("CL_10", "CL_12"), ("p", "q")])
def test_numbers_and_short_names_are_not_taken_for_typing_errors(known: str, misspelt: str) -> None:
    turtle = HEAD + SOUND + f':{known} rdfs:label "known" ; rdfs:seeAlso :{misspelt} .'
    parser = ox.parse(input=turtle, format=ox.RdfFormat.TURTLE)
    (finding,) = undescribed(KnowledgeGraph((quad.triple for quad in parser), PREFIXES))
    assert finding.cure == "describe it with a type and an rdfs:label"


def test_terms_of_other_namespaces_are_not_asked_for() -> None:
    assert findings(SOUND + ":Dog rdfs:seeAlso <http://elsewhere.org/Dog> .") == []


@pytest.mark.parametrize(
    "predicate",
    ["imports", "versionIRI", "priorVersion", "backwardCompatibleWith", "incompatibleWith"],
)
def test_other_versions_of_an_ontology_are_no_terms(predicate: str) -> None:
    assert findings(SOUND + f"<{EX}> a owl:Ontology ; owl:{predicate} <{EX}1.4.0> .") == []


def test_a_misspelt_term_of_our_vocabulary_is_found_without_its_file() -> None:
    kgt = "@prefix kgt: <https://w3id.org/kgtransfer/ns#> . "
    sound = kgt + SOUND + ":Dog kgt:usual :Animal ; kgt:source :Animal ."
    assert findings(sound) == []
    message = "the term https://w3id.org/kgtransfer/ns#ususal, used by dog, is described nowhere"
    assert findings(sound.replace("kgt:usual", "kgt:ususal")) == [("warning", "dog", message)]


def test_who_uses_a_term_is_counted_and_a_blank_node_speaks_for_its_owner() -> None:
    users = " ".join(f":C{n} rdfs:label 'c{n}' ; :p :Anmal ." for n in range(14))
    expression = ":C99 rdfs:label 'last' ; :q [ :r :Amimal ] ."
    assert [message for *_, message in findings(SOUND + users + expression)] == [
        "the term :Amimal, used by last, is described nowhere",
        "the term :Anmal, used by c0 and 13 more, is described nowhere",
        "the term :p, used by c0 and 13 more, is described nowhere",
        "the term :q, used by last, is described nowhere",
        "the term :r, used by last, is described nowhere",
    ]


OBO = "http://purl.obolibrary.org/obo/"


@pytest.mark.parametrize(
    "term",
    [
        f"{OBO}RO_0002160",  # another ontology's
        f"{OBO}IAO_0000115",  # what the translation of OBO writes
        f"{OBO}mine#slim",
        f"{OBO}mine/subsets/core.owl",
        "https://orcid.org/0000-0002-1825-0097",
        "http://www.wikidata.org/entity/Q42",
    ],
)
def test_terms_that_nobody_describes_anew(term: str) -> None:
    space = term[: max(term.rfind("/"), term.rfind("#")) + 1]
    own = f"<{OBO}CL_0000000> rdfs:label 'cell' ; rdfs:seeAlso <{term}> . "
    assert findings(f"{own} <{space}other-thing> rdfs:label 'described' .") == []


def test_an_obo_term_of_the_ontologys_own() -> None:
    own = f"<{OBO}CL_0000000> rdfs:label 'cell' ; rdfs:seeAlso <{OBO}CL_0000001> ."
    message = f"the term {OBO}CL_0000001, used by cell, is described nowhere"
    assert findings(own) == [("warning", "cell", message)]
