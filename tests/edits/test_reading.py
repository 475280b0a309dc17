"""An edit is read before anything heavy is loaded; new runs do not get into each other's way."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kgtransfer.edits.reading import begin, next_folder, read_edited
from kgtransfer.errors import RunError
from kgtransfer.experiments.results import signed
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.utils.files import sole

ONTOLOGY = Path(__file__).parents[2] / "ontology" / "land_cover.ttl"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """What a saved run says of itself, without its models."""
    folder = tmp_path / "runs" / "scenes"
    folder.mkdir(parents=True)
    known = {"graph_hash": read_ontology(ONTOLOGY).hash, "run_hash": "parent"}
    (folder / "result.json").write_text(json.dumps(signed(known)), encoding="utf-8")
    toml = f'[ontology]\nvocabulary = "{ONTOLOGY}"\nshapes = "ontology/shapes"\n'
    (folder / "run.toml").write_text(toml, encoding="utf-8")
    return folder


def test_the_ontology_is_looked_for_where_the_run_had_it(run: Path) -> None:
    edited = read_edited(run)
    assert (edited.paths, edited.is_new) == ((ONTOLOGY,), False)
    assert read_edited(run, ONTOLOGY.with_name("wbc.ttl")).is_new


def test_an_ontology_of_several_files_is_told_by_what_was_written_of_the_graph(run: Path) -> None:
    files = [ONTOLOGY.with_name(name) for name in ("attributes.ttl", "research_fields.ttl")]
    listed = ", ".join(f'"{file}"' for file in files)
    (run / "run.toml").write_text(f"[ontology]\nfiles = [{listed}]\n", encoding="utf-8")
    assert read_edited(run).is_new
    written = read_ontology(*files).hash
    (run / "details.json").write_text(json.dumps({"written_hash": written}), encoding="utf-8")
    edited = read_edited(run)
    assert (edited.paths, edited.is_new) == (tuple(files), False)
    assert edited.where == f"{files[0]}, {files[1]}"
    assert read_edited(run, files[0]).is_new
    assert read_edited(run, edited.graph).where == "the graph"


def test_files_beside_a_vocabulary_belong_to_the_ontology(run: Path) -> None:
    other = ONTOLOGY.with_name("wbc.ttl")
    toml = f'[ontology]\nvocabulary = "{ONTOLOGY}"\nfiles = ["{other}"]\n'
    (run / "run.toml").write_text(toml, encoding="utf-8")
    assert read_edited(run).paths == (ONTOLOGY, other)
    toml = f'[ontology]\nvocabulary = ""\nfiles = ["{other}"]\n'  # no name is not this folder
    (run / "run.toml").write_text(toml, encoding="utf-8")
    assert read_edited(run).paths == (other,)


def test_that_nothing_changed_is_told_without_a_learning_library(run: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from kgtransfer.retraining.loop import once
print(once(Path({str(run)!r}), None).text)
print(sorted({{"torch", "timm", "sklearn", "matplotlib"}} & set(sys.modules)))
"""
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert "nothing to do" in told
    assert told.endswith("[]\n")


def test_a_run_without_its_settings_wants_the_ontology_named(run: Path) -> None:
    (run / "run.toml").unlink()
    with pytest.raises(RunError, match=r"run\.toml: does not say[\s\S]*--ontology"):
        read_edited(run)
    assert not read_edited(run, ONTOLOGY).is_new
    assert read_edited(run, ONTOLOGY.with_name("wbc.ttl")).is_new


def test_new_runs_are_numbered_and_one_that_was_cut_off_is_taken_up(run: Path) -> None:
    edited, other = read_edited(run), read_edited(run, ONTOLOGY.with_name("wbc.ttl"))
    first = next_folder(run, edited)
    assert first.name == "scenes-2"
    assert begin(first, run, edited)
    assert begin(first, run, edited)  # the same, not finished
    assert next_folder(run, edited) == first
    assert next_folder(run, other).name == "scenes-3"
    (first / "result.json").write_text("{}", encoding="utf-8")
    assert next_folder(run, edited) == first
    assert not begin(first, run, edited)  # made before
    with pytest.raises(RunError, match="scenes-2 is not empty"):
        begin(first, run, other)


def test_only_one_retrains_at_a_time(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    refused = pytest.raises(RunError, match="another process is retraining it")
    with sole(lock, "retraining it"), refused, sole(lock, "retraining it"):
        pass
    with sole(lock, "retraining it"):  # let go of
        pass
