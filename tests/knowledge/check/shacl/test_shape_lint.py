from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.knowledge.check.summary import summary
from kgtransfer.knowledge.check.validate import check

HEAD = """@prefix : <http://e/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = """
:Cell a owl:Class ; rdfs:label "cell" .
:White a owl:Class ; rdfs:label "white cell" ; rdfs:subClassOf :Cell .
:size a owl:DatatypeProperty ; rdfs:label "size" .
:c1 a :White ; rdfs:label "c1" ; :size 3 .
"""
SOUND = ":S a sh:NodeShape ; sh:targetClass :Cell ; sh:property [ sh:path :size ; sh:minCount 1 ]"

ROOT = Path(__file__).parents[4]


def findings(
    tmp_path: Path, shapes: str, data: str = DATA
) -> list[tuple[str, int | None, str, str]]:
    (tmp_path / "d.ttl").write_text(HEAD + data)
    (tmp_path / "s.ttl").write_text(HEAD + shapes)
    findings = check(tmp_path / "d.ttl", tmp_path / "s.ttl")
    assert {f.file for f in findings} <= {str(tmp_path / "s.ttl")}
    return [(f.severity, f.line, f.message, f.cure) for f in findings]


def test_sound_shapes_raise_no_doubts(tmp_path: Path) -> None:
    assert findings(tmp_path, SOUND + " .") == []


def test_misspelt_terms_of_shacl(tmp_path: Path) -> None:
    shapes = SOUND.replace("targetClass", "targetClas").replace("sh:minCount", "\n sh:minCout")
    assert findings(tmp_path, shapes + " .") == [
        (
            "warning",
            6,
            "sh:targetClas is no term of the vocabulary sh",
            "did you mean sh:targetClass?",
        ),
        ("warning", 7, "sh:minCout is no term of the vocabulary sh", "did you mean sh:minCount?"),
    ]


@pytest.mark.parametrize(
    "part",
    [
        'sh:target [ a sh:SPARQLTarget ; sh:select "SELECT ?this { ?this a <http://e/Cell> }" ]',
        "sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate :size ; sh:object 1 ]",
        'sh:js [ sh:jsFunctionName "f" ]',
        "sh:expression [ sh:path :size ]",
    ],
)
def test_advanced_parts_are_not_run_and_said_so(tmp_path: Path, part: str) -> None:
    name = part.partition(" ")[0]
    ((severity, line, message, cure),) = findings(tmp_path, f"{SOUND} ;\n {part} .")
    assert (severity, line) == ("warning", 7)
    assert message == f"{name} is not run: only SHACL core and sh:sparql are"
    assert cure


def test_a_shape_with_an_advanced_target_only_is_no_second_finding(tmp_path: Path) -> None:
    shapes = ":S a sh:NodeShape ; sh:target [ a sh:SPARQLTarget ] ; sh:nodeKind sh:IRI ."
    assert [message for *_, message, _ in findings(tmp_path, shapes)] == [
        "sh:target is not run: only SHACL core and sh:sparql are"
    ]


def test_a_shape_without_target(tmp_path: Path) -> None:
    shapes = SOUND + " ; sh:node :T . :T a sh:NodeShape ; sh:nodeKind sh:IRI .\n"
    assert findings(tmp_path, shapes) == []
    ((_, line, message, _),) = findings(tmp_path, shapes + ":U a sh:NodeShape ; sh:class :Cell .")
    assert (line, message) == (
        7,
        "has no target, and no other shape refers to it: it is never run",
    )


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("sh:targetClass :Leaf", "sh:targetClass :Leaf hits nothing: nothing is an instance of it"),
        ("sh:targetNode :c9", "sh:targetNode :c9 hits nothing: the data does not name it"),
        (
            "sh:targetSubjectsOf :bark",
            "sh:targetSubjectsOf :bark hits nothing: nothing has this property",
        ),
        (
            "sh:targetObjectsOf :bark",
            "sh:targetObjectsOf :bark hits nothing: nothing has this property",
        ),
    ],
)
def test_targets_that_hit_nothing(tmp_path: Path, target: str, text: str) -> None:
    shapes = SOUND + f" .\n:T a sh:NodeShape ; {target} ; sh:nodeKind sh:IRI ."
    ((severity, line, message, _),) = findings(tmp_path, shapes)
    assert (severity, line, message) == ("hint", 7, text)


@pytest.mark.parametrize("right", [":Cell", ":size"])
def test_terms_of_the_data_that_are_misspelt(tmp_path: Path, right: str) -> None:
    shapes = SOUND.replace("sh:minCount 1", "sh:maxCount 1").replace(right, right + "e")
    assert findings(tmp_path, shapes + " .") == [
        ("warning", 6, f"names {right}e, which the data does not", f"did you mean {right}?")
    ]


def test_files_without_shapes(tmp_path: Path) -> None:
    message = "no shape is in this file: nothing is checked by it"
    for shapes in ("", "# to come", DATA):
        assert [text for *_, text, _ in findings(tmp_path, shapes)] == [message]


def test_our_own_shapes_are_quiet_about_one_ontology_among_many() -> None:
    assert check(ROOT / "ontology" / "api.ttl") == []


def test_of_a_folder_of_shapes_only_that_none_was_run_is_told(tmp_path: Path) -> None:
    data, folder = tmp_path / "d.ttl", tmp_path / "shapes"
    folder.mkdir()
    data.write_text(HEAD + DATA)
    leaf = SOUND.replace(":Cell", ":Leaf") + " ."
    (folder / "leaf.ttl").write_text(HEAD + leaf)
    assert [f.message for f in check(data)] == ["no shape was run: of 1 target none is in the data"]
    (folder / "cell.ttl").write_text(HEAD + SOUND.replace(":S", ":T") + " .")
    assert check(data) == []


@pytest.mark.parametrize("name", ["uniqueLang", "closed"])
def test_what_counts_only_as_true(tmp_path: Path, name: str) -> None:
    """The W3C's case uniqueLang-002: "1" is a true boolean, and not the literal `true`."""
    labels = DATA + ':c1 rdfs:label "one"@en , "uno"@en .'
    where = "[ sh:path rdfs:label ; " if name == "uniqueLang" else "[ sh:path :size ] ; "
    end = " ]" if name == "uniqueLang" else ""
    shapes = f":S a sh:NodeShape ; sh:targetNode :c1 ; sh:property {where}sh:{name} %s{end} ."
    ((severity, line, message, cure),) = findings(tmp_path, shapes % '"1"^^xsd:boolean', labels)
    assert (severity, line, cure) == ("warning", 6, f"write sh:{name} true")
    assert message.startswith(f"sh:{name} counts only as true")


