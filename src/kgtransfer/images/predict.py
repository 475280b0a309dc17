"""Images classified by a saved run, and what drove each prediction."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.classification.logit_terms import AxiomTerm
from kgtransfer.classification.metrics import probabilities
from kgtransfer.classification.model import Classifier
from kgtransfer.classification.statistics import DomainStatistics
from kgtransfer.classification.targets import Targets
from kgtransfer.conditioning.axiom_prior import AxiomPrior
from kgtransfer.errors import DataError
from kgtransfer.grounding.measured import MeasuredGrounder
from kgtransfer.grounding.thresholds import PercentileRange
from kgtransfer.images.arms import ImageMethod
from kgtransfer.images.backbone import VisionBackbone
from kgtransfer.images.data.colour_transfer import colours_from_json
from kgtransfer.images.data.folder import Images
from kgtransfer.images.measured_data import ImageReader
from kgtransfer.images.measurers import measurer_for
from kgtransfer.images.network import ClassNetwork
from kgtransfer.images.samples import grounded_samples
from kgtransfer.knowledge.axioms import axioms_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from kgtransfer.classification.samples import Samples
    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.measured_data import MeasuredImages
    from kgtransfer.images.run import SavedImages
    from kgtransfer.knowledge.graph import KnowledgeGraph

    Floats = npt.NDArray[np.float64]

__all__ = ["Driver", "ImageClassifier", "Prediction"]


@dataclass(frozen=True)
class Driver:
    """A part of a prediction's margin over the next likely class.

    Attributes:
        label: the attribute; "measures" or "network" for what was learned.
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
        image: its name.
        shares: label -> probability, the likeliest first.
        drivers: parts of the margin between the first two, the heaviest first.
    """

    image: str
    shares: Mapping[str, float]
    drivers: tuple[Driver, ...]


class ImageClassifier:
    """The model of a saved run: nothing else of the run's data is needed.

    Args:
        saved: the run.
        labels: per class, that the model learned from; the run's first number by default.
        seed: of the model.
    """

    def __init__(self, saved: SavedImages, labels: int | None = None, seed: int = 0) -> None:
        details, config = saved.result.details, saved.config
        self.graph, self.size = saved.graph, config.backbone.size
        self.targets = Targets(**{name: tuple(rows) for name, rows in details["targets"].items()})
        self.measurer = measurer_for(self.graph, own=saved.own)
        self.grounder: MeasuredGrounder[Picture] = MeasuredGrounder(self.graph, self.measurer)
        self.concepts = saved.embedded.concepts.select(details["selected"])
        source = details["source"]
        ranges = {measure: PercentileRange(*pair) for measure, pair in source["ranges"].items()}
        deviation = np.array(source["deviation"])
        self.source = DomainStatistics(ranges, np.array(source["mean"]), deviation)
        self.colours = colours_from_json(source["colours"])
        method = saved.arm.method or ImageMethod()
        network = ClassNetwork.of(
            VisionBackbone.named(config.backbone.name, weights="random"),
            len(self.targets.labels),
            size=self.size,
            by=method.by,
            concepts=self.concepts,
            relations=tuple(details["relations"]),
            at=config.training.at,
        )
        self._file = saved.model(labels or config.labels_per_class[0], seed)
        self._network = network if method.has_network else None

    def __call__(self, files: Sequence[Path], like: Sequence[Path] = ()) -> list[Prediction]:
        """Classify image files.

        Args:
            files: the images.
            like: further images of the domain that they are from, where it is not the run's source:
                they tell what is ordinary there.

        Raises:
            DataError: an image cannot be read.
        """
        samples = self._samples(files, self._statistics(like) if like else self.source)
        model = self._model(samples)
        first, other = model.parts(samples)
        shares = probabilities(first + other)
        return [
            self._prediction(model, samples[[row]], probability)
            for row, probability in enumerate(shares)
        ]

    def _statistics(self, files: Sequence[Path]) -> DomainStatistics:
        return DomainStatistics.of(self._read(files).measures, self.grounder)

    def _samples(self, files: Sequence[Path], statistics: DomainStatistics) -> Samples:
        return grounded_samples(
            self._read(files), self.targets.labels, self.grounder, self.concepts.iris, statistics
        )

    def _read(self, files: Sequence[Path]) -> MeasuredImages:
        if missing := [file for file in files if not file.is_file()]:
            raise DataError(f"{missing[0]}: no such file", cure="check the path")
        names = tuple(str(file.absolute()) for file in files)
        images = Images(Path("/"), names, (self.targets.labels[0],) * len(files), {})
        return ImageReader(self.measurer, self.size)(images, self.colours)

    def _model(self, samples: Samples) -> Classifier[ClassNetwork]:
        axioms, targets = axioms_of(self.graph), self.targets
        values = samples.observed.values
        prior = AxiomPrior.of(axioms, targets.classes, values, targets.grouped)
        return Classifier.load(self._file, self._network, prior)

    def _prediction(
        self, model: Classifier[ClassNetwork], sample: Samples, shares: Floats
    ) -> Prediction:
        order = np.argsort(-shares)
        return Prediction(
            sample.names[0],
            {self.targets.labels[row]: float(shares[row]) for row in order},
            drivers(self.graph, self.targets, model, sample, order[:2].tolist()),
        )


def drivers(
    graph: KnowledgeGraph,
    targets: Targets,
    model: Classifier[ClassNetwork],
    sample: Samples,
    pair: Sequence[int],
) -> tuple[Driver, ...]:
    """Parts of the margin of one label over another, for one sample, the heaviest first.

    Args:
        graph: the ontology.
        targets: labels and classes.
        model: the classifier.
        sample: the one, as a data set of its own.
        pair: rows of the label that is likelier, and of the other.
    """
    parts: list[Driver] = []
    for name, term in model.terms.items():
        if isinstance(term, AxiomTerm):
            parts += _axioms(graph, targets, term, sample, pair)
        else:
            parts.append(Driver(name, "", _margin(term(sample), pair)))
    if model.network:
        parts.append(Driver("network", "", _margin(model.network.predict(sample), pair)))
    return tuple(sorted(parts, key=lambda driver: -abs(driver.margin)))


def _axioms(
    graph: KnowledgeGraph, targets: Targets, term: AxiomTerm, sample: Samples, pair: Sequence[int]
) -> list[Driver]:
    """Each attribute's part of the axioms' margin, and what the sample shows of it."""
    parts = term.prior.by_attribute(sample.observed)
    total = np.sum(list(parts.values()), axis=0)[0]
    label_of = np.array(targets.label_of)
    a, b = (max(np.flatnonzero(label_of == row), key=lambda c: total[c]) for row in pair)
    drivers_of_axioms = []
    for attribute, scores in parts.items():
        weights = sample.observed.weights[attribute][0]
        value = sample.observed.values[attribute][int(weights.argmax())]
        shown = f"{graph.label(value)} {weights.max():.2f}"
        margin = term.weight / len(parts) * float(scores[0, a] - scores[0, b])
        drivers_of_axioms.append(Driver(graph.label(attribute), shown, margin))
    return drivers_of_axioms


def _margin(logits: Floats, pair: Sequence[int]) -> float:
    return float(logits[0, pair[0]] - logits[0, pair[1]])
