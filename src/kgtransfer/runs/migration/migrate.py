"""A run of protocol 1 -> the same run in protocol 2, beside it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from kgtransfer.errors import RunError
from kgtransfer.experiments.comparison import ArmScores
from kgtransfer.experiments.result_form import PROTOCOL
from kgtransfer.experiments.results import STRATA, RunResult, read_result
from kgtransfer.experiments.setting import SettingResult
from kgtransfer.report import write_card, write_report
from kgtransfer.runs.folder import verify, written
from kgtransfer.runs.migration.details import details_now, tested_now
from kgtransfer.runs.migration.files import (
    name_concepts,
    rename_settings,
    rename_tensors,
    rename_worth,
)
from kgtransfer.runs.migration.names import PIPELINES, labels_arm
from kgtransfer.utils.files import read_bytes, read_json

if TYPE_CHECKING:
    from pathlib import Path

    from kgtransfer.experiments.arms import Arm
    from kgtransfer.runs.migration.names import Names

__all__ = ["migrate"]

NEITHER = ("fits", "cache", ".*", "*.lock*", "SHA256SUMS*")  # made again, or of the old files alone
PART = ".part"  # ends the name of a folder that is not finished
HEADLINES = ("kg", "control")  # what runs of protocol 1 were about, in both: the first one run


def migrate(run: Path, out: Path) -> RunResult:
    """Folder of a run of protocol 1 -> the same run in protocol 2, in a folder of its own.

    Nothing is fitted, and nothing in the old folder is touched. Scores stay as they are; they are
    compared by what protocol 2 says of the arms.

    Args:
        run: folder of the run.
        out: folder of the new one; it must not be there yet.

    Raises:
        RunError: the run is damaged, of protocol 2 already, or of a pipeline or an arm that
            protocol 1 did not come with; or there is something in the place of the new one.
    """
    content = read_result(run)
    names = _names_of(run, content)
    verify(run)
    if out.exists():
        raise RunError(f"{out} is there already", cure="name another folder: --out PATH")
    with _damage_named(run):
        result = _result(run, content, names)
    part = out.with_name(f".{out.name}{PART}")
    shutil.rmtree(part, ignore_errors=True)  # of a migration that was cut off
    shutil.copytree(run, part, ignore=shutil.ignore_patterns(*NEITHER))
    with _damage_named(run):
        rename_settings(part / "run.toml", names)
        rename_tensors(part, names)
        rename_worth(part, names)
        name_concepts(part)
    result.save(part, also=written(part))
    write_card(result, part)
    write_report(result, part)
    part.rename(out)
    return result


def _names_of(run: Path, content: Mapping[str, Any]) -> Names:
    protocol, pipeline = content.get("protocol", 1), str(content.get("pipeline"))
    if protocol != 1:
        raise RunError(
            f"{run} is of protocol {protocol}: there is nothing to migrate",
            cure="" if protocol == PROTOCOL else "take the version of kgtransfer that made it",
        )
    if pipeline not in PIPELINES:
        raise RunError(
            f"{run} is a run of {pipeline}, a pipeline of your own, and cannot be migrated",
            cure="run its pipeline again",
        )
    return PIPELINES[pipeline]


@contextmanager
def _damage_named(run: Path) -> Iterator[None]:
    """A block that reads files of an old run, whose form nobody has checked."""
    try:
        yield
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise RunError(
            f"{run} is not what kgtransfer wrote in protocol 1 ({type(error).__name__}: {error})",
            cure="run its pipeline again",
        ) from error


def _result(run: Path, content: Mapping[str, Any], names: Names) -> RunResult:
    from safetensors.numpy import load as read_tensors

    scores = read_tensors(read_bytes(run / "scores.safetensors"))
    details = read_json(run / "details.json")
    entries = (content, *content["other_settings"])
    headline = next((arm for arm in HEADLINES if arm in content["arms"]), "")
    is_edited = "lineage" in details
    settings = [_setting(run, entry, scores, names, headline, is_edited) for entry in entries]
    plain = ("pipeline", "data", "test", "metric", "seeds", "environment", "graph_hash", "run_hash")
    result = RunResult(
        **{name: content[name] for name in plain},
        kind=names.kind,
        settings={setting.name: setting for setting in settings},
        details=details_now(details, names),
    )
    reference = result.main.reference(result.headline)
    if reference is None:
        return result
    return replace(result, chosen={reference.b: result.main.arms[reference.b].arm.says})


def _setting(
    run: Path,
    entry: Mapping[str, Any],
    scores: Mapping[str, Any],
    names: Names,
    headline: str,
    is_edited: bool,
) -> SettingResult:
    old = entry["setting"]
    strata = scores.get(f"{old}/{STRATA}", np.empty(0, dtype=int)).tolist()
    arms = []
    for name, saved in entry["arms"].items():
        arm = _arm(run, name, names)
        if is_edited and name == headline:
            arm = replace(arm, compare_to=("before", *arm.compare_to))
        arms.append(
            ArmScores(arm, scores[f"{old}/{name}"], saved["seconds"], saved["metrics"], strata)
        )
    per_class = re.fullmatch(r"(\d+) labels? a class", old)  # not noted by every pipeline
    labels = float(per_class[1]) if per_class else entry.get("labels_per_class", 0.0)
    return SettingResult.of(tested_now(old, names), arms, labels=labels, headline=headline)


def _arm(run: Path, name: str, names: Names) -> Arm[Any]:
    if name in names.arms:
        return names.arms[name]
    if point := re.fullmatch(r"labels_(\d+)", name):
        return labels_arm(names, int(point[1]))
    raise RunError(
        f"{run} has an arm {name} of its own, and cannot be migrated", cure="run its pipeline again"
    )
