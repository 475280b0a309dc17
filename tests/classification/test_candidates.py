"""The race of candidates: what is far behind is dropped, and never trained for longer."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest

from kgtransfer.classification.candidates import Candidates, strongest
from kgtransfer.classification.outcomes.one_of import OneOf
from kgtransfer.classification.targets import Targets
from kgtransfer.experiments.cache import FitCache
from kgtransfer.experiments.choice import Choice

OUTCOME = OneOf(Targets(("a", "b"), ("e:A", "e:B"), (0, 1)))


class Few(SimpleNamespace):
    group_list = ()

    def __len__(self) -> int:
        return len(self.targets)

    def __getitem__(self, rows: list[int]) -> Few:
        return Few(targets=self.targets[rows])


def _few(labels: int) -> Few:
    return Few(targets=np.arange(2 * labels) % 2)


def _right(share: float, asked: Counter[str], name: str):
    """Answers that put a logit of 2 on the truth in a share of the samples."""

    def answers(fitted: list[int], held: list[int]) -> np.ndarray:
        asked[name] += 1
        right, targets = np.arange(len(held)) < share * len(held), np.array(held) % 2
        return 2.0 * np.eye(2)[np.where(right, targets, 1 - targets)]

    return answers


def test_slow_candidates_race_and_are_trained_further_only_where_they_are_ahead() -> None:
    asked: Counter[str] = Counter()
    shares = {"plain": 0.9, "poor": 0.5, "blind": 0.5, "blind_long": 1.0, "fair": 0.8}
    candidates = {name: _right(share, asked, name) for name, share in shares.items()}
    slow = ("blind", "blind_long", "fair")
    choice = strongest(candidates, _few(50), OUTCOME, slow=slow)
    assert (choice.name, choice.by) == ("plain", "cross-validation")
    assert set(choice.losses) == {"plain", "poor"}
    assert asked == {"plain": 5, "poor": 5, "blind": 1, "fair": 2}
    candidates["best"] = _right(1.0, asked, "best")
    candidates["best_long"] = _right(1.0, asked, "best_long")
    choice = strongest(candidates, _few(50), OUTCOME, slow=(*slow, "best", "best_long"))
    assert choice.name == "best"
    assert (asked["best"], asked["best_long"]) == (5, 5)


def test_how_sure_a_method_is_of_itself_makes_no_difference() -> None:
    asked: Counter[str] = Counter()
    truth = _right(0.8, asked, "plain")
    candidates = {"plain": truth, "sure": lambda fitted, held: 20 * truth(fitted, held)}
    choice = strongest(candidates, _few(50), OUTCOME)
    assert choice.losses["plain"] == pytest.approx(choice.losses["sure"], abs=1e-4)


def test_a_choice_is_made_once_and_read_back(tmp_path) -> None:
    method = SimpleNamespace(chosen=True, with_candidate=lambda candidate: candidate)
    choice = Choice("second", "cross-validation", {"first": 0.5, "second": 0.25})
    for made in (lambda: choice, pytest.fail):
        candidates = Candidates({"first": "1", "second": "2"})
        found = candidates.completed(method, 5, 0, FitCache(tmp_path, "key"), made)
        assert found == "2"
        assert candidates.choices == {(5, 0): choice}
