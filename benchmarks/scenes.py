"""Scenes from above and photos: what axioms name without a label, and what they add to a few.

    KGTRANSFER_DATA=... python benchmarks/scenes.py

Everything here is on frozen features of one pre-trained model and costs minutes; the pipelines
fine-tune. Balanced accuracy, 95 % bootstrap intervals over the images of each class (and seeds).

Scenes (RSSCN7): the first half of each hundred was looked at with its labels when measures were
written; labels are drawn from it, all figures are on the other half. Photos (PACS): the first 50
images of each class and domain were looked at; labels are drawn from the photos among them, all
figures are on the others, but for the row `all`, which is there to be compared with earlier ones.

Few labels: logistic regression on features of length 10 (`none`), and times the axioms' score with
a weight that held-out logits of the same labels choose (`kg`); `shuffled` has the rows of the table
among other classes. `baseline` (scenes): times a regression on the measures, no graph;
`kg_measures`: both. `equally_frequent`: the classes are known to be equally frequent in the set.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

import kgtransfer as kgt
from kgtransfer.classification.metrics import balanced_scores, confusion
from kgtransfer.classification.targets import Targets
from kgtransfer.conditioning.axiom_prior import AxiomPrior
from kgtransfer.conditioning.prior_weight import learned_weight
from kgtransfer.experiments.arms import Arm
from kgtransfer.experiments.comparison import ArmScores
from kgtransfer.experiments.setting import SettingResult
from kgtransfer.grounding.measured import MeasuredGrounder
from kgtransfer.images.backbone import VisionBackbone
from kgtransfer.images.cells.thresholds import three_levels, two_levels
from kgtransfer.images.data.folder import Images, read_image_table
from kgtransfer.images.scenes.measurer import SceneMeasurer
from kgtransfer.images.synsets.head import DEPICTED, SynsetGrounder
from kgtransfer.images.synsets.prior import synset_prior
from kgtransfer.knowledge.axioms import axioms_of
from kgtransfer.knowledge.wordnet import linked_synsets, read_wordnet, synset_iri

if TYPE_CHECKING:
    from kgtransfer.grounding.observations import Observations

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "scenes.json"
BACKBONE, SIZE = "tf_efficientnet_lite0", {"rs_rsscn7": 128, "ds_pacs": 160}
LABELS, SEEDS, PLACEBOS = (1, 2, 5, 10, 20), 5, 100
STRENGTH, LENGTH = 10.0, 10.0  # of the regression's C, and of a feature vector


@dataclass(frozen=True)
class Set:
    """Images with what was found in them; `seen` are those that were looked at."""

    images: Images
    features: np.ndarray
    observed: Observations
    prior: AxiomPrior
    seen: np.ndarray
    measures: np.ndarray | None = None

    @property
    def targets(self) -> np.ndarray:
        """Class of each image."""
        return self.images.targets

    def scores(self, prior: AxiomPrior | None = None) -> np.ndarray:
        """Of the axioms, `[images, classes]`."""
        return (prior or self.prior).scores(self.observed)


def pixels(images: Images) -> list[np.ndarray]:
    """All images, RGB; one that cannot be read ends the benchmark."""
    found = []
    for picture in images.pictures():
        if isinstance(picture, Exception):
            raise picture
        found.append(picture)
    return found


def rank_in(groups: list[tuple[str, ...]]) -> np.ndarray:
    """Which one each image is in its group, from 0."""
    counts: dict[tuple[str, ...], int] = {}
    ranks = []
    for group in groups:
        ranks.append(counts.get(group, 0))
        counts[group] = ranks[-1] + 1
    return np.array(ranks)


# ---- Zero labels ---------------------------------------------------------------------------------


ARMS: dict[str, Arm[Any]] = {
    arm.name: arm
    for arm in (
        Arm("none"),
        Arm("baseline", compare_to=("none",)),
        Arm("kg", "knowledge", compare_to=("none", "shuffled")),
        Arm("kg_measures", "knowledge", compare_to=("baseline",)),
        Arm("shuffled", "placebo", compare_to=("none",)),
    )
}


def arm(name: str, logits: np.ndarray, targets: np.ndarray, labels: int | None = None) -> ArmScores:
    """An arm of the given logits, `[seeds, samples, classes]`; a point of a curve has labels."""
    scores = [balanced_scores(row.argmax(axis=1) == targets, targets) for row in logits]
    described = ARMS.get(name, Arm(name))
    if labels is not None:
        described = Arm(name, "labels", compare_to=("none",), labels=labels)
    return ArmScores(described, np.stack(scores), strata=targets.tolist())


def without_labels(data: Set, rows: np.ndarray) -> dict[str, Any]:
    """Axioms alone, beside their shuffled tables."""
    targets, scores = data.targets[rows], data.scores()[rows]
    placebo = [data.scores(data.prior.shuffled(seed))[rows] for seed in range(PLACEBOS)]
    found, chance = arm("kg", scores[None], targets), arm("shuffled", np.stack(placebo), targets)
    equal = arm("equal", equally_frequent(scores)[None], targets)
    low, high = found.ci95
    return {
        "images": len(rows),
        "axioms": round(found.mean, 3),
        "ci95": [round(low, 3), round(high, 3)],
        "shuffled": round(chance.mean, 3),
        "equally_frequent": round(equal.mean, 3),
        "confusion": dict(
            zip(data.images.classes, confusion(scores, targets).tolist(), strict=True)
        ),
    }


def equally_frequent(logits: np.ndarray) -> np.ndarray:
    """Logits shifted until all classes have the same mean probability (Saerens et al., 2002)."""
    shift = np.zeros(logits.shape[1])
    for _ in range(200):
        shares = np.exp(logits + shift)
        shares /= shares.sum(axis=1, keepdims=True)
        shift -= 0.5 * np.log(shares.mean(axis=0) * len(shift))
    return logits + shift


# ---- Few labels ----------------------------------------------------------------------------------


def regression() -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=2000)


def draw(targets: np.ndarray, pool: np.ndarray, labels: int, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    members = [pool[targets[pool] == c] for c in range(targets.max() + 1)]
    return np.concatenate([random.choice(of, labels, replace=False) for of in members])


def fitted(
    parts: list[np.ndarray], targets: np.ndarray, few: np.ndarray
) -> tuple[np.ndarray, np.ndarray | None]:
    """Sum of a regression's logits a part, of all images, and held out of the few."""
    labels = np.bincount(targets[few]).min()
    logits, unseen = np.zeros((2, len(targets), targets.max() + 1))
    folds = StratifiedKFold(max(2, min(labels, 5)), shuffle=True, random_state=0)
    for part in parts:
        logits = logits + regression().fit(part[few], targets[few]).decision_function(part)
        if labels > 1:
            unseen[few] += cross_val_predict(
                regression(), part[few], targets[few], cv=folds, method="decision_function"
            )
    return logits, unseen[few] if labels > 1 else None


