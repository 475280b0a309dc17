"""Arms x seeds in one setting, resumable."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kgtransfer.errors import RunError
from kgtransfer.experiments.arms import Arm
from kgtransfer.experiments.runner import SettingRuns, digest, run_setting
from kgtransfer.experiments.task import FitResult, Setting


@dataclass(frozen=True)
class Method:
    gain: float = 0.0
    is_seeded: bool = True


class Task:
    """Fits by arm and seed alone, and counts its work."""

    def __init__(self) -> None:
        self.fits: list[tuple[str, int]] = []

    def fit(
        self,
        setting: Setting[Method],
        arm: Arm[Method],
        seed: int,
        *,
        model_file: Path | None = None,
    ) -> FitResult:
        self.fits.append((arm.name, seed))
        if model_file is not None:
            model_file.parent.mkdir(parents=True, exist_ok=True)
            model_file.write_bytes(b"weights")
        assert arm.method is not None
        scores = np.linspace(0.1, 0.3, 50) + arm.method.gain + seed / 100
        return FitResult(scores, {"r@1": 0.1 + seed}, {"class": 0.5}, seconds=1.0)


ARMS = (
    Arm("none", method=Method(is_seeded=False)),
    Arm("kg", "knowledge", compare_to=("baseline",), method=Method(gain=0.2)),
    Arm("baseline", method=Method()),
)


def _run(task: Any, folder: Path, key: str = "k", headline: str = "") -> SettingRuns:
    setting = Setting("named", ARMS)
    return run_setting(task, setting, seeds=[0, 1, 2], folder=folder, key=key, headline=headline)


def test_every_arm_runs_with_every_seed_and_unseeded_ones_once(tmp_path: Path) -> None:
    task = Task()
    outcome = _run(task, tmp_path)
    assert task.fits == [
        ("none", 0),
        *(("kg", s) for s in range(3)),
        *(("baseline", s) for s in range(3)),
    ]
    assert outcome.result.arms["kg"].per_seed == pytest.approx([0.4, 0.41, 0.42])
    assert outcome.result.arms["kg"].metrics["r@1"] == [0.1, 1.1, 2.1]
    (gain,) = outcome.result.comparisons
    assert (gain.a, gain.b, gain.verdict) == ("kg", "baseline", "helps")
    assert gain.difference == pytest.approx(0.2)


def test_finished_fits_are_taken_from_disk_with_every_bit(tmp_path: Path) -> None:
    first, task = _run(Task(), tmp_path), Task()
    again = _run(task, tmp_path)
    assert task.fits == []
    for name, arm in first.result.arms.items():
        assert np.array_equal(arm.per_sample, again.result.arms[name].per_sample)


def test_what_an_arm_is_said_to_be_refits_nothing(tmp_path: Path) -> None:
    _run(Task(), tmp_path)
    task, setting = Task(), Setting("named", (Arm("none", says="other", method=ARMS[0].method),))
    run_setting(task, setting, seeds=[0], folder=tmp_path, key="k")  # type: ignore[arg-type]
    assert task.fits == []


def test_another_key_means_other_fits(tmp_path: Path) -> None:
    _run(Task(), tmp_path)
    task = Task()
    _run(task, tmp_path, key="other")
    assert len(task.fits) == 7


def test_an_interrupted_experiment_goes_on_where_it_was(tmp_path: Path) -> None:
    class Killed(Task):
        def fit(self, *what: Any, **options: Any) -> FitResult:
            if len(self.fits) == 3:
                raise KeyboardInterrupt
            return super().fit(*what, **options)

    with pytest.raises(KeyboardInterrupt):
        _run(Killed(), tmp_path)
    task = Task()
    _run(task, tmp_path)
    assert task.fits == [("kg", 2), *(("baseline", s) for s in range(3))]


def test_the_first_seeds_model_is_kept_and_made_again_if_lost(tmp_path: Path) -> None:
    outcome = _run(Task(), tmp_path, headline="kg")
    model = outcome.models["kg"]
    assert model.read_bytes() == b"weights"
    model.unlink()
    task = Task()
    _run(task, tmp_path, headline="kg")
    assert task.fits == [("kg", 0)]


def test_a_model_that_is_wanted_later_is_made_later(tmp_path: Path) -> None:
    _run(Task(), tmp_path)
    task = Task()
    assert _run(task, tmp_path, headline="kg").models["kg"].is_file()
    assert task.fits == [("kg", 0)]


def test_an_arm_that_has_no_model_to_keep_is_fitted_once(tmp_path: Path) -> None:
    class Modelless(Task):
        def fit(self, *what: Any, **options: Any) -> FitResult:
            return super().fit(*what, **{**options, "model_file": None})

    assert _run(Modelless(), tmp_path, headline="kg").models == {}
    task = Modelless()
    assert _run(task, tmp_path, headline="kg").models == {}
    assert task.fits == []


def test_a_digest_knows_where_texts_end() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("a") == digest("a")


def test_fits_whose_names_run_together_are_told_apart(tmp_path: Path) -> None:
    class Weather(Task):
        def fit(self, setting: Any, arm: Any, seed: int, **options: Any) -> FitResult:
            self.fits.append((arm.name, seed))
            return FitResult(np.full(4, 10.0 if setting.name == "day-night" else 0.0))

    task, means = Weather(), {}
    arms = (Arm("cnn", method=Method()), Arm("night-cnn", method=Method()))
    for name in ("day", "day-night", "../../outside"):
        setting = Setting(name, arms)
        runs = run_setting(task, setting, seeds=[0], folder=tmp_path, key="k")  # type: ignore[arg-type]
        means[name] = [arm.mean for arm in runs.result.arms.values()]
    assert means == {"day": [0, 0], "day-night": [10, 10], "../../outside": [0, 0]}
    assert len(task.fits) == 6
    assert len([*tmp_path.iterdir()]) == 6


def test_a_change_in_the_middle_of_a_long_method_is_another_fit(tmp_path: Path) -> None:
    @dataclass(frozen=True)
    class Long:
        weights: Any
        is_seeded: bool = True

    class Sum(Task):
        def fit(self, setting: Any, arm: Any, seed: int, **options: Any) -> FitResult:
            return FitResult(np.full(4, arm.method.weights.sum()))

    weights = np.zeros(5000)
    means = []
    for change in (0.0, 5.0):
        weights[2500] = change
        setting = Setting("s", (Arm("a", method=Long(weights)),))
        runs = run_setting(Sum(), setting, seeds=[0], folder=tmp_path, key="k")  # type: ignore[arg-type]
        means.append(runs.result.arms["a"].mean)
    assert means == [0.0, 5.0]


def test_a_fit_that_cannot_be_scored_names_setting_arm_and_seed(tmp_path: Path) -> None:
    class Lost(Task):
        def fit(self, *what: Any, **options: Any) -> FitResult:
            return FitResult(np.full(4, np.nan))

    with pytest.raises(RunError, match="named, arm none, seed 0: scores"):
        _run(Lost(), tmp_path)
    assert not [*tmp_path.iterdir()]  # nothing is taken for finished
