"""Several labels at once."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.optimize import check_grad

from kgtransfer.classification.logit_terms import AxiomTerm, MeasureTerm
from kgtransfer.classification.outcomes.any_of import AnyOf
from kgtransfer.classification.outcomes.one_of import ABSENT, OneOf
from kgtransfer.classification.targets import Targets
from kgtransfer.conditioning.axiom_prior import AxiomPrior
from kgtransfer.grounding.observations import Observations

LABELS = ("disc", "frame")
OUTCOME = AnyOf(Targets(LABELS, ("e:Disc", "e:Frame"), (0, 1)))
VALUES = {"e:Middle": ("e:Hollow", "e:Closed"), "e:Tone": ("e:Coarse", "e:Fine")}
PRIOR = AxiomPrior(
    ("e:Disc", "e:Frame"),
    {
        "e:Middle": (VALUES["e:Middle"], np.array([[0.5, 0.5], [0.9, 0.1]])),
        "e:Tone": (VALUES["e:Tone"], np.array([[0.9, 0.1], [0.5, 0.5]])),
    },
)


def _observed(targets: np.ndarray) -> Observations:
    """Frames are hollow, discs are coarse."""
    tone, middle = (np.stack([column, 1 - column], axis=1) for column in targets.T)
    soft = {"e:Middle": 0.96 * middle + 0.02, "e:Tone": 0.96 * tone + 0.02}
    return Observations(VALUES, soft)


class Drawn:
    def __init__(self, targets: np.ndarray, observed: Observations | None = None) -> None:
        self.targets = targets
        self.observed = observed or _observed(targets)
        random = np.random.default_rng(0)
        self.measures = random.normal(size=(len(targets), 2)) + 3 * targets

    def __len__(self) -> int:
        return len(self.targets)


def _drawn(count: int = 40) -> Drawn:
    return Drawn((np.random.default_rng(1).random((count, 2)) < [0.6, 0.3]).astype(np.float64))


def test_labels_stand_between_bars_and_an_empty_cell_has_none() -> None:
    assert OUTCOME.labels_in(["frame|disc", "", "disc"]) == LABELS
    assert OUTCOME.encoded(["frame|disc", "", "disc"]).tolist() == [[1, 1], [0, 0], [1, 0]]
    assert OUTCOME.malformed("disc|frame") is OUTCOME.malformed("") is None


@pytest.mark.parametrize(
    ("cell", "message"),
    [("disc|", "an empty label in 'disc|'"), ("a||b", "an empty label"), ("a|a", "a label twice")],
)
def test_malformed_cells_are_refused_with_a_cure(cell: str, message: str) -> None:
    problem = OUTCOME.malformed(cell)
    assert problem is not None
    assert message in problem.message
    assert "circle|square" in problem.cure


def test_a_label_that_is_left_out_leaves_the_sample() -> None:
    assert OUTCOME.without(["disc|frame", "frame", ""], {"frame"}) == ["disc", "", ""]
    rows, targets = OUTCOME.hidden(np.array([[1.0, 1.0], [0.0, 1.0]]), {"frame"})
    assert (rows, targets.tolist()) == ([0, 1], [[1, 0], [0, 0]])


def test_the_gradient_is_that_of_the_loss() -> None:
    drawn = _drawn(12)
    outcome, shape = OUTCOME.fitted(drawn.targets), (12, 2)

    def loss(flat: np.ndarray) -> float:
        return outcome.loss_and_gradient(flat.reshape(shape), drawn.targets)[0]

    def gradient(flat: np.ndarray) -> np.ndarray:
        return outcome.loss_and_gradient(flat.reshape(shape), drawn.targets)[1].ravel()

    assert check_grad(loss, gradient, np.random.default_rng(0).normal(size=24)) < 1e-5


def test_torch_minimises_the_same_loss() -> None:
    drawn = _drawn(30)
    outcome = OUTCOME.fitted(drawn.targets)
    logits = np.random.default_rng(0).normal(size=(30, 2))
    ours = outcome.log_loss(logits, drawn.targets) / logits.size
    theirs = outcome.tensor_loss(torch.from_numpy(logits), torch.from_numpy(drawn.targets), 0.0)
    assert theirs.item() == pytest.approx(ours)


def test_nothing_is_learned_of_a_label_that_no_sample_has_or_all() -> None:
    targets = np.array([[0.0, 1.0], [0.0, 1.0]])
    outcome = OUTCOME.fitted(targets)
    fixed = outcome.supervised(np.zeros((2, 2)), targets)
    assert fixed.tolist() == [[ABSENT, -ABSENT]] * 2
    assert outcome.loss_and_gradient(fixed, targets)[1].tolist() == [[0, 0]] * 2
    logits = torch.from_numpy(fixed).requires_grad_()
    outcome.tensor_loss(logits, torch.from_numpy(targets), 0.1).backward()
    assert logits.grad is not None
    assert logits.grad.abs().max() == 0


def test_right_axioms_open_their_gate_and_exchanged_ones_close_it() -> None:
    drawn = _drawn()
    outcome, nothing = OUTCOME.fitted(drawn.targets), np.zeros((40, 2))
    right = AxiomTerm.fitted(drawn, nothing, PRIOR, outcome)  # type: ignore[arg-type]
    exchanged = Drawn(drawn.targets, _observed(1 - drawn.targets))
    wrong = AxiomTerm.fitted(exchanged, nothing, PRIOR, outcome)  # type: ignore[arg-type]
    assert right.weight > 0.5
    assert ((right(drawn) > 0) == (drawn.targets > 0)).mean() > 0.95  # type: ignore[arg-type]
    assert wrong.weight == 0.0
    assert np.array_equal(wrong(exchanged), nothing)  # type: ignore[arg-type]


def test_without_labels_each_label_is_told_by_its_own_axioms() -> None:
    drawn = _drawn()
    term = AxiomTerm.fitted(Drawn(np.zeros((0, 2))), np.zeros((0, 2)), PRIOR, OUTCOME)  # type: ignore[arg-type]
    assert ((term(drawn) > 0) == (drawn.targets > 0)).all()  # type: ignore[arg-type]
    parts = OUTCOME.by_attribute(PRIOR, drawn.observed, term.weight)
    assert np.abs(parts["e:Middle"][:, 0]).max() < 1e-9  # holes say nothing of discs
    assert sum(parts.values()) == pytest.approx(term(drawn))  # type: ignore[arg-type]


def test_a_regression_finds_labels_by_their_measures() -> None:
    drawn = _drawn()
    term = MeasureTerm.fitted(drawn, np.zeros((40, 2)), PRIOR, OUTCOME.fitted(drawn.targets))  # type: ignore[arg-type]
    assert ((term(drawn) > 0) == (drawn.targets > 0)).mean() > 0.9  # type: ignore[arg-type]


def test_an_answer_is_every_label_that_is_likelier_than_not() -> None:
    answer = np.array([2.0, 1.0])
    assert list(OUTCOME.shares(answer)) == ["disc", "frame"]
    assert OUTCOME.shares(answer)["frame"] == pytest.approx(1 / (1 + np.exp(-1)))
    assert [contrast.about for contrast in OUTCOME.contrasts(answer)] == ["disc", "frame"]
    assert [contrast.about for contrast in OUTCOME.contrasts(-answer)] == ["frame"]


def test_labels_that_too_few_samples_have_or_lack_are_scarce() -> None:
    targets = np.array([[1.0, 1.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    assert OUTCOME.scarce(targets, 2) == {}
    assert OUTCOME.scarce(targets, 3) == {"disc": 2, "frame": 2}


def test_what_an_answer_says_is_written_as_a_table_writes_it() -> None:
    answers = np.array([[1.0, -1.0], [2.0, 0.5], [-1.0, -3.0]])
    assert OUTCOME.answer_texts(answers) == ["disc", "disc|frame", ""]
    one = OneOf(Targets(LABELS, ("e:Disc", "e:Frame"), (0, 1)))
    assert one.answer_texts(answers) == ["disc", "disc", "disc"]
