"""The guide's example is sound, its mistakes are found as it says, and its counts are right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kgtransfer.knowledge.check.shacl.findings import violations
from kgtransfer.knowledge.check.validate import check_graph
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology

FREQUENCIES = ("usual", "sometimes", "rare", "never")
SUBCLASS_OF = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
MISTAKES = (
    ("IrregularCell", "IregularCell"),
    ('kgt:unit "1" ; kgt:minimum', "kgt:minimum"),
    (" ; kgt:softness -0.01", ""),
)


@pytest.fixture
def guide(repository: Path) -> str:
    return (repository / "docs" / "ontologies.md").read_text(encoding="utf-8")


def blood_cells(repository: Path, folder: Path, example: str) -> KnowledgeGraph:
    """The ontology of blood cells with an example added."""
    original = (repository / "ontology" / "wbc.ttl").read_text(encoding="utf-8")
    file = folder / "wbc.ttl"
    file.write_text(f"{original}\n{example}", encoding="utf-8")
    return read_ontology(file, repository / "ontology" / "kgt.ttl")


def turtle(guide: str) -> str:
    return "\n".join(re.findall(r"```turtle\n(.*?)```", guide, re.DOTALL))


def test_the_example_checks_clean(repository: Path, tmp_path: Path, guide: str) -> None:
    graph = blood_cells(repository, tmp_path, turtle(guide))
    assert graph.label(graph.expand("wbc:ReactiveLymphocyte")) == "reactive lymphocyte"
    assert check_graph(graph, [repository / "ontology" / "shapes"]) == []


def test_the_mistakes_are_found_as_the_guide_shows(
    repository: Path, tmp_path: Path, guide: str
) -> None:
    example = turtle(guide)
    for right, wrong in MISTAKES:
        assert right in example
        example = example.replace(right, wrong)
    graph = blood_cells(repository, tmp_path, example)
    findings = list(violations(graph, [repository / "ontology" / "shapes"]))
    assert len(findings) == 3
    assert [f for f in findings if f.message not in guide or f.cure not in guide] == []


def test_the_counts_are_those_of_the_file(repository: Path, tmp_path: Path, guide: str) -> None:
    wbc = blood_cells(repository, tmp_path, "")
    classes = {wbc.expand("wbc:HematopoieticCell"), *wbc.subclasses("wbc:HematopoieticCell")}
    attributes = wbc.subjects(SUBCLASS_OF, wbc.expand("kgt:Attribute"))
    values = [value for attribute in attributes for value in wbc.subclasses(attribute)]
    facts = [t for t in wbc.triples if t.predicate.value.rpartition("#")[2] in FREQUENCIES]
    (row,) = (line for line in guide.splitlines() if line.startswith("| `wbc.ttl`"))
    counts = (classes, attributes, values, facts, wbc.instances("kgt:Measure"))
    assert [int(n) for n in re.findall(r"\d+", row)] == [len(things) for things in counts]
