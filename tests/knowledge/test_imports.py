from __future__ import annotations

from pathlib import Path

from kgtransfer.knowledge.imports import local_imports
from kgtransfer.knowledge.rdf import read_turtle

TURTLE = """@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix : <http://e/> .
:a a owl:Ontology ; owl:imports :c , :b , [] , :elsewhere . :a :uses :d .
"""


def test_only_imports_that_the_catalogue_knows() -> None:
    catalogue = {f"http://e/{name}": Path(f"{name}.ttl") for name in "bcd"}
    file = read_turtle(TURTLE, Path("a.ttl"))
    assert local_imports(file, catalogue) == [Path("c.ttl"), Path("b.ttl")]
    assert local_imports(file, {}) == []
