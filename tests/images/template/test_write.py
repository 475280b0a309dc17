from __future__ import annotations

import os
import runpy
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

from kgtransfer import cli
from kgtransfer.errors import ConfigError, DataError
from kgtransfer.images.template.write import write_template
from kgtransfer.knowledge.axioms import axioms_of
from kgtransfer.knowledge.check.validate import Finding, check
from kgtransfer.knowledge.io.ontology import read_ontology

START = [
    "README.md", "my_domain.toml", "my_domain.ttl", "my_measures.py", "shapes/kgt.ttl",
    "shapes/my_domain.ttl",
]  # fmt: skip
HOSTILE = [
    'say "cheese"', "'''", '"""', "\\", 'a"@en ; a <x:y> .#', "]]\nx", "<script>alert(1)</script>",
    "{{ 7 * 7 }}", "{% raw %}", "../../etc/passwd", "`rm -rf`", "$(id)", "ÄÖÜ 中文", "name = 'x'",
]  # fmt: skip


def _files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def checked(folder: Path) -> list[Finding]:
    (ontology,) = folder.glob("*.ttl")
    return check(ontology, measures=str(folder / "my_measures.py"))


def test_the_start_passes_the_check_without_a_word(tmp_path: Path) -> None:
    write_template(tmp_path / "my_domain", "Rings and bars")
    assert _files(tmp_path / "my_domain") == START
    assert checked(tmp_path / "my_domain") == []
    graph = read_ontology(tmp_path / "my_domain" / "my_domain.ttl")
    assert graph.label("http://example.org/my_domain") == "Rings and bars"
    assert len(axioms_of(graph).stated) == 3


def test_its_shapes_ask_for_definitions_and_facts(tmp_path: Path) -> None:
    write_template(tmp_path / "my_domain", "")
    file = tmp_path / "my_domain" / "my_domain.ttl"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("kgt:usual my:LongOutline", "kgt:rare my:LongOutline"), "utf-8")
    (finding,) = checked(file.parent)
    assert "nothing says what this class looks like" in finding.message


def test_its_settings_name_its_files(tmp_path: Path) -> None:
    write_template(tmp_path / "my_domain", "")
    settings = tomllib.loads((tmp_path / "my_domain" / "my_domain.toml").read_text("utf-8"))
    assert settings["pipeline"] == "images"
    named = (settings["ontology"]["vocabulary"], settings["ontology"]["shapes"])
    assert named == ("my_domain.ttl", "shapes")
    assert settings["grounding"] == [{"source": "measures", "code": "my_measures.py"}]


def test_its_measure_is_that_of_the_ontology(tmp_path: Path) -> None:
    write_template(tmp_path / "my_domain", "")
    measures = runpy.run_path(str(tmp_path / "my_domain" / "my_measures.py"))["MEASURES"]
    ((iri, function),) = measures.items()
    graph = read_ontology(tmp_path / "my_domain" / "my_domain.ttl")
    assert iri in graph.instances("https://w3id.org/kgtransfer/ns#Measure")
    image = np.full((30, 30, 3), 200, dtype=np.uint8)
    image[10:20, 10:15] = 0  # half of the middle ninth
    assert function(image) == 0.5


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text_or_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "my_domain"
    try:
        write_template(folder, name)
    except ConfigError:
        assert not folder.exists()
        assert not name.isprintable()
        return
    assert _files(folder) == START
    assert _files(tmp_path) == [f"my_domain/{file}" for file in START]  # and nothing elsewhere
    assert checked(folder) == []
    graph = read_ontology(folder / "my_domain.ttl")
    assert graph.label("http://example.org/my_domain") == name
    assert tomllib.loads((folder / "my_domain.toml").read_text("utf-8"))["name"] == "my_domain"
    assert "<script>" not in (folder / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", ["a\nb", "a\tb", "\x1b[2J", "a\u202eb", "\u200b", "x" * 101, " "])
def test_a_name_of_several_lines_or_what_is_not_seen_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="is no name of a domain"):
        write_template(tmp_path / "my_domain", name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("folder", "short"),
    [
        ("my domain", "my_domain"),
        ('a"b\\c', "a_b_c"),
        ("Röntgen-Bilder", "rontgen_bilder"),
        ("2026", "domain_2026"),
        ("中文", "domain"),
        ("kgt", "domain_kgt"),
        ("{{x}}", "x"),
    ],
)
def test_files_and_iris_have_a_plain_name(tmp_path: Path, folder: str, short: str) -> None:
    write_template(tmp_path / folder, "")
    assert f"{short}.ttl" in _files(tmp_path / folder)
    assert checked(tmp_path / folder) == []


@pytest.mark.parametrize("present", ["my_domain.ttl", "README.md", "shapes/kgt.ttl"])
def test_no_file_is_replaced_and_none_added_beside(tmp_path: Path, present: str) -> None:
    file = tmp_path / "my_domain" / present
    file.parent.mkdir(parents=True)
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(DataError, match="is there already"):
        write_template(tmp_path / "my_domain", "")
    assert _files(tmp_path / "my_domain") == [present]
    assert file.read_text("utf-8") == "mine"


def test_a_link_to_nowhere_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "my_domain").mkdir()
    (tmp_path / "my_domain" / "README.md").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DataError, match="is there already"):
        write_template(tmp_path / "my_domain", "")
    assert not (tmp_path / "elsewhere").exists()


def test_others_may_not_write_the_code(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_template(tmp_path / "my_domain", "")
    finally:
        os.umask(before)
    for path in (tmp_path / "my_domain", *(tmp_path / "my_domain").rglob("*")):
        assert path.stat().st_mode & 0o022 == 0


def test_images_that_are_there_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "my_domain" / "images" / "ring").mkdir(parents=True)
    write_template(tmp_path / "my_domain", "")
    assert _files(tmp_path / "my_domain") == START


def test_the_command_says_what_it_wrote(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["kgtransfer", "new", "images", str(tmp_path / "my_domain")])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code
    assert str(tmp_path / "my_domain" / "my_domain.ttl") in capsys.readouterr().out
