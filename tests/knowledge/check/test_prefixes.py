from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.knowledge.check.prefixes import moved_prefixes
from kgtransfer.knowledge.io.rdf import read_turtle

OWL = "http://www.w3.org/2002/07/owl#"


def findings(declarations: str) -> list[tuple[int | None, str]]:
    file = read_turtle(f"# mine\n{declarations}\n<http://e/a> <http://e/b> 1 .", Path("a.ttl"))
    return [(finding.line, finding.message) for finding in moved_prefixes(file)]


@pytest.mark.parametrize(
    ("prefix", "space", "right"),
    [
        ("owl", "http://www.w3.org/2002/07/owl/", OWL),
        ("owl", "http://example.org/owl#", OWL),
        ("o", "https://www.w3.org/2002/07/owl#", OWL),
        ("obo", "http://purl.obolibrary.org/obo#", "http://purl.obolibrary.org/obo/"),
        ("dcterms", "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"),
        ("skos", "http://www.w3.org/2008/05/skos#", "http://www.w3.org/2004/02/skos/core#"),
    ],
)
def test_a_well_known_prefix_that_was_moved(prefix: str, space: str, right: str) -> None:
    message = f"the prefix {prefix}: is bound to <{space}>, not to <{right}>"
    assert findings(f"@prefix {prefix}: <{space}> .") == [(2, message)]


@pytest.mark.parametrize(
    "declaration",
    [
        f"@prefix owl: <{OWL}> .",
        f"@prefix o: <{OWL}> .",
        "@prefix dc: <http://purl.org/dc/terms/> .",
        "@prefix schema: <https://schema.org/> .",
        "@prefix api: <http://mine.org/api/> .",
        "@prefix : <http://mine.org/> .",
    ],
)
def test_customary_and_own_prefixes(declaration: str) -> None:
    assert findings(declaration) == []
