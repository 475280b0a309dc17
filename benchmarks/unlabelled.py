"""Does the fit that no label tells follow what an edit does to accuracy?

    KGTRANSFER_DATA=... python benchmarks/unlabelled.py

Blood cells of three laboratories, by the axioms alone. Each edit gives one class the values of
another for one attribute. For each domain: rank correlation of the change of the axioms' fit
(`AxiomPrior.log_evidence`) with that of balanced accuracy; how many of the edits that cost more
than a point, and of the others, are told as a worse fit; rank correlation of the share of changed
answers with the size of the change. `FITS` are what else was tried; the first is used. The same
laboratories were looked at when it was chosen.
"""

from __future__ import annotations

import json
import os
import platform
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import logsumexp
from scipy.stats import spearmanr

import kgtransfer as kgt
from kgtransfer.classification.metrics import balanced_scores, scored_rows
from kgtransfer.images.cells.measurer import CellMeasurer
from kgtransfer.images.domains import Domains, measure_domains
from kgtransfer.images.task import class_prior
from kgtransfer.utils.files import json_bytes, write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kgtransfer.classification.samples import Samples
    from kgtransfer.conditioning.axiom_prior import AxiomPrior

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "unlabelled.json"
POINT = 0.01


def _total(prior: AxiomPrior, samples: Samples, *, even: bool) -> np.ndarray:
    return np.sum(list(prior.by_attribute(samples.observed, even=even).values()), axis=0)


def _pseudo(prior: AxiomPrior, samples: Samples) -> np.ndarray:
    """Each attribute by what the others say of the class."""
    parts = prior.by_attribute(samples.observed, even=True)
    total, told = np.sum(list(parts.values()), axis=0), np.zeros(len(samples))
    for part in parts.values():
        others = total - part
        told += logsumexp(others - logsumexp(others, axis=1, keepdims=True) + part, axis=1)
    return told


FITS = {
    "mixture, against classes of which nothing is said": lambda p, s: p.log_evidence(s.observed),
    "mixture, against the average class": lambda p, s: logsumexp(_total(p, s, even=False), axis=1),
    "best class, against the average class": lambda p, s: _total(p, s, even=False).max(axis=1),
    "each attribute by the others": _pseudo,
}


def _edits(prior: AxiomPrior) -> Iterator[AxiomPrior]:
    for attribute, (values, table) in prior.tables.items():
        for one in range(len(table)):
            for other in range(len(table)):
                if not np.allclose(table[one], table[other]):
                    edited = table.copy()
                    edited[one] = table[other]
                    yield replace(prior, tables={**prior.tables, attribute: (values, edited)})


def _answers(prior: AxiomPrior, samples: Samples) -> np.ndarray:
    return prior.by_label(_total(prior, samples, even=False)).argmax(axis=1)


def _accuracy(answers: np.ndarray, samples: Samples) -> float:
    rows = scored_rows(samples.targets)
    right = answers[rows] == samples.targets[rows]
    return float(balanced_scores(right, samples.targets[rows]).mean())


def _of_domain(prior: AxiomPrior, samples: Samples) -> dict[str, object]:
    answers = _answers(prior, samples)
    fits = {name: fit(prior, samples) for name, fit in FITS.items()}
    gains: dict[str, list[np.ndarray]] = {name: [] for name in FITS}
    accuracy, changed = [], []
    for edited in _edits(prior):
        now = _answers(edited, samples)
        accuracy.append(_accuracy(now, samples) - _accuracy(answers, samples))
        changed.append(np.mean(now != answers))
        for name, fit in FITS.items():
            gains[name].append(fit(edited, samples) - fits[name])
    costs = np.array(accuracy) < -POINT
    told = {}
    for name, held in gains.items():
        mean, error = np.mean(held, axis=1), np.std(held, axis=1) / np.sqrt(len(samples))
        worse = mean < -1.96 * error
        told[name] = {
            "rank correlation with accuracy": float(spearmanr(mean, accuracy)[0]),
            "worse, of those that cost a point": [int((worse & costs).sum()), int(costs.sum())],
            "worse, of the others": [int((worse & ~costs).sum()), int((~costs).sum())],
        }
    size = float(spearmanr(changed, np.abs(accuracy))[0])
    return {"edits": len(accuracy), "fits": told, "changed answers with size of change": size}


def main() -> None:
    """Measure the cells, make the edits, write the figures."""
    graph = kgt.read_ontology(ROOT / "ontology" / "wbc.ttl")
    grounder = kgt.MeasuredGrounder(graph, CellMeasurer(ROOT / "runs" / "cells.jsonl"))
    data = kgt.read_images(
        "wbc_pbc", test=["wbc_jtsc", "wbc_bccd"], size=96, colours="reinhard", leakage="drop"
    )
    domains = Domains.of(measure_domains(data, grounder), grounder)
    prior = class_prior(domains)
    found = {name: _of_domain(prior, samples) for name, samples in domains.every_test.items()}
    machine = {"cores": os.cpu_count(), "python": platform.python_version()}
    values = {"command": "python benchmarks/unlabelled.py", "environment": machine, **found}
    write_atomically(RESULTS, json_bytes(values))
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
