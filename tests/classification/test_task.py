"""Fits from few labels, with a learner over two numbers for inputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from kgtransfer.classification.adaptation import PROPAGATES, SELF_TRAINS
from kgtransfer.classification.candidates import Candidates
from kgtransfer.classification.model import Classifier
from kgtransfer.classification.outcomes.number import Number
from kgtransfer.classification.outcomes.one_of import OneOf
from kgtransfer.classification.samples import Samples
from kgtransfer.classification.targets import Targets
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

OUTCOME = OneOf(Targets(("cat", "dog"), PRIOR.classes, (0, 1)))


@dataclass(frozen=True)
class Method:
    terms: tuple[str, ...] = ()
    shuffled: bool = False
    ignores_domain_shift: bool = False
    has_network: bool = True
    is_seeded: bool = True
    is_quick: bool = True
    chosen: bool = False
    adapts: str = ""

    def with_candidate(self, candidate: Method) -> Method:
        terms = (*self.terms, *candidate.terms)
        return replace(
            self,
            terms=terms,
            has_network=candidate.has_network,
            adapts=candidate.adapts,
            chosen=False,
        )


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

    def regressed(self, method: Method, samples: Samples) -> np.ndarray | None:
        return self.features(samples) if method.has_network else None


class Weighed(Learner):
    """A network that says nothing: what is learned on the test set alone answers."""

    def train(self, method: Method, samples: Samples, offset: np.ndarray, seed: int) -> Any:
        network = Means(torch.zeros(1, 2))
        network.predict = lambda samples: np.zeros((len(samples), 1))  # type: ignore[method-assign]
        return network


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
    return ClassificationTask(OUTCOME, _samples(200, 0), tests, PRIOR, Learner(), kept=KG)


def _trained(task: ClassificationTask[Method]) -> list[tuple[int, int]]:
    assert isinstance(task.learner, Learner)
    return task.learner.trained


def test_the_baseline_is_the_candidate_whose_held_out_answers_lose_least(
    task: ClassificationTask[Method],
) -> None:
    """Measures hold one of the two numbers, the network sees both; the third sees neither."""
    none = Method(has_network=False, terms=("axioms",))
    measured, seen = Method(("measures",), has_network=False), Method()
    task.candidates = Candidates({"measured": measured, "seen": seen})
    baseline, kg = Method(chosen=True), Method(("axioms",), chosen=True)
    fit = task.score(baseline, 10, 0, "source")
    assert fit.choice is not None
    assert (fit.choice.name, fit.choice.by) == ("seen", "cross-validation")
    assert fit.choice.losses["seen"] < fit.choice.losses["measured"]
    assert fit.candidates.keys() == {"measured", "seen"}
    np.testing.assert_array_equal(fit.candidates["seen"], fit.per_sample)
    assert task.resolved(kg, 10, 0) == Method(("axioms",))
    assert task.score(kg, 10, 0, "source").candidates == {}
    assert task.resolved(none, 10, 0) == none


def test_with_its_gate_closed_knowledge_is_the_baseline_to_the_bit() -> None:
    """Voices that say nothing close the gate of the axioms."""
    tests = {
        "source": _samples(60, 1, agree=0.5), "clinic": _samples(60, 2, shift=6.0, agree=0.5)
    }  # fmt: skip
    task = ClassificationTask(OUTCOME, _samples(200, 0, agree=0.5), tests, PRIOR, Learner())
    measures = Method(("measures",))
    candidates = (
        replace(measures, has_network=False), measures, Method(),
        replace(measures, adapts=SELF_TRAINS), replace(Method(), adapts=PROPAGATES),
    )  # fmt: skip
    for candidate in candidates:
        task.candidates = Candidates({"only": candidate})
        without, with_axioms = (
            task.answers(Method(terms, chosen=True), 10, 0) for terms in ((), ("axioms",))
        )
        assert task.score(Method(("axioms",), chosen=True), 10, 0, "clinic").gates["axioms"] == 0
        for test in tests:  # elsewhere too, where what was learned counts less
            np.testing.assert_array_equal(without[test], with_axioms[test])


def test_an_adapted_candidate_goes_on_learning_on_each_test_set(
    task: ClassificationTask[Method],
) -> None:
    """Elsewhere measures lie around another mean: by their own mean the classes part again."""
    adapted = Method(("measures",), has_network=False, adapts="self_training")
    task.candidates = Candidates({"measured_adapted": adapted})
    plain = task.score(Method(("measures",), has_network=False), 10, 0, "clinic")
    baseline, kg = (
        task.score(Method(terms, chosen=True), 10, 0, "clinic") for terms in ((), ("axioms",))
    )
    assert plain.per_sample.mean() < 0.6
    assert baseline.per_sample.mean() > 0.85
    assert kg.per_sample.mean() > 0.95  # voices say the rest


def test_labels_spread_over_a_large_test_set_and_not_over_a_small_one() -> None:
    tests = {"large": _samples(200, 1, shift=3.0), "small": _samples(20, 1)}
    task = ClassificationTask(OUTCOME, _samples(200, 0), tests, PRIOR, Learner())
    plain, spread = (task.answers(Method(adapts=way), 5, 0) for way in ("", "label_propagation"))
    np.testing.assert_allclose(spread["small"], plain["small"])
    assert not np.allclose(spread["large"], plain["large"], atol=0.1)


def test_what_goes_on_learning_from_unweighed_answers_is_a_fit_of_its_own() -> None:
    tests = {"clinic": _samples(60, 1, shift=3.0)}
    answers = []
    for first in (False, True):  # whichever is fitted first
        task = ClassificationTask(OUTCOME, _samples(200, 0), tests, PRIOR, Learner())
        for ignores in (first, not first):
            method = Method(("axioms",), adapts="label_propagation", ignores_domain_shift=ignores)
            answers.append((ignores, task.answers(method, 5, 0)["clinic"]))
    weighed, ignoring = ([found for i, found in answers if i is which] for which in (False, True))
    np.testing.assert_array_equal(*weighed)
    np.testing.assert_array_equal(*ignoring)
    assert not np.allclose(weighed[0], ignoring[0])


@pytest.mark.parametrize("way", ["self_training", "label_propagation"])
@pytest.mark.parametrize("terms", [(), ("axioms",)])
def test_numbers_that_go_on_learning_stay_in_their_unit(way: str, terms: tuple[str, ...]) -> None:
    samples = [_samples(150, seed) for seed in (0, 1)]
    train, there = (
        replace(each, targets=1000 + 10 * each.inputs[:, 0].double().numpy()) for each in samples
    )
    prior = AxiomPrior((), {})
    outcome = Number(Targets(("number",), (), ()))
    task = ClassificationTask(outcome, train, {"source": there}, prior, Weighed())
    answers = task.answers(Method(terms, adapts=way), 40, 0)["source"][:, 0]
    assert np.abs(answers - there.targets).mean() < 6


def test_one_label_a_class_leaves_the_choice_to_a_rule(task: ClassificationTask[Method]) -> None:
    task.candidates = Candidates({"measured": Method(("measures",), has_network=False)})
    fit = task.score(Method(chosen=True), 1, 0, "source")
    assert fit.choice is not None
    assert (fit.choice.name, fit.choice.by, fit.choice.losses) == ("measured", "rule", {})


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
    assert task.domain_shift_weight("clinic") == 0.2
    assert task.axiom_weight("clinic") == 1.0  # one attribute foretells no other
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
        OUTCOME, task.train, task.tests, PRIOR, Learner(), kept=KG, fits=FitCache(tmp_path, "key")
    )
    second = again.score(KG, 5, 0, "source")
    assert _trained(again) == []
    assert np.array_equal(first.per_sample, second.per_sample)
    assert first.seconds == second.seconds
    network = Means(torch.zeros(2, 2))
    model = Classifier.load(again.model_file(5, 0), network, PRIOR, OUTCOME)
    logits = np.sum(model.parts(task.tests["clinic"]), axis=0)
    ignoring = Method(KG.terms, ignores_domain_shift=True)
    np.testing.assert_allclose(logits, again.answers(ignoring, 5, 0)["clinic"])


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
    assert means == {0.0}  # two classes are always exchanged
    assert _trained(task) == []
