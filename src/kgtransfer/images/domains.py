"""A training set and its test sets, of the source domain and of others: read, then grounded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kgtransfer.classification.outcomes import OUTCOMES
from kgtransfer.classification.statistics import DomainStatistics
from kgtransfer.errors import ConfigError, DataError
from kgtransfer.experiments.setting import VALIDATION
from kgtransfer.images.image_data import SOURCE
from kgtransfer.images.leakage import separated
from kgtransfer.images.measured_data import ImageReader
from kgtransfer.images.pool import TRAIN
from kgtransfer.images.samples import grounded_samples

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from kgtransfer.classification.outcomes.outcome import Outcome
    from kgtransfer.classification.samples import Samples
    from kgtransfer.grounding.source import Source
    from kgtransfer.images.data.colour_transfer import Colours
    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.data.folder import Images
    from kgtransfer.images.image_data import ImageData
    from kgtransfer.images.measured_data import MeasuredImages

__all__ = ["TRAIN", "Domains", "MeasuredDomains", "measure_domains"]

HASHED = {SOURCE: "home"}  # what it was called when the first runs noted the digests of their data


@dataclass(frozen=True, eq=False)
class MeasuredDomains:
    """Pixels of data sets, and what a source read of them, whatever an ontology says.

    Attributes:
        data: what was read.
        train: the training split.
        tests: "source" and "validation", the other splits; and other domains by their folders.
        colours: that all were brought to; None where they are as they were.
        model: digest of the pre-trained model that read them; empty where none did.
    """

    data: ImageData
    train: MeasuredImages
    tests: Mapping[str, MeasuredImages]
    colours: Colours | None = None
    model: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        """All labels of the data set that is learned from, sorted."""
        splits = (self.train, *(self.tests[n] for n in (SOURCE, VALIDATION) if n in self.tests))
        cells = (cell for split in splits for cell in split.images.labels)
        return OUTCOMES[self.data.outcome].labels_in(cells)

    @property
    def hash(self) -> str:
        """SHA-256 of pixels, labels and readings, 64 hex digits; of a model, not its readings."""
        tests = {HASHED.get(name, name): measured for name, measured in self.tests.items()}
        parts = [self.train.hash, *(f"{name} {tests[name].hash}" for name in sorted(tests))]
        parts += [self.model] if self.model else []
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def without(self, labels: Collection[str]) -> MeasuredDomains:
        """Without some labels, and the images that have no other."""
        if not labels:
            return self

        outcome = OUTCOMES[self.data.outcome]

        def kept(measured: MeasuredImages) -> MeasuredImages:
            cells = outcome.without(measured.images.labels, labels)
            some = measured[[row for row, cell in enumerate(cells) if cell is not None]]
            left = tuple(cell for cell in cells if cell is not None)
            return replace(some, images=replace(some.images, labels=left))

        tests = {name: kept(measured) for name, measured in self.tests.items()}
        return replace(self, train=kept(self.train), tests=tests)


@dataclass(frozen=True, eq=False)
class Domains:
    """What arms train on and are scored on.

    Attributes:
        outcome: what the labels are.
        train: the training split.
        tests: "source", and other domains by the names of their folders.
        validation: the validation split; None where there is none.
        grounder: what read the images, on the ontology.
        statistics: of the training split.
        colours: that all images were brought to.
        images: "train" and the name of each test set -> the images behind the samples.
    """

    outcome: Outcome
    train: Samples
    tests: Mapping[str, Samples]
    validation: Samples | None
    grounder: Source[Picture]
    statistics: DomainStatistics
    colours: Colours | None
    images: Mapping[str, Images]

    @classmethod
    def of(
        cls,
        measured: MeasuredDomains,
        grounder: Source[Picture],
        *,
        concepts: Sequence[str] | None = None,
        unlabelled: Collection[str] = (),
        ignored: Collection[str] = (),
        more: Sequence[str] = (),
    ) -> Domains:
        """What an ontology sees in data sets.

        Args:
            measured: the data sets.
            grounder: what read them, on the ontology.
            concepts: IRIs of those that may condition; all that are grounded by default.
            unlabelled: labels that nothing is learned from: their classes have axioms alone.
            ignored: labels whose images are left out altogether.
            more: names of classes that no data set has, which are told apart too.

        Raises:
            OntologyError: the ontology has no class for a label.
            ConfigError: no image has a label that is to be left out.
            DataError: a data set has a label that the first lacks, or too few images.
        """
        if unknown := sorted({*unlabelled, *ignored} - set(measured.labels)):
            raise ConfigError(
                f"no image has the label {', '.join(unknown)}",
                cure=f"labels are: {', '.join(measured.labels)}",
            )
        measured = measured.without(ignored)
        outcome = OUTCOMES[measured.data.outcome].of(grounder.graph, measured.labels, more)

        def grounded(images: MeasuredImages) -> Samples:
            return grounded_samples(images, outcome, grounder, concepts)

        tests = {name: grounded(images) for name, images in measured.tests.items()}
        train, images = grounded(measured.train), measured.train.images
        learned, visible = outcome.hidden(train.targets, unlabelled)
        validation = tests.pop(VALIDATION, None)
        return cls(
            outcome,
            replace(train[learned], targets=visible) if unlabelled else train,
            tests,
            validation,
            grounder,
            DomainStatistics.of(measured.train.readings, grounder),
            measured.colours,
            {TRAIN: images.take(learned)} | {n: test.images for n, test in measured.tests.items()},
        )

    @property
    def every_test(self) -> dict[str, Samples]:
        """The tests, and the validation split where there is one."""
        if self.validation is None:
            return dict(self.tests)
        return {**self.tests, VALIDATION: self.validation}

    def examples(self) -> dict[str, Picture]:
        """Label -> an image of it, as it came, of the training split or else of another set.

        Of numbers some of the training split.
        """
        pictures: dict[str, Picture] = {}
        wanted = dict.fromkeys(self.outcome.targets.labels)
        for name, samples in {TRAIN: self.train, **self.tests}.items():
            for label, row in self.outcome.examples(samples.targets).items():
                if label in pictures or (name != TRAIN and label not in wanted):
                    continue
                (picture,) = self.images[name].take([row]).pictures()
                if not isinstance(picture, DataError):
                    pictures[label] = picture
        return {label: pictures[label] for label in {**wanted, **pictures} if label in pictures}


def measure_domains(data: ImageData, source: Source[Picture]) -> MeasuredDomains:
    """Data sets -> their pixels, at the colours of the training split if so asked, and readings.

    Args:
        data: the data sets.
        source: reads them.

    Raises:
        DataError: no image of a data set can be read, an image has two labels, or a test set shares
            images with training, and nothing says that it may.
    """
    data = separated(data)
    reader = ImageReader(source, data.size, data.cache)
    colours = reader.reference(data.train, data.colours) if data.colours else None
    tests = {name: reader(images, colours) for name, images in data.tests.items()}
    train = reader(data.train, colours)
    return MeasuredDomains(data, train, tests, colours, source.model)
