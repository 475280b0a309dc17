from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.fix import fixed, turtle_files

START = """@prefix : <http://e/> .
@prefix kgt: <https://w3id.org/kgtransfer/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def mended(folder: Path, text: str) -> str:
    path = folder / "a.ttl"
    path.write_bytes((START + text).encode())
    return fixed(path).new.removeprefix(START)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (":A kgt:minimum 0,97 . # 0,97", ":A kgt:minimum 0.97 . # 0,97"),
        (":A kgt:minimum -1,5 ; kgt:maximum 2,5 .", ":A kgt:minimum -1.5 ; kgt:maximum 2.5 ."),
        ("[] a owl:Axiom ; kgt:softness 0,1 .", "[] a owl:Axiom ; kgt:softness 0.1 ."),
        # written as a list, or of a property that may have several numbers
        (":A kgt:minimum 0, 97 .", ":A kgt:minimum 0, 97 ."),
        (":A kgt:minimum 0,97,1 .", ":A kgt:minimum 0,97,1 ."),
        (":A :size 0,97 .", ":A :size 0,97 ."),
        (":A rdfs:type owl:Class .", ":A a owl:Class ."),
        (":A a owl:Clas ; rdfs:subClasOf [ rdfs:lable 'x' ] .",
         ":A a owl:Class ; rdfs:subClassOf [ rdfs:label 'x' ] ."),
        (":A owl:label 'a' ; :p '1'^^xsd:int , '2'^^xsd:dat .",
         ":A rdfs:label 'a' ; :p '1'^^xsd:int , '2'^^xsd:date ."),
        # which one was meant, nobody can say
        (":A owl:minimum 1 ; owl:xyz 2 .", ":A owl:minimum 1 ; owl:xyz 2 ."),
        (":A :p :x , :y , :x ; :q 1 .\n:A :q 1 . # again\n", ":A :p :x , :y ; :q 1 .\n# again\n"),
        (":A :p [] , [] .", ":A :p [] , [] ."),
        (":A rdfs:label\u00a0'x'@en_GB , 'x'@en-GB .", ":A rdfs:label 'x'@en-GB ."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_what_is_mended(tmp_path: Path, text: str, right: str, line_end: str) -> None:
    assert mended(tmp_path, text.replace("\n", line_end)) == right.replace("\n", line_end)


def test_each_mistake_is_named_with_its_line_and_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(START + ":A a owl:Clas .\n:B :p :q .", "utf-8")
    fixed_file = fixed(path)
    assert fixed_file.mended == ((6, "owl:Clas is no term of its vocabulary: owl:Class"),)
    assert fixed_file.diff.splitlines()[-4:] == [
        "-:A a owl:Clas .",
        "+:A a owl:Class .",
        " :B :p :q .",
        "\\ No newline at end of file",
    ]
    assert path.read_text("utf-8") == START + ":A a owl:Clas .\n:B :p :q ."


def test_a_file_keeps_its_mode_and_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("\ufeff" + START + ":A a owl:Clas .", "utf-8")
    path.chmod(0o640)
    fixed(path).write()
    assert path.read_text("utf-8") == "\ufeff" + START + ":A a owl:Class ."
    assert path.stat().st_mode & 0o777 == 0o640
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.ttl"]


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    path, link = tmp_path / "a.ttl", tmp_path / "link.ttl"
    path.write_text(START + ":A a owl:Clas .", "utf-8")
    link.symlink_to(path)
    with pytest.raises(OntologyError, match=f"by a link(.|\n)*fix {path}"):
        fixed(link).write()
    assert link.is_symlink()
    (tmp_path / "folder").symlink_to(tmp_path)
    with pytest.raises(OntologyError, match="by a link"):
        fixed(tmp_path / "folder" / "a.ttl").write()
    assert "owl:Clas " in path.read_text("utf-8")


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(START + ":A a owl:Clas .", "utf-8")
    fixed_file = fixed(path)
    path.write_text("# edited", "utf-8")
    with pytest.raises(OntologyError, match="has changed while it was mended"):
        fixed_file.write()
    assert path.read_text("utf-8") == "# edited"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "a.nt",
            "<http://e/a> <http://e/b> <http://e/c> .",
            "kgtransfer export .*a.nt --format turtle",
        ),
        ("a.ttl", START + ":A :p 'x\n", r"a.ttl:6"),
        ("a.ttl", "", "the file is empty"),
    ],
)
def test_what_cannot_be_mended(tmp_path: Path, name: str, text: str, message: str) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(OntologyError, match=message):
        fixed(path)


def test_a_folder_stands_for_its_turtle_files_and_not_for_what_they_import(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    for name in ("b.ttl", "a.ttl", "c.nt"):
        (inside / name).write_text("<http://e/a> <http://e/b> <http://e/c> .", "utf-8")
    (tmp_path / "imported.ttl").write_text(START + ":A a owl:Clas .", "utf-8")
    assert turtle_files([inside]) == [inside / "a.ttl", inside / "b.ttl"]
    assert turtle_files([inside / "c.nt"]) == [inside / "c.nt"]


def test_our_own_ontologies_need_no_mending(repository: Path) -> None:
    fixed_file = [fixed(path) for path in turtle_files([repository / "ontology"])]
    assert len(fixed_file) > 5
    assert all(file.new == file.old for file in fixed_file)
