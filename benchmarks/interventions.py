"""How much right answers gain when a person corrects what was measured, concept by concept.

    KGTRANSFER_DATA=... python benchmarks/interventions.py

Test images of PBC, whose 11 attributes WBCAtt annotated (`labels.csv`). Of each image, `n` of the
attributes that are grounded are corrected: their annotated value stands in place of what was
measured (`kgtransfer.grounding.said`). Which: at `random` (mean over draws), or the `least certain`
first, by the entropy of what was measured. An annotation nearly gives the label away, so that no
point but the first says what a method is worth: the curve says what a person's look is worth.

`axioms` learned from no label; `axioms + measures` from five images of each class (five seeds), its
regression reads the measured numbers as they are. `elsewhere` no set has annotations: the same
images stand for it, as another camera would give them (`blurred`: Gaussian of 1.5 pixels at 144;
`warm light`: red by 1.25, blue by .8), measured anew, judged by their own ranges as any domain.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np

import kgtransfer as kgt
from kgtransfer.classification.logit_terms import fit_logit_terms
from kgtransfer.classification.metrics import balanced_scores
from kgtransfer.classification.outcomes.one_of import OneOf
from kgtransfer.classification.samples import Samples
from kgtransfer.classification.statistics import DomainStatistics
from kgtransfer.grounding.observations import FLOOR, Observations
from kgtransfer.images.cells.measurer import CellMeasurer
from kgtransfer.knowledge.codes import attributes_by_code

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kgtransfer.grounding.measured import MeasuredGrounder
    from kgtransfer.images.data.folder import Images

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "interventions.json"
PLOT = ROOT / "docs" / "interventions.svg"
LABELS, SEEDS, DRAWS = 5, 5, 5
TRAIN, TEST = 120, 100  # images of each class that are measured


def blurred(picture: np.ndarray) -> np.ndarray:
    from scipy.ndimage import gaussian_filter

    return np.asarray(gaussian_filter(picture, (1.5, 1.5, 0)))


def warm(picture: np.ndarray) -> np.ndarray:
    return np.clip(picture * [1.25, 1.0, 0.8], 0, 255).astype(np.uint8)


CAMERAS: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "as they are": lambda picture: picture,
    "blurred": blurred,
    "warm light": warm,
}


def some_of_each(images: Images, count: int) -> Images:
    """The first images of each class."""
    rows = [
        row
        for label in images.classes
        for row in [n for n, own in enumerate(images.labels) if own == label][:count]
    ]
    return images.take(sorted(rows))


def measured(
    images: Images,
    grounder: MeasuredGrounder,
    outcome: OneOf,
    camera: Callable[[np.ndarray], np.ndarray],
) -> Samples:
    """Images -> what the axioms and the regression read of them; no network."""
    readings = grounder.read([camera(picture) for picture in images.pictures()])
    statistics = DomainStatistics.of(readings, grounder)
    observed = grounder.observed(readings, statistics.usual)
    numbers = statistics.z_scores(grounder.numbers(readings)) * grounder.scale
    targets = outcome.encoded(images.labels)
    return Samples(
        images.names,
        images.labels,
        targets,
        observed,
        observed.grounding(grounder.concepts),
        numbers,
        np.zeros((len(images), 1)),  # type: ignore[arg-type]
    )


def annotated(
    graph: kgt.KnowledgeGraph, images: Images, observed: Observations
) -> dict[str, np.ndarray]:
    """Attribute -> the column of each image's annotated value; of those that are grounded."""
    found = {}
    for column, (attribute, codes) in attributes_by_code(graph).items():
        values = observed.values.get(attribute, ())
        entries = images.columns.get(column)
        if entries is not None and {codes[entry] for entry in set(entries)} <= set(values):
            found[attribute] = np.array([values.index(codes[entry]) for entry in entries])
    return found


def corrected(
    observed: Observations, truth: Mapping[str, np.ndarray], order: np.ndarray, count: int
) -> Observations:
    """Each image with its own first `count` attributes of an order `[images, attributes]`."""
    weights = dict(observed.weights)
    for place, (attribute, columns) in enumerate(truth.items()):
        held = weights[attribute].copy()
        rows = np.flatnonzero((order[:, :count] == place).any(axis=1))
        held[rows] = 0
        held[rows, columns[rows]] = 1
        held[rows] += FLOOR
        held[rows] /= held[rows].sum(axis=1, keepdims=True)
        weights[attribute] = held
    return Observations(observed.values, weights)


