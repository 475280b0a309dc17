"""Labels that are numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import torch
from scipy.optimize import check_grad

from kgtransfer.classification.logit_terms import AxiomTerm, MeasureTerm
from kgtransfer.classification.outcomes.number import Number
from kgtransfer.classification.targets import Targets
from kgtransfer.conditioning.axiom_prior import AxiomPrior
from kgtransfer.errors import ConfigError
from kgtransfer.grounding.observations import Observations
from kgtransfer.knowledge.axioms.frequencies import Tables

COVER = {"e:Cover": ("e:Sparse", "e:Dense")}
LEVELS = ("e:Few", "e:Many")
OUTCOME = Number(Targets(("number",), LEVELS, (0, 0), (5.0, 15.0)))
BARE = Number(Targets(("number",), (), ()))
PRIOR = AxiomPrior(LEVELS, {"e:Cover": (COVER["e:Cover"], np.array([[0.95, 0.05], [0.05, 0.95]]))})


class Drawn:
    """Numbers up to 20, and how much of the image is covered."""

    def __init__(self, count: int = 30, *, shuffled: bool = False) -> None:
        random = np.random.default_rng(0)
        self.targets = random.uniform(0, 20, count)
        shown = random.permutation(self.targets) if shuffled else self.targets
        dense = 1 / (1 + np.exp(-(shown - 10)))
        self.observed = Observations(COVER, {"e:Cover": np.stack([1 - dense, dense], axis=1)})
        self.measures = np.stack([(self.targets - 10) / 6, random.normal(size=count)], axis=1)

    def __len__(self) -> int:
        return len(self.targets)


@pytest.mark.parametrize("cell", ["3", "-2.5", "1e3", " 7 "])
def test_numbers_are_read(cell: str) -> None:
    assert OUTCOME.malformed(cell) is None
    assert OUTCOME.encoded([cell]).tolist() == [float(cell)]


@pytest.mark.parametrize("cell", ["3,5", "many", "nan", "inf", ""])
def test_what_is_no_number_is_refused(cell: str) -> None:
    problem = OUTCOME.malformed(cell)
    assert problem is not None
    assert "decimal point, such as 3.5" in problem.cure or not cell


def test_the_gradient_is_that_of_the_loss() -> None:
    drawn = Drawn(8)
    outcome = OUTCOME.fitted(drawn.targets)

    def loss(flat: np.ndarray) -> float:
        return outcome.loss_and_gradient(flat[:, None], drawn.targets)[0]

    def gradient(flat: np.ndarray) -> np.ndarray:
        return outcome.loss_and_gradient(flat[:, None], drawn.targets)[1].ravel()

    assert check_grad(loss, gradient, np.random.default_rng(0).normal(size=8)) < 1e-5
    logits = np.random.default_rng(1).normal(size=(8, 1))
    torch_loss = outcome.tensor_loss(torch.from_numpy(logits), torch.from_numpy(drawn.targets), 0.3)
    assert torch_loss.item() == pytest.approx(outcome.log_loss(logits, drawn.targets) / 8)


def test_answers_are_in_the_unit_of_the_labels() -> None:
    outcome = OUTCOME.fitted(np.array([10.0, 30.0]))  # mean 20, deviation 10
    first, learned = outcome.in_units(np.array([[[1.0]], [[-0.5]]]))
    assert (first.item(), learned.item()) == (30.0, -5.0)
    restored = OUTCOME.restored(outcome.state())
    assert (restored.mean, restored.deviation) == (20.0, 10.0)


def test_a_single_label_has_no_deviation_of_its_own() -> None:
    outcome = OUTCOME.fitted(np.array([7.0]))
    assert (outcome.mean, outcome.deviation) == (7.0, 5.0)  # that of the levels


def test_without_labels_axioms_give_the_number_to_expect() -> None:
    drawn = Drawn()
    empty = Drawn(0)
    term = AxiomTerm.fitted(empty, np.zeros((0, 1)), PRIOR, OUTCOME)  # type: ignore[arg-type]
    first, _ = OUTCOME.in_units(np.stack([term(drawn), np.zeros((30, 1))]))  # type: ignore[arg-type]
    assert term.weight == 1.0
    assert 5 < first.min() < 7 < 13 < first.max() < 15
    assert np.corrcoef(first[:, 0], drawn.targets)[0, 1] > 0.9


def test_right_axioms_open_their_gate_and_idle_ones_close_it() -> None:
    nothing = np.zeros((30, 1))
    right, idle = (
        AxiomTerm.fitted(drawn, nothing, PRIOR, OUTCOME.fitted(drawn.targets))  # type: ignore[arg-type]
        for drawn in (Drawn(), Drawn(shuffled=True))
    )
    assert 0.5 < right.weight <= 1
    assert idle.weight == 0.0
    assert np.array_equal(idle(Drawn()), nothing)  # type: ignore[arg-type]


def test_levels_that_axioms_do_not_tell_apart_say_nothing() -> None:
    prior = AxiomPrior(LEVELS, {})
    term = AxiomTerm.fitted(Drawn(), np.zeros((30, 1)), prior, OUTCOME)  # type: ignore[arg-type]
    assert term.weight == 0.0
    assert not term(Drawn()).any()  # type: ignore[arg-type]


def test_a_regression_finds_numbers_by_their_measures() -> None:
    drawn = Drawn()
    outcome = OUTCOME.fitted(drawn.targets)
    term = MeasureTerm.fitted(drawn, np.zeros((30, 1)), PRIOR, outcome)  # type: ignore[arg-type]
    first, _ = outcome.in_units(np.stack([term(drawn), np.zeros((30, 1))]))  # type: ignore[arg-type]
    assert outcome.scores(first, drawn.targets).mean() > 0.95


def test_parts_of_the_expected_number_are_those_of_attributes() -> None:
    outcome = OUTCOME.fitted(np.array([0.0, 20.0]))
    drawn = Drawn()
    parts = outcome.by_attribute(PRIOR, drawn.observed, 1.0)
    expected = outcome.evidence(PRIOR, drawn.observed)(1.0)  # the levels' mean is the labels', too
    assert parts["e:Cover"] == pytest.approx(expected)


def test_samples_belong_to_the_nearest_level() -> None:
    few, many = OUTCOME.members(np.array([1.0, 9.0, 11.0, 30.0]))
    assert (few.tolist(), many.tolist()) == ([0, 1], [2, 3])
    assert BARE.members(np.array([1.0])) == []


def test_examples_are_the_smallest_the_median_and_the_largest() -> None:
    assert OUTCOME.examples(np.array([3.0, 9.5, 1.0])) == {"1": 2, "3": 0, "9.5": 1}


def test_rules_and_further_classes_are_refused() -> None:
    with pytest.raises(ConfigError, match="no probabilities"):
        OUTCOME.probabilities(torch.zeros(1, 1))


def test_without_levels_nothing_is_asked_of_the_axioms() -> None:
    def tables(classes: Sequence[str]) -> Tables:
        raise AssertionError(classes)

    prior = BARE.prior(tables)
    assert prior == AxiomPrior((), {})
    assert BARE.by_attribute(prior, Observations({}, {}), 1.0) == {}


def test_samples_are_scarce_where_all_are_fewer() -> None:
    assert OUTCOME.scarce(np.arange(5.0), 5) == {}
    assert OUTCOME.scarce(np.arange(5.0), 6) == {"all": 5}


def test_numbers_say_the_same_within_a_tenth_of_a_deviation() -> None:
    fitted = OUTCOME.fitted(np.array([0.0, 20.0]))  # mean and deviation are 10
    assert fitted.answer_texts(np.array([[10.0], [10.4], [11.0], [-10.0]])) == [
        "0",
        "0",
        "1",
        "-20",
    ]
