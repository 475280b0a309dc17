from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.knowledge.vocabulary import KGT

EX = "http://example.org/"


def test_a_number_twice_is_refused_where_a_graph_would_forget_it(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    head = f"@prefix kgt: <{KGT}> . @prefix : <{EX}> .\n"
    file.write_text(f"{head}:a kgt:minimum 1 ;\n   kgt:maximum 1,1 .\n", encoding="utf-8")
    with pytest.raises(OntologyError, match=r"a\.ttl:3:16: 1,1 is one number twice") as error:
        read_ontology(file)
    assert error.value.cure == "write 1.1: Turtle's decimal mark is the point"
    file.write_text(f'{head}:a :b 1,1 ; kgt:evidence "1,1 to 2,2" .', encoding="utf-8")
    assert len(read_ontology(file)) == 2
