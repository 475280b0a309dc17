"""A model that leaves its run says what the run says, by tensors alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

import kgtransfer as kgt
from kgtransfer.backbones import precision
from kgtransfer.errors import ConfigError, DataError
from kgtransfer.images.data.folder import image_files
from kgtransfer.images.exported.module import ImageModule
from kgtransfer.images.predict import ImageClassifier
from kgtransfer.images.run import SavedImages

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def run(cell_run: Path) -> SavedImages:
    loaded = kgt.load(cell_run)
    assert isinstance(loaded, SavedImages)
    return loaded


@pytest.fixture(scope="module")
def module(run: SavedImages) -> ImageModule:
    return run.module(3, seed=1)


@pytest.fixture(autouse=True)
def _float32(monkeypatch: pytest.MonkeyPatch) -> None:
    """Modules compute in float32 on every processor; predictions do here."""
    monkeypatch.setattr(precision, "has_fast_bfloat16", lambda device: False)


def _predicted(run: SavedImages, files: list[Path], like: list[Path]) -> np.ndarray:
    """Probabilities of the run's own classifier, in the order of its labels."""
    classify = ImageClassifier(run, 3, seed=1)
    shares = [prediction.shares for prediction in classify(files, like)]
    return np.array(
        [[share[label] for label in classify.outcome.targets.labels] for share in shares]
    )


def _said(module: ImageModule, files: list[Path]) -> np.ndarray:
    pixels = torch.stack([module.preprocess(file) for file in files])
    with torch.no_grad():
        logits = module(pixels, module.measure(files))
    return torch.softmax(logits.double(), dim=1).numpy()


def test_it_says_what_predict_says(
    run: SavedImages, module: ImageModule, cell_labs: tuple[Path, Path]
) -> None:
    files = image_files(cell_labs[0])[:9]
    assert _said(module, files) == pytest.approx(_predicted(run, files, []), abs=1e-5)


def test_logits_are_those_of_the_classifier(
    run: SavedImages, module: ImageModule, cell_labs: tuple[Path, Path]
) -> None:
    classify, files = ImageClassifier(run, 3, seed=1), image_files(cell_labs[0])[:9]
    samples = classify._samples(files, classify.source)
    expected = classify.model().parts(samples).sum(axis=0)
    with torch.no_grad():
        logits = module(samples.inputs, run.measurer and module.measure(files))
    assert logits.numpy() == pytest.approx(expected, abs=1e-5)
    assert np.ptp(expected, axis=1).min() > 0.1


def test_another_domain_is_judged_by_what_is_ordinary_there(
    run: SavedImages, module: ImageModule, cell_labs: tuple[Path, Path]
) -> None:
    away = image_files(cell_labs[1])
    there = module.for_domain(module.measure(away))
    expected = _predicted(run, away[:6], away)
    assert _said(there, away[:6]) == pytest.approx(expected, abs=1e-5)
    assert np.abs(_said(module, away[:6]) - expected).max() > 1e-3
    with pytest.raises(DataError, match="9 samples do not tell"):
        module.for_domain(module.measure(away)[:9])


def test_the_domain_shift_weight_leaves_the_axioms(module: ImageModule) -> None:
    pixels, measures = module.example_inputs(3).values()
    trusted = module(pixels, measures)
    module.domain_shift.fill_(0.0)
    try:
        first = module(pixels, measures)
    finally:
        module.domain_shift.fill_(1.0)
    assert module.grounding is not None
    assert module.axioms is not None
    assert torch.equal(first, module.axioms(module.grounding(measures)))
    assert not torch.equal(first, trusted)


def test_without_measures_all_values_count_alike(module: ImageModule) -> None:
    pixels = module.example_inputs(2)["pixels"]
    nothing = torch.full((2, len(module.measures)), torch.nan)
    assert torch.equal(module(pixels), module(pixels, nothing))
    assert module(pixels).isfinite().all()


def test_it_names_what_goes_in_and_out(module: ImageModule, run: SavedImages) -> None:
    assert module.labels == ("eosinophil", "lymphocyte", "neutrophil")
    assert module.measures == tuple(run.measurer.measures)
    assert set(run.result.details["selected"]) <= set(module.concepts)
    assert module.inputs == ("pixels", "measures")
    assert not module.training
    described = module.describe()
    assert "labels: eosinophil, lymphocyte, neutrophil (logits; softmax)" in described
    assert "network: tf_efficientnet_lite0, conditioned by film" in described


def test_a_model_that_the_run_does_not_keep_is_named(run: SavedImages) -> None:
    with pytest.raises(ConfigError, match="no model of 9 labels and seed 0") as refused:
        run.module(9)
    assert refused.value.cure == "labels are: 3; seeds are: 0 to 1"


def test_measures_of_the_users_own_are_asked_for_at_the_run(module: ImageModule) -> None:
    other = ImageModule(module.settings.model_copy(update={"measures": ("urn:own",)}), _parts())
    with pytest.raises(ConfigError, match="does not compute the measure <urn:own>"):
        other.measure([])


def _parts() -> object:
    from kgtransfer.images.exported.module import ModuleParts

    return ModuleParts()
