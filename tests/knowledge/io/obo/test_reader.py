from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.axioms import axioms_of
from kgtransfer.knowledge.io.obo.reader import read_obo
from kgtransfer.knowledge.io.ontology import read_ontology

CELLS = """format-version: 1.4
ontology: cl

[Term]
id: CL:0000738
name: leukocyte

[Term]
id: CL:0000771
name: eosinophil
def: "A granulocyte with red granules." [GOC:tfm]
synonym: "eosinocyte" EXACT []
is_a: CL:0000738
relationship: has_part GO:0005634 ! nucleus

[Typedef]
id: has_part
xref: BFO:0000051
"""


def test_a_file_of_cells_is_a_graph(tmp_path: Path) -> None:
    path = tmp_path / "cells.obo"
    path.write_text(CELLS)
    graph = read_ontology(path)
    eosinophil = graph.expand("CL:0000771")
    assert eosinophil == "http://purl.obolibrary.org/obo/CL_0000771"
    assert graph.text(eosinophil) == "eosinophil. eosinocyte. A granulocyte with red granules."
    assert graph.ancestors(eosinophil) == (graph.expand("CL:0000738"),)
    assert [
        (graph.compact(r.relation), graph.compact(r.filler)) for r in axioms_of(graph).some_values
    ] == [("BFO:0000051", "GO:0005634")]
    relation = "http://purl.obolibrary.org/obo/BFO_0000051"
    shorthand = "http://www.geneontology.org/formats/oboInOwl#shorthand"
    assert [o.value for o in graph.objects(relation, shorthand)] == ["has_part"]


def test_positions_are_the_lines_of_the_ids() -> None:
    assert read_obo(CELLS, Path("a.obo")).positions == {
        "http://purl.obolibrary.org/obo/cl.owl": 2,
        "http://purl.obolibrary.org/obo/CL_0000738": 5,
        "http://purl.obolibrary.org/obo/CL_0000771": 9,
        "http://purl.obolibrary.org/obo/BFO_0000051": 17,
    }


def test_windows_line_ends() -> None:
    file, same = (read_obo(text, Path("a.obo")) for text in (CELLS.replace("\n", "\r\n"), CELLS))
    assert len(file.triples) == len(same.triples)
    assert file.positions == same.positions


@pytest.mark.parametrize(
    ("line", "place", "message", "cure"),
    [
        ("is_a: CL:1 x", "21:12", "expected EOL", "backslash"),
        ("name:", "21:6", "expected UnquotedString", "after the tag"),
        ("exact_name: x", "21:1", "TermClause", "OBO 1.4"),
        ('def: "x"', "21:9", "expected XrefList", "[]"),
        ('synonym: "x" []', "21:14", "expected SynonymScope", "EXACT"),
        ("creation_date: today", "21:16", "CreationDate", "2020-01-31"),
        ("is_obsolete: yes", "21:14", "Boolean", "true"),
    ],
)
def test_a_syntax_error_shows_its_line(line: str, place: str, message: str, cure: str) -> None:
    text = f"{CELLS}[Term]\nid: CL:1\n{line}\n"
    with pytest.raises(OntologyError) as caught:
        read_obo(text, Path("a.obo"))
    assert caught.value.message.startswith(f"a.obo:{place}: ")
    assert message in caught.value.message
    assert f"\n    {line}\n" in caught.value.message
    assert cure in caught.value.cure


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("ontology: http://e/a<b\n", "1:11"),
        ("format-version: 1.4\nontology: http://e/a b\n", "2:11"),
    ],
)
def test_what_stands_for_no_iri_is_refused_at_its_place(text: str, place: str) -> None:
    with pytest.raises(OntologyError, match=f"a.obo:{place}: .*no valid IRI"):
        read_obo(text, Path("a.obo"))
