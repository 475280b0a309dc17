"""The runs of a folder: which there are, what each came from, how good it is, which is in use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgtransfer.errors import RunError
from kgtransfer.experiments.comparison import Comparison
from kgtransfer.experiments.result_form import made_of_details
from kgtransfer.experiments.results import RunResult
from kgtransfer.experiments.setting import is_validation
from kgtransfer.runs.folder import verify
from kgtransfer.runs.unlabelled import changes, read_unlabelled
from kgtransfer.utils.files import json_bytes, read_json, shown, write_atomically
from kgtransfer.utils.progress import say

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Entry", "entries", "promote", "versus"]

PROMOTED = "promoted.json"  # in the folder of runs: data -> the run in use


@dataclass(frozen=True)
class Entry:
    """A run, in one line.

    Attributes:
        folder: of the run.
        pipeline: its name.
        run_hash: digest of everything that it depends on.
        ontology: digest of what it knew.
        data: digest of its data sets, or their name where no digest was noted.
        parent: `run_hash` of the run that it was retrained from; empty where there is none.
        metric: of the scores.
        setting: that `score` is of: on validation samples where there are some.
        score: of the arm that the run is about.
        promoted: whether it is the one in use for its data.
        damage: what is wrong with the folder, and its cure; empty where nothing is.
    """

    folder: Path
    pipeline: str = ""
    run_hash: str = ""
    ontology: str = ""
    data: str = ""
    parent: str = ""
    metric: str = ""
    setting: str = ""
    score: float = 0.0
    promoted: bool = False
    damage: str = ""

    @property
    def data_hash(self) -> str:
        """Digest of its data sets, 64 hex digits; empty where it was not noted."""
        return self.data if re.fullmatch("[0-9a-f]{64}", self.data) else ""

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {**vars(self), "folder": str(self.folder)}


def entries(folder: Path) -> list[Entry]:
    """The runs below a folder, best first; damaged ones last, never as good.

    Folders in which a run is being made, or was cut off, are none.

    Raises:
        RunError: there is no such folder.
    """
    if not folder.is_dir():
        raise RunError(f"{folder}: no such folder", cure="name a folder of runs, such as runs/")
    used = _promoted(folder)
    runs = [_entry(path.parent, used) for path in sorted(folder.glob("*/result.json"))]
    return sorted(runs, key=lambda e: (bool(e.damage), e.pipeline, e.data, -e.score))


def promote(run: Path, *, anyway: bool = False) -> Entry:
    """Put a run to use for its data, in place of the one before.

    Args:
        run: folder of the run.
        anyway: also where it is worse, beyond noise, than the run in use.

    Raises:
        RunError: it is damaged, or worse than the run in use.
    """
    run = run.resolve()
    verify(run)
    used = _promoted(run.parent)
    entry = _entry(run, used)
    if entry.damage:
        raise RunError(entry.damage)
    before = run.parent / used.get(_data_of(entry), {}).get("folder", run.name)
    if before != run and (before / "result.json").is_file():
        _require_no_worse(run, before, entry.setting, anyway=anyway)
    when = datetime.now(UTC).isoformat(timespec="seconds")
    noted = {"folder": run.name, "run": entry.run_hash, "when": when}
    write_atomically(run.parent / PROMOTED, json_bytes({**used, _data_of(entry): noted}))
    return _entry(run, _promoted(run.parent))


def _require_no_worse(run: Path, before: Path, setting: str, *, anyway: bool) -> None:
    """Refuse a run that is worse where one chooses by, and tell where else it is."""
    comparisons = versus(run, before)
    if not comparisons:
        say(f"warning: {shown(run)} and {shown(before)} were not scored on the same samples")
    for name, compared in comparisons.items():
        if compared.verdict != "hurts":
            continue
        if name == setting and not anyway:
            raise RunError(
                f"{shown(run)} is worse than {shown(before)}, which is in use "
                f"({name}: {compared.figures})",
                cure="keep that one, or promote this one --anyway",
            )
        say(f"warning: {shown(run)} is worse than {shown(before)} on {name}: {compared.figures}")
    for name, change in changes(read_unlabelled(run), read_unlabelled(before)).items():
        warning = "warning: " if change.worse else ""
        say(f"{warning}{name}, without labels, against {shown(before)}: {change}")


def versus(a: Path, b: Path, arm: str = "") -> dict[str, Comparison]:
    """Run `a` against run `b`, setting by setting, on the same samples and seeds.

    Settings that only one has, or whose samples or seeds differ, are left out.

    Args:
        a: folder of a run.
        b: folder of another.
        arm: the arm of both that is compared; by default the one that run `a` is about.

    Raises:
        RunError: a run is damaged, or lacks the arm.
    """
    first, second = RunResult.load(a), RunResult.load(b)
    arm = arm or first.headline
    for run, result in ((a, first), (b, second)):
        arms = {name for setting in result.settings.values() for name in setting.arms}
        if arm not in arms:
            raise RunError(f"{run} has no arm {arm}", cure=f"arms are: {', '.join(sorted(arms))}")
    comparisons = {}
    for name, setting in first.settings.items():
        scores = setting.arms.get(arm)
        others = second.settings[name].arms.get(arm) if name in second.settings else None
        if scores is None or others is None or list(scores.strata) != list(others.strata):
            continue
        if scores.per_sample.shape == others.per_sample.shape:
            comparisons[name] = Comparison.of(scores, others)
    return comparisons


def _entry(folder: Path, used: Mapping[str, Any]) -> Entry:
    try:
        result = RunResult.load(folder)
        verify(folder)
        with made_of_details(folder):
            data, parent = _origin(result)
    except RunError as error:
        damage = f"{error.message} ({error.cure})" if error.cure else error.message
        return Entry(folder, damage=damage)
    validation = (s for name, s in result.settings.items() if is_validation(name))
    setting = next(validation, result.main)
    arm = setting.arms.get(result.headline) or next(iter(setting.arms.values()))
    entry = Entry(
        folder,
        result.pipeline,
        result.run_hash,
        result.graph_hash,
        data,
        parent,
        result.metric,
        setting.name,
        arm.mean,
    )
    noted = used.get(_data_of(entry), {})
    is_used = (noted.get("run"), noted.get("folder")) == (result.run_hash, folder.name)
    return Entry(**{**vars(entry), "promoted": is_used})


def _origin(result: RunResult) -> tuple[str, str]:
    """Digest of the data, or its name, and the run that another goes on from; empty for none."""
    details = result.details
    data = details.get("data_hash", "") or result.data
    parent = details.get("lineage", {}).get("parent", "")
    if not isinstance(data, str) or not isinstance(parent, str):
        raise TypeError("data_hash and parent are texts")
    return data, parent


def _data_of(entry: Entry) -> str:
    return f"{entry.pipeline} {entry.data}"


def _promoted(folder: Path) -> dict[str, Any]:
    path = folder / PROMOTED
    used = read_json(path) if path.is_file() else {}
    for noted in used.values():
        if not isinstance(noted, dict) or not isinstance(noted.get("folder", ""), str):
            raise RunError(
                f"{path}: does not say which runs are in use",
                cure="remove it, and promote those runs again",
            )
    return used
