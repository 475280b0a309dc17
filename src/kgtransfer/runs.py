"""A saved run as a folder: weights, concepts, ontology, settings, scores, report."""

from __future__ import annotations

import hashlib
import platform
import shlex
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from kgtransfer.config import CodeSearchConfig, write_config
from kgtransfer.errors import RunError, StoreError
from kgtransfer.experiments import Outcome, digest
from kgtransfer.files import write_atomically
from kgtransfer.knowledge.ontology import read_ontology
from kgtransfer.progress import say
from kgtransfer.report import write_card, write_report
from kgtransfer.report.findings import search_details
from kgtransfer.results import RunResult
from kgtransfer.store import connect
from kgtransfer.store.provenance import record_run
from kgtransfer.tasks.concept_use import concepts_used
from kgtransfer.tasks.search_index import SearchIndex

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import BaseModel

    from kgtransfer.data.pairs import SearchCorpus
    from kgtransfer.embedding.concepts import ConceptEmbeddings
    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.store.queries import Answer
    from kgtransfer.tasks.retrieve import SearchTask
    from kgtransfer.tasks.search_arms import SearchArm

__all__ = [
    "SavedRun",
    "environment",
    "load",
    "record_search",
    "run_key",
    "save_run",
    "save_search",
]

EXAMPLES = 8  # synthetic queries that a report shows
VERSIONED = ("kgtransfer", "torch", "transformers", "numpy", "kglite")


@dataclass(frozen=True)
class SavedRun:
    """What a run folder holds."""

    result: RunResult
    graph: KnowledgeGraph
    index: SearchIndex


def save_run(
    folder: Path, result: RunResult, graph: KnowledgeGraph, index: SearchIndex, config: BaseModel
) -> Path:
    """Write a run; result.json comes after all it depends on, so a folder with one is complete.

    Returns:
        The report's path.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "result.json").unlink(missing_ok=True)
    index.save(folder)
    write_atomically(folder / "ontology.ttl", graph.to_turtle().encode())
    write_atomically(folder / "run.toml", write_config(config).encode())
    result.save(folder)
    write_card(result, folder)
    return write_report(result, folder)


def run_key(
    config: BaseModel, graph: KnowledgeGraph, concepts: ConceptEmbeddings, corpus: SearchCorpus
) -> str:
    """Digest of all that a run's scores depend on, arms and seeds aside: the run's hash.

    The code of kgtransfer counts too, so that no result outlives a change of what made it.
    """
    settings = config.model_dump_json(exclude={"arms", "few_labels", "seeds", "settings"})
    sources = sorted(Path(__file__).parent.rglob("*.py"))
    code = digest(*(source.read_text(encoding="utf-8") for source in sources))
    vectors = hashlib.sha256(concepts.vectors.numpy().tobytes()).hexdigest()
    parts = (settings, graph.hash, vectors, corpus.hash, code, torch.__version__)
    return digest(*parts, *concepts.iris)


def save_search(
    folder: Path,
    config: CodeSearchConfig,
    graph: KnowledgeGraph,
    tasks: Mapping[str, SearchTask],
    outcomes: Mapping[str, Outcome],
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
            "command": shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]]),
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
        RunError: a file is missing or damaged, or the ontology is not the one of the run.
    """
    result = RunResult.load(folder)
    graph = read_ontology(folder / "ontology.ttl")
    if graph.hash != result.graph_hash:
        raise RunError(
            f"{folder / 'ontology.ttl'} is not the ontology that this run was trained on",
            cure="put the original file back, or train again with the new one",
        )
    return SavedRun(result, graph, SearchIndex.load(folder))


def environment(device: str) -> dict[str, str]:
    """Versions, device and revision, for result.json."""
    versions = {name: version(name) for name in VERSIONED}
    python = platform.python_version()
    return {**versions, "python": python, "device": _device_name(device), "git": _revision()}


def _device_name(device: str) -> str:
    if device.startswith("cuda"):
        return torch.cuda.get_device_name(device)
    return f"{platform.machine()} CPU, {torch.get_num_threads()} threads"


def _revision() -> str:
    """The checkout's commit, with a + where it has changes; empty outside a checkout."""
    try:
        command = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
        root = Path(__file__).parent
        found = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return found.stdout.strip()
