"""Which candidate is the baseline, with which settings: by cross-validation within the labels."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import log_softmax

from kgtransfer.experiments.choice import FOLDS, Choice, Fold, chosen, folds_of
from kgtransfer.nodes.heads.selection import HELD_OUT, selection_nodes

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.nodes.candidates.base import Candidate, Floats, Ints, Option, Terms

MANY = 10_000  # seeds: those of further draws are no experiment's

__all__ = ["ChosenCandidate", "HeldOut", "choose_candidate", "log_probabilities"]

Logs = Callable[["Floats"], "Floats"]
"""Logits `[N, classes]` -> log-probabilities."""


def log_probabilities(logits: Floats) -> Floats:
    """Logits `[N, classes]` -> log-probabilities, `[N, classes]`."""
    logs: Floats = log_softmax(logits, axis=1)
    return logs


@dataclass(frozen=True)
class ChosenCandidate:
    """What the labels of a split chose.

    Attributes:
        choice: the candidate, and what each loses.
        options: candidate -> its best settings.
    """

    choice: Choice
    options: Mapping[str, Option]

    def to_array(self) -> npt.NDArray[np.uint8]:
        """As bytes of JSON, to be kept."""
        content = {"choice": self.choice.to_json(), "options": dict(self.options)}
        return np.frombuffer(json.dumps(content).encode(), dtype=np.uint8)

    @classmethod
    def from_array(cls, array: npt.NDArray[np.generic]) -> ChosenCandidate:
        """Read back what `to_array` wrote."""
        content = json.loads(array.tobytes())
        return cls(Choice.from_json(content["choice"]), content["options"])


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Folds of labelled nodes, on which fits to the others are scored.

    Attributes:
        labels: `[N]`; only those of `train` are looked at.
        train: labelled nodes.
        seed: of the folds.
        logs: makes log-probabilities of logits.
        groups: `[N]`, of each node, that no fold divides; none by default.
    """

    labels: npt.NDArray[np.int64]
    train: npt.NDArray[np.int64]
    seed: int
    logs: Logs = log_probabilities
    groups: Sequence[int] = ()

    @cached_property
    def folds(self) -> list[tuple[Ints, Ints]]:
        """Nodes to fit on, nodes to score; none where no class has two labels, or all are a group.

        Classes keep their shares: where held-out labels were missing from a class alone, it would
        be the less likely for it. Few labels make few folds, which are drawn again until there are
        five. Of many nodes not all folds are needed: a part of them says enough by itself.
        """
        if not len(self.train):
            return []
        nodes = selection_nodes(self.train, self.seed)
        strata = self.labels[nodes].tolist()
        groups = np.array(self.groups)[nodes].tolist() if self.groups else ()
        parts = folds_of(len(nodes), strata=strata, groups=groups, seed=self.seed)
        draws = math.ceil(FOLDS / len(parts)) if parts else 0
        for draw in range(1, draws):
            again = self.seed + MANY * draw
            parts += folds_of(len(nodes), strata=strata, groups=groups, seed=again)
        needed = len(parts) if draws > 1 else math.ceil(HELD_OUT * FOLDS / len(nodes))
        return [(nodes[fitted], nodes[held]) for fitted, held in parts[:needed]]

    def losses(
        self, candidate: Candidate, option: Option, terms: Callable[[Ints], Terms] | None = None
    ) -> list[Floats]:
        """Minus the log-likelihood of held-out labels, `[nodes]` of each fold.

        Args:
            candidate: to fit.
            option: its settings.
            terms: nodes that are fitted on -> what knowledge adds.
        """
        parts = []
        for fitted, held in self.folds:
            added = (terms(fitted),) if terms else ()
            logs = self.logs(candidate.fit(option, fitted, *added).logits)
            parts.append(-logs[held, self.labels[held]])
        return parts


def choose_candidate(candidates: Sequence[Candidate], held_out: HeldOut) -> ChosenCandidate:
    """Candidates -> the one that loses least on held-out labels, each with its best settings.

    Args:
        candidates: the first is taken where labels are too few to hold some out.
        held_out: folds of the labels.
    """
    if not held_out.folds:
        first = {candidate.name: candidate.options[0] for candidate in candidates}
        return ChosenCandidate(Choice(candidates[0].name, "rule", {}), first)
    options, losses = {}, {}
    for candidate in candidates:
        tried = [(option, held_out.losses(candidate, option)) for option in candidate.options]
        option, best = min(tried, key=lambda pair: float(np.concatenate(pair[1]).mean()))
        options[candidate.name], losses[candidate.name] = option, best
    rows = [([fold], [fold]) for fold in range(len(held_out.folds))]  # each fold by its number
    choice = chosen({name: _looked_up(parts) for name, parts in losses.items()}, rows)
    return ChosenCandidate(choice, options)


def _looked_up(parts: list[Floats]) -> Callable[[Fold], Floats]:
    """Losses of each fold -> what gives them for a fold that is called by its number."""
    return lambda fold: parts[fold[0][0]]
