from __future__ import annotations

import fastobo
import pytest

from kgtransfer.knowledge.io.obo.names import names_of

DOCUMENT = """ontology: cells/upper
idspace: dc http://purl.org/dc/elements/1.1/

[Typedef]
id: part_of
xref: OBO_REL:part_of
xref: BFO:0000050

[Typedef]
id: near
xref: http://e/near
"""


@pytest.mark.parametrize(
    ("ident", "iri"),
    [
        ("CL:0000771", "http://purl.obolibrary.org/obo/CL_0000771"),
        ("GO:a_b", "http://purl.obolibrary.org/obo/GO#_a_b"),
        ("dc:creator", "http://purl.org/dc/elements/1.1/creator"),
        ("rdfs:label", "http://www.w3.org/2000/01/rdf-schema#label"),
        ("part_of", "http://purl.obolibrary.org/obo/BFO_0000050"),
        ("near", "http://purl.obolibrary.org/obo/cells/upper#near"),
        ("CL:a\\ b", "http://purl.obolibrary.org/obo/CL_a%20b"),
        ("https://e/x?y=z#q", "https://e/x?y=z#q"),
    ],
)
def test_identifiers_become_iris(ident: str, iri: str) -> None:
    assert names_of(fastobo.loads(DOCUMENT)).iri(fastobo.id.parse(ident)).value == iri


def test_a_file_without_a_name_has_names_of_its_own() -> None:
    names = names_of(fastobo.loads("[Term]\nid: x\n"))
    iri = names.iri(fastobo.id.parse("x")).value
    assert iri == "http://purl.obolibrary.org/obo/TEMP#x"
