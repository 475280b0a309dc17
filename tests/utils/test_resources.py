from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.errors import DataError
from kgtransfer.utils.resources import (
    bundled,
    bundled_pipelines,
    comes_along,
    pipeline_file,
    resource,
    users_or_bundled,
)


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_comes_along_is_found_from_any_folder(repository: Path, empty: Path) -> None:
    assert resource("ontology/wbc.ttl") == repository / "ontology" / "wbc.ttl"
    assert users_or_bundled("ontology/wbc.ttl") == repository / "ontology" / "wbc.ttl"
    assert users_or_bundled("mine.ttl") == Path("mine.ttl")
    with pytest.raises(DataError, match=r"mine\.ttl is neither in the current folder nor part"):
        resource("mine.ttl")


def test_a_file_of_the_user_comes_first(repository: Path, empty: Path) -> None:
    (empty / "ontology").mkdir()
    (empty / "ontology" / "wbc.ttl").touch()
    assert resource("ontology/wbc.ttl") == Path("ontology/wbc.ttl")
    assert bundled("ontology/wbc.ttl") == repository / "ontology" / "wbc.ttl"


def test_only_data_comes_along(repository: Path, empty: Path) -> None:
    assert (repository / "pyproject.toml").is_file()
    assert users_or_bundled("pyproject.toml") == Path("pyproject.toml")
    assert users_or_bundled("ontology/../pyproject.toml") == Path("ontology/../pyproject.toml")


@pytest.mark.parametrize("name", ["graph_control.toml", "pipelines/graph_control.toml"])
def test_a_pipeline_is_found_by_its_name(repository: Path, empty: Path, name: str) -> None:
    assert "graph_control.toml" in bundled_pipelines()
    file = pipeline_file(name)
    assert file == repository / "pipelines" / "graph_control.toml"
    assert comes_along(file)
    assert not comes_along(empty / name)


def test_a_pipeline_of_the_user_comes_first(empty: Path) -> None:
    (empty / "graph_control.toml").touch()
    assert pipeline_file("graph_control.toml") == Path("graph_control.toml")
    assert pipeline_file("none.toml") == Path("none.toml")
