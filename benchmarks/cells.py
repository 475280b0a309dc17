"""Blood cells without class labels: how well masks agree with a person's, and what axioms name.

    KGTRANSFER_DATA=... python benchmarks/cells.py

Masks: intersection over union with those of JTSC. Odd image numbers were looked at while the
segmentation was written, even ones were not. Zero class labels: the concepts of `wbc.ttl` measured
by its thresholds, scored by its axioms alone; balanced accuracy over classes of ten images or more,
with a 95 % bootstrap interval over the images of each class, beside the mean of 100 tables whose
rows are shuffled among the classes, attribute by attribute. A data set's 5th and 95th
percentiles are those of its own images without labels; of PBC they are those of its training split.

PBC's validation split and the odd images of JTSC were looked at with their labels when measures
were chosen and constants set (a value that nothing is said of is rare, a weight is at least .01,
which measures have ends); PBC's test split and JTSC's even images were not, and of BCCD a few dozen
pictures were seen, none scored. `thresholds`: where Otsu's method divides PBC's training split,
which `wbc.ttl` was set by.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

import kgtransfer as kgt
from kgtransfer.conditioning.axiom_prior import AxiomPrior
from kgtransfer.grounding.measured import MeasuredGrounder
from kgtransfer.images.cells.measurer import CellMeasurer
from kgtransfer.images.cells.segmentation import segment
from kgtransfer.images.cells.thresholds import three_levels, two_levels
from kgtransfer.images.data.folder import Images, read_image_table
from kgtransfer.knowledge.axioms import axioms_of

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "cells.json"
CLASSES = ("Basophil", "Eosinophil", "Lymphocyte", "Monocyte", "Neutrophil")
MIN_IMAGES, DRAWS = 10, 1000
TIMED = 100  # images that are measured anew, in one process


def pixels(images: Images) -> list[np.ndarray]:
    """All images, RGB; one that cannot be read ends the benchmark."""
    found = []
    for picture in images.pictures():
        if isinstance(picture, Exception):
            raise picture
        found.append(picture)
    return found


def overlap(found: np.ndarray, true: np.ndarray) -> float:
    return float((found & true).sum() / max(1, (found | true).sum()))


def masks(jtsc: Images) -> dict[str, Any]:
    """Median and 10th percentile of the overlaps, of odd and of even images."""
    shares: dict[str, list[tuple[float, float]]] = {"odd": [], "even": []}
    drawn = pixels(replace(jtsc, names=jtsc.columns["mask"]))
    for image, mask, number in zip(pixels(jtsc), drawn, jtsc.columns["image_id"], strict=True):
        found, level = segment(image), mask[..., 0]
        pair = overlap(found.nucleus, level == 2), overlap(found.cell, level > 0)
        shares["odd" if int(number) % 2 else "even"].append(pair)
    return {
        half: {
            "nucleus, cell: median": np.median(pairs, axis=0).round(3).tolist(),
            "nucleus, cell: 10th percentile": np.quantile(pairs, 0.1, axis=0).round(3).tolist(),
        }
        for half, pairs in shares.items()
    }


def recalls(scores: np.ndarray, labels: np.ndarray) -> list[np.ndarray]:
    """Whether each image is right, a list a class of ten images or more."""
    right = scores.argmax(axis=1) == labels
    groups = [right[labels == c] for c in range(len(CLASSES))]
    return [group for group in groups if len(group) >= MIN_IMAGES]


def balanced(scores: np.ndarray, labels: np.ndarray) -> dict[str, Any]:
    """Balanced accuracy, its interval, and how many of each class are taken for which."""
    groups, rng = recalls(scores, labels), np.random.default_rng(0)
    drawn = [[rng.choice(g, len(g)).mean() for g in groups] for _ in range(DRAWS)]
    low, high = np.quantile(np.mean(drawn, axis=1), (0.025, 0.975))
    confusion = np.zeros((len(CLASSES),) * 2, dtype=int)
    np.add.at(confusion, (labels, scores.argmax(axis=1)), 1)
    return {
        "balanced_accuracy": round(100 * float(np.mean([g.mean() for g in groups])), 1),
        "ci95": [round(100 * float(low), 1), round(100 * float(high), 1)],
        "confusion": dict(zip(CLASSES, confusion.tolist(), strict=True)),
    }


def shuffled(prior: AxiomPrior, rng: np.random.Generator) -> AxiomPrior:
    """The same tables, their rows among other classes, attribute by attribute."""
    tables = {a: (v, rng.permutation(table)) for a, (v, table) in prior.tables.items()}
    return AxiomPrior(prior.classes, tables)


def zero_labels(grounder: MeasuredGrounder, images: Images, values: np.ndarray) -> dict[str, Any]:
    """Axioms on measured concepts, and what their shuffled tables give."""
    seen = grounder.observations(grounder.weights_of(grounder.standardised(values)))
    iris = [grounder.graph.expand(f"wbc:{name}") for name in CLASSES]
    prior = AxiomPrior.of(axioms_of(grounder.graph), iris, seen.values)
    labels = np.array([CLASSES.index(label.capitalize()) for label in images.labels])
    rng = np.random.default_rng(0)
    placebos = [recalls(shuffled(prior, rng).scores(seen), labels) for _ in range(100)]
    chance = [100 * np.mean([g.mean() for g in groups]) for groups in placebos]
    found = balanced(prior.scores(seen), labels)
    return {"images": len(images), **found, "shuffled": round(float(np.mean(chance)), 1)}


def thresholds(measures: tuple[str, ...], values: np.ndarray) -> dict[str, Any]:
    """Where the measures divide in two and in three, and their 5th and 95th percentile."""
    found = {}
    for name, column in zip(measures, values.T, strict=True):
        known = column[~np.isnan(column)].astype(np.float32)
        log = two_levels(np.log(np.maximum(known, 1e-3))).threshold
        found[name.rpartition("#")[2]] = {
            "two": round(two_levels(known).threshold, 3),
            "two_of_the_logarithm": round(float(np.exp(log)), 3),
            "three": [round(level, 3) for level in three_levels(known)],
            "ends": np.quantile(known, (0.05, 0.95)).round(3).tolist(),
        }
    return found


def main() -> None:
    data = Path(os.environ.get("KGTRANSFER_DATA", ""), "vision")
    if not (data / "wbc_jtsc").is_dir():
        sys.exit("benchmarks/cells.py: set KGTRANSFER_DATA to the folder with vision/wbc_jtsc")
    pbc, jtsc, bccd = (read_image_table(data / f"wbc_{name}") for name in ("pbc", "jtsc", "bccd"))
    graph = kgt.read_ontology(ROOT / "ontology" / "kgt.ttl", ROOT / "ontology" / "wbc.ttl")
    plain = MeasuredGrounder(graph, CellMeasurer(ROOT / "runs" / "cells.jsonl"))

    def measured(images: Images) -> np.ndarray:
        return plain.measurer.measure(pixels(images))

    found: dict[str, Any] = {"masks_of_jtsc": masks(jtsc)}
    timed = pixels(pbc.where("split", "train").take(range(TIMED)))
    start = time.process_time()
    for image in timed:
        CellMeasurer().measure([image])
    found["images_per_second_and_core"] = round(TIMED / (time.process_time() - start), 1)
    train = measured(pbc.where("split", "train"))
    found["thresholds"] = thresholds(plain.measurer.measures, train)
    scores = found["zero_class_labels"] = {}
    for split in ("val", "test"):
        images = pbc.where("split", split)
        scores[f"pbc {split}"] = zero_labels(plain.fitted_to(train), images, measured(images))
    for name, images in (("jtsc", jtsc), ("bccd", bccd)):
        values = measured(images)
        grounder = plain.fitted_to(values)
        scores[name] = zero_labels(grounder, images, values)
        if name == "jtsc":
            numbers = enumerate(images.columns["image_id"])
            even = [row for row, number in numbers if int(number) % 2 == 0]
            scores["jtsc even"] = zero_labels(grounder, images.take(even), values[even])
    found["classes"] = CLASSES
    found["environment"] = {"cores": os.cpu_count(), "python": platform.python_version()}
    RESULTS.write_text(
        json.dumps({"command": "python benchmarks/cells.py", **found}, indent=1) + "\n",
        encoding="utf-8",
    )
    print(RESULTS.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
