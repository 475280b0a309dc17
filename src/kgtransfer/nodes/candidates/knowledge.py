"""The baseline plus the gates of the graph: what knowledge adds to a candidate's logits.

    logits = candidate(x | labels, lambda z, blocks),   the candidate itself at lambda 0, no block

z is a prior over classes that no label has touched. A regression learns beside lambda z, and reads
blocks of knowledge as it reads its own; to the log-probabilities of other candidates lambda z is
added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.nodes.candidates.base import Terms
from kgtransfer.nodes.heads.head import best_prior, fit_prior
from kgtransfer.nodes.heads.selection import MIN_GAIN, PRIORS

if TYPE_CHECKING:
    from kgtransfer.nodes.candidates.base import Candidate, Floats, Ints, Option
    from kgtransfer.nodes.candidates.selection import HeldOut
    from kgtransfer.nodes.features.blocks import KnowledgeFeatures

__all__ = ["Gates", "choose_gates_of_knowledge"]

UNLABELLED_WEIGHT = 1.0  # lambda where no label can say anything of it


@dataclass(frozen=True, eq=False)
class Gates:
    """How far knowledge enters.

    Attributes:
        prior: z, `[N, classes]`; None where there is none.
        weight: lambda.
        blocks: those that are open.
        values: of all gates, by name.
    """

    prior: Floats | None = None
    weight: float = 0.0
    blocks: Mapping[str, Floats] = field(default_factory=dict)
    values: Mapping[str, float] = field(default_factory=dict)

    @property
    def terms(self) -> Terms:
        """What is added to the candidate."""
        return Terms(_weighted(self.prior, self.weight), self.blocks)

    def over(self, before: KnowledgeFeatures, after: KnowledgeFeatures) -> Gates:
        """Gates as wide open, over other knowledge.

        Args:
            before: what they were chosen over.
            after: the other; a block that it lacks stays as it was.
        """
        names = [name for name, prior in before.priors.items() if prior is self.prior]
        blocks = {name: after.blocks.get(name, block) for name, block in self.blocks.items()}
        return replace(self, prior=after.priors[names[0]] if names else None, blocks=blocks)


def choose_gates_of_knowledge(
    candidate: Candidate,
    option: Option,
    features: KnowledgeFeatures,
    held_out: HeldOut,
    *,
    has_few_labels: bool,
) -> Gates:
    """Candidate and knowledge -> the gates that held-out labels open.

    lambda is a share of the weight that fits z best by itself, each fold by the labels that are
    fitted on. With few labels any gain on the held-out ones opens its gate, and no block is tried;
    with more of them a gain has to be above a standard error. One label a class leaves none to hold
    out: lambda is what they say of z, which has never seen them; without any label it is 1.

    Args:
        candidate: the baseline.
        option: its settings.
        features: priors and blocks of the knowledge.
        held_out: folds of the labels.
        has_few_labels: whether there are fewer than it takes to choose blocks by.
    """
    labels, train = held_out.labels, held_out.train
    shut = dict.fromkeys(features.blocks, 0.0)
    prior = _of_class(features.priors, labels, train)
    if not held_out.folds:
        weight = 0.0 if prior is None else _weight_without_folds(candidate, option, prior, held_out)
        return Gates(prior, weight, values={"prior": weight, **shut})
    chosen = _Search(candidate, option, held_out, prior, has_few_labels)
    if prior is not None:
        chosen.try_shares()
    if candidate.takes_blocks and not has_few_labels:
        chosen.try_blocks(features.blocks)
    weight = 0.0
    if prior is not None and chosen.share:
        weight = chosen.share * fit_prior(prior[train], labels[train])
    opened = {name: float(name in chosen.blocks) for name in features.blocks}
    return Gates(prior, weight, chosen.blocks, {"prior": weight, **opened})


class _Search:
    """Gates that are open so far, and what is lost with them."""

    def __init__(
        self,
        candidate: Candidate,
        option: Option,
        held_out: HeldOut,
        prior: Floats | None,
        has_few_labels: bool,
    ) -> None:
        self.candidate, self.option, self.held_out = candidate, option, held_out
        self.prior, self.has_few_labels = prior, has_few_labels
        self.share, self.blocks = 0.0, dict[str, "Floats"]()
        self._losses = self._lost(0.0, {})

    def try_shares(self) -> None:
        tried = [(share, self._lost(share, self.blocks)) for share in PRIORS]
        share, losses = min(tried, key=lambda pair: float(pair[1].mean()))
        if self._gains(losses):
            self.share, self._losses = share, losses

    def try_blocks(self, blocks: Mapping[str, Floats]) -> None:
        for name, block in blocks.items():
            wider = {**self.blocks, name: block}
            losses = self._lost(self.share, wider)
            if self._gains(losses):
                self.blocks, self._losses = wider, losses

    def _lost(self, share: float, blocks: Mapping[str, Floats]) -> Floats:
        labels, prior = self.held_out.labels, self.prior

        def terms(fitted: Ints) -> Terms:
            if prior is None or not share:
                return Terms(None, blocks)
            return Terms(_weighted(prior, share * fit_prior(prior[fitted], labels[fitted])), blocks)

        return np.concatenate(self.held_out.losses(self.candidate, self.option, terms))

    def _gains(self, losses: Floats) -> bool:
        gain = self._losses - losses
        if self.has_few_labels:
            return bool(gain.mean() > 0)
        return bool(gain.mean() > max(MIN_GAIN, gain.std() / np.sqrt(len(gain))))


def _of_class(priors: Mapping[str, Floats], labels: Ints, train: Ints) -> Floats | None:
    """The prior that labels speak for most; the last one, which has all of them, without labels."""
    if not len(train):
        return [*priors.values()][-1] if priors else None
    return best_prior(priors, labels, train)


def _weight_without_folds(
    candidate: Candidate, option: Option, prior: Floats, held_out: HeldOut
) -> float:
    labels, train = held_out.labels, held_out.train
    if not len(train):
        return UNLABELLED_WEIGHT
    # a regression knows these labels; what is no regression here, names of classes, does not
    known = None if candidate.takes_blocks else candidate.fit(option, train).logits[train]
    return fit_prior(prior[train], labels[train], offset=known)


def _weighted(prior: Floats | None, weight: float) -> Floats | None:
    return None if prior is None or not weight else np.float32(weight) * prior
