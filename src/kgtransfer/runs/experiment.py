"""`experiment`: arms x seeds over a task, from the first fit to a recorded run folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgtransfer.errors import ConfigError
from kgtransfer.experiments.arms import Arm, choose_arms
from kgtransfer.experiments.results import WRITTEN, RunResult
from kgtransfer.experiments.runner import fits_of, run_setting
from kgtransfer.experiments.task import KeepsFits, KeepsSettings
from kgtransfer.runs.environment import command_line, environment
from kgtransfer.runs.folder import run_key
from kgtransfer.runs.recording import record_result
from kgtransfer.runs.saving import save_run
from kgtransfer.utils.files import claim
from kgtransfer.utils.progress import bar

if TYPE_CHECKING:
    from pydantic import BaseModel

    from kgtransfer.experiments.arms import M
    from kgtransfer.experiments.runner import SettingRuns
    from kgtransfer.experiments.task import Setting, Task
    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.store.queries import Answer

__all__ = ["FITS", "STORE", "experiment", "fit_settings", "save_experiment"]

FITS = "fits"  # folder of finished fits inside a run
STORE = "store.kglite"  # graph store inside a run


def experiment(
    task: Task[M],
    arms: Sequence[str | Arm[M]] | None = None,
    *,
    seeds: int | Sequence[int] = 5,
    out: str | Path,
    config: BaseModel | None = None,
    pipeline: str = "",
    queries: Sequence[Answer] = (),
    written: KnowledgeGraph | None = None,
) -> RunResult:
    """Task and arms -> a run: every arm fitted with every seed, compared, saved and recorded.

    An interrupted experiment goes on where it was when it is called again with the same folder;
    nothing is fitted twice.

    Args:
        task: a kind of sample with its data and knowledge.
        arms: what is compared: names of arms that the task knows, or arms of your own; by default
            all that it knows. The task's headline always runs, and its models are kept.
        seeds: how many, or which; shared by all arms, an arm without randomness runs once.
        out: folder of the run: scores, models, ontology, settings, `report.html`. Where it holds a
            graph store (`store.kglite`), the run is recorded there, so that Cypher finds it by its
            concepts.
        config: settings to keep with the run; by default those that the task knows of itself.
            Without any, the run cannot be read back.
        pipeline: what the run is called; by default the task's kind.
        queries: answers to Cypher queries that the report shows.
        written: what people wrote of the task's graph, where that holds more, such as what follows
            from the data: an edit is told by it.

    Raises:
        ConfigError: there is no arm of a name, no seed, or two things have one name.
        RunError: the folder holds files that no run wrote.
    """
    folder, started = Path(out), datetime.now(UTC)
    claim(folder)
    numbers = [*range(seeds)] if isinstance(seeds, int) else [int(seed) for seed in seeds]
    settings = task.settings(_chosen(task, arms))
    _require_plan(settings, numbers, task.headline)
    if config is None and isinstance(task, KeepsSettings):
        config = task.kept_settings(numbers)
    key = run_key(config, task.kind, task.hash)
    runs = fit_settings(task, settings, seeds=numbers, folder=folder, key=key)
    return save_experiment(
        folder,
        task,
        runs,
        seeds=numbers,
        config=config,
        pipeline=pipeline,
        key=key,
        started=started,
        details={
            "queries": [answer.to_json() for answer in queries],
            **({WRITTEN: written.hash} if written else {}),
        },
    )


def fit_settings(
    task: Task[M], settings: Sequence[Setting[M]], *, seeds: Sequence[int], folder: Path, key: str
) -> dict[str, SettingRuns]:
    """Settings of a task -> by name what their arms gave; finished fits are taken as they are.

    Args:
        task: fits and scores.
        settings: that are run.
        seeds: shared by all arms.
        folder: of the run, which keeps finished fits.
        key: the run's hash, see `run_key`.
    """
    if isinstance(task, KeepsFits):
        task.keep_fits(folder / FITS, key)
    fits = sum(len(fits_of(arm, seeds)) for setting in settings for arm in setting.arms)
    with bar("fitting", fits) as advance:
        return {
            setting.name: run_setting(
                task,
                setting,
                seeds=seeds,
                folder=folder / FITS,
                key=key,
                headline=task.headline,
                progress=lambda fit: advance(1, fit),
            )
            for setting in settings
        }


def save_experiment(
    folder: Path,
    task: Task[M],
    runs: Mapping[str, SettingRuns],
    *,
    seeds: Sequence[int],
    config: BaseModel | None,
    pipeline: str,
    key: str,
    started: datetime,
    details: Mapping[str, Any],
) -> RunResult:
    """What settings gave -> the run, saved in its folder and recorded in its graph store.

    Args:
        folder: of the run.
        task: that was fitted.
        runs: setting -> what its arms gave; the first one is the main one.
        seeds: of the fits.
        config: settings to keep with the run.
        pipeline: what the run is called; by default the task's kind.
        key: the run's hash.
        started: when the run began, with a time zone; it ends now.
        details: findings beside those of the task.
    """
    main = next(iter(runs.values())).result
    reference = main.reference(task.headline)
    result = RunResult(
        kind=task.kind,
        pipeline=pipeline or task.kind,
        data=task.data,
        test=task.test,
        metric=task.metric,
        seeds=list(seeds),
        settings={name: setting_runs.result for name, setting_runs in runs.items()},
        environment=environment(task.device),
        chosen={reference.b: main.arms[reference.b].arm.says} if reference else {},
        details={**task.findings(runs), "command": command_line(), **details},
        graph_hash=task.graph.hash,
        run_hash=key,
    )
    save_run(folder, result, task.graph, lambda place: task.save(place, runs), config)
    record_result(folder, folder / STORE, result, started)
    return result


def _chosen(task: Task[M], arms: Sequence[str | Arm[M]] | None) -> list[Arm[M]]:
    """The arms to run: the task's own by name, beside those that the caller brings."""
    own = [arm for arm in arms or () if isinstance(arm, Arm)]
    names = [arm if isinstance(arm, str) else arm.name for arm in arms or ()]
    if doubled := [arm.name for arm in own if [arm.name for arm in own].count(arm.name) > 1]:
        raise ConfigError(f"two arms are called {doubled[0]}", cure="give each its own name")
    known = {arm.name: arm for arm in (*task.arms, *own)}  # an own arm replaces one of its name
    return choose_arms(list(known.values()), names, always=[task.headline])


def _require_plan(settings: Sequence[Setting[M]], seeds: Sequence[int], headline: str) -> None:
    """Refuse, before the first fit, what could only end in a run that nobody can read."""
    if not seeds or len(set(seeds)) < len(seeds):
        raise ConfigError(
            "an experiment needs at least one seed, and each once", cure="give seeds=5"
        )
    if not settings:
        raise ConfigError("the task has no setting", cure="let settings(arms) give at least one")
    for names in ([s.name for s in settings], *([a.name for a in s.arms] for s in settings)):
        if len(set(names)) < len(names) or not all(name.isprintable() and name for name in names):
            raise ConfigError(
                f"names are not told apart: {', '.join(map(repr, names))}",
                cure="give each setting, and each of its arms, a printable name of its own",
            )
    if headline not in {arm.name for arm in settings[0].arms}:
        raise ConfigError(
            f"the task's headline {headline!r} is no arm of its first setting",
            cure="name one of its arms",
        )