def orders(observed: Observations, truth: Mapping[str, np.ndarray]) -> dict[str, list[np.ndarray]]:
    """Name -> orders `[images, attributes]` in which attributes are corrected."""
    size = len(next(iter(truth.values())))
    entropy = []
    for attribute in truth:
        weights = observed.weights[attribute]
        most = np.log(weights.shape[1])
        entropy.append(-(weights * np.log(weights)).sum(axis=1) / most)
    random = np.random.default_rng(0)
    draws = [np.argsort(random.random((size, len(truth))), axis=1) for _ in range(DRAWS)]
    return {"random": draws, "least certain": [np.argsort(-np.array(entropy).T, axis=1)]}


def curves(
    samples: Samples, truth: Mapping[str, np.ndarray], models: list[Any]
) -> dict[str, list[float]]:
    """Order -> balanced accuracy by the number of corrected attributes, mean over models."""
    found = {}
    for name, of_order in orders(samples.observed, truth).items():
        points = []
        for count in range(len(truth) + 1):
            right = []
            for order in of_order if 0 < count < len(truth) else of_order[:1]:
                observed = corrected(samples.observed, truth, order, count)
                said = replace(samples, observed=observed)
                for terms in models:
                    answers = np.sum([term(said) for term in terms.values()], axis=0)
                    hits = answers.argmax(axis=1) == samples.targets
                    right.append(balanced_scores(hits, samples.targets).mean())
            points.append(round(float(np.mean(right)), 4))
        found[name] = points
    return found


def plot(results: Mapping[str, Any]) -> None:
    mpl.use("svg")
    import matplotlib.pyplot as plt

    mpl.rcParams["svg.hashsalt"] = "interventions"
    figure, axes = plt.subplots(1, len(results), figsize=(9, 3), sharey=True)
    styles = {"axioms": "tab:blue", "axioms + measures": "tab:green"}
    for axis, (camera, methods) in zip(axes, results.items(), strict=True):
        for method, of_order in methods.items():
            for order, points in of_order.items():
                dashes = "--" if order == "random" else "-"
                axis.plot(points, dashes, color=styles[method], label=f"{method}, {order}")
        axis.set_title(camera)
        axis.set_xlabel("corrected attributes")
    axes[0].set_ylabel("balanced accuracy")
    axes[-1].legend(fontsize=7, frameon=False)
    figure.tight_layout()
    figure.savefig(PLOT, metadata={"Date": None})


def main() -> None:
    if not Path(os.environ.get("KGTRANSFER_DATA", ""), "vision", "wbc_pbc").is_dir():
        sys.exit("benchmarks/interventions.py: set KGTRANSFER_DATA to the folder with vision/")
    graph = kgt.read_ontology(ROOT / "ontology" / "wbc.ttl")
    grounder = kgt.MeasuredGrounder(graph, CellMeasurer(ROOT / "runs" / "cells.jsonl"))
    data = kgt.read_images("wbc_pbc", leakage="drop")
    images, tests = some_of_each(data.train, TRAIN), some_of_each(data.tests["source"], TEST)
    outcome = OneOf.of(graph, data.labels)
    train = measured(images, grounder, outcome, CAMERAS["as they are"])
    prior = outcome.prior(grounder.tables)
    none = train[[]]
    models = {
        "axioms": [fit_logit_terms(("axioms",), none, prior, outcome)[0]],
        "axioms + measures": [
            fit_logit_terms(
                ("axioms", "measures"),
                train[outcome.draw(train.targets, LABELS, seed)],
                prior,
                outcome,
            )[0]
            for seed in range(SEEDS)
        ],
    }
    results: dict[str, Any] = {}
    attributes: list[str] = []
    for camera, function in CAMERAS.items():
        samples = measured(tests, grounder, outcome, function)
        truth = annotated(graph, tests, samples.observed)
        attributes = [graph.label(attribute) for attribute in truth]
        results[camera] = {name: curves(samples, truth, of) for name, of in models.items()}
        print(camera, results[camera], flush=True)
    content = {
        "command": "python benchmarks/interventions.py",
        "images": len(tests),
        "attributes": attributes,
        "what": "camera -> method -> order -> balanced accuracy with 0, 1, ... of them corrected",
        "curves": results,
        "seeds": SEEDS,
        "draws of the random order": DRAWS,
    }
    RESULTS.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    plot(results)


if __name__ == "__main__":
    main()
