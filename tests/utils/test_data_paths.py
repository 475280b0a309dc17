from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.errors import DataError
from kgtransfer.utils.data_paths import find_data


def test_a_path_comes_first_then_the_shared_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "shared" / "vision" / "cells"
    shared.mkdir(parents=True)
    monkeypatch.setenv("KGTRANSFER_DATA", str(tmp_path / "shared"))
    monkeypatch.chdir(tmp_path)
    assert find_data("cells") == shared
    (tmp_path / "cells").mkdir()
    assert find_data("cells") == Path("cells")
    assert find_data(shared) == shared


def test_a_graph_is_a_file_also_without_its_ending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "graph").mkdir()
    file = tmp_path / "graph" / "v1.0.npz"
    file.touch()
    monkeypatch.setenv("KGTRANSFER_DATA", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "v1.0").mkdir()  # a run's folder of that name is no data
    assert find_data("v1.0.npz", "graph") == find_data("v1.0", "graph") == file
    with pytest.raises(DataError, match=r"not found[\s\S]*edge_index, num_nodes and y"):
        find_data("other.npz", "graph")
    with pytest.raises(DataError, match=r"get cora_ml\.npz \(Bojchevski.*MIT"):
        find_data("cora_ml.npz", "graph")


def test_what_is_missing_says_where_it_can_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KGTRANSFER_DATA", raising=False)
    with pytest.raises(DataError, match=r"KGTRANSFER_DATA is not set[\s\S]*Mendeley.*CC BY 4.0"):
        find_data("wbc_pbc")
    with pytest.raises(DataError, match=r"a folder with labels\.csv"):
        find_data("nowhere")
    with pytest.raises(DataError, match="no data"):
        find_data("")
