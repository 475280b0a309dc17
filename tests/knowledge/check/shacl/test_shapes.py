from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.knowledge.check.shacl.shapes import Shapes, read_shapes

HEAD = """@prefix : <http://e/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
"""


def shapes(tmp_path: Path, turtle: str) -> Shapes:
    (tmp_path / "s.ttl").write_text(HEAD + turtle)
    return read_shapes([tmp_path / "s.ttl"])


def unnamed(parsed: Shapes, predicate: str) -> str:
    return next(
        node for node, _ in parsed.graph.statements(f"http://www.w3.org/ns/shacl#{predicate}")
    )


def test_shapes_and_their_targets(tmp_path: Path) -> None:
    parsed = shapes(
        tmp_path,
        """:S a sh:NodeShape ; sh:targetClass :Cell ; sh:targetNode :c1 ; sh:node :T .
:T sh:not :U . :U a sh:PropertyShape ; sh:path :p . :Leaf a owl:Class , sh:NodeShape .""",
    )
    assert parsed.nodes == ("http://e/Leaf", "http://e/S", "http://e/T", "http://e/U")
    targets = [(t.shape[-1], t.kind.rpartition("#")[2], t.term) for t in parsed.targets]
    assert targets == [
        ("f", "targetClass", "http://e/Leaf"),
        ("S", "targetClass", "http://e/Cell"),
        ("S", "targetNode", "http://e/c1"),
    ]


def test_an_unnamed_shape_is_called_by_its_place_and_path(tmp_path: Path) -> None:
    parsed = shapes(
        tmp_path,
        """:R a sh:NodeShape ; sh:targetSubjectsOf :size .
:S a sh:NodeShape ; sh:targetClass :Cell ;
    sh:property [ sh:path :lobes ; sh:maxCount 1 ] ,
        [ sh:path :size ;
          sh:minCount 1 ] .
[] a sh:NodeShape ;
    sh:targetClass :Leaf .
""",
    )
    assert parsed.name("http://e/S") == ":S"
    assert parsed.name(unnamed(parsed, "maxCount")) == f"at {tmp_path}/s.ttl:6, path :lobes"
    assert parsed.name(unnamed(parsed, "minCount")) == f"at {tmp_path}/s.ttl:7, path :size"
    leaf = next(t.shape for t in parsed.targets if t.term == "http://e/Leaf")
    assert parsed.name(leaf) == f"at {tmp_path}/s.ttl:10"


@pytest.mark.parametrize(
    ("turtle", "path"),
    [
        (":a", ":a"),
        ("( :a :b )", ":a/:b"),
        ("[ sh:inversePath :a ]", "^:a"),
        ("[ sh:alternativePath ( :a :b ) ]", ":a|:b"),
        ("[ sh:zeroOrMorePath ( :a :b ) ]", "(:a/:b)*"),
        ("( :a [ sh:oneOrMorePath :b ] [ sh:zeroOrOnePath :c ] )", ":a/:b+/:c?"),
    ],
)
def test_paths_are_written_as_in_sparql(tmp_path: Path, turtle: str, path: str) -> None:
    parsed = shapes(tmp_path, f":S a sh:PropertyShape ; sh:path {turtle} .")
    assert (
        parsed.path(parsed.graph.objects("http://e/S", "http://www.w3.org/ns/shacl#path")[0])
        == path
    )
