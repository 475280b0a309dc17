from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kgtransfer.errors import RunError
from kgtransfer.experiments.results import ArmScores, RunResult, SettingResult, signed

from ..arms import arm


def make_run(
    details: dict[str, object] | None = None, names: Sequence[str] = ("named", "masked")
) -> RunResult:
    rng = np.random.default_rng(5)

    def setting(name: str) -> SettingResult:
        base = rng.random((1, 30))
        arms = [
            ArmScores(arm("none"), base, 1.5),
            ArmScores(arm("kg"), base + rng.normal(0.1, 0.05, (2, 30)), 9.0, {"r@1": [0.5, 0.25]}),
            ArmScores(arm("shuffled"), base + rng.normal(0, 0.05, (2, 30)), 9.5),
            ArmScores(arm("labels_100"), base + 0.2, 2.0),
        ]
        if name == "masked":
            beside = {"strata": [0, 1, 1] * 10, "groups": [7] * 20 + [3] * 10}
            arms = [replace(scores, **beside) for scores in arms]
        return SettingResult.of(name, arms)

    settings = {name: setting(name) for name in names}
    environment = {"torch": "2.15.0", "device": "cpu", "git": "abc"}
    return RunResult(
        "code_search", "stdlib", "docstrings", "mrr", [0, 1], settings, "code", environment,
        {"baseline": "graph convolution"}, details or {"command": "kgtransfer train"}, "g1", "r1",
    )  # fmt: skip


def test_compare_and_settings() -> None:
    run = make_run()
    assert run.main.name == "named"
    assert run.compare("kg", "none") == run.main.comparisons[0]
    assert run.compare("kg", "none", "masked") == run.settings["masked"].comparisons[0]
    with pytest.raises(RunError, match="no arm bm25"):
        run.compare("kg", "bm25")
    with pytest.raises(RunError, match="no setting raw"):
        run.compare("kg", "none", "raw")


def test_result_json_has_the_agreed_shape() -> None:
    found = make_run().to_json()
    assert (found["protocol"], found["kind"], found["headline"]) == (2, "code", "kg")
    assert found["chosen"] == {"baseline": "graph convolution"}
    assert found["arms"]["kg"]["role"] == "knowledge"
    agreed = {
        "pipeline", "data", "test", "metric", "seeds", "setting", "arms", "comparisons",
        "label_equivalent", "other_settings", "environment",
    }  # fmt: skip
    assert agreed <= set(found)
    assert found["setting"] == "named"
    assert found["seeds"] == [0, 1]
    assert {"mean", "sd", "per_seed", "seconds"} <= set(found["arms"]["kg"])
    assert len(found["arms"]["kg"]["per_seed"]) == 2
    assert set(found["comparisons"][0]) == {"a", "b", "difference", "ci95", "verdict"}
    assert {"labels_per_class", "ci95"} <= set(found["label_equivalent"]["kg"])
    assert [other["setting"] for other in found["other_settings"]] == ["masked"]
    assert {"arms", "comparisons"} <= set(found["other_settings"][0])


def test_saved_run_comes_back_bit_for_bit(tmp_path: Path) -> None:
    run = make_run({"n": np.float64(0.5), "rows": np.arange(2), "text": "é <b>"})
    back = RunResult.load(run.save(tmp_path / "run"))
    assert back.to_json() == run.to_json()
    assert list(back.settings) == ["named", "masked"]
    assert back.details == {"n": 0.5, "rows": [0, 1], "text": "é <b>"}
    for name, setting in run.settings.items():
        assert back.settings[name].comparisons == setting.comparisons
        for key, scores in setting.arms.items():
            saved = back.settings[name].arms[key]
            assert saved.per_sample.tobytes() == scores.per_sample.tobytes()
            assert (saved.seconds, saved.metrics) == (scores.seconds, scores.metrics)
            assert (saved.strata, saved.groups) == (list(scores.strata), list(scores.groups))


