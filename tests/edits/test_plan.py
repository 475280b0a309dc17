"""What an edit makes stale is told from what both ontologies make of the data, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from kgtransfer.edits.edit import Edit
from kgtransfer.edits.plan import Plan, View, stale_parts
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology

CELLS = """
@prefix : <http://x.example/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:Round a owl:Class ; rdfs:label "round" .
:Cell a owl:Class ; rdfs:label "cell" .
"""
ROUND, LOBED, CELL = (f"http://x.example/{name}" for name in ("Round", "Lobed", "Cell"))


def _graph(tmp_path, text: str) -> KnowledgeGraph:
    path = tmp_path / "cells.ttl"
    path.write_text(text, encoding="utf-8")
    return read_ontology(path)


@pytest.fixture
def edit(tmp_path) -> Edit:
    """A concept has another text, one is new."""
    before = _graph(tmp_path, CELLS)
    text = CELLS.replace('"round"', '"rounded"') + ':Lobed a owl:Class ; rdfs:label "lobed" .\n'
    return Edit.of(before, _graph(tmp_path, text))


def test_where_the_data_look_the_same_only_vectors_are_stale(edit: Edit) -> None:
    view = View({"train": {ROUND: np.array([0.1, 0.9])}}, {CELL: {("shape", ROUND): 1.0}}, ["a"])
    stale = stale_parts(edit, view, view)
    assert (stale.concepts, stale.axioms, stale.added, stale.removed) == ((), (), (), ())
    assert stale.samples == {"train": (0, 2)}
    assert stale.vectors == {"added": 1, "removed": 0, "touched": 1}


def test_moved_weights_new_concepts_axioms_and_labels_are_told(edit: Edit) -> None:
    sets = {"train": {ROUND: np.array([0.1, 0.9, 0.5])}, "gone": {}}
    before = View(sets, {CELL: {("shape", ROUND): 1.0}, ROUND: {}}, ["a", "b"])
    moved = View(
        {"train": {ROUND: np.array([0.1, 0.8, 0.5])}, "new": {}},
        {CELL: {("shape", ROUND): 2.0}, ROUND: {}},
        ["b", "c"],
    )
    stale = stale_parts(edit, before, moved)
    assert (stale.concepts, stale.samples) == ((ROUND,), {"train": (1, 3)})
    assert (stale.axioms, stale.added, stale.removed) == ((CELL,), ("c",), ("a",))
    further = View({"train": {**sets["train"], LOBED: np.zeros(3)}}, before.axioms)
    stale = stale_parts(edit, before, further)
    assert (stale.concepts, stale.samples) == ((LOBED,), {"train": (3, 3)})


def test_a_plan_says_what_is_done_and_how_long_it_takes(edit: Edit) -> None:
    view = View({"train": {ROUND: np.array([0.1])}}, {})
    stale = stale_parts(edit, view, View({"train": {ROUND: np.array([0.2])}}, {}))
    plan = Plan(
        edit.diff, stale, 2, 6.0, 60.0, how="heads trained on", names={ROUND: "round"},
        settings={"data.ignored": ["a"]},
    )  # fmt: skip
    assert str(plan).splitlines()[-7:] == [
        "grounding: 1 concept: round",
        "  samples that change: 1 of 1 of train",
        "axioms:    as they are",
        "vectors:   1 added, 1 touched",
        "setting:   data.ignored = ['a']",
        "models:    2 models go on: heads trained on",
        "time:      about 6 s (from scratch: 60 s)",
    ]
    assert plan.to_json()["grounding"] == {"concepts": [ROUND], "samples": {"train": [1, 1]}}
