"""OBO -> RDF -> OBO -> RDF: the same RDF."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.io.obo.reader import read_obo
from kgtransfer.knowledge.io.ontology import merge
from kgtransfer.knowledge.io.serialise import serialised

PATH = Path("cells.obo")
HEADER = """format-version: 1.4
data-version: 2020-01-01
ontology: cells
default-namespace: cell
remark: two lines\\nof remarks
subsetdef: blood "cells of the blood"
synonymtypedef: abbr "an abbreviation" EXACT
idspace: WBC https://w3id.org/wbc#
property_value: http://purl.org/dc/terms/license "free" xsd:string
"""
FRAMES = r"""
[Term]
id: CL:1
name: a \{braced} name, with "quotes" and a back\\slash
namespace: cell
alt_id: CL:0001
def: "Says \"hi\"\nand more." [PMID:1, http://e.org/a, "ISBN:2"]
comment: seen once {source="a, \"b\""}
subset: blood
synonym: "abbr" EXACT abbr [PMID:3] {source="x"}
synonym: "abbr" EXACT [PMID:4]
synonym: "wide" BROAD []
xref: FMA:62854 "a label"
xref: http://e.org/x
is_a: CL:2 {source="PMID:5"}
intersection_of: CL:2
intersection_of: part_of CL:3
disjoint_from: CL:4
relationship: part_of CL:3 {source="PMID:6"}
relationship: has_part CL:4 {cardinality="2"}
relationship: has_part CL:5 {all_only="true"}
property_value: IAO:0000116 "a note" xsd:string
property_value: seeAlso CL:3
created_by: me
creation_date: 2021-04-14T18:57:18.275Z

[Term]
id: CL:2
name: whole
union_of: CL:4
union_of: CL:5
equivalent_to: WBC:Cell

[Term]
id: CL:4
name: gone
is_obsolete: true
replaced_by: CL:2
consider: CL:5

[Typedef]
id: part_of
name: part of
xref: BFO:0000050
domain: CL:1
is_transitive: true
is_a: overlaps
inverse_of: has_part
holds_over_chain: part_of has_part
transitive_over: has_part

[Typedef]
id: has_part
is_functional: true

[Typedef]
id: seeAlso
is_metadata_tag: true

[Instance]
id: CL:9
name: this one
instance_of: CL:1
"""


@pytest.mark.parametrize("frames", FRAMES.strip().split("\n\n"), ids=lambda f: f.split("\n")[1])
def test_every_frame_comes_back(frames: str) -> None:
    graph = merge([read_obo(f"{HEADER}\n{frames}\n", PATH)])
    again = merge([read_obo(serialised(graph, "obo").decode(), PATH)])
    assert again == graph


def test_a_file_comes_back_and_is_stable() -> None:
    graph = merge([read_obo(HEADER + FRAMES, PATH)])
    written = serialised(graph, "obo")
    assert merge([read_obo(written.decode(), PATH)]) == graph
    assert serialised(graph, "obo") == written
    lines = written.decode().splitlines()
    assert lines[0] == "format-version: 1.4"
    assert lines[lines.index("id: CL:1") + 1].startswith("name: a \\{braced} name")
    assert "intersection_of: CL:2" in lines


def test_what_obo_has_no_word_for_is_counted_and_refused() -> None:
    definition = "\n[Term]\nid: X:1\nintersection_of: X:{}\nintersection_of: X:{}\n"
    twice = [read_obo(HEADER + definition.format(*parts), PATH) for parts in ((2, 3), (4, 5))]
    with pytest.raises(OntologyError, match=r"OBO cannot say all .* would be lost \(\d+ of"):
        serialised(merge(twice), "obo")
