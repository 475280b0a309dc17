"""What two runs say of the same samples, without labels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgtransfer.errors import RunError
from kgtransfer.runs.unlabelled import (
    UNLABELLED,
    Unlabelled,
    changes,
    read_unlabelled,
    write_unlabelled,
)

RNG = np.random.default_rng(0)
FITS = {"axioms": RNG.normal(1, 0.1, 50)}


def _domain(answers: list[str], models: int = 2, **fits: object) -> Unlabelled:
    return Unlabelled.of("abc", [answers * 10] * models, {**FITS, **fits})


CALM = _domain(["ring", "ring", "disc", "none", "disc"])


def test_what_a_run_says_is_kept(tmp_path: Path) -> None:
    assert read_unlabelled(tmp_path) == {}
    write_unlabelled(tmp_path, {"source": CALM, "a/b": CALM})
    kept = read_unlabelled(tmp_path)
    assert list(kept) == ["source", "a/b"]
    assert kept["a/b"].texts == ["disc", "none", "ring"]
    assert kept["a/b"].answers.tolist() == CALM.answers.tolist()
    assert kept["a/b"].fits["axioms"].tolist() == FITS["axioms"].tolist()
    assert changes(kept, kept)["source"].to_json() == {
        "samples": 50, "changed": 0.0, "fits": {"axioms": [0.0, 0.0, 0.0]},
    }  # fmt: skip


def test_answers_are_compared_by_what_they_say_not_by_their_number() -> None:
    other = _domain(["ring", "ring", "arc", "none", "arc"])  # "arc" has the row that "disc" had
    assert changes({"x": other}, {"x": CALM})["x"].changed == pytest.approx(0.4)


def test_what_fits_worse_is_told_with_its_interval_and_noise_is_not() -> None:
    worse = _domain(["ring", "ring", "disc", "none", "ring"], axioms=FITS["axioms"] - 0.5)
    change = changes({"x": worse}, {"x": CALM})["x"]
    assert change.worse == ("axioms",)
    text = "20.0% of 50 answers change; axioms fit worse (\N{MINUS SIGN}.500 "
    assert str(change).startswith(text)
    assert "better (+.500 [.500, .500])" in str(changes({"x": CALM}, {"x": worse})["x"])
    noisy = _domain(["ring"] * 5, axioms=FITS["axioms"] + RNG.normal(0, 1, 50))
    assert str(changes({"x": noisy}, {"x": CALM})["x"]) == "60.0% of 50 answers change"


def test_other_samples_and_other_numbers_of_models_are_not_compared() -> None:
    other = Unlabelled.of("def", [["ring"] * 50] * 2, FITS)
    one = _domain(["ring", "ring", "disc", "none", "disc"], models=1)
    assert changes({"x": other, "y": one, "z": CALM}, {"x": CALM, "y": CALM}) == {}


@given(st.binary(max_size=200))
def test_damage_is_a_clear_error(tmp_path_factory: pytest.TempPathFactory, junk: bytes) -> None:
    folder = tmp_path_factory.mktemp("run")
    write_unlabelled(folder, {"x": CALM})
    path = folder / UNLABELLED
    path.write_bytes(path.read_bytes()[:-200] + junk[:199])
    with pytest.raises(RunError, match="restore the file from a copy, or make the run again"):
        read_unlabelled(folder)
