"""Runs of a folder in a graph store, so that Cypher finds them by concept, data and parent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kgtransfer.errors import RunError, StoreError
from kgtransfer.experiments.results import RunResult
from kgtransfer.experiments.setting import VALIDATION
from kgtransfer.store import connect
from kgtransfer.store.provenance import Outcome, record_run
from kgtransfer.utils.files import read_json
from kgtransfer.utils.progress import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from kgtransfer.runs.registry import Entry
    from kgtransfer.store.base import GraphStore

__all__ = ["WORTH", "iri_of_run", "record_all", "record_result", "worth_of_run"]

WORTH = "worth-"  # and the name of a data set: what `explain` found on it

KNOWN = "UNWIND $iris AS iri MATCH (c:Resource) WHERE c.uri = iri RETURN c.uri AS iri"


def iri_of_run(folder: Path, run_hash: str) -> str:
    """Folder and hash of a run -> the IRI that stores know it by."""
    return f"{folder.resolve().as_uri()}#{run_hash}"


def record_result(folder: Path, store: Path, result: RunResult, started: datetime) -> None:
    """Record a run that has just ended in the store that it was made with, if there is one.

    A store that cannot take it is told to the user and nothing more: the run itself is saved.

    Args:
        folder: of the run.
        store: file of the graph store, which holds the run's concepts.
        result: of the run; its detail `weights` says how much each concept was used.
        started: when the run began, with a time zone; it ended now.
    """
    if not store.exists():
        return
    try:
        with connect(store) as opened:
            record_run(
                opened,
                iri_of_run(folder, result.run_hash),
                ontology_hash=result.graph_hash,
                concepts=_known_weights(opened, result.details.get("weights", {})),
                started=started,
                ended=datetime.now(UTC),
            )
    except StoreError as error:
        say(f"warning: the run is not recorded in {store}: {error}")


def record_all(
    entries: Iterable[Entry],
    store: str,
    groundings: Mapping[str, Mapping[str, float]] | None = None,
) -> None:
    """Record runs, those before those that came from them.

    A concept's weight is how strongly the training samples show it; what it was worth goes along
    where the run was explained.

    Args:
        entries: the runs; damaged ones are left out.
        store: file or address of the store, which holds the concepts: sync the ontology first.
        groundings: sample IRI -> concept IRI -> weight.

    Raises:
        StoreError: the store knows no concept of a run.
    """
    whole = {entry.run_hash: entry for entry in entries if not entry.damage}
    with connect(store) as opened:
        for entry in sorted(whole.values(), key=lambda e: _generation(e, whole)):
            _record(opened, entry, whole, groundings or {})


def worth_of_run(folder: Path) -> dict[str, float]:
    """What concepts were worth to a run, by IRI; nothing where nobody asked.

    Of each concept on the validation samples where it was asked of them, else on the first data set
    by name.

    Raises:
        RunError: a file is not what `explain` writes.
    """
    files = sorted(folder.glob(f"{WORTH}*.json"), key=lambda f: (VALIDATION not in f.stem, f.name))
    worth: dict[str, float] = {}
    for file in reversed(files):
        try:
            values = read_json(file)["worth"]
            concepts = [value for value in values if value["kind"] == "concept"]
            worth |= {str(value["iris"][0]): float(value["difference"]) for value in concepts}
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise RunError(
                f"{file}: not what kgtransfer explain writes ({type(error).__name__}: {error})",
                cure="remove it, and explain the run again",
            ) from error
    return worth


def _generation(entry: Entry, known: Mapping[str, Entry]) -> int:
    """How many of the known runs a run came from; those in a circle may come in any order."""
    line: list[str] = []
    while entry.run_hash not in line:
        line.append(entry.run_hash)
        entry = known.get(entry.parent, entry)
    return len(line)


def _record(
    store: GraphStore,
    entry: Entry,
    known: Mapping[str, Entry],
    groundings: Mapping[str, Mapping[str, float]],
) -> None:
    weights = RunResult.load(entry.folder).details.get("weights", {})
    concepts = _known_weights(store, weights)
    if weights and not concepts:
        raise StoreError(
            f"the store knows none of the {len(weights)} concepts of {entry.folder}",
            cure=f"sync its ontology first: kgtransfer sync {entry.folder / 'ontology.ttl'}",
        )
    known_iris = concepts.keys()
    samples = {
        sample: {iri: weight for iri, weight in shown.items() if iri in known_iris}
        for sample, shown in groundings.items()
    }
    made = (entry.folder / "result.json").stat().st_mtime
    ended = datetime.fromtimestamp(made, UTC)
    parent = _iri(known[entry.parent]) if entry.parent in known else ""
    record_run(
        store,
        _iri(entry),
        ontology_hash=entry.ontology,
        concepts=concepts,
        started=ended,
        ended=ended,
        groundings=samples,
        worth={iri: w for iri, w in worth_of_run(entry.folder).items() if iri in known_iris},
        outcome=Outcome(
            entry.data_hash, parent, entry.metric, entry.setting, entry.score, entry.promoted
        ),
    )


def _iri(entry: Entry) -> str:
    return iri_of_run(entry.folder, entry.run_hash)


def _known_weights(store: GraphStore, weights: Mapping[str, float]) -> dict[str, float]:
    """The weights of those concepts that a store holds."""
    rows = store.run(KNOWN, {"iris": sorted(weights)})
    return {row["iri"]: float(weights[row["iri"]]) for row in rows}
