"""From a task to a recorded run folder, with a task of the test's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kgtransfer.errors import ConfigError, RunError
from kgtransfer.experiments.arms import Arm
from kgtransfer.experiments.results import RunResult
from kgtransfer.experiments.runner import SettingRuns
from kgtransfer.experiments.task import FitResult, Setting
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.runs.experiment import experiment
from kgtransfer.runs.folder import verify
from kgtransfer.store import connect

EX = "http://example.org/"
TURTLE = """
@prefix ex: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:Tea a rdfs:Class ; rdfs:label "tea" .
ex:Green a rdfs:Class ; rdfs:label "green tea" ; rdfs:subClassOf ex:Tea .
"""


@dataclass(frozen=True)
class Method:
    gain: float = 0.0
    is_seeded: bool = True


@dataclass
class TeaTask:
    """Samples of tea: the score of an arm is its gain."""

    graph: KnowledgeGraph
    kind: str = "teas"
    metric: str = "accuracy"
    data: str = "shelf"
    test: str = "shelf"
    device: str = "cpu"
    hash: str = "h"
    headline: str = "kg"
    arms: Sequence[Arm[Method]] = (
        Arm("plain", says="water alone", method=Method(is_seeded=False)),
        Arm("kg", "knowledge", "with leaves", ("plain", "placebo"), method=Method(0.2)),
        Arm("placebo", "placebo", "with other leaves", ("plain",), method=Method(0.05)),
    )
    fits: list[tuple[str, str, int]] = field(default_factory=list)

    def settings(self, arms: Sequence[Arm[Method]]) -> list[Setting[Method]]:
        return [Setting("hot", tuple(arms)), Setting("cold", tuple(arms)[:2])]

    def fit(
        self,
        setting: Setting[Method],
        arm: Arm[Method],
        seed: int,
        *,
        model_file: Path | None = None,
    ) -> FitResult:
        self.fits.append((setting.name, arm.name, seed))
        if model_file:
            model_file.write_bytes(arm.name.encode())
        assert arm.method is not None
        return FitResult(np.linspace(0, 1, 30) + arm.method.gain)

    def findings(self, runs: Mapping[str, SettingRuns]) -> dict[str, Any]:
        return {"label_unit": "cups", "weights": {EX + "Green": 0.5, EX + "Lost": 0.1}}

    def save(self, folder: Path, runs: Mapping[str, SettingRuns]) -> None:
        (folder / "leaves.json").write_bytes(runs["hot"].models["kg"].read_bytes())


@pytest.fixture
def task(tmp_path: Path) -> TeaTask:
    (tmp_path / "tea.ttl").write_text(TURTLE, encoding="utf-8")
    return TeaTask(read_ontology(tmp_path / "tea.ttl"))


def test_a_run_folder_holds_scores_models_ontology_and_report(
    task: TeaTask, tmp_path: Path
) -> None:
    result = experiment(task, seeds=2, out=tmp_path / "run")
    assert result.compare("kg", "plain").verdict == "helps"
    assert (result.kind, result.pipeline, result.headline) == ("teas", "teas", "kg")
    assert result.chosen == {"plain": "water alone"}
    assert RunResult.load(tmp_path / "run").to_json() == result.to_json()
    assert (tmp_path / "run" / "leaves.json").read_bytes() == b"kg"
    assert "with leaves" in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert not (tmp_path / "run" / "run.toml").exists()
    verify(tmp_path / "run")
    seeds = {(setting, arm) for setting, arm, seed in task.fits if seed == 1}
    assert seeds == {("hot", "kg"), ("hot", "placebo"), ("cold", "kg")}


def test_the_same_experiment_again_fits_nothing(task: TeaTask, tmp_path: Path) -> None:
    first = experiment(task, seeds=2, out=tmp_path / "run")
    task.fits.clear()
    again = experiment(task, seeds=2, out=tmp_path / "run")
    assert task.fits == []
    assert again.to_json()["arms"] == first.to_json()["arms"]
    experiment(task, seeds=3, out=tmp_path / "run")
    assert {seed for _, _, seed in task.fits} == {2}


def test_arms_by_name_and_of_the_users_own(task: TeaTask, tmp_path: Path) -> None:
    own = Arm("mine", "knowledge", "my leaves", ("kg", "plain"), method=Method(0.4))
    result = experiment(task, ["plain", own], seeds=1, out=tmp_path / "run")
    assert list(result.main.arms) == ["plain", "kg", "mine"]  # the headline always runs
    assert [(c.a, c.b) for c in result.main.comparisons][:2] == [("kg", "plain"), ("mine", "kg")]
    assert result.headline == "kg"
    with pytest.raises(ConfigError, match="no arm ours"):
        experiment(task, ["ours"], seeds=1, out=tmp_path / "other")


def test_a_run_is_recorded_in_the_store_of_its_folder(task: TeaTask, tmp_path: Path) -> None:
    store = tmp_path / "run" / "store.kglite"
    with connect(store) as opened:
        opened.sync(task.graph)
    experiment(task, seeds=1, out=tmp_path / "run")
    with connect(store) as opened:
        rows = opened.run(
            "MATCH (r)-[u:prov__used]->(c) WHERE u.kgt__weight = 0.5 RETURN c.uri AS concept"
        )
    assert {row["concept"] for row in rows} == {EX + "Green"}


def test_a_folder_of_somebody_elses_files_is_refused(task: TeaTask, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(RunError, match="holds files that no run wrote"):
        experiment(task, seeds=1, out=tmp_path / "run")
    with pytest.raises(ConfigError, match="at least one seed"):
        experiment(task, seeds=0, out=tmp_path / "new")


def test_a_run_that_cannot_be_written_leaves_the_one_before(task: TeaTask, tmp_path: Path) -> None:
    experiment(task, seeds=1, out=tmp_path / "run")
    before = (tmp_path / "run" / "result.json").read_bytes()
    task.findings = lambda runs: {"gates": {"kg": [1.0, {1, 2}]}}  # type: ignore[method-assign]
    with pytest.raises(RunError, match=r"findings\(\)\['gates', 'kg', 1\] is nothing that JSON"):
        experiment(task, seeds=1, out=tmp_path / "run")
    assert (tmp_path / "run" / "result.json").read_bytes() == before


def test_what_cannot_be_told_apart_is_refused_before_any_fit(task: TeaTask, tmp_path: Path) -> None:
    twins = [Arm("mine", method=Method()), Arm("mine", method=Method(0.1))]
    with pytest.raises(ConfigError, match="two arms are called mine"):
        experiment(task, twins, seeds=1, out=tmp_path / "run")
    with pytest.raises(ConfigError, match="each once"):
        experiment(task, seeds=[0, 0], out=tmp_path / "run")
    task.headline = "nope"
    with pytest.raises(ConfigError, match="headline 'nope' is no arm"):
        experiment(task, ["plain"], seeds=1, out=tmp_path / "run")
    assert task.fits == []
