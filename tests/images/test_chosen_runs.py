"""Runs whose baseline was chosen: what is kept says the same read back, elsewhere, retrained."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.special import softmax

import kgtransfer as kgt
from kgtransfer.backbones import precision
from kgtransfer.experiments.results import RunResult
from kgtransfer.images.data.folder import image_files
from kgtransfer.images.predict import ImageClassifier
from kgtransfer.images.run import SavedImages

pytestmark = pytest.mark.slow
CHOSEN = {  # candidate -> what of the model it decides
    "features": ("tf_efficientnet_lite0", "regression"),
    "pixels_16": ("pixels_16", "regression"),
    "measures": ("", "nothing"),
    "features_propagated": ("tf_efficientnet_lite0", "regression"),
    "measures_adapted": ("", "nothing"),
}


@pytest.mark.parametrize("candidate", CHOSEN)
def test_a_kept_model_is_the_baseline_beside_the_axioms(
    candidate: str,
    cell_labs: tuple[Path, Path],
    run_cells: Callable[..., RunResult],
    repository: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(precision, "has_fast_bfloat16", lambda device: False)
    settings = (f'candidates=["{candidate}"]', 'arms=["baseline"]', "seeds=1")
    run_cells(tmp_path / "run", cell_labs[0], *settings)
    run = kgt.load(tmp_path / "run")
    assert isinstance(run, SavedImages)
    architecture, trained = CHOSEN[candidate]
    method = run.method(3, 0)
    assert (method.terms[0], method.trained, method.by) == ("axioms", trained, "")
    assert run.result.details["chosen"]["source, 3 labels"]["0"]["name"] == candidate
    module = run.module(3, 0)
    assert module.settings.architecture == architecture
    files = image_files(cell_labs[0])[:6]
    classify = ImageClassifier(run, 3, 0)
    shares = [[each.shares[label] for label in module.labels] for each in classify(files)]
    pixels = torch.stack([module.preprocess(file) for file in files])
    with torch.no_grad():
        logits = module(pixels if module.network else None, module.measure(files))
    assert softmax(logits.double().numpy(), axis=1) == pytest.approx(np.array(shares), abs=1e-4)

    shutil.copytree(repository / "ontology", tmp_path / "ontology")
    edited = tmp_path / "ontology" / "wbc.ttl"
    text = edited.read_text(encoding="utf-8")
    threshold = "kgt:measuredBy wbc:lobeCount ; kgt:threshold 2.5"
    assert threshold in text
    edited.write_text(text.replace(threshold, threshold.replace("2.5", "1.5")), encoding="utf-8")
    again = kgt.retrain(tmp_path / "run", edited, out=tmp_path / "again")
    assert isinstance(again, SavedImages)
    assert again.choices == run.choices
    vocabulary = f"ontology.vocabulary={edited}"
    scratch = run_cells(tmp_path / "scratch", cell_labs[0], *settings, vocabulary)
    # nothing of a regression is trained on: what an edit leaves is what a run from scratch is
    means = [result.main.arms["kg"].mean for result in (again.result, scratch)]
    assert means[0] == pytest.approx(means[1], abs=1e-9)
