"""runs and versus, as a user meets them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from kgtransfer.experiments.arms import Arm
from kgtransfer.experiments.comparison import ArmScores
from kgtransfer.experiments.results import RunResult
from kgtransfer.experiments.setting import SettingResult

Said = tuple[int, str, str]
TURTLE = '<http://x.example/A> <http://www.w3.org/2000/01/rdf-schema#label> "A" .\n'


def _save(folder: Path, right: float, names: Sequence[str] = ("source",)) -> Path:
    """A run about an arm `tuned`, right in a share of 200 samples; `none` is right in none."""
    scores = (np.arange(200) < 200 * right).astype(float)[None]
    arms = [ArmScores(Arm("none"), 0 * scores), ArmScores(Arm("tuned", "knowledge"), scores)]
    settings = {name: SettingResult.of(name, arms) for name in names}
    result = RunResult(
        "cells", "lab", "lab", "accuracy", [0], settings, kind="images", run_hash=folder.name,
    )  # fmt: skip
    result.save(folder)
    (folder / "ontology.ttl").write_text(TURTLE, encoding="utf-8")
    return folder


def test_a_damaged_run_is_told_with_the_cure_and_is_nobodys_parent(
    here: Callable[..., Said], tmp_path: Path
) -> None:
    _save(tmp_path / "good", 0.5)
    (_save(tmp_path / "bad", 0.9) / "details.json").write_bytes(b"{}")
    status, listed, _ = here("runs", tmp_path)
    good, bad = listed.splitlines()[1:]
    assert (status, good.split()) == (0, ["good", "cells", "lab", "0.500", "(source)"])
    assert bad.split()[:2] == ["bad", "damaged:"]
    assert "details.json: damaged" in bad
    assert "(restore the file from a copy, or make the run again)" in bad


def test_runs_are_compared_by_the_arm_that_they_are_about(
    here: Callable[..., Said], tmp_path: Path
) -> None:
    a, b = _save(tmp_path / "a", 0.75), _save(tmp_path / "b", 0.5)
    assert "a - b: +.250 [" in here("versus", a, b)[1]
    assert "a - b: .000 [.000, .000]" in here("versus", a, b, "--arm", "none")[1]
    status, _, error = here("versus", a, b, "--arm", "kg")
    assert (status, "arms are: none, tuned" in error) == (2, True)


def test_versus_names_validation_last_and_as_no_test(
    here: Callable[..., Said], tmp_path: Path
) -> None:
    names = ("validation, 5 labels", "source, 5 labels")
    a, b = _save(tmp_path / "a", 0.75, names), _save(tmp_path / "b", 0.5, names)
    test, validation = here("versus", a, b)[1].splitlines()[-2:]
    assert test.split("  ")[-2].strip() == "source, 5 labels"
    assert test.endswith("helps")
    assert "validation, 5 labels  a - b: +.250" in validation
    assert validation.endswith("helps; no test, to choose by")
