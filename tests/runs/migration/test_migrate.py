"""Runs as protocol 1 wrote them, brought up to date: scores as they were, arms by what they are."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file
from safetensors.torch import load_file
from safetensors.torch import save_file as save_torch
from typer.testing import CliRunner

from kgtransfer.cli import app
from kgtransfer.errors import RunError
from kgtransfer.experiments.results import RunResult, signed
from kgtransfer.runs.folder import verify
from kgtransfer.runs.migration import migrate
from kgtransfer.runs.registry import entries, versus

RIGHT = {"none": 4, "baseline": 6, "kg": 8, "shuffled": 5, "numbers": 3, "labels_20": 7}
IMAGE_DETAILS = {
    "label_unit": "labels per class",
    "arms": {"kg": "same hygiene"},
    "arm": {
        "name": "kg", "experts": ["axioms", "numbers"], "by": "film", "trained": "all",
        "shuffled": False, "rules": 0.0, "trusting": False, "labels": None,
    },
    "trust": {"home": 1.0, "lab2": 0.25},
    "lab": {"ends": {"m": [0.1, 0.9]}, "mean": [0.5], "deviation": [1.0], "colours": None},
    "gates": {"home, 5 labels": {"kg": {"axioms": [2.0], "numbers": [0.5]}}},
    "gates_note": "`axioms` is lambda: 0 shuts the door. `numbers` is a root mean square.",
    "confusion": {"home": {"classes": ["a", "b"], "table": [[4, 1], [1, 4]]}},
    "training": {"backbone": "tiny", "beside_experts": 0.1},
    "data_hash": "d" * 64,
}  # fmt: skip


def _entry(setting: str, arms: list[str], labels: float) -> dict[str, Any]:
    saved = {
        "mean": 0.5, "sd": 0.0, "per_seed": [0.5], "seconds": 2.5, "ci95": [0.2, 0.8],
        "metrics": {"accuracy": [0.5]},
    }  # fmt: skip
    compared = {
        "a": "kg", "b": "none", "difference": 0.4, "ci95": [0.1, 0.7], "verdict": "helps"
    }  # fmt: skip
    return {
        "setting": setting,
        "labels_per_class": labels,
        "arms": dict.fromkeys(arms, saved),
        "comparisons": [compared] if {"kg", "none"} <= {*arms} else [],
        "label_equivalent": {},
    }


def _protocol_1(
    folder: Path,
    pipeline: str,
    settings: dict[str, list[str]],
    details: dict[str, Any],
    labels: float = 0.0,
) -> Path:
    """A run of one seed over ten samples, as it was written before protocols were noted."""
    folder.mkdir(parents=True)
    (folder / "run.toml").write_text(
        "seeds = 1\n\n[training]\nsteps = 8.0\nbeside_experts = 0.1\nreading_lr = 0.02\n",
        encoding="utf-8",
    )
    (folder / "ontology.ttl").write_text("", encoding="utf-8")
    (folder / "details.json").write_text(json.dumps(details), encoding="utf-8")
    scores = {}
    for setting, arms in settings.items():
        for arm in arms:
            right = (np.arange(10) < RIGHT.get(arm, 9)).astype(float)
            scores[f"{setting}/{arm}"] = right[None]
        scores[f"{setting}/(strata)"] = np.repeat([0, 1], 5)
    save_file(scores, folder / "scores.safetensors")
    (folder / "models").mkdir()
    tensors = ("network.w", "numbers.slopes", "activations.home", "activations.lab2")
    save_torch(
        {name: torch.full((2,), float(row)) for row, name in enumerate(tensors)},
        folder / "models" / "5-0.safetensors",
    )
    main, *others = (_entry(setting, arms, labels) for setting, arms in settings.items())
    files = [path for path in folder.rglob("*") if path.is_file()]
    content = {
        "pipeline": pipeline,
        "data": "cells",
        "test": "cells",
        "metric": "balanced_accuracy",
        "seeds": [0],
        **main,
        "other_settings": others,
        "environment": {"python": "3.11"},
        "graph_hash": "ab" * 32,
        "run_hash": f"hash of {folder.name}",
        "files": {
            str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in files
        },
    }
    (folder / "result.json").write_text(json.dumps(signed(content)), encoding="utf-8")
    return folder


@pytest.fixture
def cells(tmp_path: Path) -> Path:
    """A run over images of two domains."""
    arms = [*RIGHT]
    settings = {"home, 5 labels": arms, "lab2, 5 labels": arms[:4]}
    return _protocol_1(tmp_path / "runs" / "wbc", "wbc", settings, IMAGE_DETAILS, labels=5)


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_scores_stay_and_arms_have_roles(cells: Path, tmp_path: Path) -> None:
    before = _bytes(cells)
    migrate(cells, tmp_path / "new")
    assert _bytes(cells) == before
    verify(tmp_path / "new")
    result = RunResult.load(tmp_path / "new")
    assert (result.kind, result.headline, result.run_hash) == ("images", "kg", "hash of wbc")
    assert [*result.settings] == ["source, 5 labels", "lab2, 5 labels"]
    arms = result.main.arms
    assert {name: arm.arm.role for name, arm in arms.items()} == {
        "none": "plain", "baseline": "plain", "kg": "knowledge", "shuffled": "placebo",
        "measures": "plain", "labels_20": "labels",
    }  # fmt: skip
    assert arms["measures"].per_sample.tolist() == [[1, 1, 1, 0, 0, 0, 0, 0, 0, 0]]
    assert (arms["kg"].seconds, arms["kg"].strata[4:6]) == (2.5, [0, 1])
    assert arms["labels_20"].arm.labels == 20
    assert [(c.a, c.b) for c in result.main.comparisons][:3] == [
        ("kg", "baseline"), ("kg", "none"), ("kg", "shuffled")
    ]  # fmt: skip
    assert result.chosen == {
        "baseline": "a regression on what was measured, and the network; no graph"
    }
    worth = result.label_equivalent()
    assert worth is not None
    assert worth.ceiling == 20


def test_settings_details_and_models_have_the_names_of_today(cells: Path, tmp_path: Path) -> None:
    details = migrate(cells, tmp_path / "new").details
    assert {"arm", "arms", "lab", "trust"}.isdisjoint(details)
    assert details["method"] == {
        "terms": ["axioms", "measures"], "by": "film", "trained": "all", "shuffled": False,
        "rules": 0.0, "ignores_domain_shift": False,
    }  # fmt: skip
    assert details["domain_shift"] == {"source": 1.0, "lab2": 0.25}
    assert details["source"]["ranges"] == {"m": [0.1, 0.9]}
    assert details["gates"] == {"source, 5 labels": {"kg": {"axioms": [2.0], "measures": [0.5]}}}
    assert "`measures` is a root" in details["gates_note"]
    assert [*details["confusion"]] == ["source"]
    assert details["training"]["rate_beside_terms"] == 0.1
    assert "\nrate_beside_terms = 0.1\nreading_lr" in (tmp_path / "new" / "run.toml").read_text()
    model = load_file(tmp_path / "new" / "models" / "5-0.safetensors")
    assert {name: float(tensor[0]) for name, tensor in model.items()} == {
        "network.w": 0, "measures.slopes": 1, "activations.source": 2, "activations.lab2": 3
    }  # fmt: skip


def test_what_was_explained_and_the_report_come_along_and_what_can_be_made_again_does_not(
    cells: Path, tmp_path: Path
) -> None:
    (cells / "worth-home.json").write_text('{"test": "home", "worth": []}', encoding="utf-8")
    for name in ("fits", "cache", ".hidden"):
        (cells / name).mkdir()
    (cells / "store.kglite").write_bytes(b"store")
    (cells / "store.kglite.lock").write_bytes(b"")
    migrate(cells, tmp_path / "new")
    names = {path.name for path in (tmp_path / "new").iterdir()}
    assert names == {
        "README.md", "details.json", "models", "ontology.ttl", "report.html", "result.json",
        "run.toml", "scores.safetensors", "store.kglite", "worth-source.json",
    }  # fmt: skip
    told = json.loads((tmp_path / "new" / "worth-source.json").read_text(encoding="utf-8"))
    assert told["test"] == "source"
    assert "The knowledge graph" in (tmp_path / "new" / "report.html").read_text(encoding="utf-8")


def test_a_retrained_run_is_about_its_edit(tmp_path: Path) -> None:
    details = {**IMAGE_DETAILS, "lineage": {"parent": "x", "seconds": 3.0, "text": "1 changed"}}
    run = _protocol_1(tmp_path / "wbc-2", "wbc", {"home, 5 labels": ["kg", "before"]}, details)
    result = migrate(run, tmp_path / "new")
    assert [(c.a, c.b) for c in result.main.comparisons] == [("kg", "before")]
    assert result.details["lineage"]["arm"] == "before"


def test_runs_of_the_other_kinds_are_migrated(tmp_path: Path) -> None:
    example = {"query": "q", "context": [{"relation": "reading", "concept": "c", "weight": 1.0}]}
    details = {
        "gates": {"named": {"kg": {"reading": [0.4], "class": [0.1]}}},
        "examples": {"named": [example]},
    }
    arms = ["bm25", "none", "baseline", "queries", "kg", "shuffled", "kg_both", "labels_20"]
    run = _protocol_1(tmp_path / "search", "code_search", {"named": arms}, details)
    search = migrate(run, tmp_path / "new-search")
    assert search.kind == "code"
    assert search.details["gates"]["named"]["kg"] == {"context": [0.4], "class": [0.1]}
    assert search.details["examples"]["named"][0]["context"][0]["relation"] == "context"
    assert search.main.arms["kg_both"].arm.panel == "Where the concept vectors come from"
    assert "context_lr = 0.02" in (tmp_path / "new-search" / "run.toml").read_text()

    settings = {"10% labelled": ["none", "control"], "2 labels a class": ["control", "labels_20"]}
    nodes = migrate(
        _protocol_1(tmp_path / "graph", "graph_control", settings, {}), tmp_path / "new-graph"
    )
    assert (nodes.kind, nodes.headline) == ("nodes", "control")
    assert [setting.labels for setting in nodes.settings.values()] == [0, 2]
    assert [*nodes.settings["2 labels a class"].label_curve()] == [2, 20]


def test_what_cannot_be_migrated_is_refused_in_one_line(cells: Path, tmp_path: Path) -> None:
    out = tmp_path / "new"
    out.mkdir()
    with pytest.raises(RunError, match="new is there already"):
        migrate(cells, out)
    out.rmdir()
    for name, pipeline, arms, message in (
        ("a", "my_own", ["kg"], "a pipeline of your own, and cannot be migrated"),
        ("b", "wbc", ["kg", "mine"], "an arm mine of its own, and cannot be migrated"),
    ):
        run = _protocol_1(tmp_path / name, pipeline, {"home, 5 labels": arms}, {})
        with pytest.raises(RunError, match=message):
            migrate(run, out)
    model = cells / "models" / "5-0.safetensors"
    model.write_bytes(model.read_bytes()[:-1])
    with pytest.raises(RunError, match=r"models/5-0\.safetensors: damaged"):
        migrate(cells, out)
    bad = {**IMAGE_DETAILS, "arm": {"name": "kg"}}
    run = _protocol_1(tmp_path / "c", "wbc", {"home, 5 labels": ["kg"]}, bad)
    with pytest.raises(RunError, match=r"is not what kgtransfer wrote in protocol 1 \(KeyError"):
        migrate(run, out)
    assert not out.exists()


def test_an_up_to_date_run_is_left_alone(cells: Path, tmp_path: Path) -> None:
    migrate(cells, tmp_path / "new")
    with pytest.raises(RunError, match="of protocol 2: there is nothing to migrate"):
        migrate(tmp_path / "new", tmp_path / "newer")


def test_old_and_new_runs_are_compared_once_both_are_of_protocol_2(
    cells: Path, tmp_path: Path
) -> None:
    old, new = cells, cells.with_name("new")
    migrate(old, new)
    listed = entries(cells.parent)
    assert [entry.folder.name for entry in listed] == ["new", "wbc"]
    assert "kgtransfer migrate RUN" in listed[1].damage
    with pytest.raises(RunError, match="of protocol 1, not 2"):
        versus(new, old)
    again = cells.with_name("again")
    migrate(old, again)
    assert {c.difference for c in versus(new, again).values()} == {0.0}


def test_the_command_writes_beside_or_in_place_and_says_what_becomes_of_signatures(
    cells: Path,
) -> None:
    beside = CliRunner().invoke(app, ["migrate", str(cells)])
    assert beside.exit_code == 0, beside.output
    assert "wbc-protocol2/report.html" in beside.stdout
    assert "signature" not in beside.stdout
    (cells / "SHA256SUMS.sig").write_bytes(b"signature")
    done = CliRunner().invoke(
        app, ["migrate", str(cells), "--out", str(cells.with_name("c")), "--json"]
    )
    told = json.loads(done.stdout)
    assert (told["run"], told["was_signed"]) == (str(cells.with_name("c")), True)
    (cells.with_name("wbc-protocol2")).rename(cells.with_name("d"))
    done = CliRunner().invoke(app, ["migrate", str(cells), "--in-place"])
    assert "the signature of the old run does not hold" in done.stdout
    assert RunResult.load(cells).kind == "images"
    assert (cells.with_name("wbc-protocol1") / "SHA256SUMS.sig").is_file()
