"""Blood cells in laboratories that nobody tuned on: axioms without labels, and few labels of PBC.

    KGTRANSFER_DATA=... python benchmarks/labs.py [zero] [few]

`zero`: no class label. The ontology's thresholds and measures are one of 480 settings (`SETTINGS`);
for each laboratory the setting is chosen by the labels of the others alone, their images as they
are and as other cameras would show them (`kgtransfer.images.camera`): the headline. The one that
`wbc.ttl` ships was chosen with all of them in sight, and is reported apart. What adapts to the
Chulalongkorn set without labels counts only if it also holds once background, brightness and
contrast of every slide were made equal (`chula, slides equal`), for a slide holds one type.
`few`: 2 and 5 labels a class of PBC, five draws: regressions on frozen features, on measures, on
both, on 16 x 16 pixels; and `kg`: axioms, then the regressions on both, weighed by what unlabelled
images say (`ClassificationTask`); `shuffled`: the same with the axioms shuffled. Against the
baseline that is the strongest in hindsight in each laboratory, intervals over draws and images.
Balanced accuracy in percent over classes with ten images or more.
"""

from __future__ import annotations

import copy
import json
import os
import platform
import sys
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import kgtransfer as kgt
from cells import CLASSES, pixels, recalls, shuffled
from few_labels import few
from kgtransfer.conditioning.axiom_prior import AxiomPrior
from kgtransfer.grounding.thresholds import MeasuredConcept, PercentileRange
from kgtransfer.images.camera import Camera
from kgtransfer.images.cells.measurer import CellMeasurer
from kgtransfer.images.data.folder import read_image_table
from kgtransfer.knowledge.axioms import axioms_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kgtransfer.grounding.observations import Observations

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "grounding.json"
LABS = ("jtsc", "bccd", "chula")
DRAWS, PLACEBOS = 1000, 100
WBC = "https://w3id.org/kgtransfer/wbc#"

# What a setting changes, by part: concept -> (measure, from, to, softness), measure -> its ends,
# and attributes that are left out.
Change = dict[str, Any]


def _split(measure: str, at: float, softness: float, below: str, above: str) -> Change:
    return {below: (measure, None, at, softness), above: (measure, at, None, softness)}


def _levels(low: float, high: float, softness: float) -> Change:
    names = ("SlightBasophilia", "ModerateBasophilia", "StrongBasophilia")
    ends = ((None, low), (low, high), (high, None))
    return {n: ("basophilia", a, b, softness) for n, (a, b) in zip(names, ends, strict=True)}


def _border(at: float, softness: float) -> Change:
    names = ("ObscuredNucleus", "DistinctNucleus")
    return _split("nucleusBorderContrast", at, softness, *names)


PARTS: dict[str, dict[str, Change]] = {
    "visibility of the nucleus": {
        "off": {"without": ("NucleusVisibility",)},
        **{f"{a}, {s}": _border(a, s) for a in (0.2, 0.24, 0.28) for s in (0.05,)},
        "0.28, 0.08": _border(0.28, 0.08),
    },
    "basophilia": {
        "off": {"without": ("CytoplasmBasophilia",)},
        **{
            f"{a}, {b}, {s}": _levels(a, b, s)
            for a, b, s in ((0.24, 0.5, 0.05), (0.27, 0.56, 0.05), (0.27, 0.56, 0.08))
        },
    },
    "staining of the cytoplasm": {
        "off": {"without": ("CytoplasmStaining",)},
        "absolute": {"ends": {"cytoplasmDensity": None}},
        "by data set": {},
    },
    "purple granules": {
        "granule contrast": {"PurpleGranules": ("granuleContrast", 0.25, None, 0.04)},
        "border": {"PurpleGranules": ("nucleusBorderContrast", None, 0.28, 0.05)},
        "basophilia 0.45": {"PurpleGranules": ("basophilia", 0.45, None, 0.06)},
        "basophilia 0.5": {"PurpleGranules": ("basophilia", 0.5, None, 0.06)},
    },
    "eosinophilia": {"absolute": {}, "by data set": {"ends": {"eosinophilia": (0.0, 0.51)}}},
}
SETTINGS = [dict(zip(PARTS, names, strict=True)) for names in product(*PARTS.values())]
SHIPPED = dict(
    zip(
        PARTS,
        ("0.28, 0.05", "0.27, 0.56, 0.08", "by data set", "basophilia 0.45", "absolute"),
        strict=True,
    )
)
BEFORE = dict(zip(PARTS, ("off", "off", "off", "granule contrast", "absolute"), strict=True))


