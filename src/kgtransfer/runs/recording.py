"""Runs of a folder in a graph store, so that Cypher finds them by concept, data and parent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kgtransfer.errors import StoreError
from kgtransfer.results import RunResult
from kgtransfer.store import connect
from kgtransfer.store.provenance import Outcome, record_run

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kgtransfer.runs.registry import Entry
    from kgtransfer.store.base import GraphStore

__all__ = ["iri_of_run", "record_all"]

KNOWN = "UNWIND $iris AS iri MATCH (c:Resource) WHERE c.uri = iri RETURN c.uri AS iri"


def iri_of_run(entry: Entry) -> str:
    """A run is named by its folder and its hash."""
    return f"{entry.folder.resolve().as_uri()}#{entry.run_hash}"


def record_all(
    entries: Iterable[Entry],
    store: str,
    worth: Mapping[str, float] | None = None,
    groundings: Mapping[str, Mapping[str, float]] | None = None,
) -> None:
    """Record runs, those before those that came from them.

    Args:
        entries: the runs; damaged ones are left out.
        store: file or address of the store, which holds the concepts: sync the ontology first.
        worth: weights of concepts, by IRI; by default how strongly the training samples show each.
        groundings: sample IRI -> concept IRI -> weight.

    Raises:
        StoreError: the store knows no concept of a run.
    """
    whole = {entry.run_hash: entry for entry in entries if not entry.damage}
    with connect(store) as opened:
        for entry in sorted(whole.values(), key=lambda e: _generation(e, whole)):
            _record(opened, entry, whole, worth, groundings or {})


def _generation(entry: Entry, known: Mapping[str, Entry]) -> int:
    parent = known.get(entry.parent)
    return 0 if parent is None or parent is entry else 1 + _generation(parent, known)


def _record(
    store: GraphStore,
    entry: Entry,
    known: Mapping[str, Entry],
    worth: Mapping[str, float] | None,
    groundings: Mapping[str, Mapping[str, float]],
) -> None:
    weights = RunResult.load(entry.folder).details.get("weights", {}) if worth is None else worth
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
        outcome=Outcome(
            entry.data, parent, entry.metric, entry.setting, entry.score, entry.promoted
        ),
    )
