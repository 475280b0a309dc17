"""Left out, a piece of knowledge costs what it was worth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from kgtransfer.classification.attribution import KnowledgePiece, attributions, knowledge_pieces
from kgtransfer.classification.logit_terms import AxiomTerm, MeasureTerm
from kgtransfer.classification.model import Classifier
from kgtransfer.classification.outcomes.one_of import OneOf
from kgtransfer.classification.samples import Samples
from kgtransfer.classification.targets import Targets
from kgtransfer.conditioning.axiom_prior import AxiomPrior
from kgtransfer.errors import RunError
from kgtransfer.grounding.base import Grounding
from kgtransfer.grounding.observations import Observations

VOICE, COAT = "e:Voice", "e:Coat"
VALUES = {VOICE: ("e:Meow", "e:Bark"), COAT: ("e:Short", "e:Long")}
TABLE = np.array([[0.9, 0.1], [0.1, 0.9]])
EVEN = np.full((2, 2), 0.5)
PRIOR = AxiomPrior(("e:Cat", "e:Dog"), {VOICE: (VALUES[VOICE], TABLE), COAT: (VALUES[COAT], EVEN)})
OUTCOME = OneOf(Targets(("cat", "dog"), PRIOR.classes, (0, 1)))
CONDITIONING = ("e:Meow", "e:Bark", "e:Short")


def _samples() -> Samples:
    """Twenty cats that meow and twenty dogs that bark; coats say nothing."""
    targets = np.repeat([0, 1], 20)
    voice = np.eye(2)[targets] * 0.98 + 0.01
    observed = Observations(VALUES, {VOICE: voice, COAT: np.full((40, 2), 0.5)})
    grounding = Grounding(
        CONDITIONING,
        (VOICE, COAT),
        torch.tensor([0, *([2, 1] * 40)]).cumsum(0),
        torch.tensor([0, 1, 2] * 40),
        torch.from_numpy(np.hstack([voice, np.full((40, 1), 0.5)]).astype(np.float32).ravel()),
    )
    names = tuple(f"sample {row}" for row in range(40))
    labels = tuple(("cat", "dog")[target] for target in targets)
    measures, inputs = np.zeros((40, 1)), torch.zeros(40, 1)
    return Samples(names, labels, targets, observed, grounding, measures, inputs)


def _models() -> list[Classifier[Any]]:
    against = MeasureTerm(np.zeros((1, 2)), np.array([0.1, 0.0]))  # in doubt, a cat
    terms = {"axioms": AxiomTerm(PRIOR, 2.0, OUTCOME), "measures": against}
    return [Classifier[Any](OUTCOME, terms, None)] * 2


def _worth(piece: KnowledgePiece) -> tuple[float, str]:
    (worth,) = attributions([piece], _models(), _samples(), "source", domain_shift_weight=1.0)
    return worth.comparison.difference, worth.comparison.verdict


def test_all_that_tells_classes_apart_is_a_piece() -> None:
    found = [(piece.kind, *piece.iris) for piece in knowledge_pieces(PRIOR)]
    assert found == [
        ("attribute", VOICE), ("concept", "e:Meow"), ("concept", "e:Bark"),
        ("axiom", "e:Cat", VOICE), ("axiom", "e:Dog", VOICE),
        ("attribute", COAT), ("concept", "e:Short"), ("concept", "e:Long"),
    ]  # fmt: skip


def test_the_deciding_attribute_is_worth_half_and_the_idle_one_nothing() -> None:
    assert _worth(KnowledgePiece("attribute", (VOICE,))) == (0.5, "helps")
    assert _worth(KnowledgePiece("attribute", (COAT,))) == (0.0, "no measurable effect")


def test_a_value_that_nobody_hears_is_worth_its_class() -> None:
    assert _worth(KnowledgePiece("concept", ("e:Bark",))) == (0.5, "helps")
    assert _worth(KnowledgePiece("concept", ("e:Long",))) == (0.0, "no measurable effect")


def test_one_class_can_be_told_by_the_other_alone() -> None:
    """What a class says is replaced by what the other says: then nothing tells them apart."""
    assert _worth(KnowledgePiece("axiom", ("e:Dog", VOICE))) == (0.5, "helps")


def test_what_is_left_out_does_not_condition_either() -> None:
    _, without = KnowledgePiece("concept", ("e:Bark",)).without(PRIOR, _samples())
    assert without.grounding.weights.view(40, 3)[:, 1].abs().max() == 0
    _, without = KnowledgePiece("attribute", (VOICE,)).without(PRIOR, _samples())
    assert without.grounding.weights.view(40, 3)[:, :2].abs().max() == 0
    assert without.grounding.weights.view(40, 3)[:, 2].min() == 0.5
    assert _samples().grounding.weights.view(40, 3)[0].tolist() == pytest.approx([0.99, 0.01, 0.5])


def test_models_without_axioms_have_none_to_leave_out() -> None:
    plain = Classifier[Any](OUTCOME, {"measures": MeasureTerm(np.zeros((1, 2)), np.zeros(2))}, None)
    with pytest.raises(RunError, match="no axioms"):
        attributions(
            [KnowledgePiece("attribute", (VOICE,))],
            [plain],
            _samples(),
            "",
            domain_shift_weight=1.0,
        )
