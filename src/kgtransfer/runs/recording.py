"""Runs of a folder in a graph store, so that Cypher finds them by concept, data and parent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kgtransfer.errors import RunError, StoreError
from kgtransfer.experiments.results import RunResult
from kgtransfer.images.domains import VALIDATION
from kgtransfer.store import connect
from kgtransfer.store.provenance import Outcome, record_run
from kgtransfer.utils.files import read_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from kgtransfer.runs.registry import Entry
    from kgtransfer.store.base import GraphStore

__all__ = ["WORTH", "iri_of_run", "record_all", "worth_of_run"]

WORTH = "worth-"  # and the name of a data set: what `explain` found on it

KNOWN = "UNWIND $iris AS iri MATCH (c:Resource) WHERE c.uri = iri RETURN c.uri AS iri"


def iri_of_run(entry: Entry) -> str:
    """A run is named by its folder and its hash."""
    return f"{entry.folder.resolve().as_uri()}#{entry.run_hash}"


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

    Of each concept on the validation images where it was asked of them, else on the first data set
    by name.

    Raises:
        RunError: a file is not what `explain` writes.
    """
    files = sorted(folder.glob(f"{WORTH}*.json"), key=lambda f: (VALIDATION not in f.stem, f.name))
    worth: dict[str, float] = {}
    for file in reversed(files):
        try:
            found = read_json(file)["worth"]
            concepts = [of for of in found if of["kind"] == "concept"]
            worth |= {str(of["iris"][0]): float(of["difference"]) for of in concepts}
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
    rows = store.run(KNOWN, {"iris": sorted(weights)})
    concepts = {row["iri"]: float(weights[row["iri"]]) for row in rows}
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
    parent = iri_of_run(known[entry.parent]) if entry.parent in known else ""
    record_run(
        store,
        iri_of_run(entry),
        ontology_hash=entry.ontology,
        concepts=concepts,
        started=ended,
        ended=ended,
        groundings=samples,
        worth={iri: of for iri, of in worth_of_run(entry.folder).items() if iri in known_iris},
        outcome=Outcome(
            entry.data, parent, entry.metric, entry.setting, entry.score, entry.promoted
        ),
    )
