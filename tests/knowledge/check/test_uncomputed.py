from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kgtransfer import check
from kgtransfer.errors import CodeError
from kgtransfer.knowledge.check.uncomputed import uncomputed
from kgtransfer.knowledge.graph import KnowledgeGraph

EX = "http://example.org/"
PREFIXES = {
    "": EX,
    "img": "https://w3id.org/kgtransfer/image-measures#",
    "kgt": "https://w3id.org/kgtransfer/ns#",
    "lc": "https://w3id.org/kgtransfer/land-cover#",
    "wbc": "https://w3id.org/kgtransfer/wbc#",
}
HEAD = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in PREFIXES.items())
HEAD += """@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def graph(turtle: str) -> KnowledgeGraph:
    parser = ox.parse(input=HEAD + turtle, format=ox.RdfFormat.TURTLE)
    return KnowledgeGraph((quad.triple for quad in parser), PREFIXES)


def findings(turtle: str, *own: str, code: str = "") -> list[tuple[str, str]]:
    return [(f.message, f.cure) for f in uncomputed(graph(turtle), own, code)]


@pytest.mark.parametrize("measure", ["img:redShare", "lc:waterShare", "wbc:lobeCount"])
def test_measures_that_come_along_are_computed(measure: str) -> None:
    assert findings(f":Red kgt:measuredBy {measure} .") == []


def test_a_misspelt_measure_gets_the_one_that_was_meant() -> None:
    (finding,) = uncomputed(graph(':Red rdfs:label "red" ; kgt:measuredBy img:redShar .'))
    assert (finding.severity, finding.concept, finding.label) == ("warning", EX + "Red", "red")
    assert finding.message == "nothing computes img:redShar: no sample will show red"
    assert finding.cure.startswith("did you mean img:redShare? else write a function of it")


def test_a_misspelt_measure_of_an_imported_ontology_is_told_once(tmp_path: Path) -> None:
    file = tmp_path / "my.ttl"
    imported = "owl:imports <https://w3id.org/kgtransfer/image-measures>"
    concept = ':Red a owl:Class ; rdfs:label "red" ; rdfs:comment "Red." ; '
    concept += "kgt:measuredBy img:redShar ; kgt:threshold 1 ; kgt:softness 1 ."
    file.write_text(f"{HEAD}<{EX}my> a owl:Ontology ; {imported} .\n{concept}")
    causes = [f.cure for f in check(file) if f.cure.startswith("did you mean")]
    assert causes == ["did you mean img:redShare? else describe it with a type and an rdfs:label"]


def test_a_measure_without_code_is_a_warning_that_says_how_to_name_it() -> None:
    dark = ":dark a kgt:Measure . :Dark kgt:measuredBy :dark . :Dim kgt:measuredBy :dark ."
    ((message, cure),) = findings(dark)
    assert message == "nothing computes :dark: no sample will show Dark, Dim"
    assert "--measures my_measures.py" in cure


def test_code_that_computes_it_is_enough() -> None:
    assert findings(":Dark kgt:measuredBy :dark .", EX + "dark", code="my_measures.py") == []


def test_code_that_computes_another_one_is_named() -> None:
    turtle = ":darkness a kgt:Measure . :Dark kgt:measuredBy :darkness ."
    ((_, cure),) = findings(turtle, EX + "darknes", code="mine.py")
    assert cure.startswith("did you mean :darknes? else add a function of it to mine.py")


def test_an_ontology_that_measures_nothing_is_not_asked() -> None:
    assert findings(':Red a owl:Class ; rdfs:label "red" .') == []


def test_the_code_is_read_and_not_run(tmp_path: Path) -> None:
    ontology, code = tmp_path / "my.ttl", tmp_path / "my_measures.py"
    ontology.write_text(
        f'{HEAD}:Dark a owl:Class ; rdfs:label "dark" ; rdfs:comment "Dark." ; kgt:measuredBy :dark'
        ' ; kgt:threshold 1 ; kgt:softness 1 . :dark a kgt:Measure ; rdfs:label "darkness" ; '
        'rdfs:comment "How dark." ; kgt:unit "1" .'
    )
    code.write_text(f'raise SystemExit\nmeasures = {{"{EX}dark": len}}')

    def uncomputed_measures(measures: str = "") -> list[str]:
        found = check(ontology, measures=measures)
        return [f.message for f in found if f.message.startswith("nothing computes")]

    assert uncomputed_measures() == ["nothing computes :dark: no sample will show dark"]
    assert uncomputed_measures(str(code)) == []
    with pytest.raises(CodeError, match="no such file"):
        check(ontology, measures=str(tmp_path / "missing.py"))
