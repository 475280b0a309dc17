"""Two attributes that go together in true axioms, and not in shuffled ones."""

from __future__ import annotations

import numpy as np
import pytest

from kgtransfer.conditioning.axiom_evidence import (
    attribute_agreement,
    axiom_weight,
    contradicted,
    evidence_gain,
    expected_gain,
)
from kgtransfer.conditioning.axiom_prior import AxiomPrior
from kgtransfer.grounding.observations import Observations

VALUES = {f"e:{name}": (f"e:{name}Low", f"e:{name}High") for name in ("Size", "Sound", "Speed")}
TABLE = np.array([[0.9, 0.1], [0.1, 0.9]])
PRIOR = AxiomPrior(("e:Cat", "e:Dog"), {a: (v, TABLE) for a, v in VALUES.items()})
ONE = AxiomPrior(PRIOR.classes, {"e:Size": PRIOR.tables["e:Size"]})


def _seen(together: float, count: int = 400) -> Observations:
    """Values of three attributes that agree with a hidden class in a share of the samples."""
    random = np.random.default_rng(0)
    hidden = random.integers(2, size=count)
    weights = {}
    for attribute in VALUES:
        agrees = random.random(count) < together
        shown = np.where(agrees, hidden, random.integers(2, size=count))
        weights[attribute] = np.eye(2)[shown] * 0.98 + 0.01
    return Observations(VALUES, weights)


def test_axioms_that_hold_count_in_full_and_fall_with_what_is_seen() -> None:
    weights = [axiom_weight(PRIOR, _seen(share)) for share in (1.0, 0.5, 0.25, 0.0)]
    assert weights[0] == 1.0
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] == pytest.approx(0, abs=0.25)


def test_wrong_axioms_count_for_nothing() -> None:
    """What goes together is said to go against each other."""
    tables = {**PRIOR.tables, "e:Sound": (VALUES["e:Sound"], TABLE[::-1])}
    assert axiom_weight(AxiomPrior(PRIOR.classes, tables), _seen(0.8)) == 0.0
    assert evidence_gain(AxiomPrior(PRIOR.classes, tables), _seen(0.8)) < 0


def test_one_attribute_foretells_no_other() -> None:
    assert expected_gain(ONE) == pytest.approx(0, abs=1e-9)
    assert axiom_weight(ONE, _seen(0.0)) == 1.0


def test_too_few_samples_and_no_axioms_tell_nothing() -> None:
    assert axiom_weight(PRIOR, _seen(0.0, 19)) == 1.0
    assert axiom_weight(AxiomPrior(PRIOR.classes, {}), _seen(0.0)) == 1.0


def test_an_attribute_that_goes_against_the_others_is_named() -> None:
    seen = _seen(0.9)
    assert contradicted(PRIOR, seen) == ()
    assert min(attribute_agreement(PRIOR, seen).values()) > 0.1
    tables = {**PRIOR.tables, "e:Sound": (VALUES["e:Sound"], TABLE[::-1])}
    turned = AxiomPrior(PRIOR.classes, tables)
    assert contradicted(turned, seen)[0] == "e:Sound"
    assert contradicted(turned, _seen(0.9, 19)) == ()
    assert contradicted(ONE, seen) == ()
