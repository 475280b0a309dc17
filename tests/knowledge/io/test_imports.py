from __future__ import annotations

from pathlib import Path

from kgtransfer.knowledge.io.imports import local_imports, shipped_imports
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.knowledge.io.rdf import read_turtle

TURTLE = """@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix : <http://e/> .
:a a owl:Ontology ; owl:imports :c , :b , [] , :elsewhere . :a :uses :d .
"""


def test_only_imports_that_the_catalogue_knows() -> None:
    catalogue = {f"http://e/{name}": Path(f"{name}.ttl") for name in "bcd"}
    file = read_turtle(TURTLE, Path("a.ttl"))
    assert local_imports(file, catalogue) == [Path("c.ttl"), Path("b.ttl")]
    assert local_imports(file, {}) == []


OURS = "https://w3id.org/kgtransfer/"
ASKING = f"@prefix owl: <http://www.w3.org/2002/07/owl#> . <http://e/o> owl:imports <{OURS}wbc> ."


def test_our_own_vocabularies_come_with_us(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(ASKING)
    graph = read_ontology(tmp_path / "a.ttl")
    assert graph.label(f"{OURS}wbc#Eosinophil") == "eosinophil"
    assert f"{OURS}ns#usual" in graph.rows  # which the imported one imports


def test_a_copy_that_is_read_counts_for_the_one_that_came(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(ASKING)
    (tmp_path / "mine.ttl").write_text(
        f"<{OURS}wbc> a <http://www.w3.org/2002/07/owl#Ontology> ; <http://e/p> 1 ."
    )
    assert len(read_ontology(tmp_path)) == 3


def test_what_we_have_not_is_not_looked_for() -> None:
    asking = read_turtle(ASKING.replace("wbc", "none"), Path("a.ttl"))
    assert shipped_imports([asking]) == []
