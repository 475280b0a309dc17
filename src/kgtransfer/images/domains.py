"""A training set and its test sets, of the source domain and of others: measured, then grounded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgtransfer.classification.statistics import DomainStatistics
from kgtransfer.classification.targets import Targets
from kgtransfer.errors import ConfigError, DataError
from kgtransfer.experiments.setting import VALIDATION
from kgtransfer.images.image_data import SOURCE
from kgtransfer.images.measured_data import ImageReader
from kgtransfer.images.samples import grounded_samples

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from kgtransfer.classification.samples import Samples
    from kgtransfer.grounding.measured import MeasuredGrounder, Measurer
    from kgtransfer.images.data.colour_transfer import Colours
    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.data.folder import Images
    from kgtransfer.images.image_data import ImageData
    from kgtransfer.images.measured_data import MeasuredImages

__all__ = ["TRAIN", "Domains", "MeasuredDomains", "measure_domains"]

TRAIN = "train"
HASHED = {SOURCE: "home"}  # what it was called when the first runs noted the digests of their data


@dataclass(frozen=True, eq=False)
class MeasuredDomains:
    """Pixels and measures of data sets, whatever an ontology says.

    Attributes:
        data: what was measured.
        train: the training split.
        tests: "source" and "validation", the other splits; and other domains by their folders.
        colours: that all were brought to; None where they are as they were.
    """

    data: ImageData
    train: MeasuredImages
    tests: Mapping[str, MeasuredImages]
    colours: Colours | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """All labels of the data set that is learned from, sorted."""
        splits = (self.train, *(self.tests[n] for n in (SOURCE, VALIDATION) if n in self.tests))
        return tuple(sorted({label for split in splits for label in split.images.labels}))

    @property
    def hash(self) -> str:
        """SHA-256 of all pixels, measures and labels, 64 hex digits."""
        tests = {HASHED.get(name, name): measured for name, measured in self.tests.items()}
        parts = [self.train.hash, *(f"{name} {tests[name].hash}" for name in sorted(tests))]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def without(self, labels: Collection[str]) -> MeasuredDomains:
        """Without the images of some labels."""
        if not labels:
            return self

        def kept(measured: MeasuredImages) -> MeasuredImages:
            images = measured.images
            return measured[[row for row, label in enumerate(images.labels) if label not in labels]]

        tests = {name: kept(measured) for name, measured in self.tests.items()}
        return MeasuredDomains(self.data, kept(self.train), tests, self.colours)


@dataclass(frozen=True, eq=False)
class Domains:
    """What arms train on and are scored on.

    Attributes:
        targets: what is told apart.
        train: the training split.
        tests: "source", and other domains by the names of their folders.
        validation: the validation split; None where there is none.
        grounder: fitted to the training split.
        statistics: of the training split.
        colours: that all images were brought to.
        images: "train" and the name of each test set -> the images behind the samples.
    """

    targets: Targets
    train: Samples
    tests: Mapping[str, Samples]
    validation: Samples | None
    grounder: MeasuredGrounder[Picture]
    statistics: DomainStatistics
    colours: Colours | None
    images: Mapping[str, Images]

    @classmethod
    def of(
        cls,
        measured: MeasuredDomains,
        grounder: MeasuredGrounder[Picture],
        *,
        concepts: Sequence[str] | None = None,
        unlabelled: Collection[str] = (),
        ignored: Collection[str] = (),
        more: Sequence[str] = (),
    ) -> Domains:
        """What an ontology sees in data sets.

        Args:
            measured: the data sets.
            grounder: of the ontology.
            concepts: IRIs of those that may condition; all that are measured by default.
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
        targets = Targets.of(grounder.graph, measured.labels, more)

        def grounded(images: MeasuredImages) -> Samples:
            return grounded_samples(images, targets.labels, grounder, concepts)

        tests = {name: grounded(images) for name, images in measured.tests.items()}
        train, images = grounded(measured.train), measured.train.images
        learned = [row for row, label in enumerate(images.labels) if label not in unlabelled]
        validation = tests.pop(VALIDATION, None)
        return cls(
            targets,
            train[learned] if unlabelled else train,
            tests,
            validation,
            grounder.fitted_to(measured.train.measures),
            DomainStatistics.of(measured.train.measures, grounder),
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
        """Label -> an image of it, as it came, of the training split or else of another set."""
        pictures: dict[str, Picture] = {}
        for images in (self.images[TRAIN], *(self.images[name] for name in self.tests)):
            for label in set(images.labels) - set(pictures):
                (picture,) = images.take([images.labels.index(label)]).pictures()
                if not isinstance(picture, DataError):
                    pictures[label] = picture
        return {label: pictures[label] for label in self.targets.labels if label in pictures}


def measure_domains(data: ImageData, measurer: Measurer[Picture]) -> MeasuredDomains:
    """Data sets -> their pixels, at the colours of the training split if so asked, and measures.

    Args:
        data: the data sets.
        measurer: takes the measures.

    Raises:
        DataError: no image of a data set can be read.
    """
    reader = ImageReader(measurer, data.size, data.cache)
    colours = reader.reference(data.train, data.colours) if data.colours else None
    tests = {name: reader(images, colours) for name, images in data.tests.items()}
    return MeasuredDomains(data, reader(data.train, colours), tests, colours)
