"""The pipeline of node classification on a small graph with names, from file to report."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kgtransfer.experiments.results import RunResult
from kgtransfer.store import connect

WORDS = [
    "quantum entanglement", "laser cooling", "cold atoms", "photon", "optical lattice",
    "superconductivity", "magnetism", "semiconductor", "crystal structure", "band structure",
]  # fmt: skip


def write_authors(path: Path) -> None:
    """Two communities of authors: atoms and crystals."""
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1], 60)
    same = labels[:, None] == labels
    pairs = np.triu(rng.random((120, 120)) < np.where(same, 0.08, 0.01), 1)
    words = rng.random((120, 10)) < np.where(labels[:, None] == (np.arange(10) >= 5), 0.4, 0.05)
    np.savez(
        path,
        edge_index=np.stack(np.nonzero(pairs)),
        num_nodes=120,
        y=labels,
        x=words.astype(np.float32),
        attr_names=np.array(WORDS),
        class_names=np.array(["phys rev a", "phys rev b"]),
    )


def run(repository: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(repository / "pipelines" / "graph_control.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_from_a_file_to_a_report(repository: Path, tmp_path: Path) -> None:
    write_authors(tmp_path / "authors.npz")
    out = tmp_path / "run"
    arms = "baseline_linear,control,baseline,kg,shuffled"
    done = run(
        repository, "--data", str(tmp_path / "authors.npz"), "--out", str(out), "--seeds", "2",
        "--arms", arms, "--set", "few_labels=[1,3]",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    result = RunResult.load(out)
    assert (result.kind, result.headline) == ("nodes", "kg")
    assert list(result.chosen) == ["baseline"]
    with connect(out / "store.kglite") as store:  # the run is found by its concepts
        rows = store.run("MATCH (r)-[:prov__used]->(c) RETURN c.uri AS concept")
    concepts = {row["concept"] for row in rows}
    assert "https://w3id.org/kgtransfer/nodes/authors/attribute/cold%20atoms" in concepts
    assert list(result.settings) == ["10% labelled", "1 label a class", "3 labels a class"]
    assert list(result.main.arms) == arms.split(",")
    worth = result.settings["1 label a class"].label_equivalent()
    assert worth is not None
    assert worth.ceiling == 3
    few = result.settings["1 label a class"].arms
    assert list(few) == [*arms.split(","), "labels_1", "labels_3"]
    assert few["labels_1"].per_seed == few["baseline"].per_seed
    assert few["kg"].mean > 0.9  # what a journal is about is in the ontology
    names = {path.name for path in out.iterdir()}
    assert {
        "model.safetensors",
        "head.json",
        "predictions.csv",
        "ontology.ttl",
        "run.toml",
    } <= names
    assert "README.md" in names
    lines = (out / "predictions.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "node,class,probability"
    assert len(lines) == 121
    assert json.loads((out / "head.json").read_text())["classes"] == ["phys rev a", "phys rev b"]
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "Map of the node vectors" in page
    assert "cold atoms" in page


def test_a_missing_file_is_told(repository: Path, tmp_path: Path) -> None:
    done = run(repository, "--data", str(tmp_path / "none.npz"), "--out", str(tmp_path / "run"))
    assert done.returncode == 2
    assert "not found" in done.stderr
    assert "edge_index, num_nodes and y" in done.stderr


def test_an_empty_path_is_not_taken_for_the_default(repository: Path, tmp_path: Path) -> None:
    done = run(repository, "--data", "", "--out", str(tmp_path / "run"))
    assert (done.returncode, (tmp_path / "run").exists()) == (2, False)
    assert "--data is empty" in done.stderr