@dataclass(frozen=True)
class Lab:
    """Measures of a data set, its classes, and the measures that tell what is usual there."""

    measures: np.ndarray
    classes: np.ndarray
    usual: np.ndarray
    images: list[np.ndarray]
    slides: tuple[str, ...] = ()


def read_labs(measurer: Any) -> dict[str, Lab]:
    """PBC's splits and the laboratories, each also as other cameras would show it."""
    data = Path(os.environ.get("KGTRANSFER_DATA", ""), "vision")
    if not (data / "wbc_chula_dev").is_dir():
        sys.exit("benchmarks/labs.py: set KGTRANSFER_DATA to the folder with vision/wbc_chula_dev")
    pbc = read_image_table(data / "wbc_pbc")
    tables = {f"pbc {split}": pbc.where("split", split) for split in ("train", "val", "test")}
    folders = {"jtsc": "wbc_jtsc", "bccd": "wbc_bccd", "chula": "wbc_chula_dev"}
    tables |= {name: read_image_table(data / folder) for name, folder in folders.items()}
    labs: dict[str, Lab] = {}
    for name, table in tables.items():
        images = pixels(table)
        classes = np.array([CLASSES.index(label.capitalize()) for label in table.labels])
        slides = tuple(table.columns.get("slide", ()))
        sets = {name: images}
        if name in ("pbc val", *LABS):
            cameras = [Camera.drawn(seed)(image, seed) for seed, image in enumerate(images)]
            sets[f"{name}, other cameras"] = cameras
        if slides:
            sets[f"{name}, slides equal"] = equal_slides(images, slides)
        for key, shown in sets.items():
            measures = measurer.measure(shown)
            usual = labs["pbc train"].measures if key in ("pbc val", "pbc test") else measures
            labs[key] = Lab(measures, classes, usual, shown, slides)
    return labs


def equal_slides(images: Sequence[np.ndarray], slides: Sequence[str]) -> list[np.ndarray]:
    """Images whose slides all have one background colour, brightness and contrast, by channel."""
    of = np.array(slides)
    ends = {}
    for slide in set(slides):
        flat = np.concatenate([images[i].reshape(-1, 3) for i in np.flatnonzero(of == slide)])
        ends[slide] = np.quantile(flat, (0.05, 0.95), axis=0)
    low, high = np.mean(list(ends.values()), axis=0)
    equal = []
    for image, slide in zip(images, slides, strict=True):
        own = ends[slide]
        moved = low + (image - own[0]) * (high - low) / np.maximum(own[1] - own[0], 1)
        equal.append(np.clip(moved.round(), 0, 255).astype(np.uint8))
    return equal


def varied(grounder: Any, setting: Mapping[str, str]) -> tuple[Any, set[str]]:
    """A grounder with the rules and ends of a setting; attributes that it leaves out."""
    changes = [PARTS[part][name] for part, name in setting.items()]
    rules = {
        WBC + concept: MeasuredConcept(WBC + concept, WBC + rule[0], *rule[1:])
        for change in changes
        for concept, rule in change.items()
        if concept not in ("without", "ends")
    }
    other = copy.copy(grounder)
    other.rules = tuple(rules.get(rule.concept, rule) for rule in grounder.rules)
    other.stated_ranges = dict(grounder.stated_ranges)
    for change in changes:
        for measure, ends in change.get("ends", {}).items():
            other.stated_ranges.pop(WBC + measure, None)
            if ends:
                other.stated_ranges[WBC + measure] = PercentileRange(*ends)
    return other, {WBC + name for change in changes for name in change.get("without", ())}


def seen_in(lab: Lab, grounder: Any, without: set[str]) -> tuple[AxiomPrior, Observations]:
    """The axioms of the five types, and what a laboratory's images show of their values."""
    fitted = grounder.fitted_to(lab.usual)
    seen = fitted.observations(fitted.weights_of(fitted.standardised(lab.measures)))
    iris = [WBC + name for name in CLASSES]
    values = {a: v for a, v in seen.values.items() if a not in without}
    return AxiomPrior.of(axioms_of(grounder.graph), iris, values), seen


def accuracy(scores: np.ndarray, classes: np.ndarray) -> float:
    """Balanced accuracy in percent over classes of ten images or more."""
    return 100 * float(np.mean([group.mean() for group in recalls(scores, classes)]))


