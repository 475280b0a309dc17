from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.io.catalogue import local_file, read_catalogue

CATALOGUE = """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<catalog prefer="public" xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">
  <uri id="User Entered Import Resolution" name="http://e/a" uri="a.ttl"/>
  <uri name="http://e/remote" uri="http://127.0.0.1:9/b.ttl"/>
  <uri name="http://e/file" uri="file:///etc/passwd"/>
  <uri name="http://e/outside" uri="../outside.ttl"/>
  <uri name="http://e/link" uri="link.ttl"/>
  <uri name="http://e/missing" uri="missing.ttl"/>
  <group id="Folder Repository, directory=, recursive=true" prefer="public" xml:base="">
    <uri name="http://e/b" uri="sub/b%20c.ttl"/>
  </group>
</catalog>
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    (home / "sub").mkdir(parents=True)
    for name in ("a.ttl", "sub/b c.ttl", "../outside.ttl"):
        (home / name).write_text("")
    (home / "link.ttl").symlink_to(tmp_path / "outside.ttl")
    (home / "circle.ttl").symlink_to(home / "circle.ttl")
    return home


def test_only_files_in_the_folder_count(folder: Path) -> None:
    (folder / "catalog-v001.xml").write_text(CATALOGUE)
    assert read_catalogue(folder) == {
        "http://e/a": folder / "a.ttl",
        "http://e/b": folder / "sub/b c.ttl",
    }


def test_an_ontology_may_be_named_by_its_absolute_path(folder: Path) -> None:
    outside = folder.parent.resolve() / "outside.ttl"
    entries = {
        "path": outside,
        "uri": outside.as_uri(),
        "host": f"file://localhost{outside}",
        "far": f"file://elsewhere{outside}",
        "other": folder.parent / "passwd",
        "gone": folder / "gone.ttl",
    }
    (folder.parent / "passwd").write_text("")
    uris = "".join(f'<uri name="{name}" uri="{uri}"/>' for name, uri in entries.items())
    space = "urn:oasis:names:tc:entity:xmlns:xml:catalog"
    (folder / "catalog-v001.xml").write_text(f'<catalog xmlns="{space}">{uris}</catalog>')
    assert read_catalogue(folder) == dict.fromkeys(("path", "uri", "host"), outside)


def test_a_folder_without_one_names_nothing(folder: Path) -> None:
    assert read_catalogue(folder) == {}


@pytest.mark.parametrize(
    "reference",
    [
        *("", "sub", "\0", "a" * 300, "circle.ttl", "link.ttl", "../outside.ttl"),
        *("%2e%2e/outside.ttl", "/etc/passwd", "C:a.ttl", "http://127.0.0.1:9/a.ttl"),
    ],
)
def test_references_that_lead_outside_name_nothing(folder: Path, reference: str) -> None:
    assert local_file(folder, reference) is None
    assert local_file(folder, "./a.ttl") == folder / "a.ttl"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '<!DOCTYPE catalog SYSTEM "http://127.0.0.1:9/x.dtd"><catalog/>',
            "refers to another file",
        ),
        ("<catalog>", "no element found"),
        (f"<catalog>{' ' * 2**20}</catalog>", "larger than 1 MiB"),
    ],
)
def test_a_bad_catalogue_is_refused(folder: Path, text: str, message: str) -> None:
    (folder / "catalog-v001.xml").write_text(text)
    with pytest.raises(OntologyError, match=message):
        read_catalogue(folder)
