"""Few labels of one laboratory, scored in others: simple baselines and kg. Run by `labs.py few`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

import kgtransfer as kgt
from kgtransfer.classification.logit_terms import AxiomTerm
from kgtransfer.classification.metrics import scored_rows
from kgtransfer.classification.regression import RIDGE, regression, ridge_for
from kgtransfer.experiments.bootstrap import bootstrap_means, interval
from kgtransfer.experiments.choice import folds_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kgtransfer.classification.samples import Samples

BACKBONE, SEEDS = "tf_efficientnet_lite0", 5
BASELINES = ("features", "pixels_16", "measures", "measures_features")


def few(grounder: Any) -> dict[str, Any]:
    """2 and 5 labels a class of PBC: baselines and kg in PBC and in every other laboratory."""
    tests = [f"wbc_{name}" for name in ("jtsc", "bccd", "chula_dev")]
    data = kgt.read_images("wbc_pbc", test=tests, size=96, colours="reinhard", leakage="drop")
    vectors = {"text": torch.zeros(len(grounder.concepts), 2)}
    concepts = kgt.ConceptEmbeddings.from_parts(grounder.concepts, vectors, {})
    task = kgt.ImageTask(data, grounder.graph, grounder, concepts, backbone=BACKBONE)
    learned, sets = task.classification, task.domains.tests
    read = {
        name: Inputs.of(task.learner.features(samples), samples) for name, samples in sets.items()
    }
    weights = {
        "what was learned": {n: round(learned.domain_shift_weight(n), 2) for n in sets},
        "axioms": {n: round(learned.axiom_weight(n), 2) for n in sets},
    }
    found: dict[str, Any] = {"backbone": BACKBONE, "weights": weights}
    for labels in (2, 5):
        scores: dict[str, dict[str, list[np.ndarray]]] = {name: {} for name in sets}
        for seed in range(SEEDS):
            drawn = learned.few(labels, seed)
            own = Inputs.of(task.learner.features(drawn), drawn)
            for arm, logits in arms(task, drawn, own, read, seed).items():
                for name, answers in logits.items():
                    rows = learned.outcome.scored_rows(sets[name].targets)
                    of_images = learned.outcome.scores(answers[rows], sets[name].targets[rows])
                    scores[name].setdefault(arm, []).append(of_images)
        found[f"{labels} labels a class"] = {
            name: compared(of_arms, learned.outcome.strata(_scored(sets[name].targets)))
            for name, of_arms in scores.items()
        }
    return found


def _scored(targets: np.ndarray) -> np.ndarray:
    return np.asarray(targets[scored_rows(targets)])


@dataclass(frozen=True)
class Inputs:
    """What regressions read of samples: by kind, `[samples, numbers]`."""

    features: np.ndarray
    pixels_16: np.ndarray
    measures: np.ndarray

    @classmethod
    def of(cls, features: np.ndarray, samples: Samples) -> Inputs:
        """From frozen features of the samples."""
        pooled = torch.nn.functional.adaptive_avg_pool2d(samples.inputs[:].float(), 16)
        return cls(features, pooled.flatten(1).double().numpy(), samples.measures)


def arms(
    task: Any, drawn: Samples, own: Inputs, read: Mapping[str, Inputs], seed: int
) -> dict[str, dict[str, np.ndarray]]:
    """Labelled samples -> arm -> laboratory -> logits."""
    learned, targets = task.classification, drawn.targets
    outcome = learned.outcome.fitted(targets)
    folds = folds_of(len(drawn), strata=outcome.strata(targets))
    nothing = np.zeros((len(drawn), len(outcome.targets.labels)))

    def fitted(kind: str, offset: np.ndarray) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Logits of the labelled samples themselves, and of every laboratory."""
        table = getattr(own, kind)
        centre, scale = table.mean(axis=0), np.maximum(table.std(axis=0), 1e-9)
        if kind == "measures":  # z-scores of each laboratory as they are
            centre, scale, ridge = np.zeros_like(centre), np.ones_like(scale), RIDGE
        else:
            scale = scale * np.sqrt(table.shape[1])
            ridge = ridge_for((table - centre) / scale, targets, offset, outcome, folds)
        known = outcome.supervised(offset, targets)
        slopes, intercepts = regression(
            (table - centre) / scale, targets, known, outcome, ridge=ridge
        )

        def logits(of: Inputs) -> np.ndarray:
            return np.asarray((getattr(of, kind) - centre) / scale @ slopes + intercepts)

        return logits(own), {name: logits(each) for name, each in read.items()}

    alone = {kind: fitted(kind, nothing)[1] for kind in ("features", "pixels_16", "measures")}
    found = {**alone, "measures_features": _after("measures", "features", nothing, fitted)}
    for arm, placebo in (("axioms", None), ("kg", None), ("shuffled", seed)):
        prior = learned.prior if placebo is None else learned.prior.shuffled(placebo)
        term = AxiomTerm.fitted(drawn, nothing, prior, learned.outcome)
        beside = _after("measures", "features", term(drawn), fitted)
        found[arm] = {
            name: learned.axiom_weight(name, placebo) * term(samples)
            + (arm != "axioms") * learned.domain_shift_weight(name) * beside[name]
            for name, samples in task.domains.tests.items()
        }
    return found


def _after(
    first: str, second: str, offset: np.ndarray, fitted: Callable[..., Any]
) -> dict[str, np.ndarray]:
    """Two regressions, the second on what the first leaves open, and their sums."""
    known, one = fitted(first, offset)
    _, two = fitted(second, offset + known)
    return {name: one[name] + two[name] for name in one}


def compared(of_arms: Mapping[str, list[np.ndarray]], strata: list[int]) -> dict[str, Any]:
    """Scores of an arm's draws -> means, and what kg is above the best baseline in hindsight."""
    tables = {arm: np.stack(each) for arm, each in of_arms.items()}
    means = {arm: round(100 * float(table.mean()), 1) for arm, table in tables.items()}
    best = max(BASELINES, key=means.__getitem__)
    gain = tables["kg"] - tables[best]
    ends = interval(bootstrap_means(gain, strata=strata))
    return {
        **means,
        "best baseline": best,
        "kg - best baseline": np.round(100 * np.array([gain.mean(), *ends]), 1).tolist(),
    }
