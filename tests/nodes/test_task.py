"""Node classification end to end on small graphs, with the weights that come along."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import scipy.sparse as sp
from safetensors.numpy import load_file

from kgtransfer.errors import ConfigError, DataError
from kgtransfer.experiments.arms import Arm
from kgtransfer.experiments.runner import run_setting
from kgtransfer.experiments.task import FitResult, Setting
from kgtransfer.nodes import gated
from kgtransfer.nodes.arms import ARMS, NodeMethod
from kgtransfer.nodes.attributes.knowledge import AttributeKnowledge
from kgtransfer.nodes.attributes.similarity import co_occurrence
from kgtransfer.nodes.data.graph import NodeGraph
from kgtransfer.nodes.encoders.gin import GIN, load_gin
from kgtransfer.nodes.encoders.training import Tuning
from kgtransfer.nodes.heads.head import HeadSettings
from kgtransfer.nodes.model import NodeModel
from kgtransfer.nodes.recipe import PRESETS, NodeRecipe, Preset
from kgtransfer.nodes.task import NodeTask

METHODS = {arm.name: arm.method for arm in ARMS if arm.method}
CONTROL = NodeMethod("control")


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


def task(graph: NodeGraph, few_labels: tuple[int, ...] = (), **settings: str) -> NodeTask:
    known = None
    if graph.attributes is not None:
        known = AttributeKnowledge(None, None, co_occurrence(graph.attributes))
    recipe = NodeRecipe(tuning=Tuning(epochs=4, steps=0), **settings)  # type: ignore[arg-type]
    return NodeTask(graph, "gcc", known, share=0.3, few_labels=few_labels, recipe=recipe)


def fit(task: NodeTask, method: NodeMethod, seed: int = 0, labels: int = 0) -> FitResult:
    """Fit a method in the main setting, or in one with so many labels of each class."""
    return task.fit(Setting("any", (), labels), Arm("any", method=method), seed)


@pytest.fixture(scope="module")
def with_words() -> NodeTask:
    return task(blocks_graph())


@pytest.mark.parametrize("name", METHODS)
def test_every_arm_gives_the_same_scores_again(with_words: NodeTask, name: str) -> None:
    scores = fit(with_words, METHODS[name], seed=1).per_sample
    again = fit(task(blocks_graph()), METHODS[name], seed=1).per_sample
    assert len(scores) == len(with_words.split(1).test) == 126
    assert set(scores) <= {0.0, 1.0}
    assert scores.tolist() == again.tolist()
    if name not in ("none", "gcc", "shuffled"):
        assert scores.mean() > 0.6


def test_gates_are_reported(with_words: NodeTask) -> None:
    assert set(fit(with_words, METHODS["kg"]).gates) == {"prior", "related"}
    gates = fit(with_words, CONTROL).gates
    assert {"encoder", "own", "propagated .1", "structure", "spread"} <= set(gates)
    assert sum(value > 0 for value in gates.values()) >= 1
    for name in ("baseline", "baseline_linear"):
        assert fit(with_words, METHODS[name]).gates == {}


def test_the_baseline_is_the_best_of_its_candidates_on_held_out_labels(
    with_words: NodeTask,
) -> None:
    chosen = fit(with_words, METHODS["baseline"])
    assert chosen.choice
    assert chosen.choice.by == "cross-validation"
    assert set(chosen.choice.losses) == set(chosen.candidates) == {
        "propagated attributes", "attributes", "label propagation", "forest", "gated heads",
    }  # fmt: skip
    best = min(chosen.choice.losses, key=chosen.choice.losses.__getitem__)
    assert chosen.choice.name == best
    assert chosen.per_sample.tolist() == chosen.candidates[best].tolist()


def test_knowledge_that_says_nothing_leaves_the_baseline_as_it_is() -> None:
    graph = blocks_graph()
    empty = AttributeKnowledge(None, None, sp.csr_array(np.eye(30, dtype=np.float32)))
    knowing = NodeTask(graph, "gcc", empty, share=0.3)
    model = {
        arm: knowing.chosen.fit(METHODS[arm], knowing.split(0), 0)[1] for arm in ("baseline", "kg")
    }
    assert np.array_equal(model["kg"].probabilities, model["baseline"].probabilities)


def test_scores_do_not_depend_on_test_labels() -> None:
    graph = blocks_graph()
    test = task(graph).split(0).test
    hidden = graph.labels.copy()
    hidden[test] = np.roll(hidden[test], 7)
    other = replace(graph, labels=hidden)
    for name in ("gnn", "baseline", "control"):
        one, two = (fit(task(data), METHODS[name]).per_sample for data in (graph, other))
        predicted = np.where(one > 0, graph.labels[test], -1)
        agreed = (predicted == hidden[test]) & (predicted >= 0)
        assert (two[agreed] == 1).all()
        assert (two[(predicted >= 0) & (predicted != hidden[test])] == 0).all()


def test_a_graph_without_attributes_is_conditioned_by_its_structure() -> None:
    bare = task(blocks_graph(attributes=False))
    for name in ("none", "gnn", "baseline", "control"):
        assert len(fit(bare, METHODS[name]).per_sample) == 126
    assert "structure" in fit(bare, CONTROL).gates


@pytest.mark.parametrize("local", ["adjacency", "attributes"])
@pytest.mark.parametrize("protocol", ["paper", "validated"])
def test_the_published_method(
    protocol: str, local: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    short = Preset(0.1, "adamw", 5e-4, 0.8, 0.3, epochs=7)
    monkeypatch.setitem(PRESETS, "blocks", short)
    published = task(blocks_graph(), preset="graphcontrol-2024", protocol=protocol, local=local)
    main, file = published.settings(published.arms)[0], tmp_path / "model.safetensors"
    arm = next(arm for arm in published.arms if arm.name == published.headline == "control")
    result = published.fit(main, arm, 0, model_file=file)
    assert len(result.per_sample) == 126
    assert ("best_on_test" in result.metrics) == (protocol == "paper")
    if protocol == "paper":
        assert result.metrics["best_on_test"] >= result.per_sample.mean()
    predicted = NodeModel.read(file).probabilities.argmax(axis=1)  # by the network that was scored
    test = published.split(0).test
    assert (predicted == LABELS)[test].tolist() == result.per_sample.astype(bool).tolist()


@pytest.mark.parametrize("labels", [1, 5])
def test_labels_per_class(labels: int) -> None:
    few = task(blocks_graph())
    assert len(few.split(0, labels).train) == 3 * labels
    for name in ("none", "gnn", "baseline", "control", "kg"):
        assert len(fit(few, METHODS[name], labels=labels).per_sample) == 180 - 3 * labels


def test_an_arm_may_learn_from_another_number_of_labels() -> None:
    few = task(blocks_graph(), few_labels=(1, 6))
    setting = few.settings(few.arms)[1]
    six = next(arm for arm in setting.arms if arm.labels == 6)
    one, more = fit(few, CONTROL, labels=1), few.fit(setting, six, 0)
    assert len(one.per_sample) == len(more.per_sample) == 180 - 18
    alone = fit(task(blocks_graph(), few_labels=(6,)), CONTROL, labels=6)
    assert more.per_sample.tolist() == alone.per_sample.tolist()


def test_settings_are_the_share_and_each_number_of_labels_with_a_curve() -> None:
    settings = task(blocks_graph(), few_labels=(1, 3)).settings(ARMS[3:])
    assert [(setting.name, setting.labels) for setting in settings] == [
        ("30% labelled", 0.0), ("1 label a class", 1), ("3 labels a class", 3),
    ]  # fmt: skip
    arms = ["baseline_linear", "control_random", "control", "baseline", "kg", "shuffled"]
    assert [arm.name for arm in settings[0].arms] == arms
    assert [arm.name for arm in settings[1].arms] == [*arms, "labels_1", "labels_3"]
    assert {arm.compare_to for arm in settings[1].arms if arm.role == "labels"} == {("baseline",)}


def test_without_knowledge_the_strongest_arm_without_it_is_what_a_run_is_about() -> None:
    bare = task(blocks_graph(attributes=False), few_labels=(1,))
    assert bare.headline == "baseline"
    assert {arm.role for arm in bare.arms} == {"plain"}
    assert all(arm.role == "plain" for arm in bare.settings(bare.arms)[1].arms)
    assert task(blocks_graph()).headline == "kg"


def test_arms_that_are_alike_are_fitted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = task(blocks_graph())
    first = fit(twice, METHODS["none"])
    monkeypatch.setattr(twice.tuned, "fit", None)  # another fit would fail
    assert fit(twice, METHODS["gcc"]) is first


def test_a_run_keeps_the_model_that_was_scored(tmp_path: Path) -> None:
    kept = task(blocks_graph(), few_labels=(1,))
    settings = kept.settings([arm for arm in kept.arms if arm.name in ("baseline", "kg")])
    runs = {
        setting.name: run_setting(
            kept, setting, seeds=[4], folder=tmp_path / "fits", key="x", headline=kept.headline
        )
        for setting in settings
    }
    assert len(list((tmp_path / "fits").glob("*.safetensors"))) == 1
    anew = task(blocks_graph(), few_labels=(1,))
    anew.save(tmp_path, runs)  # nothing is fitted here
    assert not anew._fits
    model = load_file(tmp_path / "model.safetensors")["weights"]
    head = json.loads((tmp_path / "head.json").read_text())
    assert head["classes"] == ["a", "b", "c"]
    assert model.shape[1] == 3
    weights = kept.findings(runs)["weights"]
    assert len(weights) == 30
    assert all(0 < weight < 1 for weight in weights.values())
    lines = (tmp_path / "predictions.csv").read_text().splitlines()
    assert lines[0] == "node,class,probability"
    predicted = np.array(["abc".index(line.split(",")[1]) for line in lines[1:]])
    scores = runs["30% labelled"].runs["kg"][0].per_sample
    assert ((predicted == LABELS)[kept.split(4).test] == scores).all()


def test_the_hash_says_what_scores_depend_on() -> None:
    hashes = [
        task(blocks_graph()).hash,
        task(blocks_graph(attributes=False)).hash,
        task(blocks_graph(), few_labels=(3,)).hash,
        task(blocks_graph(), local="attributes").hash,
        NodeTask(blocks_graph(), GIN(), share=0.3).hash,
    ]
    assert len(set(hashes)) == len(hashes)
    assert task(blocks_graph()).hash == hashes[0]


def test_the_encoder_reads_a_node_only_where_its_gate_is_chosen_or_opens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gated, "MIN_TRAINING_NODES", 10)
    graph = replace(blocks_graph(), attributes=TOLD)
    shut, opened = task(graph), task(graph)
    split = shut.split(0)
    assert fit(shut, CONTROL).gates["encoder"] == 0
    vectors = shut.heads.inputs(CONTROL, split, 0).blocks["encoder"]
    assert np.flatnonzero(vectors.any(axis=1)).tolist() == sorted(split.train)
    monkeypatch.setattr(gated, "choose_gates", lambda *_, **__: HeadSettings({"encoder": 1.0}))
    inputs = opened.heads.inputs(CONTROL, split, 0)
    opened.heads.fit_head(CONTROL, inputs, split, 0)
    assert inputs.blocks["encoder"].any(axis=1).all()


def test_what_the_encoder_reads_does_not_depend_on_what_it_read_before() -> None:
    alone, after = task(blocks_graph()).heads, task(blocks_graph())
    first, second = after.split(0), after.split(1)
    after.heads.inputs(CONTROL, first, 0)
    after.heads.vectors("pretrained")
    again = after.heads.inputs(CONTROL, second, 1).blocks["encoder"].copy()
    assert np.array_equal(again, alone.inputs(CONTROL, second, 1).blocks["encoder"])


def test_pairs_of_nodes_and_a_class_of_one_node() -> None:
    """Components of two nodes each have no positions; a rare class may lack a training node."""
    count = 80
    edges = np.stack([np.arange(0, count, 2), np.arange(1, count, 2)])
    labels = np.repeat(np.arange(2), count // 2)
    labels[3] = 2
    words = sp.csr_array((np.eye(2)[np.minimum(labels, 1)]).astype(np.float32))
    pairs = task(NodeGraph("pairs", count, edges, labels, ("a", "b", "c"), words))
    for name in ("none", "gnn", "baseline", "control"):
        score = fit(pairs, METHODS[name]).per_sample.mean()
        assert score > (0.3 if name == "none" else 0.8)


NONE = np.zeros((2, 0), dtype=np.int64)
ODD = {  # what is odd, and the accuracy to reach
    "missing labels": ({"labels": np.where(np.arange(180) % 5 < 2, LABELS, -1)}, 0.7),
    "one attribute": ({"attributes": FIRST}, 0.5),
    "no two nodes alike": ({"attributes": OWN}, 0.6),
}


@pytest.mark.parametrize("preset", ["", "graphcontrol-2024"])
@pytest.mark.parametrize("what", ODD)
def test_odd_graphs(what: str, preset: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PRESETS, "blocks", Preset(0.1, "adamw", 5e-4, 0.8, 0.3, epochs=2))
    changed, wanted = ODD[what]
    odd = task(replace(blocks_graph(), **changed), preset=preset)  # type: ignore[arg-type]
    for name in ("none", "gnn", "baseline", "control"):
        scores = fit(odd, METHODS[name]).per_sample
        assert len(scores) == len(odd.split(0).test)
    if not preset:
        assert scores.mean() > wanted


def test_a_graph_without_edges_is_rows_that_need_no_neighbours() -> None:
    rows = task(replace(blocks_graph(), edges=NONE, attributes=TOLD))
    assert [arm.name for arm in rows.arms] == [
        "forest", "baseline_linear", "control", "baseline", "kg", "shuffled",
    ]  # fmt: skip
    assert fit(rows, CONTROL).per_sample.mean() > 0.95
    assert [*rows.blocks.condition] == ["words"]
    assert fit(rows, CONTROL).gates["spread"] == 0
    with pytest.raises(ConfigError, match="no neighbours to learn from"):
        fit(rows, METHODS["gnn"])
    with pytest.raises(ConfigError, match="blocks has no edges"):
        task(rows.nodes, preset="graphcontrol-2024")
    with pytest.raises(DataError, match="neither edges nor attributes"):
        task(replace(rows.nodes, attributes=None))


def test_too_few_labels_are_told() -> None:
    labels = np.full(180, -1)
    labels[[0, 1, 70, 71]] = [0, 0, 1, 1]
    scarce = task(replace(blocks_graph(), labels=labels, classes=("a", "b")))
    with pytest.raises(DataError, match="30% of 4 labelled nodes are too few"):
        fit(scarce, CONTROL)
    with pytest.raises(DataError, match=r"fewer than 3 labelled nodes in class a \(2\), b \(2\)"):
        fit(scarce, CONTROL, labels=3)


def test_subgraphs_are_kept_by_content(tmp_path: Path) -> None:
    graph = blocks_graph()
    recipe = NodeRecipe(tuning=Tuning(epochs=2, steps=0))
    one, two = (NodeTask(graph, load_gin(), recipe=recipe, cache=tmp_path) for _ in range(2))
    first = fit(one, METHODS["none"]).per_sample
    files = sorted(tmp_path.iterdir())
    assert len(files) == 1
    assert fit(two, METHODS["none"]).per_sample.tolist() == first.tolist()
    assert sorted(tmp_path.iterdir()) == files
