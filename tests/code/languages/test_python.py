"""Python source trees as definitions."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.code.languages.python import find_package, find_source
from kgtransfer.code.languages.reading import read_modules
from kgtransfer.code.languages.source import SourceModule
from kgtransfer.errors import DataError


def test_definitions_have_qualified_names_kinds_and_parents(shop: list[SourceModule]) -> None:
    found = [(d.qualified, d.kind, d.parent) for m in shop for d in m.definitions]
    assert ("shop.basket.Basket", "class", "shop.basket") in found
    assert ("shop.basket.Basket.add", "method", "shop.basket.Basket") in found
    assert ("shop.money.total", "function", "shop.money") in found
    assert [m.name for m in shop] == ["shop", "shop.basket", "shop.money"]


def test_code_has_no_docstring_but_keeps_comments(shop: list[SourceModule]) -> None:
    (add,) = (d for m in shop for d in m.definitions if d.name == "add")
    assert add.docstring == "Add an article to the basket."
    assert "Add an article" not in add.code
    assert add.code.splitlines()[:2] == ["def add(self, article, amount=1):", "    # keep it"]


def test_what_a_function_takes_calls_and_raises(shop: list[SourceModule]) -> None:
    (add,) = (d for m in shop for d in m.definitions if d.name == "add")
    assert add.parameters == ("article", "amount")
    assert add.calls == ("ValueError", "self._count", "money.total")
    assert add.raises == ("ValueError",)


def test_a_name_with_an_underscore_anywhere_is_private(shop: list[SourceModule]) -> None:
    public = {d.qualified: d.is_public for m in shop for d in m.definitions}
    assert public["shop.basket.Basket.add"]
    assert not public["shop.basket.Container._count"]


def test_relative_imports_become_absolute(tmp_path: Path) -> None:
    package = tmp_path / "outer" / "inner"
    package.mkdir(parents=True)
    (tmp_path / "outer" / "__init__.py").write_text("")
    (package / "__init__.py").write_text("from . import a\nfrom .. import b\nfrom .c import d as e")
    (module,) = (m for m in read_modules([tmp_path / "outer"]) if m.name == "outer.inner")
    assert module.imports == {"a": "outer.inner.a", "b": "outer.b", "e": "outer.inner.c.d"}


def test_tests_and_files_that_do_not_parse_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "good.py").write_text("def f(): pass")
    (tmp_path / "template.py").write_text("def {{ name }}(): pass")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_good.py").write_text("def test_f(): pass")
    assert [m.name for m in read_modules([tmp_path])] == ["good"]


def test_a_docstring_on_the_line_of_the_definition_leaves_the_head(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text('def f(x): "Say it."\n')
    (module,) = read_modules([tmp_path])
    assert "Say it" not in module.definitions[0].code.partition(":")[0]


def test_packages_are_found_without_being_imported() -> None:
    assert find_package("json").name == "json"
    assert find_package("csv").name == "csv.py"
    assert find_source("stdlib", ["json"]) == [find_package("json")]


@pytest.mark.parametrize("name", ["no_such_package_anywhere", "sys", ""])
def test_a_package_without_source_is_a_clear_error(name: str) -> None:
    with pytest.raises(DataError, match="neither a path nor a Python package"):
        find_package(name)


def test_an_empty_folder_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no source code found"):
        read_modules([tmp_path])


@pytest.mark.parametrize("path", ["", " "])
def test_an_empty_path_is_no_folder(path: str) -> None:
    with pytest.raises(DataError, match="the path of the code is empty"):
        find_source(path)
