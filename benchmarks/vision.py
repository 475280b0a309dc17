r"""What knowledge is worth to image models: blood cells, in the lab and across labs.

    python pipelines/images.py --preset wbc --out runs/wbc --labels-per-class 5 --data wbc_pbc \
        --test wbc_jtsc,wbc_bccd,wbc_chula_dev \
        --arms baseline,kg,shuffled,axioms
    KGTRANSFER_DATA=... python benchmarks/vision.py cells runs/wbc
    KGTRANSFER_DATA=... python benchmarks/vision.py unseen attributes step

`cells` copies the figures of finished runs of the pipeline (`macenko`, `reinhard`, `rules`: of one
that looks closer, `backbones`: of one for each backbone, see `RUNS`). `unseen`: each of the five
types has no label at all and is added by its axioms alone; recall of it, recall of the others, and
what they lose by its being possible; beside the same with a random row of axioms for it, and how
well a regression on the others tells it apart as strange (AUROC of its energy). `attributes`: no
class label, but heads that learned WBCAtt's attributes of the training images; in another lab, as
far as it looks different, the measured concepts take their place. `step`: processor seconds of a
training step with a condition and without, in turn.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import time
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from sklearn.metrics import roc_auc_score

import kgtransfer as kgt
from kgtransfer.classification.domain_shift import domain_shift_weight
from kgtransfer.classification.draws import balanced_draw
from kgtransfer.classification.logit_terms import LOGIT_TERMS, AxiomTerm
from kgtransfer.classification.metrics import balanced_scores, energy, scored_rows
from kgtransfer.classification.outcomes.one_of import OneOf
from kgtransfer.classification.targets import Targets
from kgtransfer.conditioning.attachment import condition
from kgtransfer.conditioning.axiom_prior import AxiomPrior
from kgtransfer.experiments.bootstrap import bootstrap_means, interval
from kgtransfer.grounding.annotated import AttributeHeads
from kgtransfer.images.backbone import VisionBackbone
from kgtransfer.images.cells.measurer import CellMeasurer
from kgtransfer.images.domains import TRAIN, Domains, measure_domains
from kgtransfer.knowledge.axioms import axioms_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kgtransfer.classification.samples import Samples

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "vision.json"
SEEDS, UNSEEN_LABELS = 5, (20, 100)
WBC = "python pipelines/images.py --preset wbc"
RUNS = {  # whose figures are copied -> what made the runs
    "cells": f"{WBC} --out RUN --labels-per-class 5 --data wbc_pbc"
    " --test wbc_jtsc,wbc_bccd,wbc_chula_dev"
    " --arms baseline,kg,shuffled,axioms",
    "scenes": "python pipelines/images.py --preset remote_sensing --out RUN --labels-per-class 5"
    " --arms baseline,kg,shuffled,axioms",
    # before the baseline was chosen: `baseline` there is what `baseline_measured` is now
    "cells_measured": f"{WBC} --out RUN --set 'labels_per_class=[5,20]'",
    "macenko": f"{WBC} --out RUN --arms none --labels-per-class 5 --seeds 3"
    " --data wbc_pbc --test wbc_jtsc,wbc_bccd --set data.colours=macenko",
    "reinhard": f"{WBC} --out RUN --arms none,baseline,shuffled --seeds 3"
    " --labels-per-class 5 --data wbc_pbc --test wbc_jtsc,wbc_bccd",
    "rules": f"{WBC} --out RUN --arms none,kg_rules --labels-per-class 5",
    "backbones": f"{WBC} --out RUN --data wbc_pbc --seeds 1 --arms none"
    " --set 'labels_per_class=[600]' --set training.steps=2 --set backbone.name=BACKBONE"
    " --set backbone.weights=random; of mobilenetv2_100 instead: --arms none,baseline"
    " --set training.steps=4 --set backbone.name=mobilenetv2_100.tv_in1k",
}
SITES = {"tf_efficientnet_lite0": "blocks.4", "mobilenetv2_100": "blocks.4"}


def read_domains() -> Domains:
    graph = kgt.read_ontology(ROOT / "ontology" / "wbc.ttl")
    grounder = kgt.MeasuredGrounder(graph, CellMeasurer(ROOT / "runs" / "cells.jsonl"))
    data = kgt.read_images(
        "wbc_pbc", test=["wbc_jtsc", "wbc_bccd"], size=96, colours="reinhard", leakage="drop"
    )
    return Domains.of(measure_domains(data, grounder), grounder)


def cells(runs: Iterable[Path]) -> dict[str, Any]:
    """Every setting of runs of the pipeline: arms in percent, comparisons in points."""
    found: dict[str, Any] = {}
    for run in runs:
        result = kgt.RunResult.load(run)
        for name, setting in result.settings.items():
            found[name] = {
                "seeds": len(result.seeds),
                "arms": {arm: percent(s.mean, s.ci95) for arm, s in setting.arms.items()},
                "comparisons": {
                    f"{c.a} - {c.b}": [*percent(c.difference, c.ci95), c.verdict]
                    for c in setting.comparisons
                },
            }
        of_baseline = ("chosen", "candidates", "hindsight", "axiom_weight")
        found |= {part: result.details[part] for part in of_baseline if part in result.details}
        found |= {
            "domain_shift": result.details["domain_shift"],
            "environment": dict(result.environment),
        }
    return found


def percent(value: float, ends: tuple[float, float]) -> list[float]:
    return [round(100 * number, 1) for number in (value, *ends)]


def unseen(domains: Domains) -> dict[str, Any]:
    """Each type without a label in turn, with so many labels of each of the others."""
    prior = AxiomPrior.of(
        axioms_of(domains.grounder.graph),
        domains.outcome.targets.classes,
        domains.train.observed.values,
    )
    return {
        f"{labels} labels of each other type": {
            name: {
                cls: leave_out(domains, samples, prior, row, labels)
                for row, cls in enumerate(domains.outcome.targets.labels)
                if (samples.targets == row).sum() >= 10
            }
            for name, samples in domains.tests.items()
        }
        for labels in UNSEEN_LABELS
    }


def leave_out(
    domains: Domains, samples: Samples, prior: AxiomPrior, row: int, labels: int
) -> dict[str, Any]:
    """Means over seeds: recall of the type, of the others, what they lose, and the placebo."""
    known = domains.train[np.flatnonzero(domains.train.targets != row).tolist()]
    weight = 1.0 if samples is domains.tests["source"] else weight_of(domains, samples)
    figures = []
    for seed in range(SEEDS):
        few = known[balanced_draw(known.targets, labels, seed)]
        scores = [scored(few, samples, p, weight) for p in (prior, scrambled(prior, row, seed))]
        impossible = scores[0].copy()
        impossible[:, row] = -np.inf
        recall, others = recalls(scores[0], samples.targets, row)
        lost = recalls(impossible, samples.targets, row)[1] - others
        placebo = recalls(scores[1], samples.targets, row)[0]
        figures.append((recall, others, lost, placebo, alone(few, samples, prior, row)))
    names = ("recall", "others", "others_lose", "recall_with_random_axioms", "auroc_without_axioms")
    means = np.mean(figures, axis=0)
    return {name: round(100 * float(value), 1) for name, value in zip(names, means, strict=True)}


def classes_of(prior: AxiomPrior) -> OneOf:
    return OneOf(Targets(prior.classes, prior.classes, tuple(range(len(prior.classes)))))


def alone(few: Samples, samples: Samples, prior: AxiomPrior, row: int) -> float:
    """Without axioms: how well the energy of a regression on the other types tells it apart."""
    regression = LOGIT_TERMS["measures"](
        few, np.zeros((len(few), len(prior.classes))), prior, classes_of(prior)
    )
    others = np.delete(regression(samples), row, axis=1)
    return float(roc_auc_score(samples.targets == row, energy(others)))


def scored(few: Samples, samples: Samples, prior: AxiomPrior, weight: float) -> np.ndarray:
    """Axioms first, then a regression on what was measured, of the types that have labels."""
    axioms = LOGIT_TERMS["axioms"](
        few, np.zeros((len(few), len(prior.classes))), prior, classes_of(prior)
    )
    regression = LOGIT_TERMS["measures"](few, axioms(few), prior, classes_of(prior))
    return np.asarray(axioms(samples) + weight * regression(samples))


def scrambled(prior: AxiomPrior, row: int, seed: int) -> AxiomPrior:
    """The axioms of one class replaced by a permuted row of any: the placebo."""
    random = np.random.default_rng(seed)
    tables = {}
    for attribute, (values, table) in prior.tables.items():
        changed = table.copy()
        changed[row] = random.permutation(table[random.integers(len(table))])
        tables[attribute] = (values, changed)
    return AxiomPrior(prior.classes, tables)


def recalls(scores: np.ndarray, targets: np.ndarray, row: int) -> tuple[float, float]:
    right = scores.argmax(axis=1) == targets
    each = {c: right[targets == c].mean() for c in np.unique(targets)}
    counted = [each[c] for c in each if c != row and (targets == c).sum() >= 10]
    return float(each[row]), float(np.mean(counted))


def weight_of(domains: Domains, samples: Samples) -> float:
    """The domain-shift weight of a test set, by the colours of its pixels."""
    return domain_shift_weight(thumbnails(domains.train), thumbnails(samples))


def thumbnails(samples: Samples) -> np.ndarray:
    small = torch.nn.functional.adaptive_avg_pool2d(samples.inputs.float(), 8)
    return np.asarray(small.flatten(1).numpy(), dtype=np.float64)


def attributes(domains: Domains) -> dict[str, Any]:
    """No class label: axioms on measured concepts, on heads, and on both by weight."""
    axioms, graph = axioms_of(domains.grounder.graph), domains.grounder.graph
    columns = domains.images[TRAIN].columns
    heads = AttributeHeads.fitted(graph, domains.train.measures, columns)
    measured = AxiomPrior.of(axioms, domains.outcome.targets.classes, domains.train.observed.values)
    learned = AxiomPrior.of(axioms, domains.outcome.targets.classes, heads.values)
    found: dict[str, Any] = {}
    for name, samples in domains.tests.items():
        weight = weight_of(domains, samples)
        seen = heads.observe(samples.measures)
        by_heads = learned.scores(seen)
        by_measures = measured.scores(samples.observed)
        mixed = weight * by_heads + (1 - weight) * by_measures
        found[name] = {
            "domain_shift": round(weight, 3),
            "axioms on measured concepts": accuracy(by_measures, samples.targets),
            "axioms on attribute heads": accuracy(by_heads, samples.targets),
            "kg_attributes: heads by the domain-shift weight": accuracy(mixed, samples.targets),
            "shuffled": [
                accuracy(
                    learned.shuffled(s).scores(heads.observe(samples.measures)), samples.targets
                )[0]
                for s in range(3)
            ],
            "with 5 labels per class": pair(domains, heads, learned, samples, weight, by_measures),
        }
    return found


def pair(
    domains: Domains, heads: AttributeHeads, prior: AxiomPrior, samples: Samples, weight: float,
    by_measures: np.ndarray,
) -> dict[str, Any]:  # fmt: skip
    """baseline_attributes (a regression on the heads' probabilities) against kg_attributes."""
    seen_train, seen = (heads.observe(s.measures) for s in (domains.train, samples))
    rows: dict[str, list[np.ndarray]] = {"baseline_attributes": [], "kg_attributes": []}
    for seed in range(SEEDS):
        few = balanced_draw(domains.train.targets, 5, seed)
        drawn = SimpleNamespace(
            measures=flat(seen_train[few]),
            targets=domains.train.targets[few],
            observed=seen_train[few],
        )
        test = SimpleNamespace(measures=flat(seen), observed=seen, targets=samples.targets)
        nothing = np.zeros((len(few), len(domains.outcome.targets.labels)))
        alone = LOGIT_TERMS["measures"](drawn, nothing, prior, classes_of(prior))
        axioms = AxiomTerm(prior, float(len(prior.tables)), classes_of(prior))
        known = axioms.weight * prior.scores(seen_train[few])
        beside = LOGIT_TERMS["measures"](drawn, known, prior, classes_of(prior))
        on_heads = axioms.weight * prior.scores(seen) + beside(test)
        kg = weight * on_heads + (1 - weight) * axioms.weight * by_measures
        rows["baseline_attributes"].append(per_sample(alone(test), samples.targets))
        rows["kg_attributes"].append(per_sample(kg, samples.targets))
    strata = samples.targets[scored_rows(samples.targets)].tolist()
    tables = {arm: np.stack(values) for arm, values in rows.items()}
    gain = tables["kg_attributes"] - tables["baseline_attributes"]
    drawn_gain = interval(bootstrap_means(gain, strata=strata))
    return {
        **{arm: round(100 * float(table.mean()), 1) for arm, table in tables.items()},
        "difference": percent(float(gain.mean()), drawn_gain),
    }


def flat(observed: Any) -> np.ndarray:
    return np.hstack([2 * weights - 1 for weights in observed.weights.values()])


def per_sample(scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    rows = scored_rows(targets)
    return balanced_scores(scores[rows].argmax(axis=1) == targets[rows], targets[rows])


def accuracy(scores: np.ndarray, targets: np.ndarray) -> list[float]:
    """Balanced accuracy in percent with its interval."""
    table = per_sample(scores, targets)[None]
    strata = targets[scored_rows(targets)].tolist()
    return percent(float(table.mean()), interval(bootstrap_means(table, strata=strata)))


def step(domains: Domains) -> dict[str, Any]:
    """Median seconds of a training step of 16 images, plain and conditioned in turn."""
    found: dict[str, Any] = {}
    iris, grounding = domains.grounder.concepts, domains.train.grounding[range(16)]
    concepts = kgt.ConceptEmbeddings.from_parts(iris, {"text": torch.randn(len(iris), 64)}, {})
    for size in (128, 224):
        for by in ("film", "attention"):
            plain, other = (
                VisionBackbone.named("tf_efficientnet_lite0").build(5) for _ in range(2)
            )
            site = SITES["tf_efficientnet_lite0"]
            conditioned = condition(other, concepts, domains.grounder, by=by, at=site)
            images = torch.rand(16, 3, size, size).contiguous(memory_format=torch.channels_last)
            seconds: dict[str, list[float]] = {"plain": [], "conditioned": []}
            for _ in range(12):
                seconds["plain"].append(timed(plain, images, {}))
                seconds["conditioned"].append(timed(conditioned, images, {"condition": grounding}))
            medians = {arm: statistics.median(times[2:]) for arm, times in seconds.items()}
            ratio = round(medians["conditioned"] / medians["plain"], 3)
            found[f"{by}, {size} px"] = {
                **{a: round(s, 3) for a, s in medians.items()},
                "ratio": ratio,
            }
    return found


def timed(model: torch.nn.Module, images: torch.Tensor, more: dict[str, Any]) -> float:
    """Processor seconds of a forward and a backward pass."""
    model.train()
    start = time.process_time()
    model(images, **more).square().mean().backward()
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "parts",
        nargs="+",
        help="unseen, attributes, step, or: KIND RUN ...",
    )
    parts = parser.parse_args().parts
    found = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    if parts[0] == "backbones":
        of_each = {Path(run).name: cells([Path(run)]) for run in parts[1:]}
        found["backbones"] = {"command": RUNS["backbones"], **of_each}
    elif parts[0] in RUNS:
        found[parts[0]] = {"command": RUNS[parts[0]], **cells(map(Path, parts[1:]))}
    else:
        domains = read_domains()
        for part in parts:
            command = f"python benchmarks/vision.py {part}"
            made = {"unseen": unseen, "attributes": attributes, "step": step}[part](domains)
            found[part] = {"command": command, **made}
    found["environment"] = {"cores": os.cpu_count(), "python": platform.python_version()}
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(json.dumps({part: found[part] for part in parts[:1]}, indent=1))


if __name__ == "__main__":
    main()
