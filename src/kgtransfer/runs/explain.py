"""What each concept and axiom was worth to a saved run, and what drove a single prediction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kgtransfer.errors import DataError, RunError
from kgtransfer.progress import bar
from kgtransfer.tasks.attribution import pieces, worth_of
from kgtransfer.tasks.class_metrics import probabilities
from kgtransfer.tasks.experts import AxiomExpert
from kgtransfer.tasks.labs import VALIDATION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kgtransfer.arms import Comparison
    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.runs.saved_images import SavedImages
    from kgtransfer.runs.study import ImageStudy
    from kgtransfer.tasks.attribution import Piece

__all__ = ["Driver", "Explanation", "Prediction", "Value", "explain_prediction", "explain_run"]


@dataclass(frozen=True)
class Value:
    """What a piece of knowledge was worth.

    Attributes:
        kind: "attribute", "concept" or "axiom".
        iris: of what it is about.
        label: of it, in words.
        comparison: balanced accuracy with it against that without it.
    """

    kind: str
    iris: tuple[str, ...]
    label: str
    comparison: Comparison

    def to_json(self) -> dict[str, Any]:
        """For result files and programs."""
        compared = self.comparison.to_json()
        return {"kind": self.kind, "iris": list(self.iris), "label": self.label, **compared}


@dataclass(frozen=True)
class Driver:
    """A part of a prediction's margin over the next likely class.

    Attributes:
        label: the attribute; "measured numbers" or "network" for what was learned.
        shown: what the sample shows of it.
        margin: in logits; above 0 it speaks for the prediction.
    """

    label: str
    shown: str
    margin: float


@dataclass(frozen=True)
class Prediction:
    """A sample, what it was taken for, and why.

    Attributes:
        image: its name. label: what the data set calls it.
        predicted: the likeliest class. share: its probability. rival: the next likely one.
        drivers: parts of the margin between the two, the heaviest first.
    """

    image: str
    label: str
    predicted: str
    share: float
    rival: str
    drivers: tuple[Driver, ...]


@dataclass(frozen=True)
class Explanation:
    """What pieces of knowledge were worth on a data set, those worth most first."""

    test: str
    values: tuple[Value, ...]


def explain_run(saved: SavedImages, test: str = "", kinds: Sequence[str] = ()) -> Explanation:
    """Leave out each attribute, concept and axiom in turn, and score the run's models again.

    Args:
        saved: the run.
        test: name of the data set; the validation split by default, where there is one.
        kinds: "attribute", "concept", "axiom"; all by default.

    Raises:
        RunError: there is no such data set, or the models know no axioms.
    """
    study, labels = saved.study(), saved.config.labels_per_class[0]
    name = test or (VALIDATION if VALIDATION in study.task.tests else next(iter(study.task.tests)))
    if name not in study.task.tests:
        known = ", ".join(study.task.tests)
        raise RunError(f"the run has no data set {name!r}", cure=f"there is: {known}")
    models = [saved.fitted(study, labels, seed) for seed in range(saved.config.seeds)]
    found = [p for p in pieces(study.task.prior) if not kinds or p.kind in kinds]
    with bar(f"leaving out, on {name}", len(found)) as advance:
        worth = worth_of(
            found, models, study.task.tests[name], name,
            trust=study.task.trust(name), row_of=study.task.concepts.row_of,
            progress=lambda: advance(1),
        )  # fmt: skip
    values = [
        Value(of.piece.kind, of.piece.iris, _in_words(saved.graph, of.piece), of.comparison)
        for of in worth
    ]
    return Explanation(name, tuple(sorted(values, key=lambda v: -v.comparison.difference)))


def explain_prediction(saved: SavedImages, image: str) -> Prediction:
    """Which concepts drove the prediction of an image of the run's data sets, by its first model.

    Raises:
        DataError: none of the data sets has the image.
    """
    study, labels = saved.study(), saved.config.labels_per_class[0]
    sets = {"train": study.labs.train, **study.task.tests}
    place = next(((n, s) for n, s in sets.items() if image in s.images.names), None)
    if place is None:
        raise DataError(
            f"none of the run's data sets has an image {image!r}",
            cure=f"name it as labels.csv does, for example {study.labs.train.images.names[0]}",
        )
    name, samples = place
    one = samples[[samples.images.names.index(image)]]
    model = saved.fitted(study, labels, 0)
    trust = study.task.trust(name) if name in study.task.tests else 1.0
    first, other = model.parts(one)
    shares = probabilities(first + trust * other)[0]
    best, rival = np.argsort(-shares)[:2]
    learned = [
        Driver(
            "measured numbers" if n == "numbers" else n, "", trust * _margin(e(one), best, rival)
        )
        for n, e in model.experts.items()
        if not isinstance(e, AxiomExpert)
    ]
    if model.network:
        learned.append(
            Driver("network", "", trust * _margin(model.network.predict(one), best, rival))
        )
    drivers = [
        *_axioms(saved.graph, study, model.experts.get("axioms"), one, best, rival),
        *learned,
    ]
    names = study.labs.targets.labels
    return Prediction(
        image, one.images.labels[0], names[best], float(shares[best]), names[rival],
        tuple(sorted(drivers, key=lambda driver: -abs(driver.margin))),
    )  # fmt: skip


def _axioms(
    graph: KnowledgeGraph, study: ImageStudy, expert: Any, one: Any, best: int, rival: int
) -> list[Driver]:
    """Each attribute's part of the axioms' margin, and what the sample shows of it."""
    if expert is None:
        return []
    parts = expert.prior.by_attribute(one.observed)
    total = np.sum(list(parts.values()), axis=0)[0]
    label_of = np.array(study.labs.targets.label_of)
    classes = [max(np.flatnonzero(label_of == of), key=lambda c: total[c]) for of in (best, rival)]
    drivers = []
    for attribute, of in parts.items():
        weights = one.observed.weights[attribute][0]
        value = one.observed.values[attribute][int(weights.argmax())]
        shown = f"{graph.label(value)} {weights.max():.2f}"
        margin = expert.weight / len(parts) * float(of[0, classes[0]] - of[0, classes[1]])
        drivers.append(Driver(graph.label(attribute), shown, margin))
    return drivers


def _margin(logits: Any, best: int, rival: int) -> float:
    return float(logits[0, best] - logits[0, rival])


def _in_words(graph: KnowledgeGraph, piece: Piece) -> str:
    return ": ".join(graph.label(iri) for iri in piece.iris)