def few_labels(data: Set, pool: np.ndarray, tests: dict[str, np.ndarray]) -> dict[str, Any]:
    """The learning curves with and without axioms, and what axioms are worth in labels."""
    features = LENGTH * data.features / np.linalg.norm(data.features, axis=1, keepdims=True)
    logits: dict[tuple[str, int], list[np.ndarray]] = {}
    weights: dict[tuple[str, int], list[float]] = {}
    for labels in LABELS:
        for seed in range(SEEDS):
            few = draw(data.targets, pool, labels, seed)
            priors = {"kg": data.prior, "shuffled": data.prior.shuffled(seed)}
            for name, beside, parts in arms_of(data, features):
                known, unseen = fitted(parts, data.targets, few)
                logits.setdefault((name, labels), []).append(known)
                for with_axioms in beside:
                    scores = data.scores(priors[with_axioms.partition("_")[0]])
                    weight = learned_weight(scores[few], data.targets[few], unseen)
                    logits.setdefault((with_axioms, labels), []).append(known + weight * scores)
                    weights.setdefault((with_axioms, labels), []).append(weight)
    return {
        test: [
            setting(data, rows, logits, labels) | {"weights": mean_weights(weights, labels)}
            for labels in LABELS
        ]
        for test, rows in tests.items()
    }


def arms_of(data: Set, features: np.ndarray) -> list[tuple[str, tuple[str, ...], list[np.ndarray]]]:
    """Arms without axioms, what each is called with axioms, and what is regressed on."""
    arms = [("none", ("kg", "shuffled"), [features])]
    if data.measures is not None:
        arms.append(("baseline", ("kg_measures",), [features, data.measures]))
    return arms


def mean_weights(weights: dict[tuple[str, int], list[float]], labels: int) -> dict[str, float]:
    """Of the axioms, over seeds."""
    return {name: round(float(np.mean(of)), 2) for (name, n), of in weights.items() if n == labels}


def setting(
    data: Set, rows: np.ndarray, logits: dict[tuple[str, int], list[np.ndarray]], labels: int
) -> dict[str, Any]:
    """The arms at one number of labels, on one test set."""
    targets = data.targets[rows]

    def some(source: str, count: int) -> np.ndarray:
        return np.stack([fit[rows] for fit in logits[source, count]])

    arms = [arm(name, some(name, labels), targets) for name, count in logits if count == labels]
    curve = [arm(f"labels_{n}", some("none", n), targets, n) for n in LABELS if n != labels]
    result = SettingResult.of(f"{labels}", [*arms, *curve], labels=labels)
    worth = result.label_equivalent()
    return {
        "labels_per_class": labels,
        "accuracy": {of.name: round(of.mean, 3) for of in arms},
        "sd": {of.name: round(of.sd, 3) for of in arms},
        "comparisons": [of.to_json() for of in result.comparisons],
        "label_equivalent": None if worth is None else worth.to_json(),
    }


# ---- The two sets --------------------------------------------------------------------------------


