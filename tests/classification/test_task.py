"""Fits from few labels, with a learner over two numbers for inputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from kgtransfer.classification.model import Classifier
from kgtransfer.classification.samples import Samples
from kgtransfer.classification.task import ClassificationTask
from kgtransfer.conditioning.axiom_prior import AxiomPrior
from kgtransfer.errors import RunError
from kgtransfer.experiments.cache import FitCache
from kgtransfer.grounding.base import Grounding
from kgtransfer.grounding.observations import Observations

VOICES = {"e:Voice": ("e:Meow", "e:Bark")}
PRIOR = AxiomPrior(
    ("e:Cat", "e:Dog"), {"e:Voice": (VOICES["e:Voice"], np.array([[0.9, 0.1], [0.1, 0.9]]))}
)


@dataclass(frozen=True)
class Method:
    terms: tuple[str, ...] = ()
    shuffled: bool = False
    ignores_domain_shift: bool = False
    has_network: bool = True
    is_seeded: bool = True


class Means:
    """A network: the nearer mean of the classes' inputs."""

    def __init__(self, means: torch.Tensor) -> None:
        self.means = means

    def predict(self, samples: Samples) -> np.ndarray:
        return np.asarray(-torch.cdist(samples.inputs, self.means).double().numpy())

    def activations(self, inputs: torch.Tensor) -> None:
        return None

    def predict_activations(self, activations: torch.Tensor, grounding: Grounding) -> np.ndarray:
        raise AssertionError

    def state_dict(self) -> Mapping[str, torch.Tensor]:
        return {"means": self.means}

    def load_state_dict(self, state_dict: Mapping[str, torch.Tensor], /) -> Any:
        self.means = state_dict["means"]


@dataclass
class Learner:
    hash: str = "h"
    features_hash: str = "f"
    trained: list[tuple[int, int]] = field(default_factory=list)

    def train(self, method: Method, samples: Samples, offset: np.ndarray, seed: int) -> Means:
        self.trained.append((len(samples), seed))
        targets = torch.from_numpy(samples.targets)
        return Means(torch.stack([samples.inputs[targets == c].mean(dim=0) for c in (0, 1)]))

    def features(self, samples: Samples) -> np.ndarray:
        return np.asarray(samples.inputs.double().numpy())


def _samples(count: int, seed: int, shift: float = 0.0, agree: float = 1.0) -> Samples:
    """Cats near (0, 0) that meow, dogs near (3, 3) that bark, as far as voices agree."""
    random = np.random.default_rng(seed)
    targets = np.arange(count) % 2
    voice = np.where(random.random(count) < agree, targets, 1 - targets)
    inputs = targets[:, None] * 3.0 + random.normal(size=(count, 2)) + shift
    return Samples(
        tuple(map(str, range(count))),
        tuple(("cat", "dog")[target] for target in targets),
        targets,
        Observations(VOICES, {"e:Voice": np.eye(2)[voice] * 0.98 + 0.01}),
        Grounding.from_lists(
            ("e:Meow", "e:Bark"), ("e:Voice",), [{"e:Voice": [int(v)]} for v in voice]
        ),
        inputs[:, :1],
        torch.from_numpy(inputs.astype(np.float32)),
    )


KG = Method(("axioms", "measures"))


@pytest.fixture
def task() -> ClassificationTask[Method]:
    tests = {"source": _samples(60, 1), "clinic": _samples(60, 2, shift=6.0)}
    return ClassificationTask(_samples(200, 0), tests, PRIOR, Learner(), kept=KG)


def _trained(task: ClassificationTask[Method]) -> list[tuple[int, int]]:
    assert isinstance(task.learner, Learner)
    return task.learner.trained


def test_one_fit_serves_all_test_sets(task: ClassificationTask[Method]) -> None:
    fit = task.score(KG, 5, 0, "source")
    task.score(KG, 5, 0, "clinic")
    assert _trained(task) == [(10, 0)]
    assert fit.per_sample.mean() > 0.9
    assert set(fit.gates) == {"axioms", "measures"}
    assert set(fit.metrics) == {"accuracy", "macro_f1", "ece", "log_loss"}
    assert len(fit.strata) == 60


def test_in_another_domain_what_was_learned_hardly_counts(
    task: ClassificationTask[Method],
) -> None:
    assert task.domain_shift_weight("source") > 0.5
    assert task.domain_shift_weight("clinic") == 0.01
    ignoring = Method(KG.terms, ignores_domain_shift=True)
    weighed, ignored = (task.score(m, 5, 0, "clinic").per_sample.mean() for m in (KG, ignoring))
    assert weighed == 1.0  # axioms carry over
    assert ignored < 0.7  # all inputs lie beyond the dogs'
    assert _trained(task) == [(10, 0)]  # the two differ in scoring alone


def test_a_finished_fit_is_read_back_and_its_model_is_kept(
    task: ClassificationTask[Method], tmp_path: Path
) -> None:
    with pytest.raises(RunError, match="no finished model of 5 labels per class, seed 0"):
        task.model_file(5, 0)
    task.fits = FitCache(tmp_path, "key")
    assert not task.has(KG, 5, 0)
    first = task.score(KG, 5, 0, "source")
    assert task.has(KG, 5, 0)
    again = ClassificationTask(
        task.train, task.tests, PRIOR, Learner(), kept=KG, fits=FitCache(tmp_path, "key")
    )
    second = again.score(KG, 5, 0, "source")
    assert _trained(again) == []
    assert np.array_equal(first.per_sample, second.per_sample)
    assert first.seconds == second.seconds
    network = Means(torch.zeros(2, 2))
    model = Classifier.load(again.model_file(5, 0), network, PRIOR)
    logits = np.sum(model.parts(task.tests["clinic"]), axis=0)
    ignoring = Method(KG.terms, ignores_domain_shift=True)
    np.testing.assert_allclose(logits, again.logits(ignoring, 5, 0)["clinic"])


def test_a_model_that_is_gone_is_made_again(
    task: ClassificationTask[Method], tmp_path: Path
) -> None:
    task.fits = FitCache(tmp_path, "key")
    task.score(KG, 5, 0, "source")
    task.model_file(5, 0).unlink()
    task.score(KG, 5, 0, "source")
    assert _trained(task) == [(10, 0), (10, 0)]


def test_terms_alone_need_no_network_and_axioms_no_label(
    task: ClassificationTask[Method],
) -> None:
    axioms = Method(("axioms",), has_network=False)
    assert task.score(axioms, 0, 0, "clinic").per_sample.mean() == 1.0
    placebo = Method(("axioms",), shuffled=True, has_network=False)
    means = {task.score(placebo, 0, seed, "clinic").per_sample.mean() for seed in range(8)}
    assert means == {0.0, 1.0}  # two classes: exchanged, or not
    assert _trained(task) == []
