"""Recorded runs, asked for by the named queries, on every engine."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kgtransfer.errors import StoreError
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.store import GraphStore
from kgtransfer.store.provenance import Outcome, forget_run, ontology_iri, record_run
from kgtransfer.store.queries import answer

EX = "http://example.org/smear#"
ROUND, RED = EX + "RoundNucleus", EX + "RedGranules"
HASH = "ab" * 32
NOON, ONE = datetime(2024, 2, 29, 12, tzinfo=UTC), datetime(2024, 2, 29, 13, tzinfo=UTC)
CELL = "urn:sample:cells/7.png"


def record(store: GraphStore, run: str = "urn:run:1", **changes: Any) -> None:
    """A run on the blood smear."""
    settings: dict[str, Any] = {
        "ontology_hash": HASH,
        "concepts": {ROUND: 0.25, RED: 0.75},
        "started": NOON,
        "ended": ONE,
        "groundings": {CELL: {RED: 0.9, ROUND: 0.5}, "urn:sample:8": {RED: 0.1}},
    }
    record_run(store, run, **settings | changes)


def rows(store: GraphStore, name: str, **params: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in answer(store, name, params).rows]


@pytest.fixture
def recorded(smear: GraphStore) -> GraphStore:
    """The blood smear with one run, and nothing of the test before."""
    for run in rows(smear, "runs"):
        forget_run(smear, run[0])
    record(smear)
    return smear


def test_a_run_and_what_it_used(recorded: GraphStore) -> None:
    assert rows(recorded, "runs") == [("urn:run:1", 2, ontology_iri(HASH))]
    assert rows(recorded, "concepts_of_run", run="urn:run:1") == [
        ("red granules@en", 0.75, RED),
        ("round nucleus@en", 0.25, ROUND),
    ]
    assert rows(recorded, "concepts_of_sample", sample=CELL) == [
        ("urn:run:1", "red granules@en", 0.9, RED),
        ("urn:run:1", "round nucleus@en", 0.5, ROUND),
    ]
    assert rows(recorded, "samples_by_concept", run="urn:run:1", uri=RED) == [
        (CELL, 0.9),
        ("urn:sample:8", 0.1),
    ]
    took = (
        "MATCH (r:prov__Activity) WHERE r.prov__startedAtTime < r.prov__endedAtTime "
        "RETURN r.prov__startedAtTime.hour AS h, r.prov__endedAtTime.hour AS e"
    )
    assert recorded.run(took) == [{"h": 12, "e": 13}]


def test_two_runs_on_the_same_samples(recorded: GraphStore) -> None:
    record(recorded, "urn:run:2", concepts={RED: 1}, groundings={CELL: {RED: 0.2}})
    assert rows(recorded, "runs_by_concept", uri=RED) == [("urn:run:1", 0.75), ("urn:run:2", 1.0)]
    assert rows(recorded, "runs_by_concept", uri=ROUND) == [("urn:run:1", 0.25)]
    assert rows(recorded, "concepts_of_sample", sample=CELL)[-1][0] == "urn:run:2"
    forget_run(recorded, "urn:run:1")
    assert rows(recorded, "runs") == [("urn:run:2", 1, ontology_iri(HASH))]
    assert rows(recorded, "concepts_of_sample", sample=CELL) == [
        ("urn:run:2", "red granules@en", 0.2, RED)
    ]


def test_runs_that_came_from_one_another(recorded: GraphStore) -> None:
    data = "cd" * 32
    first = Outcome(data, "", "accuracy", "validation", 0.5)
    record(recorded, outcome=first, groundings={})
    record(recorded, outcome=first, groundings={}, worth={RED: 0.125})
    assert rows(recorded, "worth_of_concepts", run="urn:run:1") == [
        ("red granules@en", 0.125, 0.75, RED)
    ]
    second = Outcome(data, "urn:run:1", "accuracy", "validation", 0.75, promoted=True)
    record(recorded, "urn:run:2", outcome=second, groundings={}, concepts={RED: 0.75, ROUND: 0.5})
    third = Outcome("", "urn:run:2")
    record(recorded, "urn:run:3", outcome=third, groundings={})
    assert rows(recorded, "best_runs") == [
        (ontology_iri(data), "urn:run:2", 0.75, "accuracy", True)
    ]
    assert rows(recorded, "lineage_of_run", run="urn:run:3") == [
        ("urn:run:2", 1, 0.75), ("urn:run:1", 2, 0.5)
    ]  # fmt: skip
    assert rows(recorded, "changes_between_runs", a="urn:run:1", b="urn:run:2") == [
        ("round nucleus@en", 0.25, 0.5, ROUND)
    ]
    assert [row[1:] for row in rows(recorded, "runs")] == [
        (2, ontology_iri(HASH)), (2, ontology_iri(HASH)), (2, ontology_iri(HASH))
    ]  # fmt: skip


def test_a_run_recorded_twice_is_one(recorded: GraphStore) -> None:
    record(recorded, groundings={CELL: {ROUND: 0.5}}, concepts={ROUND: 1.0})
    assert rows(recorded, "runs") == [("urn:run:1", 1, ontology_iri(HASH))]
    assert rows(recorded, "concepts_of_sample", sample=CELL) == [
        ("urn:run:1", "round nucleus@en", 0.5, ROUND)
    ]


def test_a_sync_leaves_runs_alone_and_runs_leave_the_graph_alone(recorded: GraphStore) -> None:
    graph = read_ontology(Path(__file__).parent / "smear.ttl")
    assert not recorded.sync(graph).changed
    with_run = recorded.export()
    forget_run(recorded, "urn:run:1")
    assert recorded.export() == with_run
    assert with_run.concepts == graph.concepts
    record(recorded)
    # A concept that leaves the ontology stays known to the runs that used it.
    left = KnowledgeGraph((t for t in graph.triples if RED not in str(t)), graph.prefixes)
    recorded.sync(left)
    assert recorded.export().concepts == left.concepts
    assert rows(recorded, "runs_by_concept", uri=RED) == [("urn:run:1", 0.75)]
    recorded.sync(graph)
    assert recorded.export() == with_run


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"concepts": {EX + "Nowhere": 1.0}}, "1 concepts of the run are not in the store"),
        ({"groundings": {CELL: {EX + "Nowhere": 1.0}}}, "not in the store"),
        ({"concepts": {RED: math.nan}}, "a weight of nan"),
        ({"groundings": {CELL: {RED: math.inf}}}, "a weight of inf"),
        ({"groundings": {"cell 7": {RED: 1.0}}}, "'cell 7' is not an absolute IRI"),
        ({"run": "nothing"}, "'nothing' is not an absolute IRI"),
        ({"run": RED}, "RedGranules is part of the ontology"),
        ({"started": datetime(2024, 2, 29)}, "no zone"),  # noqa: DTZ001
    ],
)
def test_what_cannot_be_recorded_changes_nothing(
    recorded: GraphStore, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(StoreError, match=message):
        record(recorded, **changes)
    assert rows(recorded, "runs") == [("urn:run:1", 2, ontology_iri(HASH))]
    assert len(rows(recorded, "concepts_of_sample", sample=CELL)) == 2


def test_iris_that_try_to_be_code_are_values(recorded: GraphStore) -> None:
    attack = "urn:x')--()$run;DETACH/*"
    record(recorded, attack, groundings={"urn:'s": {RED: 1.0}})
    assert rows(recorded, "concepts_of_run", run=attack)[0] == ("red granules@en", 0.75, RED)
    assert rows(recorded, "concepts_of_sample", sample="urn:'s")[0][0] == attack
