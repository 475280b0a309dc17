"""The pipeline of blood cells, whole, on drawn cells: round nuclei and lobed ones, two domains."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from safetensors import safe_open

from kgtransfer.errors import OntologyError
from kgtransfer.experiments.results import RunResult


def _result(cell_run: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((cell_run / "result.json").read_text(encoding="utf-8"))
    return loaded


@pytest.mark.slow
def test_axioms_name_cells_of_either_domain_without_a_label(cell_run: Path) -> None:
    result = _result(cell_run)
    (away,) = result["other_settings"]
    assert (result["setting"], away["setting"]) == ("source, 3 labels", "away, 3 labels")
    for setting in (result, away):
        arms = setting["arms"]
        assert set(arms) == {"none", "baseline", "kg", "shuffled", "axioms", "measures"}
        assert arms["axioms"]["mean"] >= 0.6  # of three classes
        assert arms["kg"]["mean"] >= 0.75
        seeds = {arm: len(arms[arm]["per_seed"]) for arm in ("axioms", "measures", "kg")}
        assert seeds == {"axioms": 1, "measures": 2, "kg": 2}  # no label, no seed
        assert arms["shuffled"]["mean"] > 0.1  # a closed gate leaves the word to what was learned
    assert result["labels_per_class"] == 3


@pytest.mark.slow
def test_the_run_folder_is_whole_and_the_report_shows_what_it_should(cell_run: Path) -> None:
    names = {path.name for path in cell_run.iterdir()}
    assert names >= {
        *("README.md", "concepts", "models", "ontology.ttl", "report.html", "result.json"),
        "run.toml",
    }
    page = (cell_run / "report.html").read_text(encoding="utf-8")
    for heading in ("Which classes are taken for which", "What the classes show", "Grounded"):
        assert heading in page
    for label in ("lymphocyte", "neutrophil"):
        assert f'alt="{label}" src="data:image/png;base64,' in page
    with safe_open(cell_run / "models" / "3-0.safetensors", "np") as file:
        assert {"axioms.weight", "measures.slopes"} <= set(file.keys())


@pytest.mark.slow
def test_the_same_run_again_fits_nothing(
    cell_run: Path,
    cell_labs: tuple[Path, Path],
    run_cells: Callable[..., RunResult],
    tmp_path: Path,
) -> None:
    again = tmp_path / "wbc"
    shutil.copytree(cell_run, again)
    fits = {path.name: path.stat().st_mtime_ns for path in (again / "fits").iterdir()}
    run_cells(again, cell_labs[0], f"data.test={cell_labs[1]}")
    assert {p.name: p.stat().st_mtime_ns for p in (again / "fits").iterdir()} == fits
    assert _result(again)["arms"] == _result(cell_run)["arms"]


@pytest.mark.slow
def test_a_label_that_the_ontology_does_not_know_is_named(
    cell_labs: tuple[Path, Path], run_cells: Callable[..., RunResult], tmp_path: Path
) -> None:
    table = (cell_labs[0] / "labels.csv").read_text(encoding="utf-8")
    strange = tmp_path / "strange"
    strange.mkdir()
    (strange / "eosinophil0.png").write_bytes((cell_labs[0] / "eosinophil0.png").read_bytes())
    (strange / "labels.csv").write_text(table.replace(",neutrophil", ",n-phil"), encoding="utf-8")
    with pytest.raises(OntologyError, match="no class for the label 'n-phil'"):
        run_cells(tmp_path / "run", strange)
