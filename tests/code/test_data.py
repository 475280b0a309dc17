"""Python source read as data of code search."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.code.data import read_code
from kgtransfer.code.graphs.api import build_code_graph
from kgtransfer.code.languages.python import find_source
from kgtransfer.code.languages.reading import read_modules
from kgtransfer.errors import ConfigError, DataError

PACKAGES = ("json", "configparser")


def test_source_becomes_a_corpus_a_setting_and_a_graph() -> None:
    data = read_code("stdlib", packages=PACKAGES)
    assert list(data.corpora) == ["named", "masked"]
    assert data.main is data.corpora["named"]
    assert data.corpora["masked"] == data.main.with_names_masked()
    assert (data.name, data.test, data.packages) == ("stdlib", "stdlib", PACKAGES)
    modules = read_modules(find_source("stdlib", PACKAGES))
    assert data.graph.hash == build_code_graph(modules, withheld=data.main.held_out).hash


def test_another_code_base_is_searched() -> None:
    data = read_code("json", test="configparser", settings=["named"])
    assert (data.name, data.test) == ("json", "configparser")
    assert {document.module for document in data.main.documents} == {"configparser"}
    assert {snippet.module.partition(".")[0] for snippet in data.main.adaptation} == {"json"}
    modules = {module.name for module in data.modules}
    assert {"json.decoder", "configparser"} <= modules


def test_the_hash_depends_on_settings_and_split() -> None:
    first = read_code("stdlib", packages=PACKAGES)
    assert first.hash == read_code("stdlib", packages=PACKAGES).hash
    assert first.hash != read_code("stdlib", packages=PACKAGES, settings=["named"]).hash
    assert first.hash != read_code("stdlib", packages=PACKAGES, split_seed=1).hash


@pytest.mark.parametrize("settings", [["named", "hidden"], []])
def test_an_unknown_setting_is_refused(settings: list[str]) -> None:
    with pytest.raises(ConfigError, match=r"no setting.*\n?.*named, masked"):
        read_code("json", settings=settings)


def test_a_missing_code_base_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="neither a path nor a Python package"):
        read_code(str(tmp_path / "nothing"))
