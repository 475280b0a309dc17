"""A saved run as a folder: model, ontology, settings, scores, report."""

from __future__ import annotations

import hashlib
import platform
import shlex
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from kgtransfer.config import write_config
from kgtransfer.errors import RunError
from kgtransfer.experiments.results import read_result
from kgtransfer.experiments.runner import digest
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.redaction import redacted
from kgtransfer.report import write_card, write_report
from kgtransfer.utils.files import read_bytes, unwritable, write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel

    from kgtransfer.experiments.results import RunResult
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = [
    "command_line",
    "environment",
    "graph_of",
    "run_key",
    "save_run",
    "verify",
    "written",
]

VERSIONED = ("kgtransfer", "torch", "transformers", "timm", "numpy", "kglite")
VOLATILE = {"fits", "cache", "result.json", "details.json", "scores.safetensors"}
COUNTED = (
    "arms",
    "few_labels",
    "labels_per_class",
    "seeds",
    "settings",
)  # say which fits are made, not how


def save_run(
    folder: Path,
    result: RunResult,
    graph: KnowledgeGraph,
    save: Callable[[Path], object],
    config: BaseModel | None,
) -> Path:
    """Write a run; result.json comes after all it depends on, so a folder with one is complete.

    Args:
        folder: of the run.
        result: scores and details.
        graph: the run's knowledge.
        save: writes what the run trained into the folder.
        config: the run's settings; None for a run that was put together in Python.

    Returns:
        The report's path.
    """
    if place := unwritable(dict(result.details)):
        raise RunError(
            f"findings()[{place}] is nothing that JSON can hold",
            cure="give texts, finite numbers, lists and dictionaries of them",
        )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "result.json").unlink(missing_ok=True)
    save(folder)
    write_atomically(folder / "ontology.ttl", graph.to_turtle().encode())
    if config:
        write_atomically(folder / "run.toml", write_config(config).encode())
    result.save(folder, also=written(folder))
    write_card(result, folder)
    return write_report(result, folder)


def written(folder: Path) -> dict[str, str]:
    """Path inside the run -> SHA-256 of each file that the run is made of.

    What can be made again is none of them: fits, caches, the store, the report.
    """
    parts = [path for name in ("run.toml", "ontology.ttl") if (path := folder / name).is_file()]
    parts += [path for path in folder.rglob("*") if path.suffix in (".safetensors", ".json")]
    parts += (folder / "code").rglob("*.py")  # of the user's own
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(set(parts))
        if not path.name.startswith("worth-")  # written by `explain`, later
        and not VOLATILE & set(path.relative_to(folder).parts)
        and not path.name.startswith(".")
    }


def verify(folder: Path) -> None:
    """Make sure that a run is as it was written.

    Raises:
        RunError: a file is missing, cut off, altered or not in the run, or a folder in it is a
            link; the message names it.
    """
    files = read_result(folder).get("files", {})
    for place in folder.iterdir():
        if place.is_symlink() and place.is_dir():
            raise RunError(
                f"{place} is a link to another folder, which the run may not write to",
                cure="put the folder itself in its place",
            )
    for name, sha256 in files.items():
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise RunError(f"{folder / 'result.json'}: {name} is no file of the run")
        read_bytes(folder / name, sha256)


def run_key(config: BaseModel | None, *hashes: str) -> str:
    """Digest of all that a run's scores depend on, arms and seeds aside: the run's hash.

    The code of kgtransfer counts too, so that no result outlives a change of what made it.

    Args:
        config: the run's settings, where it has any.
        hashes: of the graph, the concepts, the data, the weights: all that the run reads.
    """
    settings = config.model_dump_json(exclude=set(COUNTED)) if config else ""
    sources = sorted(Path(__file__).parents[1].rglob("*.py"))
    code = digest(*(source.read_text(encoding="utf-8") for source in sources))
    return digest(settings, code, torch.__version__, *hashes)


def graph_of(folder: Path, result: RunResult) -> KnowledgeGraph:
    """The ontology of a saved run.

    Raises:
        RunError: the file in the folder is not the one that the run was trained on.
    """
    graph = read_ontology(folder / "ontology.ttl")
    if graph.hash != result.graph_hash:
        raise RunError(
            f"{folder / 'ontology.ttl'} is not the ontology that this run was trained on",
            cure="put the original file back, or train again with the new one",
        )
    return graph


def command_line() -> str:
    """The command that this process was started by, for the report, without secrets."""
    name = Path(sys.argv[0]).name
    arguments = (redacted(argument) for argument in sys.argv[1:])
    return shlex.join(["kgtransfer" if name == "__main__.py" else name, *arguments])


def environment(device: str) -> dict[str, str]:
    """Versions, device and revision, for result.json."""
    versions = {name: found for name in VERSIONED if (found := _version(name))}
    python = platform.python_version()
    return {**versions, "python": python, "device": _device_name(device), "git": _revision()}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


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
