"""Node classification end to end on small graphs, with the weights that come along."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import scipy.sparse as sp

from kgtransfer.errors import DataError
from kgtransfer.nodes import task as nodes
from kgtransfer.nodes.arms import PRESETS, NodeArm, NodeRecipe, Preset
from kgtransfer.nodes.encoder import load_gin
from kgtransfer.nodes.graph import NodeGraph
from kgtransfer.nodes.head import HeadSettings
from kgtransfer.nodes.knowledge import AttributeKnowledge
from kgtransfer.nodes.similarity import co_occurrence
from kgtransfer.nodes.task import NodeTask
from kgtransfer.nodes.training import Tuning

ARMS = {
    "none": NodeArm("none", "tuned"),
    "gnn": NodeArm("gnn", "gnn"),
    "baseline": NodeArm("baseline", "linear"),
    "control": NodeArm("control", "control"),
    "control_random": NodeArm("control_random", "control", encoder="random"),
    "kg": NodeArm("kg", "control", knowledge="true"),
    "shuffled": NodeArm("shuffled", "control", knowledge="shuffled"),
}


def blocks_graph(*, attributes: bool = True, sizes: tuple[int, ...] = (60, 60, 60)) -> NodeGraph:
    """Classes that keep to themselves and share words; five nodes have no neighbour."""
    inside, outside = 0.12, 0.01
    chances = np.full((len(sizes),) * 2, outside) + np.eye(len(sizes)) * (inside - outside)
    graph = nx.stochastic_block_model(sizes, chances, seed=1)
    graph.remove_edges_from(list(graph.edges(range(5))))
    labels = np.repeat(np.arange(len(sizes)), sizes)
    rng = np.random.default_rng(0)
    words = rng.random((len(labels), 30)) < 0.05
    words[np.arange(len(labels)), labels * 10 + rng.integers(0, 10, len(labels))] |= (
        rng.random(len(labels)) < 0.6
    )
    edges = np.array(sorted((min(e), max(e)) for e in graph.edges)).T.reshape(2, -1)
    given = sp.csr_array(words.astype(np.float32)) if attributes else None
    names = tuple("abc"[: len(sizes)])
    return NodeGraph("blocks", len(labels), edges, labels, names, given)


LABELS = blocks_graph().labels
TOLD, FIRST, OWN = (
    sp.csr_array(rows.astype(np.float32))
    for rows in (np.eye(3)[LABELS], np.eye(3)[LABELS][:, :1], np.eye(180))
)


def task(graph: NodeGraph, **settings: object) -> NodeTask:
    known = None
    if graph.attributes is not None:
        known = AttributeKnowledge(None, None, co_occurrence(graph.attributes))
    quick = Tuning(epochs=4, steps=0)
    recipe = NodeRecipe(share=0.3, tuning=quick, **settings)  # type: ignore[arg-type]
    return NodeTask(graph, load_gin("gcc"), knowledge=known, recipe=recipe)


@pytest.fixture(scope="module")
def with_words() -> NodeTask:
    return task(blocks_graph())


@pytest.mark.parametrize("name", ARMS)
def test_every_arm_gives_the_same_scores_again(with_words: NodeTask, name: str) -> None:
    run = with_words.run(ARMS[name], seed=1)
    again = task(blocks_graph()).run(ARMS[name], seed=1)
    assert len(run.per_sample) == len(with_words.split(1).test) == 126
    assert set(run.per_sample) <= {0.0, 1.0}
    assert run.per_sample.tolist() == again.per_sample.tolist()
    if name not in ("none", "shuffled"):
        assert run.per_sample.mean() > 0.6


def test_gates_are_reported(with_words: NodeTask) -> None:
    gates = with_words.run(ARMS["kg"], seed=0).gates
    assert {"encoder", "own", "propagated .1", "structure", "related", "spread"} <= set(gates)
    assert sum(value > 0 for value in gates.values()) >= 1
    assert with_words.run(ARMS["baseline"], seed=0).gates == {}


def test_scores_do_not_depend_on_test_labels() -> None:
    graph = blocks_graph()
    test = task(graph).split(0).test
    hidden = graph.labels.copy()
    hidden[test] = np.roll(hidden[test], 7)
    other = NodeGraph(
        "blocks", graph.num_nodes, graph.edges, hidden, graph.classes, graph.attributes
    )
    for name in ("gnn", "baseline", "control"):
        one, two = task(graph).run(ARMS[name], 0), task(other).run(ARMS[name], 0)
        named = np.where(one.per_sample > 0, graph.labels[test], -1)
        agreed = (named == hidden[test]) & (named >= 0)
        assert (two.per_sample[agreed] == 1).all()
        assert (two.per_sample[(named >= 0) & (named != hidden[test])] == 0).all()


def test_a_graph_without_attributes_is_conditioned_by_its_structure() -> None:
    bare = task(blocks_graph(attributes=False))
    for name in ("none", "gnn", "baseline", "control"):
        assert len(bare.run(ARMS[name], seed=0).per_sample) == 126
    assert "structure" in bare.run(ARMS["control"], seed=0).gates


@pytest.mark.parametrize("local", ["adjacency", "attributes"])
@pytest.mark.parametrize("protocol", ["paper", "validated"])
def test_the_published_method(protocol: str, local: str, monkeypatch: pytest.MonkeyPatch) -> None:
    short = Preset(0.1, "adamw", 5e-4, 0.8, 0.3, epochs=7)
    monkeypatch.setitem(PRESETS, "blocks", short)
    made = task(blocks_graph(), preset="graphcontrol-2024", protocol=protocol, local=local)
    run = made.run(ARMS["control"], seed=0)
    assert len(run.per_sample) == 126
    assert ("best_on_test" in run.metrics) == (protocol == "paper")
    if protocol == "paper":
        assert run.metrics["best_on_test"] >= run.per_sample.mean()


@pytest.mark.parametrize("labels", [1, 5])
def test_labels_per_class(labels: int) -> None:
    few = task(blocks_graph(), labels_per_class=labels)
    assert len(few.split(0).train) == 3 * labels
    for name in ("none", "gnn", "baseline", "control", "kg"):
        assert len(few.run(ARMS[name], seed=0).per_sample) == 180 - 3 * labels


def test_an_arm_may_learn_from_another_number_of_labels() -> None:
    few = task(blocks_graph(), labels_per_class=1, reserve=6)
    more = replace(ARMS["control"], name="labels_6", labels=6)
    one, six = few.run(ARMS["control"], seed=0), few.run(more, seed=0)
    assert len(one.per_sample) == len(six.per_sample) == 180 - 18
    alone = task(blocks_graph(), labels_per_class=6).run(ARMS["control"], seed=0)
    assert six.per_sample.tolist() == alone.per_sample.tolist()


def test_the_encoder_reads_a_node_only_where_its_gate_is_chosen_or_opens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(nodes, "FEW", 10)
    told = replace(blocks_graph(), attributes=TOLD)
    shut = task(told)
    assert shut.run(ARMS["control"], seed=0).gates["encoder"] == 0
    block, _ = shut.inputs(ARMS["control"], seed=0)
    train = shut.split(0).train
    assert np.flatnonzero(block["encoder"].any(axis=1)).tolist() == sorted(train)
    monkeypatch.setattr(nodes, "choose_gates", lambda *_, **__: HeadSettings({"encoder": 1.0}))
    opened = task(told)
    block, prior = opened.inputs(ARMS["control"], seed=0)
    opened.fit(ARMS["control"], block, prior, opened.split(0), 0)
    assert block["encoder"].any(axis=1).all()


def test_what_the_encoder_reads_does_not_depend_on_what_it_read_before() -> None:
    alone, after = task(blocks_graph()), task(blocks_graph())
    after.inputs(ARMS["control"], seed=0)
    after.vectors("pretrained")
    again = after.inputs(ARMS["control"], seed=1)[0]["encoder"].copy()
    assert np.array_equal(again, alone.inputs(ARMS["control"], seed=1)[0]["encoder"])


def test_pairs_of_nodes_and_a_class_of_one_node() -> None:
    """Components of two nodes each have no positions; a rare class may lack a training node."""
    count = 80
    edges = np.stack([np.arange(0, count, 2), np.arange(1, count, 2)])
    labels = np.repeat(np.arange(2), count // 2)
    labels[3] = 2
    words = sp.csr_array((np.eye(2)[np.minimum(labels, 1)]).astype(np.float32))
    graph = NodeGraph("pairs", count, edges, labels, ("a", "b", "c"), words)
    made = task(graph)
    for name in ("none", "gnn", "baseline", "control"):
        score = made.run(ARMS[name], seed=0).per_sample.mean()
        assert score > (0.3 if name == "none" else 0.8)


NONE = np.zeros((2, 0), dtype=np.int64)
ODD = {  # what is odd, and the accuracy to reach
    "no edges": ({"edges": NONE, "attributes": TOLD}, 0.95),
    "no edges, no attributes": ({"edges": NONE, "attributes": None}, 0.15),
    "missing labels": ({"labels": np.where(np.arange(180) % 5 < 2, LABELS, -1)}, 0.7),
    "one attribute": ({"attributes": FIRST}, 0.5),
    "no two nodes alike": ({"attributes": OWN}, 0.6),
}


@pytest.mark.parametrize("preset", ["", "graphcontrol-2024"])
@pytest.mark.parametrize("what", ODD)
def test_odd_graphs(what: str, preset: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PRESETS, "blocks", Preset(0.1, "adamw", 5e-4, 0.8, 0.3, epochs=2))
    changed, wanted = ODD[what]
    graph = replace(blocks_graph(), **changed)  # type: ignore[arg-type]
    made = task(graph, preset=preset)
    for name in ("none", "gnn", "baseline", "control"):
        scores = made.run(ARMS[name], seed=0).per_sample
        assert len(scores) == len(made.split(0).test)
    if not preset:
        assert scores.mean() > wanted


def test_too_few_labels_are_told() -> None:
    labels = np.full(180, -1)
    labels[[0, 1, 70, 71]] = [0, 0, 1, 1]
    graph = replace(blocks_graph(), labels=labels, classes=("a", "b"))
    with pytest.raises(DataError, match="30% of 4 labelled nodes are too few"):
        task(graph).run(ARMS["control"], seed=0)
    with pytest.raises(DataError, match=r"fewer than 3 labelled nodes in class a \(2\), b \(2\)"):
        task(graph, labels_per_class=3).run(ARMS["control"], seed=0)


def test_subgraphs_are_kept_by_content(tmp_path: Path) -> None:
    graph = blocks_graph()
    recipe = NodeRecipe(tuning=Tuning(epochs=2, steps=0))
    one, two = (NodeTask(graph, load_gin(), recipe=recipe, cache=tmp_path) for _ in range(2))
    first = one.run(ARMS["none"], seed=0).per_sample
    files = sorted(tmp_path.iterdir())
    assert len(files) == 1
    assert two.run(ARMS["none"], seed=0).per_sample.tolist() == first.tolist()
    assert sorted(tmp_path.iterdir()) == files
