"""Settings of an experiment over images, and what is refused before anything is slow."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from kgtransfer.embedding.concepts import ConceptEmbeddings
from kgtransfer.errors import ConfigError, OntologyError
from kgtransfer.experiments.arms import Arm
from kgtransfer.experiments.task import KeepsFits
from kgtransfer.grounding.measured import MeasuredGrounder
from kgtransfer.images import task as images_task
from kgtransfer.images.arms import ARMS, KG, NONE, SHUFFLED, ImageMethod
from kgtransfer.images.backbone import VisionBackbone
from kgtransfer.images.fine_tuning import FineTuning
from kgtransfer.images.image_data import read_images
from kgtransfer.images.pixel_grid import PixelGrid
from kgtransfer.images.scenes.measurer import SceneMeasurer
from kgtransfer.images.task import ImageTask
from kgtransfer.knowledge.io.ontology import read_ontology

ONTOLOGY = Path(__file__).parents[2] / "ontology"
GRAPH = read_ontology(ONTOLOGY / "kgt.ttl", ONTOLOGY / "land_cover.ttl")
MEASURES = Arm("measures", method=ImageMethod(terms=("measures",), trained="nothing"))


def _write(folder: Path, labels: tuple[str, ...]) -> Path:
    random = np.random.default_rng(0)
    for green, label in enumerate(labels):
        (folder / label).mkdir(parents=True)
        for number in range(20):
            pixels = random.normal(60 + 60 * green, 8, (32, 32, 3)).clip(0, 255)
            pixels[:, 16:] = 255 - pixels[:, 16:]  # an edge, whose straightness can be measured
            Image.fromarray(pixels.astype(np.uint8)).save(folder / label / f"{number}.png")
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _write(tmp_path_factory.mktemp("images") / "scenes", ("forest", "grass"))


def _task(folder: Path, **settings: Any) -> ImageTask:
    grounder = MeasuredGrounder(GRAPH, SceneMeasurer())
    concepts = ConceptEmbeddings.from_parts(
        grounder.concepts, {"text": torch.eye(len(grounder.concepts))}, {}
    )
    backbone = VisionBackbone.named("mobilenetv3_small_050", weights="random")
    return ImageTask(
        read_images(folder, size=32), GRAPH, grounder, concepts,
        **{"backbone": backbone, "device": "cpu", **settings},
    )  # fmt: skip


@pytest.fixture(scope="module")
def task(folder: Path) -> ImageTask:
    return _task(folder, labels=(5, 10, 2), arms=(*ARMS, MEASURES), controls=("measures",))


def test_controls_run_with_the_first_number_of_labels(task: ImageTask) -> None:
    settings = task.settings(task.arms)
    assert [(setting.name, setting.labels) for setting in settings] == [
        ("source, 5 labels", 5), ("source, 10 labels", 10), ("source, 2 labels", 2)
    ]  # fmt: skip
    assert [arm.name for arm in settings[0].arms] == [
        "none", "baseline", "kg", "shuffled", "measures", "labels_10", "labels_2"
    ]  # fmt: skip
    assert [arm.name for arm in settings[1].arms] == [
        "none", "baseline", "kg", "shuffled", "labels_5", "labels_2"
    ]  # fmt: skip


def test_points_of_the_curve_are_the_arm_without_knowledge_on_other_labels(
    task: ImageTask,
) -> None:
    point = task.settings([NONE, KG])[0].arms[-1]
    assert (point.role, point.labels, point.compare_to) == ("labels", 2, ("none",))
    assert point.method == NONE.method
    assert [arm.name for arm in task.settings([KG])[0].arms] == ["kg"]  # no curve without its arm


def test_the_arm_that_the_run_is_about_is_the_first_with_knowledge(
    task: ImageTask, folder: Path
) -> None:
    assert task.headline == "kg"
    assert isinstance(task, KeepsFits)
    with pytest.raises(ConfigError, match="no arm has knowledge"):
        _task(folder, arms=(NONE, SHUFFLED))


def test_the_digest_follows_what_scores_depend_on_and_no_arm(task: ImageTask, folder: Path) -> None:
    assert _task(folder).hash == task.hash
    assert _task(folder, recipe=FineTuning(steps=1.0)).hash != task.hash


def test_arms_are_scored_by_their_own_number_of_labels(task: ImageTask) -> None:
    setting = task.settings([MEASURES])[0]
    one = replace(MEASURES, labels=1)
    five, few = (task.fit(setting, arm, 0).gates["measures"] for arm in (MEASURES, one))
    assert five != few
    axioms = Arm(
        "axioms", method=ImageMethod(terms=("axioms",), trained="nothing", unlabelled=True)
    )
    attributes = len(task.classification.prior.tables)
    assert task.fit(setting, axioms, 0).gates == {"axioms": attributes}
    assert not axioms.is_seeded
    with pytest.raises(ConfigError, match="says not what to do"):
        task.fit(setting, Arm("idle"), 0)


def test_a_label_that_the_ontology_lacks_is_refused_before_images_are_read(tmp_path: Path) -> None:
    moon = _write(tmp_path / "moon", ("crater", "grass"))
    for file in moon.rglob("*.png"):
        file.write_bytes(b"no image")
    with pytest.raises(OntologyError, match="no class for the label 'crater'"):
        _task(moon)


def test_the_placebo_has_the_same_vectors_at_other_concepts(task: ImageTask) -> None:
    assert KG.method is not None
    assert SHUFFLED.method is not None
    train, vectors = task.domains.train, []
    for method, seed in ((KG.method, 0), (SHUFFLED.method, 0), (SHUFFLED.method, 0)):
        (film,) = task.learner.network(method, train, seed).model.conditioners
        vectors.append(film.embeddings)
    assert not torch.equal(vectors[0], vectors[1])
    assert torch.equal(vectors[1], vectors[2])
    rows = [sorted(map(tuple, table.tolist())) for table in vectors]
    assert rows[0] == rows[1]


def test_arms_on_rules_need_rules_between_labels_and_values(task: ImageTask) -> None:
    assert task.learner.rules is not None
    learner = replace(task.learner, rules=None)
    few = task.classification.few(2, 0)
    with pytest.raises(ConfigError, match="no rules between labels and values"):
        learner.train(ImageMethod(rules=1.0), few, np.zeros((len(few), 2)), 0)


def test_a_network_that_knowledge_enters_late_keeps_its_activations(task: ImageTask) -> None:
    assert KG.method is not None
    few = task.classification.few(2, 0)
    network = task.learner.train(KG.method, few, np.zeros((len(few), 2)), 0)
    activations = network.activations(few.inputs)
    assert activations is not None
    whole = network.predict(few)
    np.testing.assert_array_equal(network.predict_activations(activations, few.grounding), whole)


def test_more_labels_than_there_are_to_learn_from_are_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _task(folder, labels=(5, 100))
    assert (
        "warning: not 100 labels per class to learn from: forest (12), grass (12); "
        "all there are are taken" in capsys.readouterr().err
    )
    _task(folder, labels=12)
    assert "warning" not in capsys.readouterr().err


def test_candidates_are_all_where_none_are_named_and_may_be_one(folder: Path) -> None:
    every = _task(folder).classification.candidates.methods
    assert _task(folder, candidates={}).classification.candidates.methods == every
    one = _task(folder, candidates="features").classification.candidates.methods
    assert list(one) == ["features"]
    with pytest.raises(ConfigError, match="no source of grounding reads names"):
        _task(folder, candidates=["class_names"])


class TwoLayers(PixelGrid):
    """A backbone whose head no regression can set."""

    def build(self, classes: int | None = None, *, size: int | None = None) -> nn.Module:
        module = super().build(classes, size=size)
        module.fc = nn.Sequential(module.fc, nn.Softplus())
        return module


def test_candidates_that_no_head_fits_are_refused_before_images_are_measured(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images_task, "measure_domains", pytest.fail)
    candidates = ("features", "measures", "pixels_16")
    with pytest.raises(ConfigError, match="head of the backbone is a Sequential") as refused:
        _task(folder, backbone=TwoLayers(4), candidates=candidates)
    assert 'candidates = ["pixels_16", "measures"]' in refused.value.cure
    monkeypatch.undo()
    _task(folder, backbone=TwoLayers(4), candidates=candidates[1:])
