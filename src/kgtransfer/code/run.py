"""A code-search run: put together, saved, recorded in the store, and read back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kgtransfer.code.concept_use import concepts_used
from kgtransfer.code.index import SearchIndex
from kgtransfer.errors import RunError, StoreError
from kgtransfer.experiments.results import RunResult
from kgtransfer.report.findings import search_details
from kgtransfer.runs.folder import command_line, environment, graph_of, save_run, verify
from kgtransfer.store import connect
from kgtransfer.store.provenance import record_run
from kgtransfer.utils.progress import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kgtransfer.code.arms import SearchArm
    from kgtransfer.code.config import CodeSearchConfig
    from kgtransfer.code.task import SearchTask
    from kgtransfer.experiments.runner import SettingRuns
    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.store.queries import Answer

__all__ = ["SEARCHES", "SavedRun", "load", "record_search", "save_search"]

SEARCHES = ("code_search",)  # pipelines whose runs search
EXAMPLES = 8  # synthetic queries that a report shows


@dataclass(frozen=True)
class SavedRun:
    """What a run folder holds."""

    result: RunResult
    graph: KnowledgeGraph
    index: SearchIndex


def save_search(
    folder: Path,
    config: CodeSearchConfig,
    graph: KnowledgeGraph,
    tasks: Mapping[str, SearchTask],
    outcomes: Mapping[str, SettingRuns],
    *,
    kg: SearchArm,
    queries: Sequence[Answer] = (),
    key: str = "",
) -> RunResult:
    """Put a code-search experiment together and write it as a run.

    Args:
        folder: of the run.
        config: the run's settings.
        graph: the run's knowledge.
        tasks: setting -> task; the first one's model is the run's model.
        outcomes: setting -> what the experiment gave.
        kg: the arm whose model is kept.
        queries: Cypher queries to show in the report.
        key: the run's hash.
    """
    seeds = list(range(config.seeds))
    indexes = {
        setting: task.index(kg, seeds[0], outcomes[setting].models[kg.name])
        for setting, task in tasks.items()
    }
    main, *_ = tasks
    details = search_details(
        graph,
        tasks[main].concepts,
        {setting: task.corpus for setting, task in tasks.items()},
        {setting: outcome.runs for setting, outcome in outcomes.items()},
        indexes,
    )
    result = RunResult(
        pipeline="code_search",
        data=config.data.path,
        test=config.data.test or config.data.path,
        metric="mrr",
        seeds=seeds,
        settings={setting: outcome.result for setting, outcome in outcomes.items()},
        environment=environment(tasks[main].device),
        details={
            **details,
            "graph": {**details["graph"], "packages": list(config.data.packages)},
            "queries": [answer.to_json() for answer in queries],
            "training": {"synthetic_queries": _examples(tasks[main])},
            "command": command_line(),
        },
        graph_hash=graph.hash,
        run_hash=key,
    )
    save_run(folder, result, graph, indexes[main], config)
    return result


def record_search(folder: Path, store: Path | str, *, started: datetime) -> str:
    """Record a saved code-search run in a store, so that queries find it by its concepts.

    A store that cannot take it is told to the user and nothing more: the run itself is saved.

    Args:
        folder: of the run.
        store: that holds the run's concepts, as `connect` takes it.
        started: when the run began, with a time zone; it ended now.

    Returns:
        The run's IRI: its folder and its hash.

    Raises:
        RunError: the folder holds no run.
    """
    result, index = RunResult.load(folder), SearchIndex.load(folder)
    run = f"{folder.resolve().as_uri()}#{result.run_hash}"
    try:
        with connect(store) as opened:
            record_run(
                opened,
                run,
                ontology_hash=result.graph_hash,
                concepts=concepts_used(index),
                started=started,
                ended=datetime.now(UTC),
            )
    except StoreError as error:
        say(f"warning: the run is not recorded in {store}: {error}")
    return run


def _examples(task: SearchTask) -> list[str]:
    """A synthetic query of each of some functions: what the arm kg is trained on."""
    groups = task.texts.synthetic_queries("graph")
    return [group[-1] for group in groups[:: max(1, len(groups) // EXAMPLES)]][:EXAMPLES]


def load(folder: Path) -> SavedRun:
    """Read a run back; its model gives the same scores to the bit.

    Raises:
        RunError: the run is of another pipeline, a file is missing or damaged, or the ontology is
            not the one of the run.
    """
    result = RunResult.load(folder)
    if result.pipeline not in SEARCHES:
        raise RunError(
            f"{folder} is a run of {result.pipeline}: it has no texts to search",
            cure="give the folder of a code-search run; report.html has what this one found",
        )
    graph = graph_of(folder, result)
    verify(folder)
    return SavedRun(result, graph, SearchIndex.load(folder))
