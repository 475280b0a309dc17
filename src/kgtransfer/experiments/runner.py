"""Arms x seeds in one setting: the same splits, seeds and budget for all, every fit resumable."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.errors import RunError
from kgtransfer.experiments.comparison import ArmScores
from kgtransfer.experiments.setting import SettingResult
from kgtransfer.experiments.task import FitResult
from kgtransfer.utils.files import read_json, write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from kgtransfer.experiments.arms import Arm, M
    from kgtransfer.experiments.task import Setting, Task

__all__ = ["SettingRuns", "digest", "fits_of", "run_setting"]


@dataclass(frozen=True)
class SettingRuns:
    """A setting's scores and, for looking closer, what every single fit gave.

    Attributes:
        result: scores and comparisons.
        runs: arm -> its fits, a seed each.
        models: arm -> file of what its first seed fitted, for the arms that are kept.
        seeds: shared by all arms.
    """

    result: SettingResult
    runs: Mapping[str, Sequence[FitResult]]
    models: Mapping[str, Path] = field(default_factory=dict)
    seeds: Sequence[int] = ()


def run_setting(
    task: Task[M],
    setting: Setting[M],
    *,
    seeds: Sequence[int],
    folder: Path,
    key: str,
    headline: str = "",
    progress: Callable[[str], None] = lambda fit: None,
) -> SettingRuns:
    """Run every arm of a setting with every seed, and compare them.

    Args:
        task: fits and scores.
        setting: its arms.
        seeds: shared by all arms; an arm without randomness runs once.
        folder: where finished fits are kept; a repeated run takes them from there.
        key: digest of all that scores depend on, arms and seeds aside.
        headline: arm whose model of the first seed is written to `folder`.
        progress: told the name of each fit before it starts.
    """
    runs: dict[str, list[FitResult]] = {}
    models: dict[str, Path] = {}
    for arm in setting.arms:
        for seed in fits_of(arm, seeds):
            progress(f"{setting.name}: {arm.name}, seed {seed}")
            stem = folder / _fit_name(key, setting, arm, seed)
            is_kept = arm.name == headline and seed == seeds[0]
            model = stem.with_name(f"{stem.name}.safetensors") if is_kept else None
            record = stem.with_name(f"{stem.name}.json")
            runs.setdefault(arm.name, []).append(_resumed(task, setting, arm, seed, record, model))
            models |= {arm.name: model} if model else {}
    scores = [_scores(arm, runs[arm.name]) for arm in setting.arms]
    result = SettingResult.of(setting.name, scores, labels=setting.labels, headline=headline)
    kept = {arm: file for arm, file in models.items() if file.is_file()}
    return SettingRuns(result, runs, kept, seeds)


def _fit_name(key: str, setting: Setting[M], arm: Arm[M], seed: int) -> str:
    """What a fit depends on -> a file name of its own; its beginning is for people."""
    with np.printoptions(threshold=sys.maxsize):
        method = repr((arm.method, arm.labels))
    content = digest(key, setting.name, arm.name, method, str(seed))
    shown = re.sub(r"[^\w.-]+", "_", f"{setting.name}-{arm.name}").strip("._")[:80]
    return f"{shown}-{seed}-{content[:24]}"


def fits_of(arm: Arm[M], seeds: Sequence[int]) -> Sequence[int]:
    """The seeds that an arm is fitted with: all, or the first where they make no difference."""
    return seeds if arm.is_seeded else seeds[:1]


def digest(*parts: str) -> str:
    """SHA-256 over texts, 64 hex digits; where one text ends and the next begins counts."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _resumed(
    task: Task[M], setting: Setting[M], arm: Arm[M], seed: int, record: Path, model: Path | None
) -> FitResult:
    """The fit's record if it was finished before, else the fit."""
    if record.is_file() and (model is None or model.is_file() or _has_no_model(record)):
        return FitResult.from_json(read_json(record)["fit"])
    try:
        fit = task.fit(setting, arm, seed, model_file=model)
    except RunError as error:
        where = f"{setting.name}, arm {arm.name}, seed {seed}"
        raise RunError(f"{where}: {error.message}", cure=error.cure) from error
    content = {"fit": fit.to_json(), "model": None if model is None else model.is_file()}
    write_atomically(record, json.dumps(content).encode())
    return fit


def _has_no_model(record: Path) -> bool:
    """Whether a finished fit was asked for its model and has none to keep."""
    return bool(read_json(record).get("model") is False)


def _scores(arm: Arm[M], fits: Sequence[FitResult]) -> ArmScores:
    first = fits[0]
    if any(
        len(fit.per_sample) != len(first.per_sample) or fit.metrics.keys() != first.metrics.keys()
        for fit in fits
    ):
        raise RunError(
            f"arm {arm.name}: seeds were scored on other numbers of samples, or by other metrics",
            cure="score every seed on the same test samples",
        )
    metrics = {name: [fit.metrics[name] for fit in fits] for name in first.metrics}
    return ArmScores(
        arm.described(),
        np.stack([fit.per_sample for fit in fits]),
        seconds=sum(fit.seconds for fit in fits),
        metrics=metrics,
        strata=first.strata,
        groups=first.groups,
    )
