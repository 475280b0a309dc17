"""Blood cells under other cameras: what axioms name without labels, as light and focus change.

    KGTRANSFER_DATA=... python benchmarks/camera.py

Every second of PBC's test images, 500, as `kgtransfer.images.camera` shows them: the ontology's
axioms alone, 5th and 95th percentiles of the images themselves, as for any other laboratory.
Balanced accuracy in percent, and what it loses against the images as they are; the answers' mean
probability, its gap to how many are right (`ece`), and how many of the surer half are.
"""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Any

import numpy as np

import kgtransfer as kgt
from cells import CLASSES, pixels, recalls
from kgtransfer.classification.calibration import reliability
from kgtransfer.classification.metrics import probabilities
from kgtransfer.conditioning.axiom_evidence import axiom_weight
from kgtransfer.conditioning.axiom_prior import AxiomPrior
from kgtransfer.images.camera import Camera
from kgtransfer.images.cells.measurer import CellMeasurer
from kgtransfer.images.data.folder import read_image_table
from kgtransfer.knowledge.axioms import axioms_of

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "grounding.json"
CAMERAS = {
    "as they are": Camera(),
    "white balance: red +20 %, blue -20 %": Camera(white_balance=(1.2, 1, 0.8)),
    "white balance: red -20 %, blue +20 %": Camera(white_balance=(0.8, 1, 1.2)),
    "white balance: green -20 %": Camera(white_balance=(1, 0.8, 1)),
    "gamma 0.7": Camera(gamma=0.7),
    "gamma 1.4": Camera(gamma=1.4),
    "JPEG of quality 40": Camera(jpeg=40),
    "blur of 1 pixel": Camera(blur=1),
    "blur of 2 pixels": Camera(blur=2),
    "half of the contrast": Camera(contrast=0.5),
}


def zero_labels(measures: np.ndarray, classes: np.ndarray, grounder: Any) -> dict[str, Any]:
    """Measures of images of one camera -> what the axioms make of them."""
    fitted = grounder.fitted_to(measures)
    seen = fitted.observations(fitted.weights_of(fitted.standardised(measures)))
    iris = [grounder.graph.expand(f"wbc:{name}") for name in CLASSES]
    prior = AxiomPrior.of(axioms_of(grounder.graph), iris, seen.values)
    scores = prior.scores(seen)
    logits = len(prior.tables) * scores
    sure = probabilities(logits).max(axis=1)
    right = scores.argmax(axis=1) == classes
    surer = sure >= np.median(sure)
    return {
        "balanced_accuracy": round(100 * np.mean([g.mean() for g in recalls(scores, classes)]), 1),
        "confidence": round(100 * float(sure.mean()), 1),
        "ece": round(100 * reliability(logits, classes)["ece"], 1),
        "accuracy of the surer half": round(100 * float(right[surer].mean()), 1),
        "weight of the axioms": round(axiom_weight(prior, seen), 2),
    }


def main() -> None:
    data = Path(os.environ.get("KGTRANSFER_DATA", ""), "vision")
    table = read_image_table(data / "wbc_pbc").where("split", "test")
    table = table.take(range(0, len(table), 2))
    images = pixels(table)
    classes = np.array([CLASSES.index(label.capitalize()) for label in table.labels])
    graph = kgt.read_ontology(ROOT / "ontology" / "kgt.ttl", ROOT / "ontology" / "wbc.ttl")
    grounder = kgt.MeasuredGrounder(graph, CellMeasurer(ROOT / "runs" / "cells.jsonl"))
    found: dict[str, Any] = {"command": "python benchmarks/camera.py", "images": len(images)}
    drawn = {"another camera for each image": [Camera.drawn(s) for s in range(len(images))]}
    every = {name: [camera] * len(images) for name, camera in CAMERAS.items()} | drawn
    for name, cameras in every.items():
        pairs = enumerate(zip(cameras, images, strict=True))
        shown = [camera(image, seed) for seed, (camera, image) in pairs]
        found[name] = zero_labels(grounder.measurer.measure(shown), classes, grounder)
        lost = found["as they are"]["balanced_accuracy"] - found[name]["balanced_accuracy"]
        found[name]["lost"] = round(lost, 1)
        print(name, found[name], flush=True)
    found["environment"] = {"cores": os.cpu_count(), "python": platform.python_version()}
    whole = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    RESULTS.write_text(json.dumps(whole | {"camera": found}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
