"""Candidates for the baseline: what each says, and that knowledge with its gates shut is none."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from kgtransfer.nodes.candidates.additive import ClassNames, Forest, LabelPropagation
from kgtransfer.nodes.candidates.base import NO_TERMS, Candidate, Terms
from kgtransfer.nodes.candidates.knowledge import Gates, choose_gates_of_knowledge
from kgtransfer.nodes.candidates.regression import Regression, block_options
from kgtransfer.nodes.candidates.selection import ChosenCandidate, HeldOut, choose_candidate
from kgtransfer.nodes.features.blocks import KnowledgeFeatures
from kgtransfer.nodes.features.propagation import smoother
from kgtransfer.nodes.heads.head import fit_softmax

RNG = np.random.default_rng(0)
LABELS = np.arange(120) % 3
ONE_HOT = np.eye(3, dtype=np.float32)[LABELS]
TELLING = ONE_HOT + RNG.normal(0, 0.7, ONE_HOT.shape).astype(np.float32)
NOISE = RNG.normal(size=(120, 4)).astype(np.float32)
HINTS = ONE_HOT + RNG.normal(0, 0.5, ONE_HOT.shape).astype(np.float32)  # a prior, no label seen
TRAIN = np.arange(60)
RING = np.minimum(abs(np.subtract.outer(range(120), range(120))), 120) % 120
NEXT = smoother(sp.csr_array((np.isin(RING, (3, 117))).astype(np.float32)))  # of one class


def regression(**blocks: np.ndarray) -> Regression:
    options = block_options(blocks)
    return Regression("regression", blocks, LABELS, 3, lambda: options)


def gated() -> Regression:
    settings = {"gates": {"told": 1.0, "noise": 1.0}, "strength": 3.0, "spread": 0.3, "prior": 1.0}
    blocks = {"told": TELLING, "noise": NOISE}
    return Regression("gated", blocks, LABELS, 3, lambda: [settings], HINTS, NEXT)


CANDIDATES: dict[str, Candidate] = {
    "regression": regression(told=TELLING),
    "gated": gated(),
    "names": ClassNames(HINTS, LABELS),
    "propagation": LabelPropagation(NEXT, LABELS, 3),
    "forest": Forest(TELLING, LABELS, 3, seed=0),
}
every = pytest.mark.parametrize("name", CANDIDATES)


@every
def test_with_its_gates_shut_knowledge_is_the_baseline_to_the_bit(name: str) -> None:
    candidate = CANDIDATES[name]
    option = candidate.options[0]
    alone = candidate.fit(option, TRAIN).logits
    shut = Gates(HINTS, 0.0, {}, {"prior": 0.0})
    assert np.array_equal(candidate.fit(option, TRAIN, shut.terms).logits, alone)
    opened = candidate.fit(option, TRAIN, Gates(HINTS, 2.0).terms).logits
    assert not np.allclose(opened, alone)


@every
def test_candidates_name_the_classes_of_nodes_that_they_were_not_fitted_on(name: str) -> None:
    candidate = CANDIDATES[name]
    predicted = candidate.fit(candidate.options[0], TRAIN).logits.argmax(axis=1)
    assert (predicted == LABELS)[60:].mean() > 0.7


@every
def test_what_speaks_for_the_classes_opens_its_gate_and_a_placebo_does_not(name: str) -> None:
    candidate = CANDIDATES[name]
    if name in ("gated", "names"):  # these have read the hints already
        return
    held_out = HeldOut(LABELS, TRAIN, 0)
    option = candidate.options[0]
    weights = {
        what: choose_gates_of_knowledge(
            candidate, option, KnowledgeFeatures({}, {"z": z}), held_out, has_few_labels=False
        ).values["prior"]
        for what, z in (("true", 2 * HINTS), ("placebo", 2 * HINTS[:, [1, 2, 0]]))
    }
    assert weights["true"] > 0
    assert weights["placebo"] == 0


def test_a_block_of_knowledge_is_read_beside_those_of_the_regression() -> None:
    weak = regression(noise=NOISE)
    features = KnowledgeFeatures({"meaning": TELLING, "other": NOISE[:, ::-1].copy()}, {})
    held_out = HeldOut(LABELS, TRAIN, 0)
    option = weak.options[0]
    gates = choose_gates_of_knowledge(weak, option, features, held_out, has_few_labels=False)
    assert gates.values == {"prior": 0.0, "meaning": 1.0, "other": 0.0}
    few = choose_gates_of_knowledge(weak, option, features, held_out, has_few_labels=True)
    assert few.values == {"prior": 0.0, "meaning": 0.0, "other": 0.0}
    forest = CANDIDATES["forest"]
    none = choose_gates_of_knowledge(forest, {"sharpness": 1.0}, features, held_out,
                                     has_few_labels=False)  # fmt: skip
    assert none.terms.blocks == {}


def test_without_labels_what_is_known_counts_as_much_as_names() -> None:
    names = CANDIDATES["names"]
    nobody = HeldOut(LABELS, TRAIN[:0], 0)
    priors = {"descriptions": HINTS, "descriptions, stated": 2 * HINTS}
    features = KnowledgeFeatures({}, priors)
    gates = choose_gates_of_knowledge(names, {}, features, nobody, has_few_labels=True)
    assert gates.values == {"prior": 1.0}
    logits = names.fit({}, TRAIN[:0], gates.terms).logits
    assert np.allclose(logits, HINTS + 2 * HINTS)


def test_the_candidate_that_loses_least_is_chosen_with_its_settings() -> None:
    told, noise = regression(told=TELLING, noise=NOISE), regression(noise=NOISE)
    candidates = [Regression("weak", noise.blocks, LABELS, 3, noise.make_options), told]
    found = choose_candidate(candidates, HeldOut(LABELS, TRAIN, 0))
    assert (found.choice.name, found.choice.by) == ("regression", "cross-validation")
    assert found.options["regression"]["gates"] == {"told": 1.0}
    assert found.choice.losses["weak"] > found.choice.losses["regression"] + 0.2
    again = ChosenCandidate.from_array(found.to_array())
    assert (again.choice, again.options) == (found.choice, found.options)


def test_labels_of_test_nodes_have_no_say() -> None:
    hidden = LABELS.copy()
    hidden[60:] = 0
    one, two = (
        choose_candidate(
            [
                Regression("r", {"told": TELLING}, y, 3, CANDIDATES["regression"].make_options),
                Forest(TELLING, y, 3, seed=0),
            ],
            HeldOut(y, TRAIN, 0),
        )
        for y in (LABELS, hidden)
    )
    assert (one.choice, one.options) == (two.choice, two.options)


def test_one_label_a_class_leaves_the_first_candidate_with_its_first_settings() -> None:
    found = choose_candidate([CANDIDATES["names"], CANDIDATES["regression"]],
                             HeldOut(LABELS, TRAIN[:3], 0))  # fmt: skip
    assert (found.choice.name, found.choice.by) == ("class names", "rule")
    assert found.options["regression"] == {"gates": {"told": 1.0}, "strength": 1.0, "prior": 0.0}


def test_fewer_nodes_than_features_are_fitted_within_their_span() -> None:
    wide = RNG.normal(size=(120, 40)).astype(np.float32)
    option = {"gates": {"wide": 1.0}, "strength": 3.0, "prior": 0.0}
    found = regression(wide=wide).fit(option, TRAIN[:12])
    full = fit_softmax(wide[:12], LABELS[:12], 3, 3.0)
    assert found.weights is not None
    assert np.allclose(found.weights, full, atol=2e-3)
    assert np.allclose(found.logits, full[0] + wide @ full[1:], atol=1e-2)


def test_two_labels_a_class_are_halved_again_and_again_with_every_class_in_each_half() -> None:
    folds = HeldOut(LABELS, TRAIN[:6], 0).folds
    assert [(len(fitted), len(held)) for fitted, held in folds] == [(3, 3)] * 6
    assert all(
        sorted(LABELS[held]) == sorted(LABELS[fitted]) == [0, 1, 2] for fitted, held in folds
    )
    assert len({tuple(sorted(held)) for _, held in folds}) > 2
    assert [len(held) for _, held in HeldOut(LABELS, TRAIN, 0).folds] == [12] * 5


def test_no_terms_are_no_terms() -> None:
    assert NO_TERMS.offset is None
    assert not Terms().blocks


@every
def test_beside_other_terms_nothing_is_learned_anew(name: str) -> None:
    candidate = CANDIDATES[name]
    option = candidate.options[0]
    fitted = candidate.fit(option, TRAIN, Terms(HINTS))
    again = candidate.beside(option, TRAIN, fitted, Terms(HINTS))
    assert np.array_equal(again.logits, fitted.logits)
    without = candidate.beside(option, TRAIN, fitted, NO_TERMS)
    assert (without.weights is None) == (fitted.weights is None)
    if fitted.weights is not None:
        assert without.weights is fitted.weights
    if name != "gated":  # whose predictions spread
        assert np.allclose(without.logits, fitted.logits - HINTS, atol=1e-5)


def test_gates_stay_as_wide_open_over_other_knowledge() -> None:
    before = KnowledgeFeatures({"told": TELLING, "noise": NOISE}, {"a": HINTS, "b": 2 * HINTS})
    after = KnowledgeFeatures({"noise": -NOISE}, {"a": 3 * HINTS, "b": 4 * HINTS})
    gates = Gates(before.priors["b"], 0.5, {"told": TELLING, "noise": NOISE})
    terms = gates.over(before, after).terms
    assert np.array_equal(terms.offset, 0.5 * 4 * HINTS)
    assert terms.blocks["told"] is TELLING  # the other knowledge has none: it stays
    assert np.array_equal(terms.blocks["noise"], -NOISE)


def test_held_out_folds_do_not_divide_groups() -> None:
    groups = tuple(row // 12 for row in range(120))  # of twelve nodes, four of each class
    folds = HeldOut(LABELS, TRAIN, seed=3, groups=groups).folds
    assert [len(held) for _, held in folds] == [12] * 5
    for fitted, held in folds:
        assert not {node // 12 for node in fitted} & {node // 12 for node in held}
    alone = HeldOut(LABELS, TRAIN, seed=3, groups=(0,) * 120)
    assert alone.folds == []
    chosen = choose_candidate([CANDIDATES["forest"], CANDIDATES["names"]], alone)
    assert (chosen.choice.name, chosen.choice.by) == ("forest", "rule")