def report(scores: np.ndarray, lab: Lab) -> dict[str, Any]:
    """Balanced accuracy with an interval over the images of each class, and recalls."""
    groups, random = recalls(scores, lab.classes), np.random.default_rng(0)
    drawn = [[random.choice(g, len(g)).mean() for g in groups] for _ in range(DRAWS)]
    found: dict[str, Any] = {
        "balanced_accuracy": round(accuracy(scores, lab.classes), 1),
        "ci95": np.round(100 * np.quantile(np.mean(drawn, axis=1), (0.025, 0.975)), 1).tolist(),
        "recall": {
            name: round(100 * float((scores.argmax(axis=1) == c)[lab.classes == c].mean()), 1)
            for c, name in enumerate(CLASSES)
            if (lab.classes == c).sum() >= 10
        },
    }
    if lab.slides:
        right = scores.argmax(axis=1) == lab.classes
        names = [f"{s} {CLASSES[c]}" for s, c in zip(lab.slides, lab.classes, strict=True)]
        found["right of each slide's images"] = {
            name: f"{sum(right[np.array(names) == name])} of {names.count(name)}"
            for name in sorted(set(names))
        }
    return found


def zero(labs: Mapping[str, Lab], grounder: Any) -> dict[str, Any]:
    """The axioms alone, under the setting chosen on other laboratories and under the shipped."""
    chosen_by = ["pbc val", "pbc val, other cameras"]
    chosen_by += [f"{lab}{more}" for lab in LABS for more in ("", ", other cameras")]
    table = np.array([[_alone(labs[n], grounder, s) for n in chosen_by] for s in SETTINGS])
    weights = np.array([0.5 if "cameras" in name else 1.0 for name in chosen_by])
    found: dict[str, Any] = {"settings tried": len(SETTINGS)}
    for held in (*LABS, None):
        kept = [i for i, name in enumerate(chosen_by) if not held or not name.startswith(held)]
        means = table[:, kept] @ weights[kept] / weights[kept].sum()
        setting = SETTINGS[int(means.argmax())]
        others = [held, f"{held}, slides equal"] if held else ["pbc test", *LABS]
        found[f"chosen without {held}" if held else "best of all labs"] = {
            "setting": setting,
            "mean where it was chosen": round(float(means.max()), 1),
            **{
                name: report(_scores(labs[name], grounder, setting), labs[name])
                for name in others
                if name in labs
            },
        }
    for title, setting in (("shipped", SHIPPED), ("before", BEFORE)):
        names = ("pbc val", "pbc test", *LABS, "chula, slides equal")
        found[title] = {
            name: {
                **report(_scores(labs[name], grounder, setting), labs[name]),
                "shuffled": _placebo(labs[name], grounder, setting),
            }
            for name in names
        }
    return found


def _scores(lab: Lab, grounder: Any, setting: Mapping[str, str]) -> np.ndarray:
    prior, seen = seen_in(lab, *varied(grounder, setting))
    return prior.scores(seen)


def _alone(lab: Lab, grounder: Any, setting: Mapping[str, str]) -> float:
    return accuracy(_scores(lab, grounder, setting), lab.classes)


def _placebo(lab: Lab, grounder: Any, setting: Mapping[str, str]) -> float:
    prior, seen = seen_in(lab, *varied(grounder, setting))
    random = np.random.default_rng(0)
    tables = (shuffled(prior, random).scores(seen) for _ in range(PLACEBOS))
    return round(float(np.mean([accuracy(scores, lab.classes) for scores in tables])), 1)


def main() -> None:
    parts = sys.argv[1:] or ["zero", "few"]
    graph = kgt.read_ontology(ROOT / "ontology" / "kgt.ttl", ROOT / "ontology" / "wbc.ttl")
    measurer = CellMeasurer(ROOT / "runs" / "cells.jsonl")
    grounder = kgt.MeasuredGrounder(graph, measurer)
    found: dict[str, Any] = {}
    if "few" in parts:
        found["few"] = {"command": "python benchmarks/labs.py few", **few(grounder)}
    if "zero" in parts:
        labs = read_labs(measurer)
        found["zero"] = {"command": "python benchmarks/labs.py zero", **zero(labs, grounder)}
    found["environment"] = {"cores": os.cpu_count(), "python": platform.python_version()}
    whole = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    whole["labs"] = whole.get("labs", {}) | found
    RESULTS.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
