"""A class whose decisive values nothing can measure is flagged."""

from __future__ import annotations

from pathlib import Path

from kgtransfer.knowledge.check.measurability import unmeasured
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.utils.resources import resource

HEAD = """
@prefix e: <https://example.org/> . @prefix kgt: <https://w3id.org/kgtransfer/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
e:Size rdfs:subClassOf kgt:Attribute .
e:Big rdfs:subClassOf e:Size ; kgt:measuredBy e:diameter ; kgt:threshold 10 ; kgt:softness 1 .
e:Small rdfs:subClassOf e:Size ; kgt:measuredBy e:diameter ; kgt:threshold 10 ; kgt:softness -1 .
e:Taste rdfs:subClassOf kgt:Attribute .
e:Sour rdfs:subClassOf e:Taste ; rdfs:label "sour"@en . e:Sweet rdfs:subClassOf e:Taste .
[] a owl:AllDisjointClasses ; owl:members ( e:Melon e:Lemon e:Plum ) .
e:Melon rdfs:label "melon"@en ; kgt:usual e:Big , e:Sweet .
e:Plum rdfs:label "plum"@en ; kgt:usual e:Small , e:Sweet .
"""


def _messages(tmp_path: Path, lemon: str, head: str = HEAD) -> list[str]:
    (tmp_path / "fruit.ttl").write_text(
        head + f'e:Lemon rdfs:label "lemon"@en ; {lemon} .', encoding="utf-8"
    )
    return [str(f.message) for f in unmeasured(read_ontology(tmp_path / "fruit.ttl"))]


def test_a_decisive_value_that_nothing_measures_is_flagged(tmp_path: Path) -> None:
    (message,) = _messages(tmp_path, "kgt:usual e:Small , e:Sour")
    assert message.startswith("cannot be told from plum by anything that is measured")
    assert "sour" in message


def test_a_measured_difference_is_enough(tmp_path: Path) -> None:
    assert not _messages(tmp_path, "kgt:usual e:Sour ; kgt:sometimes e:Small , e:Big")


def test_an_ontology_without_measures_is_not_asked(tmp_path: Path) -> None:
    bare = "\n".join(line for line in HEAD.splitlines() if "measuredBy" not in line)
    lemon = "kgt:usual e:Small , e:Sour"
    assert not _messages(tmp_path, lemon, bare)


def test_the_projects_own_ontologies_pass() -> None:
    for name in ("wbc", "land_cover"):
        assert not list(unmeasured(read_ontology(resource(f"ontology/{name}.ttl"))))
