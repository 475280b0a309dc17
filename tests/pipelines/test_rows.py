"""The pipeline of node classification on a table of rows without edges, from file to report."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

from kgtransfer.experiments.results import RunResult

ONTOLOGY = """
@prefix att: <https://w3id.org/kgtransfer/attributes#> .
@prefix e: <http://example.org/shells#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

e:Snail a att:NodeClass ; rdfs:label "snail" .
e:Mussel a att:NodeClass ; rdfs:label "mussel" .
e:Turns a att:NodeAttribute ; rdfs:label "turns" ; rdfs:comment "Of the shell about its axis." ;
    att:highIn e:Snail ; att:lowIn e:Mussel .
"""


def test_from_a_table_to_a_report(repository: Path, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    lines = ["id;class;turns;weight"]
    for row in range(60):
        turns = 4 * (row % 2) + rng.normal()
        lines.append(f"s{row};{['mussel', 'snail'][row % 2]};{turns:.3f};{rng.normal():.3f}")
    (tmp_path / "shells.csv").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "shells.ttl").write_text(ONTOLOGY, encoding="utf-8")
    command = [
        sys.executable, repository / "pipelines" / "graph_control.py",
        "--data", tmp_path / "shells.csv", "--out", tmp_path / "run", "--seeds", "2",
        "--arms", "none,baseline_linear,control,baseline,kg,kg_unlabelled,shuffled",
        "--labels-per-class", "1",
        "--set", f'ontology.files=["ontology/attributes.ttl", "{tmp_path / "shells.ttl"}"]',
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "label: class; numbers: turns, weight; id: id" in done.stderr
    assert "left out, for want of edges: none, gcc, gnn, control_random" in done.stderr
    result = RunResult.load(tmp_path / "run")
    arms = result.settings["1 label a class"].arms
    assert [*result.main.arms] == [
        "baseline_linear", "control", "baseline", "kg", "kg_unlabelled", "shuffled",
    ]  # fmt: skip
    assert arms["kg_unlabelled"].mean > 0.9
    assert arms["kg"].mean > 0.9
    found = result.details["chosen"]["1 label a class"]
    assert {choice["by"] for choice in found.values()} == {"rule"}
    assert set(result.details["candidates"]["10% labelled"]) == {"columns", "forest", "gated heads"}
    table = (tmp_path / "run" / "predictions.csv").read_text(encoding="utf-8").splitlines()
    assert table[0] == "node,class,probability"
    assert table[1].startswith("s0,mussel,")
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert "60 rows" in page
    assert "What the baseline is" in page
