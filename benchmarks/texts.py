"""Texts as a source of grounding: what class names, the ontology and its measures tell unlabelled.

    KGTRANSFER_DATA=... python benchmarks/texts.py

Balanced accuracy on frozen features of one pre-trained model, 95 % bootstrap intervals over the
images of each class. Photos, art and cartoons (PACS): `all` are all images of a domain, `other
half` those after the first 50 of each class. Scenes (RSSCN7): the second half of each hundred.

No figure here is from images that had no part in choosing. Kernel, ridge and prompts were chosen by
labels of photos, art and cartoons, penalty, sharpness and rounds of smoothing by those of scenes
too, by the first halves; scores of the other halves were seen at the same time. No setting was
chosen by leaving one domain out, but for a look at the rounds.
Nothing of a class that is scored conditions anything, and no label enters a score. Scores are
standardised over the images of a domain, and self-training takes classes to be about as frequent
as each other: true of these sets.

Arms without labels: `text` (class names alone: no graph), `synsets` (WordNet's axioms), `measures`
(axioms on what is measured), and kg (`text + synsets`, `text + measures`), each attribute
counting alike; `shuffled` permutes the classes' rows of the tables. Each also after self-training.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

import kgtransfer as kgt
from kgtransfer.classification.logit_terms import fitted_weight
from kgtransfer.classification.metrics import balanced_scores
from kgtransfer.classification.outcomes.one_of import OneOf
from kgtransfer.classification.regression import regression
from kgtransfer.classification.score_smoothing import smoothed_scores, standardised
from kgtransfer.classification.targets import Targets
from kgtransfer.conditioning.axiom_prior import AxiomPrior
from kgtransfer.experiments.arms import Arm
from kgtransfer.experiments.comparison import ArmScores, Comparison
from kgtransfer.grounding.measured import MeasuredGrounder
from kgtransfer.images.backbone import VisionBackbone
from kgtransfer.images.data.folder import Images, read_image_table
from kgtransfer.images.measured_data import ImageReader
from kgtransfer.images.scenes.measurer import SceneMeasurer
from kgtransfer.images.synsets.source import SynsetSource
from kgtransfer.images.texts.heads import TextHeads, unit
from kgtransfer.images.texts.model import TextImageMap, text_scores
from kgtransfer.images.texts.source import NAMED, TextSource
from kgtransfer.knowledge.wordnet import WordNet, linked_synsets, read_wordnet

if TYPE_CHECKING:
    from collections.abc import Callable

    from kgtransfer.grounding.source import Source
    from kgtransfer.knowledge.graph import KnowledgeGraph

    Floats = np.ndarray[Any, np.dtype[np.float64]]

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "texts.json"
BACKBONE, SIZE, PLACEBOS = "tf_efficientnet_lite0", 160, 10


@dataclass(frozen=True)
class Domain:
    """Images of one domain, and what a model read of them."""

    images: Images
    features: Floats
    seen: np.ndarray

    @property
    def targets(self) -> np.ndarray:
        """Class of each image."""
        return self.images.targets


def arm_scores(name: str, logits: Floats, targets: np.ndarray, rows: np.ndarray) -> ArmScores:
    """Of stacked logits `[draws, images, classes]`, on some images."""
    hits = [one[rows].argmax(axis=1) == targets[rows] for one in logits]
    scores = np.stack([balanced_scores(hit, targets[rows]) for hit in hits])
    return ArmScores(Arm(name), scores, strata=targets[rows].tolist())


def difference(one: ArmScores, other: ArmScores) -> dict[str, Any]:
    """The first less the second, image by image."""
    compared = Comparison.of(one, other)
    ends = [round(end, 3) for end in compared.ci95]
    return {"difference": round(compared.difference, 3), "ci95": ends, "verdict": compared.verdict}


def arms_of(domain: Domain, scores: dict[str, Floats], main: str = "") -> dict[str, Any]:
    """Scores without labels `[draws, images, classes]` by arm -> accuracies, also self-trained.

    Args:
        domain: the images.
        scores: by arm.
        main: the arm that is set against all others.
    """
    trained = {
        f"{name}, self-trained": np.stack([smoothed_scores(one, domain.features) for one in stack])
        for name, stack in scores.items()
    }
    found: dict[str, Any] = {}
    parts = {"all": np.arange(len(domain.targets)), "other half": np.flatnonzero(~domain.seen)}
    for part, rows in parts.items():
        found[part] = {}
        for every, chosen in ((scores, main), (trained, f"{main}, self-trained")):
            arms = {
                name: arm_scores(name, stack, domain.targets, rows) for name, stack in every.items()
            }
            for name, arm in arms.items():
                ends = [round(end, 3) for end in arm.ci95]
                found[part][name] = {"accuracy": round(arm.mean, 3), "ci95": ends}
            if chosen in arms:
                found[part][chosen]["against"] = {
                    name: difference(arms[chosen], arm)
                    for name, arm in arms.items()
                    if name != chosen
                }
    return found


def scored(source: Source[Any], readings: Floats, classes: tuple[str, ...]) -> dict[str, Floats]:
    """Attribute -> its scores of the classes; that of the names by `name`."""
    prior = AxiomPrior.telling(classes, source.tables(classes))
    by = prior.by_attribute(source.observed(readings, source.usual(readings)))
    return {"name" if attribute == NAMED else attribute: part for attribute, part in by.items()}


def placebos(parts: dict[str, Floats]) -> Floats:
    """Sums of the parts, each with its classes permuted: `[draws, images, classes]`."""
    draws = []
    for seed in range(PLACEBOS):
        random = np.random.default_rng(seed)
        draws.append(sum(part[:, random.permutation(part.shape[1])] for part in parts.values()))
    return np.stack(draws)


def zero_labels(
    domain: Domain, text: dict[str, Floats], other: dict[str, Floats], name: str
) -> dict[str, Any]:
    """Texts, another source of axioms, and both; every attribute counts as much as another."""
    names = {"name": standardised(text["name"])}
    rest = {attribute: part - part.mean(axis=0) for attribute, part in other.items()}
    if len(rest) == 1:
        rest = {attribute: standardised(part) for attribute, part in rest.items()}
    arms = {
        "text": names["name"][None],
        name: sum(rest.values())[None],
        f"text + {name}": (names["name"] + sum(rest.values()))[None],
        "shuffled": placebos(names | rest),
    }
    return arms_of(domain, arms, main=f"text + {name}")


# ---- Concept vectors as heads --------------------------------------------------------------------


def wordnet_vectors(wordnet: WordNet, synsets: list[list[str]], known: list[str]) -> Floats:
    """Synsets of things -> unit vectors: what lies above them, weighted by how few lie below it."""
    counts: dict[str, int] = {}
    for synset in known:
        for above in wordnet.hypernym_distances(synset):
            counts[above] = counts.get(above, 0) + 1
    column = {synset: number for number, synset in enumerate(sorted(counts))}
    vectors = np.zeros((len(synsets), len(column)))
    for row, several in enumerate(synsets):
        for above in {a for synset in several for a in wordnet.hypernym_distances(synset)}:
            if above in column:
                vectors[row, column[above]] = np.sqrt(np.log((len(known) + 1) / counts[above]))
    return unit(vectors)


SHARED = 5.0  # sharpness of the graph's kernel


def concept_heads(
    opened: TextImageMap, graph: KnowledgeGraph, classes: tuple[str, ...], wordnet: WordNet
) -> dict[str, list[Floats]]:
    """E in several makes, as rows of the head `[classes, width]`; those with seeds are several."""
    from kgtransfer.images.synsets.head import synsets_of_head
    from kgtransfer.images.texts.prompts import class_descriptions, prompted

    known = list(synsets_of_head(1000))
    rows = opened.classifier.rows
    anchors = [opened._means(way) for way in class_descriptions(1000)]
    asked = opened._means([prompted(graph.label(iri)) for iri in classes])
    at = wordnet_vectors(wordnet, [[synset] for synset in known], known)
    of = wordnet_vectors(wordnet, [list(linked_synsets(graph, iri)) for iri in classes], known)

    def graph_heads(nodes: Floats, texts: bool) -> Floats:
        near, there = np.exp(SHARED * (nodes @ nodes.T - 1)), np.exp(SHARED * (of @ nodes.T - 1))
        if texts:
            return TextHeads.fitted(anchors, rows, affinity=near)(asked, affinity=there)
        ridge = near + 0.3 * np.eye(len(near))
        return unit(there @ np.linalg.solve(ridge, rows - rows.mean(axis=0)))

    shuffles = [np.random.default_rng(seed).permutation(len(at)) for seed in range(5)]
    text = opened.heads([graph.label(iri) for iri in classes])
    randoms = [np.random.default_rng(seed).normal(size=text.shape) for seed in range(5)]
    return {
        "E = text": [text],
        "E = structure": [graph_heads(at, texts=False)],
        "E = text x structure": [graph_heads(at, texts=True)],
        "E = text + text x structure": [text + graph_heads(at, texts=True)],
        "E = text x structure, structure shuffled": [
            graph_heads(at[s], texts=True) for s in shuffles
        ],
        "E = text + text x structure, structure shuffled": [
            text + graph_heads(at[s], texts=True) for s in shuffles
        ],
        "E = text, shuffled": [text[np.random.default_rng(s).permutation(7)] for s in range(10)],
        "E = random": [unit(random) for random in randoms],
    }


LABELS, SEEDS, NEW_AT = (1, 2, 5, 10), 5, (2, 5)  # labels of photos; those with a new class
RIDGE = 10.0


def few_labels(
    domains: dict[str, Domain], graph: KnowledgeGraph, heads: dict[str, list[Floats]]
) -> dict[str, Any]:
    """Concept vectors as the prior mean of a head that few labels of photos correct.

    logit = gate (features . E[class]) + a regression beside it, the gate learned first. Each class
    in turn has no label and is scored by E alone: `new class` is its recall, `with it` the mean.
    """
    targets = domains["photo"].targets
    pool = np.flatnonzero(domains["photo"].seen)
    found: dict[str, Any] = {}
    for make, several in heads.items():
        for labels in LABELS:
            key = f"{make}, {labels} labels"
            found[key] = {
                name: {"accuracy": [], "new class": [], "with it": []} for name in domains
            }
            for seed in range(SEEDS):
                random = np.random.default_rng(seed)
                few = [random.choice(pool[targets[pool] == c], labels, False) for c in range(7)]
                _score(found[key], domains, graph, several[seed % len(several)], few, None)
                for new in range(7) if labels in NEW_AT and make != "no E" else ():
                    _score(found[key], domains, graph, several[seed % len(several)], few, new)
    return {
        key: {
            name: {what: round(float(np.mean(of)), 3) for what, of in figures.items() if of}
            for name, figures in by.items()
        }
        for key, by in found.items()
    }


def _score(
    found: dict[str, Any],
    domains: dict[str, Domain],
    graph: KnowledgeGraph,
    head: Floats,
    few: list[np.ndarray],
    new: int | None,
) -> None:
    """Fit to few photos, without one class where it is new, and note the accuracies."""
    labelled = [number for number in range(len(few)) if number != new]
    rows = np.concatenate([few[number] for number in labelled])
    targets = np.repeat(np.arange(len(labelled)), len(few[0]))
    names = domains["photo"].images.classes
    loss = OneOf.of(graph, [names[number] for number in labelled]).fitted(targets)
    scores = {name: text_scores(of.features, head) for name, of in domains.items()}
    near = scores["photo"][rows][:, labelled]
    gate = fitted_weight(lambda weight: weight * near, targets, loss, most=5.0)
    features = {name: 10 * unit(standardised(of.features)) for name, of in domains.items()}
    learned = regression(features["photo"][rows], targets, gate * near, loss, ridge=RIDGE)
    for name, of in domains.items():
        beside = features[name] @ learned[0] + learned[1]
        logits = gate * scores[name]
        logits[:, labelled] += beside - beside.mean(axis=1, keepdims=True)
        test = ~of.seen
        answers, right = logits[test].argmax(axis=1), of.targets[test]
        recalls = [(answers[right == c] == c).mean() for c in range(len(few))]
        if new is None:
            found[name]["accuracy"].append(np.mean(recalls))
        else:
            found[name]["new class"].append(recalls[new])
            found[name]["with it"].append(np.mean(recalls))


# ---- The two sets --------------------------------------------------------------------------------


def photos(
    data: Path, opened: TextImageMap, reader: Callable[[Any], ImageReader], found: dict[str, Any]
) -> None:
    images = read_image_table(data / "vision" / "ds_pacs")
    graph = kgt.read_ontology(ROOT / "ontology" / "kgt.ttl", ROOT / "ontology" / "pacs.ttl")
    wordnet = read_wordnet(data / "ontology" / "wordnet30_nouns.tsv.gz")
    texts, synsets = TextSource(graph, opened), SynsetSource(graph, wordnet, opened.classifier)
    classes = Targets.of(graph, images.classes).classes
    features = reader(texts)(images).readings
    domains = np.array(images.columns["domain"])
    heads = concept_heads(opened, graph, classes, wordnet)
    every: dict[str, Domain] = {}
    for name in sorted(set(domains)):
        rows = np.flatnonzero(domains == name)
        of = images.take(rows.tolist())
        every[name] = domain = Domain(of, features[rows], rank_in(of.labels) < 50)
        text, other = (scored(source, features[rows], classes) for source in (texts, synsets))
        found[name] = {
            "zero_labels": zero_labels(domain, {"name": text["name"]}, other, "synsets"),
            "concept_vectors": arms_of(
                domain,
                {
                    make: np.stack([text_scores(features[rows], one) for one in several])
                    for make, several in heads.items()
                },
            ),
        }

    none = {"no E": [np.zeros_like(heads["E = text"][0])]}
    found["few_labels"] = few_labels(every, graph, none | heads)


def scenes(
    data: Path, opened: TextImageMap, reader: Callable[[Any], ImageReader], found: dict[str, Any]
) -> None:
    images = read_image_table(data / "vision" / "rs_rsscn7")
    graph = kgt.read_ontology(ROOT / "ontology" / "kgt.ttl", ROOT / "ontology" / "land_cover.ttl")
    classes = Targets.of(graph, images.classes).classes
    texts, measures = TextSource(graph, opened), MeasuredGrounder(graph, SceneMeasurer())
    features, values = reader(texts)(images).readings, reader(measures)(images).readings
    domain = Domain(images, features, rank_in(images.labels) % 100 < 50)
    text, other = scored(texts, features, classes), scored(measures, values, classes)
    found["rsscn7"] = {"zero_labels": zero_labels(domain, text, other, "measures")}
    mixed = mixtures(graph, opened, measures, np.hstack([values, features]), classes)
    found["rsscn7"]["attributes"] = arms_of(domain, mixed)


def mixtures(
    graph: KnowledgeGraph,
    opened: TextImageMap,
    measures: MeasuredGrounder[Any],
    readings: Floats,
    classes: tuple[str, ...],
) -> dict[str, Floats]:
    """Attributes by measures, by texts, and mixed by agreement with the axioms."""
    from kgtransfer.grounding.combined import CombinedSource

    every = TextSource(graph, opened, measures.relations)
    both = CombinedSource((measures, every))
    parts = {
        "measures": scored(measures, readings[:, : measures.width], classes),
        "texts": scored(every, readings[:, measures.width :], classes),
        "mixed by agreement": scored(both, readings, classes),
    }
    arms = {}
    for name, by in parts.items():
        attributes = [part - part.mean(axis=0) for key, part in by.items() if key != "name"]
        arms[f"attributes by {name}"] = np.sum(attributes, axis=0)[None]
    return arms


def rank_in(labels: tuple[str, ...]) -> np.ndarray:
    """Which one each image is of its label, from 0."""
    counts: dict[str, int] = {}
    ranks = []
    for label in labels:
        ranks.append(counts.get(label, 0))
        counts[label] = ranks[-1] + 1
    return np.array(ranks)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=os.environ.get("KGTRANSFER_DATA"))
    parser.add_argument("--cache", type=Path, help="keeps what was read of images and texts")
    arguments = parser.parse_args()
    if not arguments.data or not (Path(arguments.data) / "vision" / "ds_pacs").is_dir():
        parser.error("set KGTRANSFER_DATA, or --data, to the folder with vision/ds_pacs")
    data = Path(arguments.data)
    with tempfile.TemporaryDirectory() as temporary:
        cache = arguments.cache or Path(temporary)
        backbone = VisionBackbone.named(BACKBONE)
        started = time.perf_counter()
        opened = TextImageMap(backbone, size=SIZE, cache=cache)
        opened.heads(["dog"])
        first = time.perf_counter()
        opened.heads(["a concept that was written a minute ago"])
        found: dict[str, Any] = {
            "command": "KGTRANSFER_DATA=... python benchmarks/texts.py",
            "machine": {
                "cpus": os.cpu_count(),
                "threads": torch.get_num_threads(),
                "processor": platform.machine(),
            },
            "seconds": {
                "classifier opened": round(first - started, 1),
                "new concept": round(time.perf_counter() - first, 2),
            },
        }
        reader = partial(ImageReader, size=32, cache=cache)  # nobody looks at its pixels
        photos(data, opened, reader, found)
        scenes(data, opened, reader, found)
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
