"""The verb `graph code`: source code as a Turtle file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from kgtransfer.code.graphs.api import iri_of
from kgtransfer.knowledge.io.ontology import read_ontology


def test_source_code_is_written_as_turtle(
    tmp_path: Path, here: Callable[..., tuple[int, str, str]]
) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "A.java").write_text("package shop; class A { void f() {} }")
    (tmp_path / "shop" / "bad.py").write_text("def {")
    out = tmp_path / "api.ttl"
    status, said, told = here("graph", "code", tmp_path / "shop", "--out", out, "--json")
    assert status == 0
    left = {"path": str(tmp_path / "shop" / "bad.py"), "line": 1, "why": "invalid syntax"}
    assert json.loads(said) == {
        "path": str(out),
        "triples": 9,
        "modules": 1,
        "classes": 1,
        "functions": 1,
        "languages": ["java"],
        "passed_over": [left],
    }
    assert "bad.py:1: invalid syntax" in told
    assert read_ontology(out).label(iri_of("shop.A.f", "java")) == "f"


def test_a_source_file_is_not_written_over(
    tmp_path: Path, here: Callable[..., tuple[int, str, str]]
) -> None:
    file = tmp_path / "a.py"
    file.write_text("def f(): pass")
    status, _, told = here("graph", "code", tmp_path, "--out", file)
    assert status == 2
    assert "no name of a Turtle file" in told
    assert file.read_text() == "def f(): pass"


def test_a_folder_without_code_is_refused(
    tmp_path: Path, here: Callable[..., tuple[int, str, str]]
) -> None:
    status, _, told = here("graph", "code", tmp_path, "--language", "java")
    assert status == 2
    assert "no source code found" in told
