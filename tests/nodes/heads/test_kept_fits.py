"""Fits of heads that are made once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kgtransfer.nodes.heads import kept_fits
from kgtransfer.nodes.heads.head import HeadSettings, fit_head, fit_softmax
from kgtransfer.nodes.heads.kept_fits import KeptFits
from kgtransfer.nodes.kept import Kept

RNG = np.random.default_rng(0)
FEATURES = RNG.normal(size=(20, 3)).astype(np.float32)
TARGETS = np.arange(20) % 2
OFFSET = RNG.normal(size=(20, 2)).astype(np.float32)
START = np.ones((4, 2), dtype=np.float32)


def fit(fits: KeptFits, strength: float = 3.0, **changed: np.ndarray) -> list[list[float]]:
    given = {"features": FEATURES, "targets": TARGETS, "offset": OFFSET, "start": START, **changed}
    return fits(classes=2, strength=strength, **given).tolist()  # type: ignore[arg-type,no-any-return]


def test_a_fit_is_that_of_the_function_to_the_bit_and_made_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fits = KeptFits(Kept())
    wanted = fit_softmax(FEATURES, TARGETS, 2, 3.0, OFFSET, START).tolist()
    assert fit(fits) == wanted
    monkeypatch.setattr(kept_fits, "fit_softmax", None)  # a call would fail
    assert fit(fits) == wanted
    with pytest.raises(TypeError):
        fit(fits, strength=4.0)


@pytest.mark.parametrize("name", ["features", "targets", "offset", "start"])
def test_every_input_counts(name: str) -> None:
    fits = KeptFits(Kept())
    first = fit(fits)
    given = {"features": FEATURES, "targets": TARGETS, "offset": OFFSET, "start": START}[name]
    other = 1 - given if name == "targets" else given + np.float32(0.5)
    changed = fit(fits, **{name: other})
    assert (
        changed
        == fit_softmax(
            **{  # type: ignore[arg-type]
                "features": FEATURES,
                "targets": TARGETS,
                "offset": OFFSET,
                "start": START,
                name: other,
            },
            classes=2,
            strength=3.0,
        ).tolist()
    )
    assert changed != first


def test_priors_that_are_shut_make_no_other_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    fits, train, settings = KeptFits(Kept()), np.arange(20), HeadSettings({"x": 1.0}, prior=0)

    def fitted(prior: np.ndarray | None) -> list[list[float]]:
        head = fit_head({"x": FEATURES}, TARGETS, train, 2, settings, prior, fit=fits)
        weights: list[list[float]] = head.weights.tolist()
        return weights

    without = fitted(None)
    monkeypatch.setattr(kept_fits, "fit_softmax", None)  # a call would fail
    assert fitted(OFFSET) == fitted(-OFFSET) == without


def test_the_run_after_takes_over_the_fits_that_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = KeptFits(Kept(tmp_path / "older"), 0, 1)
    wanted = fit(older)
    fit(older, strength=10.0)
    older.write()
    monkeypatch.setattr(kept_fits, "fit_softmax", None)
    after = KeptFits(Kept(tmp_path / "own", tmp_path / "older"), 0, 1)
    assert fit(after) == wanted
    after.write()
    again = KeptFits(Kept(tmp_path / "own"), 0, 1)
    assert fit(again) == wanted
    with pytest.raises(TypeError):  # was not needed after the edit
        fit(again, strength=10.0)
