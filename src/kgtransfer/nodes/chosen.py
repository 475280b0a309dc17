"""Arms over the strongest method without knowledge: the baseline itself, and knowledge on it."""

from __future__ import annotations

import hashlib
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np
import torch
from scipy.special import softmax

from kgtransfer.experiments.task import FitResult
from kgtransfer.nodes.arms import NodeMethod
from kgtransfer.nodes.candidates.catalogue import candidates_of, unlabelled_candidates
from kgtransfer.nodes.candidates.knowledge import Gates, choose_gates_of_knowledge
from kgtransfer.nodes.candidates.regression import Regression
from kgtransfer.nodes.candidates.selection import ChosenCandidate, HeldOut, choose_candidate
from kgtransfer.nodes.encoders.gin import weights_digest
from kgtransfer.nodes.gated import has_few_labels
from kgtransfer.nodes.model import NodeModel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from kgtransfer.nodes.candidates.base import Candidate, FittedCandidate, Floats, Option
    from kgtransfer.nodes.data.splits import NodeSplit
    from kgtransfer.nodes.features.blocks import KnowledgeFeatures
    from kgtransfer.nodes.gated import GatedHeads

    Scores = npt.NDArray[np.float64]

__all__ = ["ChosenBaseline"]

GATED = NodeMethod("control")
TINY = 1e-12
SHARPNESS = (1.0, 1.5, 2.0, 3.0)  # spreading makes predictions less sure than they are right


class ChosenBaseline:
    """The candidate that a split's labels choose, and the same with the gates of knowledge.

    Args:
        heads: gated heads over all features of the data; they are a candidate themselves.
    """

    def __init__(self, heads: GatedHeads) -> None:
        self.heads = heads
        self._splits: dict[tuple[int | None, int], _Split] = {}

    def fit(self, method: NodeMethod, split: NodeSplit, seed: int) -> tuple[FitResult, NodeModel]:
        """Fit the baseline, or knowledge on it -> its scores on the test nodes, and the model."""
        started = time.perf_counter()
        of_split = self._of(split, seed)
        gates = self._gates(method, of_split, split, seed)
        fitted = of_split.fitted(of_split.name, gates)
        probabilities = of_split.probabilities(fitted)
        result = FitResult(
            per_sample=of_split.scores(fitted),
            gates=gates.values,
            choice=None if method.knowledge else of_split.chosen.choice,
            candidates={} if method.knowledge else of_split.candidate_scores(),
            seconds=time.perf_counter() - started,
        )
        self.heads.fits_of(split, seed).write()
        described = {
            "candidate": of_split.name,
            "settings": dict(of_split.option),
            "gates": dict(gates.values),
        }
        weights = {"logits" if fitted.weights is None else "weights": _tensor(fitted)}
        return result, NodeModel(weights, described, self.heads.nodes.classes, probabilities)

    def scorer(
        self, method: NodeMethod, split: NodeSplit, seed: int
    ) -> Callable[[KnowledgeFeatures], Scores]:
        """Fit knowledge on the baseline -> what scores it over other knowledge, `[test nodes]`.

        Weights and gates stay as they are.
        """
        before = self.heads.features_of(method.knowledge, split, seed)
        assert before is not None
        of_split = self._of(split, seed)
        gates = self._gates(method, of_split, split, seed)
        fitted = of_split.fitted(of_split.name, gates)
        candidate = of_split.candidates[of_split.name]

        def scores(after: KnowledgeFeatures) -> Scores:
            terms = gates.over(before, after).terms
            return of_split.scores(candidate.beside(of_split.option, split.train, fitted, terms))

        return scores

    def _of(self, split: NodeSplit, seed: int) -> _Split:
        """What arms share of a split."""
        key = split.labels, seed
        if key not in self._splits:
            self._splits[key] = _Split(self.heads, split, seed)
        return self._splits[key]

    def _gates(self, method: NodeMethod, of_split: _Split, split: NodeSplit, seed: int) -> Gates:
        features = self.heads.features_of(method.knowledge, split, seed)
        if features is None:
            return Gates()
        return choose_gates_of_knowledge(
            of_split.candidates[of_split.name],
            of_split.option,
            features,
            of_split.held_out,
            has_few_labels=has_few_labels(split),
        )


