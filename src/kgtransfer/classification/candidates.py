"""Which of several methods without knowledge is the strongest on the labelled samples."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic

import numpy as np

from kgtransfer.classification.network import M
from kgtransfer.experiments.choice import Choice, folds_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    import numpy.typing as npt

    from kgtransfer.classification.outcomes.outcome import Outcome
    from kgtransfer.classification.samples import Samples
    from kgtransfer.experiments.cache import FitCache
    from kgtransfer.experiments.choice import Fold

    Floats = npt.NDArray[np.float64]
    Answers = Callable[[list[int], list[int]], Floats]

__all__ = ["Candidates", "strongest"]

BEHIND, SLACK = 1.5, 0.1
"""A slow candidate goes no further that has lost so many times, and so much more than, the best one
on the first part that is held out; on two parts it may not have lost more at all."""
BEYOND = ("_long", "_adapted")
"""Ends the name of a candidate that is another one trained further."""
CHOSEN, LOSS = "chosen:", "loss:"


@dataclass
class Candidates(Generic[M]):
    """What a baseline is chosen from, and what was chosen.

    Attributes:
        methods: by name, the cheap ones first; the first where nothing can be chosen.
        choices: number of labels and seed -> the candidate that was chosen.
    """

    methods: Mapping[str, M]
    choices: dict[tuple[int, int], Choice] = field(default_factory=dict)

    def completed(
        self, method: M, labels: int, seed: int, fits: FitCache, choose: Callable[[], Choice]
    ) -> M:
        """A method, with the candidate in it where it has one.

        Args:
            method: of an arm.
            labels: that it learns from.
            seed: of their draw.
            fits: where choices are kept.
            choose: finds the strongest candidate, where that was not done before.
        """
        if not method.chosen:
            return method
        if (labels, seed) not in self.choices:
            self.choices[labels, seed] = self._kept(labels, seed, fits, choose)
        return method.with_candidate(self.methods[self.choices[labels, seed].name])

    def _kept(self, labels: int, seed: int, fits: FitCache, choose: Callable[[], Choice]) -> Choice:
        key = ("choice", tuple(self.methods.items()), labels, seed)
        kept = fits.read(*key)
        if kept is not None:
            return _read(kept[1])
        choice = choose()
        losses = {f"{LOSS}{name}": loss for name, loss in choice.losses.items()}
        fits.write({}, {f"{CHOSEN}{choice.name}": 1.0, **losses}, *key)
        return choice


def _read(figures: Mapping[str, float]) -> Choice:
    """Figures of a choice that was kept -> the choice."""
    (name,) = (key.removeprefix(CHOSEN) for key in figures if key.startswith(CHOSEN))
    losses = {k.removeprefix(LOSS): v for k, v in figures.items() if k.startswith(LOSS)}
    return Choice(name, "cross-validation" if losses else "rule", losses)


def strongest(
    candidates: Mapping[str, Answers],
    few: Samples,
    outcome: Outcome,
    *,
    slow: Collection[str] = (),
    seed: int = 0,
) -> Choice:
    """Candidates and labelled samples -> the candidate whose held-out answers lose least.

    Slow candidates race: one that is behind on the first parts that are held out is not fitted to
    the others, and one is trained further only where it is ahead. The first is taken by rule where
    no class has two labels.

    Args:
        candidates: name -> rows to fit, rows to answer -> answers in the unit of the labels; the
            quick ones first, since they say how much others may lose.
        few: the labelled samples.
        outcome: what the labels are.
        slow: names of those that race.
        seed: of the folds.
    """
    strata = outcome.strata(few.targets)
    folds = folds_of(len(few), strata=strata, groups=few.group_list, seed=seed)
    if not folds or len(candidates) == 1:
        return Choice(next(iter(candidates)), "rule", {})
    finished: dict[str, list[float]] = {}  # mean loss on the first fold, on the first two, ...
    ahead = ""
    for name, answers in candidates.items():
        if name in slow and _goes_beyond(name, candidates) not in ("", ahead):
            continue
        best = finished.get(ahead, []) if name in slow else []
        losses = _losses(answers, few, outcome, folds, best)
        if len(losses) < len(folds):
            continue
        finished[name] = losses
        ahead = name if not ahead or losses[-1] < finished[ahead][-1] else ahead
    every = {name: losses[-1] for name, losses in finished.items()}
    return Choice(ahead or next(iter(candidates)), "cross-validation" if every else "rule", every)


def _goes_beyond(name: str, candidates: Collection[str]) -> str:
    """Name of the candidate that this one is, trained further; empty where it is none."""
    bases = (name.removesuffix(end) for end in BEYOND if name.endswith(end))
    return next((base for base in bases if base in candidates), "")


def _losses(
    answers: Answers, few: Samples, outcome: Outcome, folds: list[Fold], best: list[float]
) -> list[float]:
    """Mean loss on the first fold, the first two, and so on, until a candidate is behind."""
    rows: list[int] = []
    held: list[Floats] = []
    losses: list[float] = []
    for count, (fitted, scored) in enumerate(folds):
        rows += scored
        held.append(answers(fitted, scored))
        losses.append(outcome.held_out_loss(np.concatenate(held), few.targets[rows]))
        if best and losses[-1] > (best[count] if count else BEHIND * best[count] + SLACK):
            break
    return losses
