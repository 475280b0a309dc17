"""Rows of a table as samples: what arms read, what knowledge adds, what few labels may learn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

import kgtransfer as kgt
from kgtransfer.experiments.arms import Arm
from kgtransfer.experiments.choice import Choice
from kgtransfer.experiments.task import FitResult, Setting
from kgtransfer.knowledge.check.validate import require_valid
from kgtransfer.nodes.arms import ROW_ARMS, NodeMethod
from kgtransfer.nodes.attributes.dataset import attribute_facts, attribute_knowledge
from kgtransfer.nodes.attributes.graph import ATT, build_attribute_graph
from kgtransfer.nodes.data.graph import NodeGraph
from kgtransfer.nodes.task import NodeTask

METHODS = {arm.name: arm.method for arm in ROW_ARMS if arm.method}
WORDS = ("petal", "leaf", "steel", "rust", "small", "large", "flower", "metal")


class Letters:
    """A sentence encoder without weights: which of some words a text has."""

    name = "letters"

    def encode(self, texts: list[str]) -> torch.Tensor:
        return torch.tensor([[float(word in text) for word in WORDS] for text in texts]) + 1e-3


ONTOLOGY = """
@prefix att: <https://w3id.org/kgtransfer/attributes#> .
@prefix e: <http://example.org/things#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

e:Flower a att:NodeClass ; rdfs:label "Flower" ; rdfs:comment "It has a petal and a leaf." .
e:Metal a att:NodeClass ; rdfs:label "metal" ; rdfs:comment "It is steel, or rust." .
e:Weight a att:NodeAttribute ; rdfs:label "weight" ;
    rdfs:comment "In grams." ; att:highIn e:Metal ; att:lowIn e:Flower .