def test_saving_leaves_three_files_and_replaces_an_older_run(tmp_path: Path) -> None:
    make_run().save(tmp_path)
    make_run({"command": "again"}).save(tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["details.json", "result.json", "scores.safetensors"]
    assert RunResult.load(tmp_path).details == {"command": "again"}


@pytest.mark.parametrize("name", ["result.json", "scores.safetensors", "details.json"])
def test_load_names_a_missing_or_truncated_file(tmp_path: Path, name: str) -> None:
    path = make_run().save(tmp_path) / name
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(RunError, match=name):
        RunResult.load(tmp_path)
    path.unlink()
    missing = "is no run" if name == "result.json" else f"{name}: cannot be read"
    with pytest.raises(RunError, match=missing):
        RunResult.load(tmp_path)


def test_load_refuses_scores_of_another_run(tmp_path: Path) -> None:
    make_run().save(tmp_path)
    scores = (tmp_path / "scores.safetensors").read_bytes()
    other = scores[:-8] + np.float64(0.125).tobytes()
    (tmp_path / "scores.safetensors").write_bytes(other)
    with pytest.raises(RunError, match="not the file that the run wrote"):
        RunResult.load(tmp_path)


@pytest.mark.parametrize("text", ["[]", "{}", '{"files": {}}', '{"files": 3}'])
def test_load_refuses_json_that_is_no_result(tmp_path: Path, text: str) -> None:
    make_run().save(tmp_path)
    (tmp_path / "result.json").write_text(text)
    with pytest.raises(RunError, match=r"result\.json"):
        RunResult.load(tmp_path)


def test_load_refuses_an_arm_without_scores(tmp_path: Path) -> None:
    make_run().save(tmp_path)
    path = tmp_path / "result.json"
    result = json.loads(path.read_text())
    result["arms"]["invented"] = result["arms"]["kg"]
    path.write_text(json.dumps(result))
    with pytest.raises(RunError, match="altered after the run wrote it"):
        RunResult.load(tmp_path)
    del result["sha256"]
    path.write_text(json.dumps(signed(result)))
    with pytest.raises(RunError, match="named/invented"):
        RunResult.load(tmp_path)


def test_rows_of_scores_match_the_seeds() -> None:
    setting = SettingResult.of("named", [ArmScores(arm("kg"), np.ones((3, 4)))])
    with pytest.raises(RunError, match="3 rows of scores for 2 seeds"):
        RunResult("p", "d", "t", "mrr", [0, 1], {"named": setting})
    with pytest.raises(RunError, match="at least one setting"):
        RunResult("p", "d", "t", "mrr", [0, 1], {})


def test_table_prints_every_arm_and_setting() -> None:
    text = make_run().table()
    assert all(word in text for word in ("named", "masked", "kg", "labels_100", "30 samples"))
    kg = make_run().main.arms["kg"]
    assert f"[{kg.ci95[0]:.3f}".replace("0.", ".") in text


def test_validation_stands_in_a_table_of_its_own_after_the_tests() -> None:
    run = make_run(names=("validation, 5 labels", "source, 5 labels", "validation-site, 5 labels"))
    tests, validation = run.table().split("\n\n")
    assert "source, 5 labels" in tests
    assert "validation-site, 5 labels" in tests
    assert "to choose by" not in tests
    assert validation.splitlines()[0].strip() == "validation (to choose by)"
    assert "source" not in validation


def test_a_run_of_validation_alone_says_so() -> None:
    assert "validation (to choose by)" in make_run(names=("validation",)).table()


@pytest.mark.parametrize(
    ("part", "value"),
    [("seeds", ["a"]), ("arms", []), ("comparisons", {}), ("pipeline", 3), ("files", None)],
)
def test_a_forged_result_is_refused_by_its_form(tmp_path: Path, part: str, value: object) -> None:
    make_run().save(tmp_path)
    content = json.loads((tmp_path / "result.json").read_bytes())
    forged = signed({k: v for k, v in {**content, part: value}.items() if k != "sha256"})
    (tmp_path / "result.json").write_text(json.dumps(forged))
    with pytest.raises(RunError, match=f"lacks or misuses '{part}"):
        RunResult.load(tmp_path)


def test_seconds_and_metrics_of_an_arm_are_numbers(tmp_path: Path) -> None:
    make_run().save(tmp_path)
    for name, value in (("seconds", []), ("metrics", {"r@1": ["x"]})):
        content = json.loads((tmp_path / "result.json").read_bytes())
        content["arms"]["kg"][name] = value
        content.pop("sha256")
        (tmp_path / "result.json").write_text(json.dumps(signed(content)))
        with pytest.raises(RunError, match=r"arms\.kg\.(seconds|metrics)"):
            RunResult.load(tmp_path)


@pytest.mark.parametrize(
    ("protocol", "cure"), [(None, "kgtransfer migrate RUN"), (3, "the version of kgtransfer that")]
)
def test_a_run_of_another_protocol_is_refused_in_one_line(
    tmp_path: Path, protocol: int | None, cure: str
) -> None:
    make_run().save(tmp_path)
    content = json.loads((tmp_path / "result.json").read_bytes())
    content = {k: v for k, v in content.items() if k not in ("sha256", "protocol")}
    content |= {"protocol": protocol} if protocol else {}
    (tmp_path / "result.json").write_text(json.dumps(signed(content)))
    with pytest.raises(RunError, match=f"of protocol {protocol or 1}, not 2") as raised:
        RunResult.load(tmp_path)
    assert cure in str(raised.value)


def test_names_with_slashes_keep_their_own_scores(tmp_path: Path) -> None:
    settings = {
        name: SettingResult.of(name, [ArmScores(arm(one), np.full((1, 3), score))])
        for name, one, score in (("a", "b/kg", 0.25), ("a/b", "kg", 0.75))
    }
    run = RunResult("p", "d", "t", "mrr", [0], settings, "images")
    back = RunResult.load(run.save(tmp_path / "run"))
    assert back.settings["a"].arms["b/kg"].mean == 0.25
    assert back.settings["a/b"].arms["kg"].mean == 0.75
