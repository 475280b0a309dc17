from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.io.mistakes.xml_stop import rdfxml_stop
from kgtransfer.knowledge.io.ontology import parse
from kgtransfer.knowledge.io.sources import Source

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
HEAD = f"""<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="http://e/" xml:base="http://e/">
<e:C rdf:about="ok"/>
"""


@pytest.mark.parametrize(
    ("content", "column", "cure"),
    [
        ('<e:C rdf:aboutEach="#a"/>', 10, "remove it"),
        ('<e:C rdf:li="1"/>', 10, "a property of a namespace of your own"),
        ("<e:C><rdf:Description/></e:C>", 11, "the property's own name"),
        ('<e:C rdf:ID="1 a"/>', 14, "starts with a letter"),
        ('<e:C rdf:nodeID="a:b"/>', 18, "starts with a letter"),
        ('<e:C rdf:ID="a"/><e:C rdf:ID="a"/>', 31, "rdf:about"),
        ('<e:C rdf:nodeID="a" rdf:about="b"/>', 1, "keep one of the two"),
        ('<e:C rdf:about="http://e/a b"/>', 17, "percent-encode"),
    ],
)
def test_an_error_in_rdf_xml_has_its_place(content: str, column: int, cure: str) -> None:
    with pytest.raises(OntologyError) as caught:
        parse(Source(Path("a.owl"), f"{HEAD}<!-- \u00e4 -->\n{content}\n</rdf:RDF>".encode()))
    assert (caught.value.line, caught.value.column) == (4, column)
    assert cure in caught.value.cure


def test_a_sound_document_has_no_stop() -> None:
    assert rdfxml_stop(f"{HEAD}</rdf:RDF>", "") is None
