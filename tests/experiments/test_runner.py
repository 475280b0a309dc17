"""Arms x seeds, resumable."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from kgtransfer.errors import ConfigError
from kgtransfer.experiments.runner import choose_arms, digest, experiment, over_labels
from kgtransfer.experiments.task import FitResult


@dataclass(frozen=True)
class Arm:
    name: str
    is_seeded: bool = True
    gain: float = 0.0


class Task:
    """Scores by arm and seed alone, and counts its work."""

    def __init__(self) -> None:
        self.fits: list[tuple[str, int]] = []

    def run(self, arm: Arm, seed: int, *, model_file: Path | None = None) -> FitResult:
        self.fits.append((arm.name, seed))
        if model_file is not None:
            model_file.parent.mkdir(parents=True, exist_ok=True)
            model_file.write_bytes(b"weights")
        scores = np.linspace(0.1, 0.3, 50) + arm.gain + seed / 100
        return FitResult(scores, {"r@1": 0.1 + seed}, {"class": 0.5}, seconds=1.0)


ARMS = (Arm("none", is_seeded=False), Arm("kg", gain=0.2), Arm("baseline"))


def _run(task: Task, folder: Path, key: str = "k", **options: object):  # type: ignore[no-untyped-def]
    return experiment(
        task, ARMS, seeds=[0, 1, 2], setting="named", folder=folder, key=key, **options
    )


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
    (gain,) = (c for c in outcome.result.comparisons if (c.a, c.b) == ("kg", "baseline"))
    assert gain.difference == pytest.approx(0.2)
    assert gain.verdict == "helps"


def test_finished_fits_are_taken_from_disk_with_every_bit(tmp_path: Path) -> None:
    first, task = _run(Task(), tmp_path), Task()
    again = _run(task, tmp_path)
    assert task.fits == []
    for name, arm in first.result.arms.items():
        assert np.array_equal(arm.per_sample, again.result.arms[name].per_sample)


def test_another_key_means_other_fits(tmp_path: Path) -> None:
    _run(Task(), tmp_path)
    task = Task()
    _run(task, tmp_path, key="other")
    assert len(task.fits) == 7


def test_an_interrupted_experiment_goes_on_where_it_was(tmp_path: Path) -> None:
    class Killed(Task):
        def run(self, arm: Arm, seed: int, *, model_file: Path | None = None) -> FitResult:
            if len(self.fits) == 3:
                raise KeyboardInterrupt
            return super().run(arm, seed, model_file=model_file)

    with pytest.raises(KeyboardInterrupt):
        _run(Killed(), tmp_path)
    task = Task()
    _run(task, tmp_path)
    assert task.fits == [("kg", 2), *(("baseline", s) for s in range(3))]


def test_the_first_seeds_model_is_kept_and_made_again_if_lost(tmp_path: Path) -> None:
    outcome = _run(Task(), tmp_path, keep=("kg",))
    model = outcome.models["kg"]
    assert model.read_bytes() == b"weights"
    model.unlink()
    task = Task()
    _run(task, tmp_path, keep=("kg",))
    assert task.fits == [("kg", 0)]


def test_arms_are_chosen_by_name() -> None:
    assert [arm.name for arm in choose_arms(ARMS, [])] == ["none", "kg", "baseline"]
    assert [arm.name for arm in choose_arms(ARMS, ["baseline"], [ARMS[1]])] == ["kg", "baseline"]
    with pytest.raises(ConfigError, match="no arm kgg") as raised:
        choose_arms(ARMS, ["kgg"])
    assert "arms are: none, kg, baseline" in str(raised.value)


def test_a_digest_knows_where_texts_end() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("a") == digest("a")


@dataclass(frozen=True)
class _Point:
    name: str
    labels: int | None = None
    is_seeded: bool = True


class _Counting:
    """Scores are the number of labels; every fit is remembered."""

    def __init__(self) -> None:
        self.fits: list[tuple[str, int, str, int]] = []

    def at(self, test: str, labels: int) -> _At:
        return _At(self, test, labels)


@dataclass(frozen=True)
class _At:
    owner: _Counting
    test: str
    labels: int

    def run(self, arm: _Point, seed: int, *, model_file: Path | None = None) -> FitResult:
        labels = arm.labels or self.labels
        self.owner.fits.append((self.test, labels, arm.name, seed))
        return FitResult(np.full(4, float(labels)))


def test_over_labels_runs_every_number_on_every_test_set(tmp_path: Path) -> None:
    task, control = _Counting(), _Point("probe")
    outcomes = over_labels(
        task,
        ["home", "away"],
        [_Point("none"), _Point("kg"), control],
        labels_per_class=[5, 20],
        controls=[control],
        curve=lambda n: _Point(f"labels_{n}", n),
        seeds=[0, 1],
        folder=tmp_path,
        key="k",
        pairs=[("kg", "none")],
    )
    assert list(outcomes) == [
        *("home, 5 labels", "away, 5 labels", "home, 20 labels", "away, 20 labels")
    ]
    first, last = outcomes["home, 5 labels"].result, outcomes["away, 20 labels"].result
    assert list(first.arms) == ["none", "kg", "probe", "labels_20"]
    assert list(last.arms) == ["none", "kg", "labels_5"]
    assert first.labels == 5
    assert {n: arm.mean for n, arm in first.label_curve().items()} == {5: 5.0, 20: 20.0}
    assert [(c.a, c.b) for c in last.comparisons] == [("kg", "none")]