def scenes(data: Path, found: dict[str, Any]) -> Set:
    images = read_image_table(data / "vision" / "rs_rsscn7")
    graph = kgt.read_ontology(ROOT / "ontology" / "kgt.ttl", ROOT / "ontology" / "land_cover.ttl")
    pictures = pixels(images)
    grounder = MeasuredGrounder(graph, SceneMeasurer())
    start = time.process_time()
    values = grounder.measurer.measure(pictures)
    found["images_per_second_and_core"] = round(len(images) / (time.process_time() - start), 1)
    seen = rank_in([(label,) for label in images.labels]) % 100 < 50
    found["thresholds"] = thresholds(grounder.measurer.measures, values[seen])
    observed = grounder.observations(grounder.weights_of(values))
    classes = Targets.of(graph, images.classes).classes
    prior = AxiomPrior.of(axioms_of(graph), classes, observed.values)
    head = SynsetGrounder(VisionBackbone.named(BACKBONE), size=SIZE["rs_rsscn7"])
    measures = (values - np.nanmean(values, axis=0)) / np.nanstd(values, axis=0)
    measures = np.nan_to_num(measures).clip(-4, 4) / np.sqrt(STRENGTH)  # as strong a ridge as of 1
    return Set(images, head.features(pictures), observed, prior, seen, measures)


def thresholds(measures: tuple[str, ...], values: np.ndarray) -> dict[str, Any]:
    """Where the measures of the images that were looked at divide in two and in three."""
    found = {}
    for name, column in zip(measures, values.T, strict=True):
        known = column[~np.isnan(column)].astype(np.float32)
        three = [round(level, 3) for level in three_levels(known)]
        two = round(two_levels(known).threshold, 3)
        found[name.rpartition("#")[2]] = {"two": two, "three": three}
    return found


def photos(data: Path) -> Set:
    images = read_image_table(data / "vision" / "ds_pacs")
    graph = kgt.read_ontology(ROOT / "ontology" / "kgt.ttl", ROOT / "ontology" / "pacs.ttl")
    grounder = SynsetGrounder(VisionBackbone.named(BACKBONE), size=SIZE["ds_pacs"])
    features = grounder.features(pixels(images))
    wordnet = read_wordnet(data / "ontology" / "wordnet30_nouns.tsv.gz")
    classes = Targets.of(graph, images.classes).classes
    prior = synset_prior(graph, classes, wordnet, grounder.concepts)
    groups = list(zip(images.columns["domain"], images.labels, strict=True))
    observed = grounder.observations(features)
    return Set(images, features, observed, prior, rank_in(groups) < 50)


def closure_alone(data: Set, root: Path) -> np.ndarray:
    """Sum of the head's shares below each class's own synset: no relatives, no companions."""
    wordnet = read_wordnet(root / "ontology" / "wordnet30_nouns.tsv.gz")
    graph = kgt.read_ontology(ROOT / "ontology" / "kgt.ttl", ROOT / "ontology" / "pacs.ttl")
    shares = data.observed.weights[DEPICTED]
    ids = {synset_iri(wnid): wnid for wnid in wordnet.hypernyms}
    above = [
        set(wordnet.hypernym_distances(ids[value])) for value in data.observed.values[DEPICTED]
    ]
    below = [
        [bool(of & set(linked_synsets(graph, cls))) for of in above] for cls in data.prior.classes
    ]
    return np.asarray(shares @ np.array(below, dtype=float).T)


def main() -> None:
    root = Path(os.environ.get("KGTRANSFER_DATA", ""))
    if not (root / "vision" / "rs_rsscn7").is_dir():
        sys.exit("benchmarks/scenes.py: set KGTRANSFER_DATA to the folder with vision/rs_rsscn7")
    found: dict[str, Any] = {"command": "python benchmarks/scenes.py"}

    rs: dict[str, Any] = {}
    data = scenes(root, rs)
    other = np.flatnonzero(~data.seen)
    rs["zero_labels"] = {
        "other half": without_labels(data, other),
        "half that was looked at": without_labels(data, np.flatnonzero(data.seen)),
    }
    rs["few_labels"] = few_labels(data, np.flatnonzero(data.seen), {"other half": other})
    found["scenes"] = {"data": "rs_rsscn7", "pixels": SIZE["rs_rsscn7"], **rs}

    data = photos(root)
    domains = np.array(data.images.columns["domain"])
    tests = {d: np.flatnonzero((domains == d) & ~data.seen) for d in sorted(set(domains))}
    everything = {f"{d}, all": np.flatnonzero(domains == d) for d in sorted(set(domains))}
    alone = closure_alone(data, root)
    found["photos"] = {
        "data": "ds_pacs",
        "pixels": SIZE["ds_pacs"],
        "zero_labels": {name: without_labels(data, r) for name, r in (tests | everything).items()},
        "closure_alone": {
            name: round(arm("closure", alone[None, rows], data.targets[rows]).mean, 3)
            for name, rows in (tests | everything).items()
        },
        "few_labels": few_labels(data, np.flatnonzero((domains == "photo") & data.seen), tests),
    }
    found["backbone"] = BACKBONE
    found["environment"] = {"cores": os.cpu_count(), "python": platform.python_version()}
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