def test_many_targets_that_hit_nothing_are_said_once(tmp_path: Path) -> None:
    (tmp_path / "d.ttl").write_text(HEAD + DATA)
    idle = " ".join(f":S{n} a sh:NodeShape ; sh:targetClass :Leaf{n} ." for n in range(9))
    (tmp_path / "s.ttl").write_text(HEAD + SOUND + f" . {idle}")
    text = summary(check(tmp_path / "d.ttl", tmp_path / "s.ttl"))
    assert text.splitlines()[0] == "hint: 9 times: a target hits nothing"
    assert len(text.splitlines()) == 6


def test_qualified_values_of_a_node_are_ignored(tmp_path: Path, capfd: object) -> None:
    shapes = SOUND + " ; sh:qualifiedValueShape [ sh:class :Cell ] ; sh:qualifiedMinCount 2 ."
    assert [message for *_, message, _ in findings(tmp_path, shapes)] == [
        "sh:qualifiedValueShape is ignored: the shape has no sh:path"
    ]


def test_shapes_among_the_data_are_not_run_and_said_so(tmp_path: Path) -> None:
    (tmp_path / "d.ttl").write_text(HEAD + DATA + SOUND + ' ; rdfs:label "S" .')
    (finding,) = (f for f in check(tmp_path / "d.ttl") if f.severity == "hint")
    assert (finding.line, finding.message) == (11, "holds SHACL shapes, which were not run")
    with (tmp_path / "d.ttl").open("a") as file:  # a shape without a name has no line
        file.write("\n[] a sh:NodeShape ; sh:targetClass :Cell .")
    assert [f.line for f in check(tmp_path / "d.ttl") if f.severity == "hint"] == [11]
