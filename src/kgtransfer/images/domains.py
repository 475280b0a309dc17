"""A training set and its test sets, at home and in other labs, from their folders."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer.classification.samples import DomainStatistics, ground
from kgtransfer.classification.targets import Targets
from kgtransfer.errors import ConfigError, DataError
from kgtransfer.grounding.measured import FEWEST
from kgtransfer.images.data.folder import read_images
from kgtransfer.images.data.splits import SHARES, with_splits
from kgtransfer.images.measured_data import ImageReader
from kgtransfer.utils.data_paths import find_data

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from kgtransfer.classification.samples import Samples
    from kgtransfer.grounding.measured import MeasuredGrounder
    from kgtransfer.images.data.colour_transfer import Colours
    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.data.folder import Images
    from kgtransfer.images.measured_data import MeasuredImages
    from kgtransfer.images.measurer import ImageMeasurer

__all__ = ["HOME", "VALIDATION", "Domains", "MeasuredDomains", "measure_domains", "read_domains"]

HOME = "home"
"""What the test split of the data set that was learned from is called."""

VALIDATION = "validation"
"""What its validation split is called: the one to choose by."""


@dataclass(frozen=True, eq=False)
class MeasuredDomains:
    """Pixels and measures of data sets, whatever anybody knows.

    Attributes:
        train: the training split.
        others: "home" and "validation", the other splits; and other labs by their folders.
        colours: that all were brought to; None where they are as they were.
    """

    train: MeasuredImages
    others: Mapping[str, MeasuredImages]
    colours: Colours | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """All labels of the data set that is learned from, sorted."""
        home = (self.train, *(self.others[n] for n in (HOME, VALIDATION) if n in self.others))
        return tuple(sorted({label for reading in home for label in reading.images.labels}))

    @property
    def hash(self) -> str:
        """SHA-256 of all pixels, measures and labels, 64 hex digits."""
        parts = [self.train.hash, *(f"{n} {of.hash}" for n, of in sorted(self.others.items()))]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def without(self, labels: Collection[str]) -> MeasuredDomains:
        """Without the images of some labels."""
        if not labels:
            return self

        def kept(reading: MeasuredImages) -> MeasuredImages:
            rows = [r for r, label in enumerate(reading.images.labels) if label not in labels]
            return reading[rows]

        others = {name: kept(reading) for name, reading in self.others.items()}
        return MeasuredDomains(kept(self.train), others, self.colours)


@dataclass(frozen=True, eq=False)
class Domains:
    """What arms train on and are scored on.

    Attributes:
        targets: what is told apart.
        train: the training split.
        tests: "home", and other labs by the names of their folders.
        validation: the validation split; None where there is none.
        grounder: fitted to the training split.
        usual: what is usual in the training split.
        colours: that all images were brought to.
    """

    targets: Targets
    train: Samples
    tests: Mapping[str, Samples]
    validation: Samples | None
    grounder: MeasuredGrounder[Picture]
    usual: DomainStatistics
    colours: Colours | None

    @classmethod
    def of(
        cls,
        readings: MeasuredDomains,
        grounder: MeasuredGrounder[Picture],
        *,
        concepts: Sequence[str] | None = None,
        unlabelled: Collection[str] = (),
        ignored: Collection[str] = (),
        more: Sequence[str] = (),
    ) -> Domains:
        """What an ontology sees in data sets.

        Args:
            readings: of the data sets.
            grounder: of the ontology.
            concepts: IRIs of those that may condition; all that are measured by default.
            unlabelled: labels that nothing is learned from: their classes have axioms alone.
            ignored: labels whose images are left out altogether.
            more: names of classes that no data set has, which are told apart too.

        Raises:
            OntologyError: the ontology has no class for a label.
            DataError: a data set has a label that the first lacks, or too few images.
        """
        if unknown := sorted({*unlabelled, *ignored} - set(readings.labels)):
            raise ConfigError(
                f"no image has the label {', '.join(unknown)}",
                cure=f"labels are: {', '.join(readings.labels)}",
            )
        readings = readings.without(ignored)
        targets = Targets.of(grounder.graph, readings.labels, more)
        ready = {
            name: ground(reading, targets.labels, grounder, concepts)
            for name, reading in readings.others.items()
        }
        train = ground(readings.train, targets.labels, grounder, concepts)
        shown = [r for r, label in enumerate(train.images.labels) if label not in unlabelled]
        validation = ready.pop(VALIDATION, None)
        measures = readings.train.measures
        return cls(
            targets,
            train[shown] if unlabelled else train,
            ready,
            validation,
            grounder.fitted_to(measures),
            DomainStatistics.of(measures, grounder),
            readings.colours,
        )

    @property
    def every_test(self) -> dict[str, Samples]:
        """The tests, and the validation split where there is one."""
        if self.validation is None:
            return dict(self.tests)
        return {**self.tests, VALIDATION: self.validation}

    def examples(self) -> dict[str, Picture]:
        """Label -> an image of it, as it came, of the training split or else of another set."""
        found: dict[str, Picture] = {}
        for samples in (self.train, *self.tests.values()):
            for label in set(samples.images.labels) - set(found):
                row = samples.images.labels.index(label)
                (picture,) = samples.images.take([row]).pictures()
                if not isinstance(picture, DataError):
                    found[label] = picture
        return {label: found[label] for label in self.targets.labels if label in found}


def read_domains(
    path: str | Path,
    others: Sequence[str | Path],
    grounder: MeasuredGrounder[Picture],
    *,
    size: int,
    concepts: Sequence[str] | None = None,
    split_seed: int = 0,
    shares: Mapping[str, float] = SHARES,
    colours: str = "reinhard",
) -> Domains:
    """Read, measure, normalise and ground data sets; see `measure_domains` and `Domains.of`."""
    measurer: ImageMeasurer = grounder.measurer  # type: ignore[assignment]  # of images
    readings = measure_domains(
        path,
        others,
        ImageReader(measurer, size),
        split_seed=split_seed,
        shares=shares,
        colours=colours,
    )
    return Domains.of(readings, grounder, concepts=concepts)


def measure_domains(
    path: str | Path,
    others: Sequence[str | Path],
    reader: ImageReader,
    *,
    split_seed: int = 0,
    shares: Mapping[str, float] = SHARES,
    colours: str = "reinhard",
) -> MeasuredDomains:
    """Read, measure and normalise data sets.

    Args:
        path: the data set to learn from, with a column `split` or without.
        others: data sets of other labs or cameras, all of whose images are tested on.
        reader: reads and keeps.
        split_seed: of the split, where the data set comes without one.
        shares: of that split.
        colours: how each image's colours are brought to those of the training split, a key of
            `METHODS`; empty where they tell of what is shown, not of the stain and the lamp.

    Raises:
        DataError: a data set is missing or unreadable.
        ConfigError: two data sets have one name.
    """
    home = with_splits(read_images(find_data(path)), seed=split_seed, shares=shares)
    elsewhere = {Path(other).name: read_images(find_data(other)) for other in others}
    if len(elsewhere) < len(others) or {HOME, VALIDATION} & set(elsewhere):
        raise ConfigError("two data sets have one name", cure="rename the folder of one of them")
    train = home.where("split", "train")
    sets = {HOME: home.where("split", "test"), **_validation(home), **elsewhere}
    reference = reader.reference(train, colours) if colours else None
    read = {name: reader(images, reference) for name, images in sets.items()}
    return MeasuredDomains(reader(train, reference), read, reference)


def _validation(home: Images) -> dict[str, Images]:
    """The validation split, where it has enough images to tell what is ordinary in it."""
    if Counter(home.columns["split"])["val"] < FEWEST:
        return {}
    return {VALIDATION: home.where("split", "val")}
