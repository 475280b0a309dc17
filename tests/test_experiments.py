"""Arms x seeds, resumable."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from kgtransfer.errors import ConfigError
from kgtransfer.experiments import choose_arms, digest, experiment
from kgtransfer.tasks.base import ArmRun


@dataclass(frozen=True)
class Arm:
    name: str
    is_seeded: bool = True
    gain: float = 0.0


class Task:
    """Scores by arm and seed alone, and counts its work."""

    def __init__(self) -> None:
        self.fits: list[tuple[str, int]] = []

    def run(self, arm: Arm, seed: int, *, model_file: Path | None = None) -> ArmRun:
        self.fits.append((arm.name, seed))
        if model_file is not None:
            model_file.parent.mkdir(parents=True, exist_ok=True)
            model_file.write_bytes(b"weights")
        scores = np.linspace(0.1, 0.3, 50) + arm.gain + seed / 100
        return ArmRun(scores, {"r@1": 0.1 + seed}, {"class": 0.5}, seconds=1.0)


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
        def run(self, arm: Arm, seed: int, *, model_file: Path | None = None) -> ArmRun:
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
