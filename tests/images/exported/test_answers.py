"""Models of several labels at once, and of a number, leave with their own kind of answer."""

from __future__ import annotations

import csv
import math
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

import kgtransfer as kgt
from kgtransfer.backbones import precision
from kgtransfer.classification.logit_terms import AxiomTerm
from kgtransfer.classification.model import Classifier
from kgtransfer.classification.outcomes.any_of import AnyOf
from kgtransfer.classification.targets import Targets
from kgtransfer.conditioning.axiom_prior import AxiomPrior
from kgtransfer.experiments.results import RunResult
from kgtransfer.images.data.folder import image_files
from kgtransfer.images.exported.module import ImageModule
from kgtransfer.images.exported.of_run import axiom_module
from kgtransfer.images.predict import ImageClassifier
from kgtransfer.images.run import SavedImages

NUMBERS = {"eosinophil": "2.5", "lymphocyte": "1", "neutrophil": "3"}
LEVELS = """
wbc:Lymphocyte kgt:codedAs 1 . wbc:Eosinophil kgt:codedAs 2.5 . wbc:Neutrophil kgt:codedAs 3 .
"""


def _with_levels(ontology: Path, folder: Path) -> Path:
    """The ontology of cells, three classes of which stand for a number."""
    shutil.copytree(ontology, folder)
    with (folder / "wbc.ttl").open("a", encoding="utf-8") as file:
        file.write(LEVELS)
    return folder / "wbc.ttl"


def _relabelled(source: Path, folder: Path, labels: dict[str, str]) -> Path:
    """The same cells with other labels."""
    shutil.copytree(source, folder)
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        rows = [(row["image"], labels[row["label"]]) for row in csv.DictReader(file)]
    with (folder / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("image", "label"), *rows])
    return folder


@pytest.mark.slow
def test_a_number_leaves_in_the_unit_of_its_data(
    cell_labs: tuple[Path, Path],
    run_cells: Callable[..., RunResult],
    repository: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(precision, "has_fast_bfloat16", lambda device: False)
    data = _relabelled(cell_labs[0], tmp_path / "cells", NUMBERS)
    ontology = _with_levels(repository / "ontology", tmp_path / "ontology")
    settings = ("data.labels=number", 'arms=["kg"]', "seeds=1", "backbone.name=test_resnet")
    run_cells(tmp_path / "run", data, f"ontology.vocabulary={ontology}", *settings)
    run = kgt.load(tmp_path / "run")
    assert isinstance(run, SavedImages)
    module = run.module()
    files = image_files(data)[:6]
    classify = ImageClassifier(run)
    expected = [[prediction.number] for prediction in classify(files)]
    pixels = torch.stack([module.preprocess(file) for file in files])
    answers = module(pixels, module.measure(files)).detach()
    assert answers.numpy() == pytest.approx(np.array(expected), rel=1e-5)
    assert float(answers.mean()) == pytest.approx(2.2, abs=0.5)
    assert (module.labels, module.settings.link) == (("number",), "identity")
    module.save_pretrained(tmp_path / "hub")
    again = ImageModule.from_pretrained(tmp_path / "hub")
    assert torch.equal(again(pixels, module.measure(files)), answers)


def test_labels_that_come_together_have_their_own_evidence() -> None:
    values = {"size": ("big", "small"), "taste": ("sour", "sweet")}
    tables = {"size": (values["size"], np.array([[0.9, 0.1], [0.5, 0.5]]))}
    outcome = AnyOf(Targets(("plum", "pear"), ("plum", "pear"), (0, 1)))
    prior, intercepts = AxiomPrior(("plum", "pear"), tables), np.array([0.5, -0.5])
    model = Classifier(outcome, {"axioms": AxiomTerm(prior, 2.0, outcome, intercepts)}, None)
    module = axiom_module(model, values)
    assert module is not None
    scores = module(torch.tensor([[1.0, 0.0, 0.5, 0.5]]))
    assert scores.tolist() == [[pytest.approx(2 * math.log(1.8) + 0.5), pytest.approx(-0.5)]]
