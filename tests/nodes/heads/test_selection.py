"""Held-out labels open and shut the gates of a head."""

from __future__ import annotations

import numpy as np

from kgtransfer.nodes.heads.head import fit_head, fit_softmax
from kgtransfer.nodes.heads.selection import choose_gates

RNG = np.random.default_rng(0)
LABELS = np.repeat(np.arange(3), 60)
TELLING = (np.eye(3)[LABELS] + RNG.normal(0, 0.4, (180, 3))).astype(np.float32)
NOISE = RNG.normal(0, 0.5, (180, 6)).astype(np.float32)


def test_gates_open_for_blocks_that_tell_and_stay_shut_for_noise() -> None:
    blocks = {"noise": NOISE, "telling": TELLING, "more noise": NOISE[:, ::-1].copy()}
    train = RNG.permutation(180)[:90]
    chosen = choose_gates(blocks, LABELS, train, 3, seed=0)
    assert dict(chosen.gates) == {"telling": 1.0}
    head = fit_head(blocks, LABELS, train, 3, chosen)
    test = np.setdiff1d(np.arange(180), train)
    assert (head.logits(blocks).argmax(axis=1) == LABELS)[test].mean() > 0.7


def test_choices_do_not_depend_on_labels_outside_of_training() -> None:
    blocks = {"noise": NOISE, "telling": TELLING}
    train = np.arange(0, 180, 3)
    other = LABELS.copy()
    other[np.setdiff1d(np.arange(180), train)] = 0
    one, two = (choose_gates(blocks, y, train, 3, seed=0) for y in (LABELS, other))
    assert repr(one) == repr(two)


def test_a_prior_opens_beside_a_weak_block_and_stays_shut_beside_a_strong_one() -> None:
    train = RNG.permutation(180)[:90]
    hints = (np.eye(3)[LABELS] + RNG.normal(0, 0.7, (180, 3))).astype(np.float32)
    weak = choose_gates({"noise": NOISE}, LABELS, train, 3, seed=0, prior=hints)
    assert weak.prior > 0
    clear = {"clear": np.eye(3, dtype=np.float32)[LABELS]}
    strong = choose_gates(clear, LABELS, train, 3, seed=0, prior=hints)
    assert strong.prior == 0
    assert fit_head(clear, LABELS, train, 3, strong, hints).prior_weight == 0


def test_beside_a_prior_that_stays_shut_all_other_fits_are_those_without_it() -> None:
    train = RNG.permutation(180)[:90]
    blocks = {"clear": np.eye(3, dtype=np.float32)[LABELS], "noise": NOISE}
    hints = (np.eye(3)[LABELS] + RNG.normal(0, 0.7, (180, 3))).astype(np.float32)

    def fits(prior: np.ndarray | None) -> list[tuple[bytes, ...]]:
        """What each fit without an offset was made of."""
        made = []

        def fit(x, y, classes, strength, offset=None, start=None):  # type: ignore[no-untyped-def]
            if offset is None:
                begin = b"" if start is None else start.tobytes()
                made.append((x.tobytes(), y.tobytes(), str(strength).encode(), begin))
            return fit_softmax(x, y, classes, strength, offset, start)

        assert choose_gates(blocks, LABELS, train, 3, seed=0, prior=prior, fit=fit).prior in (0, 1)
        return made

    assert fits(hints) == fits(None)