"""


@pytest.fixture
def ontology(tmp_path: Path, repository: Path) -> kgt.KnowledgeGraph:
    (tmp_path / "things.ttl").write_text(ONTOLOGY, encoding="utf-8")
    return kgt.read_ontology(repository / "ontology" / "attributes.ttl", tmp_path / "things.ttl")


def things(*, texts: bool = True, count: int = 60) -> NodeGraph:
    """Flowers and metals: a weight that says a little, a number that says nothing, and a text."""
    rng = np.random.default_rng(0)
    labels = np.arange(count) % 2
    said = [["petal", "leaf"], ["steel", "rust"]]
    table = {
        "label": ["metal" if label else "flower" for label in labels],
        "weight": labels * 2 - 1 + rng.normal(0, 1.0, count),
        "noise": rng.normal(size=count),
        "note": [
            f"a {rng.choice(['small', 'large'])} thing, {rng.choice(said[y])}" for y in labels
        ],
    }
    columns = {"features": ("weight", "noise"), "text": ("note",) if texts else ()}
    return kgt.read_nodes(table, name="things", **columns)


def known(rows: NodeGraph, ontology: kgt.KnowledgeGraph) -> kgt.nodes.AttributeKnowledge | None:
    facts = attribute_facts(rows, train=np.arange(6), ontology=ontology)
    whole = ontology | build_attribute_graph(facts, ontology)
    return attribute_knowledge(rows, whole, facts, select=whole.concepts, encoder=Letters)


def fit(task: NodeTask, name: str, labels: int = 0, seed: int = 0) -> FitResult:
    return task.fit(Setting("any", (), labels), Arm("any", method=METHODS[name]), seed)


def test_arms_that_need_no_neighbours_run_and_read_the_same_text(
    ontology: kgt.KnowledgeGraph,
) -> None:
    rows = things()
    task = NodeTask(rows, knowledge=known(rows, ontology), share=0.2, text=Letters())
    assert [arm.name for arm in task.arms] == [arm.name for arm in ROW_ARMS]
    split = task.split(0)
    plain = task.heads.inputs(METHODS["control"], split, 0).blocks
    assert [*plain] == ["columns", "words", "text"]
    assert task.heads.inputs(METHODS["baseline_linear"], split, 0).blocks["text"] is plain["text"]
    assert [*task.heads.blocks.of_knowledge(task.knowledge).priors] == [
        "descriptions", "stated", "descriptions, stated",
    ]  # fmt: skip
    assert task.blocks.raw.shape[1] == sum(block.shape[1] for block in plain.values())
    for name in METHODS:
        assert fit(task, name).per_sample.mean() > (0.4 if name == "class_names" else 0.8), name


def test_nothing_is_computed_on_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NodeGraph, "adjacency", property(lambda _: pytest.fail("a fake graph")))
    task = NodeTask(things(), share=0.2, text=Letters())
    for arm in task.arms:
        fit(task, arm.name)


def test_what_is_said_to_be_high_or_low_names_classes_without_a_label(
    ontology: kgt.KnowledgeGraph,
) -> None:
    rows = things(texts=False)
    knowledge = known(rows, ontology)
    assert knowledge is not None
    assert knowledge.vectors is None  # numbers alone: no encoder is asked for
    assert knowledge.stated is not None
    assert knowledge.stated.tolist() == [[-1, 1], [0, 0]]
    assert knowledge.shuffled(3).stated is not None
    assert knowledge.shuffled(3).stated.tolist() == [[1, -1], [0, 0]]  # of another class, always
    task = NodeTask(rows, knowledge=knowledge, few_labels=(1,))
    unlabelled, one = fit(task, "kg_unlabelled", 1), fit(task, "kg", 1)
    assert unlabelled.per_sample.mean() > 0.8
    assert one.gates["prior"] > 0
    assert one.per_sample.mean() > 0.8
    shuffled, baseline = fit(task, "shuffled", 1), fit(task, "baseline", 1)
    assert shuffled.gates["prior"] == 0
    assert shuffled.per_sample.tolist() == baseline.per_sample.tolist()
    assert baseline.choice == Choice("columns", "rule", {})


def test_without_any_label_names_of_classes_are_the_baseline_and_knowledge_is_added(
    ontology: kgt.KnowledgeGraph,
) -> None:
    rows = things()
    task = NodeTask(rows, knowledge=known(rows, ontology), few_labels=(0, 2), text=Letters())
    _, none, two = task.settings(task.arms)
    names = ["class_names", "baseline", "kg", "kg_unlabelled", "shuffled", "labels_2"]
    assert (none.name, [arm.name for arm in none.arms]) == ("no label", names)
    fits = {arm.name: task.fit(none, arm, 0) for arm in none.arms}
    assert len(fits["kg"].per_sample) == len(rows.labels) - 4  # all settings share their test
    assert fits["baseline"].choice == Choice("class names", "rule", {})
    assert fits["baseline"].per_sample.tolist() == fits["class_names"].per_sample.tolist()
    assert fits["kg"].gates["prior"] == 1
    assert fits["kg"].per_sample.mean() > fits["baseline"].per_sample.mean()
    chosen = task.fit(two, next(arm for arm in two.arms if arm.name == "baseline"), 0)
    assert {"class names", "text and class names", "sentence encoder", "TF-IDF words"} <= set(
        chosen.candidates
    )
    with pytest.raises(kgt.KgTransferError, match="no such names, or no texts"):
        NodeTask(things(texts=False), few_labels=(0,))


def test_an_ontology_about_something_else_is_no_knowledge(repository: Path) -> None:
    other = kgt.read_ontology(repository / "ontology" / "attributes.ttl")
    assert known(things(), other) is None
    task = NodeTask(things(), share=0.2, text=Letters())
    assert (task.headline, {arm.role for arm in task.arms}) == ("baseline", {"plain"})


def test_facts_of_a_table_fit_the_shapes(ontology: kgt.KnowledgeGraph, repository: Path) -> None:
    rows = things()
    facts = attribute_facts(rows, train=np.arange(6), ontology=ontology)
    assert list(facts.attributes) == ["weight", "noise"]  # the ontology has none of the words
    whole = ontology | build_attribute_graph(facts, ontology)
    require_valid(whole, [repository / "ontology" / "shapes" / "attributes.ttl"])
    weight = "http://example.org/things#Weight"
    assert whole.label(weight) == "weight"
    assert [term.value for term in whole.objects(weight, f"{ATT}column")] == ["0"]


def test_names_that_the_table_lacks_are_told_with_what_may_be_meant(
    ontology: kgt.KnowledgeGraph, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known(things(texts=False), ontology)
    assert "warning" not in capsys.readouterr().err
    wrong = ONTOLOGY.replace('"weight"', '"wieght"').replace("e:Weight", "e:Wieght")
    wrong = wrong.replace('"metal"', '"metall"').replace("e:Metal", "e:Metall")
    (tmp_path / "wrong.ttl").write_text(wrong, encoding="utf-8")
    known(things(texts=False), kgt.read_ontology(tmp_path / "wrong.ttl"))
    said = capsys.readouterr().err
    assert "no column is called wieght (did you mean weight?): what is said of it counts" in said
    assert "no class is called metall (did you mean metal?): what is said of it counts" in said


def test_what_is_high_and_low_at_once_is_no_ontology(
    ontology: kgt.KnowledgeGraph, repository: Path, tmp_path: Path
) -> None:
    (tmp_path / "both.ttl").write_text(
        ONTOLOGY + "e:Weight att:highIn e:Flower .", encoding="utf-8"
    )
    both = ontology | kgt.read_ontology(tmp_path / "both.ttl")
    with pytest.raises(kgt.KgTransferError, match="high and low in one class"):
        require_valid(both, [repository / "ontology" / "shapes" / "attributes.ttl"])


def test_rows_with_edges_have_both(ontology: kgt.KnowledgeGraph) -> None:
    alone = things()
    pairs = np.stack([np.arange(58), np.arange(2, 60)])  # neighbours are of one class
    joined = replace(alone, edges=pairs)
    task = NodeTask(joined, knowledge=known(joined, ontology), share=0.3, text=Letters())
    names = [arm.name for arm in task.arms]
    assert names[:5] == ["none", "gcc", "gnn", "class_names", "forest"]
    blocks = task.heads.inputs(METHODS["control"], task.split(0), 0).blocks
    assert {"encoder", "text", "text propagated .1", "columns neighbours", "place"} <= set(blocks)
    gnn = task.fit(Setting("any", ()), Arm("any", method=NodeMethod("gnn")), 0)
    assert gnn.per_sample.mean() > 0.8


def test_scores_do_not_depend_on_test_labels(ontology: kgt.KnowledgeGraph) -> None:
    rows = things()
    hidden = rows.labels.copy()
    test = NodeTask(rows, share=0.2, text=Letters()).split(0).test
    hidden[test] = 1 - hidden[test]
    for name in ("baseline", "control", "kg"):
        one, two = (
            fit(NodeTask(r, knowledge=known(r, ontology), share=0.2, text=Letters()), name)
            for r in (rows, replace(rows, labels=hidden))
        )
        assert (one.per_sample + two.per_sample).tolist() == [1.0] * len(test)


def test_rows_of_a_group_are_trained_on_or_tested_and_drawn_together() -> None:
    groups = np.arange(240) // 8
    rows = replace(things(texts=False, count=240), sample_groups=tuple(groups.tolist()))
    task = NodeTask(rows, share=0.3)
    for name in ("forest", "baseline_linear", "baseline"):
        fits = [fit(task, name, seed=seed) for seed in (0, 1)]
        for seed, result in enumerate(fits):
            split = task.split(seed)
            assert result.groups == groups[split.test].tolist()
            assert not set(result.groups) & set(groups[split.train])
        assert fits[0].groups == fits[1].groups
    alone = replace(rows, sample_groups=(*[0] * 120, *range(1, 121)))  # trained on one group
    assert fit(NodeTask(alone, share=0.3), "baseline").choice == Choice("columns", "rule", {})
    assert fit(NodeTask(alone, share=0.3), "baseline_linear").per_sample.mean() > 0.7