class _Split:
    """The candidates over a split, and the one that its labels choose."""

    def __init__(self, heads: GatedHeads, split: NodeSplit, seed: int) -> None:
        self.heads, self.split, self.seed = heads, split, seed
        groups = heads.nodes.sample_groups
        self.held_out = HeldOut(heads.nodes.labels, split.train, seed, self._logs, groups)
        candidates: Sequence[Candidate] = unlabelled_candidates(heads.blocks)
        if len(split.train):
            fit = heads.fits_of(split, seed)
            candidates = candidates_of(heads.blocks, self._gated(), seed=seed, fit=fit)
        self.candidates = {candidate.name: candidate for candidate in candidates}
        self.chosen = self._chosen()

    @property
    def name(self) -> str:
        """Of the candidate that is the baseline."""
        return self.chosen.choice.name

    @property
    def option(self) -> Option:
        """Its settings."""
        return self.chosen.options[self.name]

    def fitted(self, name: str, gates: Gates) -> FittedCandidate:
        """A candidate with its best settings, fitted on all training nodes."""
        return self.candidates[name].fit(self.chosen.options[name], self.split.train, gates.terms)

    def probabilities(self, fitted: FittedCandidate) -> Floats:
        """`[N, classes]`."""
        shares: Floats = softmax(fitted.logits, axis=1)
        return self.heads.balanced(shares, self.split)

    def scores(self, fitted: FittedCandidate) -> Scores:
        """1 where a test node is named rightly, else 0; `[test nodes]`, float64."""
        predicted = self.probabilities(fitted).argmax(axis=1)[self.split.test]
        correct = predicted == self.heads.nodes.labels[self.split.test]
        return np.asarray(correct, dtype=np.float64)

    def candidate_scores(self) -> dict[str, Scores]:
        """Candidate -> its scores of the test nodes."""
        return {name: self.scores(self.fitted(name, Gates())) for name in self.candidates}

    def _logs(self, logits: Floats) -> Floats:
        shares = self.heads.balanced(softmax(logits, axis=1), self.split)
        logs: Floats = np.log(np.maximum(shares, TINY))
        return logs

    def _chosen(self) -> ChosenCandidate:
        """As it was kept: no edit of an ontology has a say in it."""
        heads = self.heads
        texts = heads.blocks.texts.hash if heads.blocks.texts else ""
        train = hashlib.sha256(self.split.train.tobytes()).hexdigest()
        content = (heads.nodes.hash, texts, weights_digest(heads.encoder), heads.restart)
        made = heads.kept.arrays(
            lambda: {
                "choice": choose_candidate([*self.candidates.values()], self.held_out).to_array()
            },
            *("choice", *content, train, self.split.labels, self.seed),
        )
        return ChosenCandidate.from_array(made["choice"])

    def _gated(self) -> Candidate:
        """The gated heads; all training nodes choose their settings, when these are needed."""
        heads, split, seed = self.heads, self.split, self.seed

        def options() -> Sequence[Option]:
            inputs = heads.inputs(GATED, split, seed)
            settings = asdict(heads.settings(GATED, inputs, split, seed))
            spread = [{**settings, "sharpness": by} for by in SHARPNESS if settings["spread"] < 1]
            return [*spread, {**settings, "spread": 1.0}]

        blocks = _WithEncoder(lambda: heads.vectors("pretrained").copy())
        blocks |= {**heads.blocks.baseline, **heads.blocks.condition}
        return Regression(
            "gated heads",
            blocks,
            heads.nodes.labels,
            len(heads.nodes.classes),
            options,
            prior=heads.blocks.priors.get("class names"),
            operator=heads.blocks.operator if heads.nodes.has_edges else None,
            fit_weights=heads.fits_of(split, seed),
        )


class _WithEncoder(dict[str, "Floats"]):
    """Blocks by name; the encoder reads all nodes when it is asked for its own."""

    def __init__(self, read: Callable[[], Floats]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, name: str) -> Floats:
        if name != "encoder":
            raise KeyError(name)
        self[name] = self._read()
        return self[name]


def _tensor(fitted: FittedCandidate) -> torch.Tensor:
    """What a model keeps: the weights of a regression, the logits of all else."""
    return torch.from_numpy(fitted.logits if fitted.weights is None else fitted.weights)
