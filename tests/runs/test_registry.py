"""Which runs there are, what they came from, and which is in use."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import numpy as np
import pytest

from kgtransfer.errors import RunError, StoreError
from kgtransfer.experiments.arms import Arm
from kgtransfer.experiments.comparison import ArmScores
from kgtransfer.experiments.results import RunResult, signed
from kgtransfer.experiments.setting import SettingResult
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.runs.recording import iri_of_run, record_all, worth_of_run
from kgtransfer.runs.registry import entries, promote, versus
from kgtransfer.runs.unlabelled import Unlabelled, write_unlabelled
from kgtransfer.store import connect
from kgtransfer.store.queries import answer
from kgtransfer.utils.files import json_bytes, read_json

ONTOLOGY = Path(__file__).parents[2] / "ontology"
WBC = "https://w3id.org/kgtransfer/wbc#"


def _save(folder: Path, name: str, right: float, *, parent: str = "", data: str = "d" * 64) -> Path:
    """A run whose arm kg is right in a share of 200 samples, the same ones first."""
    scores = np.repeat([(np.arange(200) < 200 * right).astype(float)], 3, axis=0)
    arm = Arm("kg", "knowledge")
    setting = SettingResult.of("validation, 5 labels", [ArmScores(arm, scores)])
    details = {
        "data_hash": data,
        "weights": {WBC + "RoundNucleus": right},
        "lineage": {"parent": parent},
    }
    result = RunResult(
        "wbc", "cells", "cells", "balanced_accuracy", [0, 1, 2], {setting.name: setting},
        kind="images", details=details, graph_hash="ab" * 32, run_hash=f"hash-of-{name}",
    )  # fmt: skip
    result.save(folder / name)
    return folder / name


def test_runs_are_listed_best_first_and_damaged_ones_never_as_good(tmp_path: Path) -> None:
    _save(tmp_path, "old", 0.5)
    _save(tmp_path, "new", 0.75, parent="hash-of-old")
    broken = _save(tmp_path, "broken", 0.9)
    (broken / "scores.safetensors").write_bytes(b"")
    (tmp_path / "unfinished").mkdir()
    (tmp_path / "unfinished" / "run.toml").write_text("seeds = 1\n", encoding="utf-8")
    found = entries(tmp_path)
    assert [entry.folder.name for entry in found] == ["new", "old", "broken"]
    assert [entry.score for entry in found] == [0.75, 0.5, 0.0]
    assert [entry.parent for entry in found] == ["hash-of-old", "", ""]
    assert "scores.safetensors: damaged" in found[2].damage
    with pytest.raises(RunError, match="no such folder"):
        entries(tmp_path / "nowhere")


def test_a_better_run_is_put_to_use_and_a_worse_one_is_not(tmp_path: Path) -> None:
    old, new = _save(tmp_path, "old", 0.5), _save(tmp_path, "new", 0.75)
    other = _save(tmp_path, "other", 0.2, data="e" * 64)
    assert promote(old).promoted
    assert promote(new).promoted
    assert promote(other).promoted  # of other data: one for each
    used = {entry.folder.name: entry.promoted for entry in entries(tmp_path)}
    assert used == {"new": True, "old": False, "other": True}
    with pytest.raises(RunError, match=r"worse than .*new, which is in use .*250"):
        promote(old)
    assert promote(old, anyway=True).promoted


def test_what_no_label_tells_is_told_before_a_run_is_put_to_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = _save(tmp_path, "old", 0.5), _save(tmp_path, "new", 0.75)
    fits = np.linspace(0, 1, 40)
    for run, said, lost in ((old, ["a", "b"], 0.0), (new, ["a", "a"], 0.5)):
        kept = {"other lab": Unlabelled.of("abc", [said * 20], {"axioms": fits - lost})}
        write_unlabelled(run, kept)
    promote(old)
    assert promote(new).promoted
    told = capsys.readouterr().err
    assert "warning: other lab, without labels, against " in told
    assert "50.0% of 40 answers change; axioms fit worse (\N{MINUS SIGN}.500 [" in told
    promote(old, anyway=True)
    assert "warning: other lab" not in capsys.readouterr().err


def test_a_damaged_run_is_never_put_to_use(tmp_path: Path) -> None:
    run = _save(tmp_path, "run", 0.5)
    (run / "details.json").write_bytes(b"{}")
    with pytest.raises(RunError, match=r"details\.json: damaged"):
        promote(run)
    assert not (tmp_path / "promoted.json").exists()


def test_runs_are_compared_where_they_can_be(tmp_path: Path) -> None:
    a, b = _save(tmp_path, "a", 0.75), _save(tmp_path, "b", 0.5)
    (compared,) = versus(a, b).values()
    assert (compared.difference, compared.verdict) == (0.25, "helps")
    with pytest.raises(RunError, match=r"no arm none[\s\S]*arms are: kg"):
        versus(a, b, arm="none")


def test_runs_of_another_protocol_are_listed_with_the_cure_and_never_compared(
    tmp_path: Path,
) -> None:
    new, old = _save(tmp_path, "new", 0.5), _save(tmp_path, "old", 0.9)
    content = {k: v for k, v in read_json(old / "result.json").items() if k != "sha256"}
    del content["protocol"]  # as runs were before it was noted
    (old / "result.json").write_bytes(json_bytes(signed(content)))
    found = entries(tmp_path)
    assert [entry.folder.name for entry in found] == ["new", "old"]
    assert "of protocol 1, not 2 (bring the run up to date: kgtransfer migrate" in found[1].damage
    with pytest.raises(RunError, match="of protocol 1"):
        versus(new, old)
    with pytest.raises(RunError, match="of protocol 1"):
        promote(old)


@pytest.mark.slow
def test_cypher_finds_runs_by_concept_data_and_parent(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    _save(runs, "new", 0.75, parent="hash-of-old")
    _save(runs, "old", 0.5)
    store = str(tmp_path / "store.kglite")
    with pytest.raises(StoreError, match="the store knows none of the 1 concepts"):
        record_all(entries(runs), store)
    with connect(store) as opened:
        opened.sync(read_ontology(ONTOLOGY / "wbc.ttl"))
    promote(runs / "new")
    record_all(entries(runs), store)
    new, old = (iri_of_run(entry.folder, entry.run_hash) for entry in entries(runs))
    with connect(store) as opened:
        (best,) = answer(opened, "best_runs", {}).rows
        assert (best["run"], best["score"], best["in_use"]) == (new, 0.75, True)
        (before,) = answer(opened, "lineage_of_run", {"run": new}).rows
        assert (before["run"], before["steps"], before["score"]) == (old, 1, 0.5)
        (changed,) = answer(opened, "changes_between_runs", {"a": old, "b": new}).rows
        assert (changed["a"], changed["b"]) == (0.5, 0.75)
        used = answer(opened, "runs_by_concept", {"uri": WBC + "RoundNucleus"}).rows
        assert {row["run"]: row["weight"] for row in used} == {new: 0.75, old: 0.5}


def test_a_moved_folder_of_runs_is_the_same(tmp_path: Path) -> None:
    promote(_save(tmp_path / "here", "run", 0.5))
    shutil.move(tmp_path / "here", tmp_path / "there")
    (entry,) = entries(tmp_path / "there")
    assert (entry.promoted, entry.score, entry.damage) == (True, 0.5, "")


@pytest.mark.parametrize("name", ["/dev/zero", "../other/model.safetensors"])
def test_a_run_is_made_of_nothing_outside_it(tmp_path: Path, name: str) -> None:
    run = _save(tmp_path, "run", 0.5)
    content = read_json(run / "result.json")
    del content["sha256"]
    content["files"][name] = "0" * 64
    (run / "result.json").write_bytes(json_bytes(signed(content)))
    with pytest.raises(RunError, match=f"{name} is no file of the run"):
        promote(run)
    assert "is no file of the run" in entries(tmp_path)[0].damage


@pytest.mark.parametrize("lineage", [[], {"parent": 5}, "x"])
def test_details_that_no_run_writes_are_damage(tmp_path: Path, lineage: object) -> None:
    run = _save(tmp_path, "run", 0.5)
    details = json_bytes({"lineage": lineage})
    (run / "details.json").write_bytes(details)
    content = read_json(run / "result.json")
    del content["sha256"]
    content["files"]["details.json"] = hashlib.sha256(details).hexdigest()
    (run / "result.json").write_bytes(json_bytes(signed(content)))
    with pytest.raises(RunError, match=r"details\.json: not what a run writes"):
        promote(run)
    assert "not what a run writes" in entries(tmp_path)[0].damage


def test_a_run_leads_to_no_folder_outside_it(tmp_path: Path) -> None:
    run, papers = _save(tmp_path / "runs", "run", 0.5), tmp_path / "papers"
    papers.mkdir()
    (run / "fits").symlink_to(papers)
    with pytest.raises(RunError, match="fits is a link to another folder"):
        promote(run)


def test_runs_that_claim_to_come_from_each_other_are_recorded(tmp_path: Path) -> None:
    for name, parent in (("one", "two"), ("two", "three"), ("three", "one")):
        _save(tmp_path, name, 0.5, parent=f"hash-of-{parent}")
    with connect(tmp_path / "store.kglite") as store:
        store.sync(read_ontology(ONTOLOGY / "wbc.ttl"))
    record_all(entries(tmp_path), str(tmp_path / "store.kglite"))
    with connect(tmp_path / "store.kglite") as store:
        found = answer(store, "runs_by_concept", {"uri": WBC + "RoundNucleus"}).rows
    assert len({row["run"] for row in found}) == 3


@pytest.mark.parametrize("content", ["{}", '{"worth": 1}', '{"worth": [{"kind": "concept"}]}',
                                     '{"worth": [{"kind": "concept", "iris": []}]}'])  # fmt: skip
def test_a_file_that_explain_did_not_write_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "worth-home.json").write_text(content)
    with pytest.raises(RunError, match=r"worth-home\.json: not what kgtransfer explain writes"):
        worth_of_run(tmp_path)


@pytest.mark.parametrize("noted", ["5", "[]", '{"folder": []}'])
def test_a_note_of_runs_in_use_that_says_nothing_is_named(tmp_path: Path, noted: str) -> None:
    run = _save(tmp_path, "run", 0.5)
    (tmp_path / "promoted.json").write_text(f'{{"wbc {"d" * 64}": {noted}}}')
    with pytest.raises(RunError, match=r"promoted\.json: does not say which runs are in use"):
        promote(run)
