"""Arms x seeds over one task: the same splits, seeds and budget for all, every fit resumable."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from kgtransfer.errors import ConfigError
from kgtransfer.experiments.results import PAIRS, ArmScores, SettingResult
from kgtransfer.experiments.task import FitResult
from kgtransfer.utils.files import read_json, write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from pathlib import Path

__all__ = [
    "Arm",
    "LabelTask",
    "SettingRuns",
    "Task",
    "choose_arms",
    "digest",
    "experiment",
    "over_labels",
]


class Arm(Protocol):
    """What an experiment knows of an arm."""

    @property
    def name(self) -> str:
        """What results call it."""
        ...

    @property
    def is_seeded(self) -> bool:
        """Whether seeds make a difference to it."""
        ...


A_contra = TypeVar("A_contra", bound=Arm, contravariant=True)
A = TypeVar("A", bound=Arm)


class Task(Protocol[A_contra]):
    """What an experiment asks of a task: fit one arm with one seed, and score it."""

    def run(self, arm: A_contra, seed: int, *, model_file: Path | None = None) -> FitResult:
        """Fit and score; write the fitted weights where a file is given."""
        ...


class LabelTask(Protocol[A_contra]):
    """What `over_labels` asks of a task that learns from few labels."""

    def at(self, test: str, labels: int) -> Task[A_contra]:
        """The task of so many labels per class, scored on one test set."""
        ...


@dataclass(frozen=True)
class SettingRuns:
    """A setting's scores and, for looking closer, what every single fit gave.

    Attributes:
        result: scores and comparisons.
        runs: arm -> its fits, a seed each.
        models: arm -> weights of its first seed, for the arms that were to be kept.
    """

    result: SettingResult
    runs: Mapping[str, Sequence[FitResult]]
    models: Mapping[str, Path] = field(default_factory=dict)


def experiment(
    task: Task[A],
    arms: Iterable[A],
    *,
    seeds: Sequence[int],
    setting: str,
    folder: Path,
    key: str,
    keep: Collection[str] = (),
    labels: float = 0.0,
    pairs: Iterable[tuple[str, str]] = PAIRS,
    progress: Callable[[str], None] = lambda what: None,
) -> SettingRuns:
    """Run every arm with every seed, and compare.

    Args:
        task: what fits and scores.
        arms: what is compared.
        seeds: shared by all arms; an arm without randomness runs once.
        setting: name of the setting that the task stands for.
        folder: where finished fits are kept; a repeated run takes them from there.
        key: digest of everything that the scores depend on, arms and seeds aside.
        keep: arms whose model of the first seed is written to `folder`.
        labels: that all arms are trained on, per class.
        pairs: the comparisons to make.
        progress: told of each fit before it starts.
    """
    runs: dict[str, list[FitResult]] = {}
    models: dict[str, Path] = {}
    for arm in arms:
        runs[arm.name] = []
        for seed in seeds if arm.is_seeded else seeds[:1]:
            progress(f"{setting}: {arm.name}, seed {seed}")
            stem = f"{setting}-{arm.name}-{seed}-{digest(key, repr(arm))[:16]}"
            model_file = folder / f"{stem}.safetensors"
            wanted = model_file if arm.name in keep and seed == seeds[0] else None
            runs[arm.name].append(_resumed(task, arm, seed, folder / f"{stem}.json", wanted))
            models |= {arm.name: wanted} if wanted else {}
    scores = map(_scores, runs, runs.values())
    return SettingRuns(SettingResult.of(setting, scores, pairs, labels=labels), runs, models)


def over_labels(
    task: LabelTask[A],
    tests: Iterable[str],
    arms: Sequence[A],
    *,
    labels_per_class: Sequence[int],
    controls: Collection[A] = (),
    curve: Callable[[int], A] | None = None,
    seeds: Sequence[int],
    folder: Path,
    key: str,
    pairs: Iterable[tuple[str, str]] = PAIRS,
    progress: Callable[[str], None] = lambda what: None,
) -> dict[str, SettingRuns]:
    """The same experiment with several numbers of labels, on several test sets.

    Args:
        task: gives the task of so many labels on one test set.
        tests: names of the test sets.
        arms: what is compared.
        labels_per_class: the numbers; a setting each and test set, "TEST, N labels".
        controls: those of the arms that run with the first number only.
        curve: number -> the arm without knowledge that learns from so many labels: the other
            points of its learning curve beside each setting; None for no curve.
        seeds: shared by all arms.
        folder: where finished fits are kept.
        key: see `experiment`.
        pairs: the comparisons to make.
        progress: told of each fit before it starts.
    """
    outcomes, pairs = {}, tuple(pairs)
    for number in labels_per_class:
        shown = [a for a in arms if number == labels_per_class[0] or a not in controls]
        shown += [curve(other) for other in labels_per_class if curve and other != number]
        for test in tests:
            setting = f"{test}, {number} labels"
            outcomes[setting] = experiment(
                task.at(test, number), shown, seeds=seeds, setting=setting, folder=folder,
                key=key, labels=number, pairs=pairs, progress=progress,
            )  # fmt: skip
    return outcomes


def choose_arms(arms: Sequence[A], names: Sequence[str], always: Sequence[A] = ()) -> list[A]:
    """The named arms, and those that must `always` run, in their own order; by default all.

    Raises:
        ConfigError: there is no arm of a name.
    """
    known = {arm.name: arm for arm in arms}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ConfigError(f"no arm {', '.join(unknown)}", cure=f"arms are: {', '.join(known)}")
    return [arm for name, arm in known.items() if not names or name in names or arm in always]


def digest(*parts: str) -> str:
    """SHA-256 over texts, 64 hex digits; where one text ends and the next begins counts."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _resumed(task: Task[A], arm: A, seed: int, record: Path, model_file: Path | None) -> FitResult:
    """The fit's record if it was finished before, else the fit."""
    if record.is_file() and (model_file is None or model_file.is_file()):
        return FitResult.from_json(read_json(record))
    run = task.run(arm, seed, model_file=model_file)
    write_atomically(record, json.dumps(run.to_json()).encode())
    return run


def _scores(name: str, runs: Sequence[FitResult]) -> ArmScores:
    metrics = {metric: [run.metrics[metric] for run in runs] for metric in runs[0].metrics}
    return ArmScores(
        name,
        np.stack([run.per_sample for run in runs]),
        seconds=sum(run.seconds for run in runs),
        metrics=metrics,
        strata=runs[0].strata,
    )
