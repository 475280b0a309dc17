from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.diff.revisions import read_side
from kgtransfer.knowledge.io.ontology import read_ontology

OLD, NEW = "<http://e/a> <http://e/p> 1 .\n", "<http://e/a> <http://e/p> 2 .\n"


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True)


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose file `kg/a.ttl` was edited after its first commit, the current folder."""
    (tmp_path / "kg").mkdir()
    git(tmp_path, "init", "--quiet")
    for text in (OLD, NEW):
        (tmp_path / "kg" / "a.ttl").write_text(text)
        (tmp_path / "kg" / "notes.txt").write_text("no ontology")
        (tmp_path / "README").write_text("no ontology")
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "--quiet", "--message", "edit")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("inner", ["kg/a.ttl", "kg", "kg/", ""])
def test_a_revision_of_a_file_folder_or_everything(history: Path, inner: str) -> None:
    old, new = read_side(f"HEAD~1:{inner}"), read_side(f"HEAD:{inner}")
    assert [str(t.object) for t in (*old.triples, *new.triples)] == [
        '"1"^^<http://www.w3.org/2001/XMLSchema#integer>',
        '"2"^^<http://www.w3.org/2001/XMLSchema#integer>',
    ]


@pytest.mark.parametrize("inner", ["kg/a.ttl", "kg", "", "./a.ttl", ".", "../kg/a.ttl", ".."])
def test_from_a_folder_inside_the_repository(
    history: Path, monkeypatch: pytest.MonkeyPatch, inner: str
) -> None:
    (history / "a.ttl").write_text("<http://e/other> <http://e/p> 3 .")  # not what ./ means
    monkeypatch.chdir(history / "kg")
    (triple,) = read_side(f"HEAD~1:{inner}").triples
    assert triple.object.value == "1"


def test_an_error_in_a_revision_is_named_as_the_user_would(history: Path) -> None:
    (history / "b.ttl").write_text("<http://e/b> 1")
    git(history, "add", ".")
    git(history, "commit", "--quiet", "--message", "break")
    for side in ("HEAD:b.ttl", "HEAD:", "HEAD:."):
        with pytest.raises(OntologyError) as caught:
            read_side(side)
        assert caught.value.file == "HEAD:b.ttl"


def test_the_working_tree_is_untouched(history: Path) -> None:
    before = sorted(history.rglob("[!.]*.ttl"))
    read_side("HEAD~1:kg")
    assert sorted(history.rglob("[!.]*.ttl")) == before
    assert (history / "kg" / "a.ttl").read_text() == NEW


def test_an_existing_path_comes_before_a_revision(history: Path) -> None:
    (history / "HEAD:kg").mkdir()
    (history / "HEAD:kg" / "b.ttl").write_text("<http://e/b> <http://e/p> 3 .")
    assert read_side("HEAD:kg").concepts == ("http://e/b",)


def test_the_folder_of_a_run_is_its_ontology(tmp_path: Path) -> None:
    for name, text in (("ontology.ttl", OLD), ("other.ttl", NEW), ("result.json", "{}")):
        (tmp_path / name).write_text(text)
    assert read_side(tmp_path) == read_ontology(tmp_path / "ontology.ttl")


@pytest.mark.parametrize(
    ("side", "message"),
    [
        ("missing.ttl", "missing.ttl: no such file or folder"),
        ("HEAD~9:kg", "no revision 'HEAD~9'"),
        (":kg", "'' is no revision"),
        ("--output=stolen:kg", "'--output=stolen' is no revision"),
        ("HEAD:kg/b.ttl", "HEAD holds no 'kg/b.ttl'"),
        ("HEAD:../kg", "HEAD holds no '../kg'"),
        ("HEAD^{tree}:kg", "no revision"),
        ("HEAD:README", "HEAD:README: unknown kind of file: its name has no suffix"),
        ("HEAD:kg/notes.txt", "HEAD:kg/notes.txt: unknown kind of file '.txt'"),
        ("https://e.org/a.ttl", "https://e.org/a.ttl: nothing is fetched from the network"),
        ("HEAD\0:kg", "git cannot be run"),
    ],
)
def test_what_is_no_side_is_a_clear_error(history: Path, side: str, message: str) -> None:
    with pytest.raises(OntologyError) as caught:
        read_side(side)
    assert message in str(caught.value)
    assert caught.value.cure
    assert not (history / "stolen").exists()


def test_outside_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(OntologyError, match="no revision 'HEAD' in the git repository"):
        read_side("HEAD:kg")


def test_a_syntax_error_names_revision_file_and_line(history: Path) -> None:
    (history / "kg" / "a.ttl").write_text("\n<http://e/a> <http://e/p> .\n")
    git(history, "commit", "--quiet", "--all", "--message", "break")
    for side in ("HEAD:kg", "HEAD:kg/a.ttl"):
        with pytest.raises(OntologyError) as caught:
            read_side(side)
        assert (caught.value.file, caught.value.line) == ("HEAD:kg/a.ttl", 2)
