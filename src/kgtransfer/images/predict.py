"""Images -> the answers of a saved run, and what drove each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.classification.model import Classifier
from kgtransfer.classification.outcomes import OUTCOMES
from kgtransfer.classification.prediction import predictions
from kgtransfer.classification.statistics import DomainStatistics
from kgtransfer.classification.targets import Targets
from kgtransfer.errors import DataError, RunError
from kgtransfer.grounding.said import corrected, read_said
from kgtransfer.images.data.colour_transfer import colours_from_json
from kgtransfer.images.data.folder import Images
from kgtransfer.images.measured_data import ImageReader
from kgtransfer.images.network import ClassNetwork
from kgtransfer.images.pixel_grid import blank_backbone
from kgtransfer.images.samples import grounded_samples

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from kgtransfer.classification.prediction import Prediction
    from kgtransfer.classification.samples import Samples
    from kgtransfer.images.measured_data import MeasuredImages
    from kgtransfer.images.run import SavedImages

__all__ = ["ImageClassifier"]


class ImageClassifier:
    """The model of a saved run: nothing else of the run's data is needed.

    Args:
        saved: the run.
        labels: per class, that the model learned from; the run's first number by default.
        seed: of the model.
    """

    def __init__(self, saved: SavedImages, labels: int | None = None, seed: int = 0) -> None:
        details, config = saved.result.details, saved.config
        self.size = config.backbone.size
        targets = Targets(**{name: tuple(rows) for name, rows in details["targets"].items()})
        self.outcome = OUTCOMES[config.data.labels](targets)
        self.grounder = saved.sources.on(saved.graph)
        self.concepts = saved.embedded.concepts.select(details["selected"])
        source = details["source"]
        _require_model(saved, self.grounder.model)
        usual = {name: tuple(numbers) for name, numbers in source["ranges"].items()}
        deviation = np.array(source["deviation"])
        self.source = DomainStatistics(usual, np.array(source["mean"]), deviation)
        self.colours = colours_from_json(source["colours"])
        labels = labels or config.labels_per_class[0]
        method = saved.method(labels, seed)
        network = ClassNetwork.of(
            blank_backbone(
                method.backbone or config.backbone.name,
                tuple(details.get("gone", ())),
                config.backbone.expected,
            ),
            len(targets.labels),
            size=self.size,
            by=method.by,
            concepts=self.concepts,
            relations=tuple(details["relations"]),
            at=method.sites(config.training.at),
            views=config.training.views,
        )
        self._least_evidence: float | None = details.get("least_evidence")
        self._file = saved.model(labels, seed)
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
        return self._predictions(files, self._of_domain(files, like))

    def corrected(
        self, files: Sequence[Path], say: Sequence[str], like: Sequence[Path] = ()
    ) -> list[tuple[Prediction, Prediction]]:
        """Classify image files before and after a person says what they show.

        Args:
            files: the images.
            say: of each of them, as `wbc:RedGranules=yes`: it stands in place of what was measured,
                see `read_said`. What a regression reads of the measures stays.
            like: as in a call.

        Raises:
            ConfigError: images are not grounded on what is said.
            DataError: an image cannot be read.
        """
        measured = self._of_domain(files, like)
        said = read_said(say, self.grounder.graph, measured.observed.values)
        observed = corrected(measured.observed, said)
        grounding = observed.grounding(self.concepts.iris)
        samples = replace(measured, observed=observed, grounding=grounding)
        pairs = (self._predictions(files, each) for each in (measured, samples))
        return list(zip(*pairs, strict=True))

    def _predictions(self, files: Sequence[Path], samples: Samples) -> list[Prediction]:
        given = {str(file.absolute()): str(file) for file in files}
        found = predictions(self.grounder.label, self.model(), samples)
        outside = self._outside(samples)
        return [
            replace(each, image=given[each.image], outside=bool(is_outside))
            for each, is_outside in zip(found, outside, strict=True)
        ]

    def _outside(self, samples: Samples) -> npt.NDArray[np.bool_]:
        """Whether samples fit the classes less than nearly all that were learned from; `[samples]`.

        No sample is, of a run that did not keep how well those fit.
        """
        if self._least_evidence is None:
            return np.zeros(len(samples), dtype=np.bool_)
        prior = self.outcome.prior(self.grounder.tables)
        return np.asarray(prior.log_evidence(samples.observed) < self._least_evidence)

    def _of_domain(self, files: Sequence[Path], like: Sequence[Path]) -> Samples:
        return self._samples(files, self._statistics(like) if like else self.source)

    def _statistics(self, files: Sequence[Path]) -> DomainStatistics:
        return DomainStatistics.of(self._read(files).readings, self.grounder)

    def _samples(self, files: Sequence[Path], statistics: DomainStatistics) -> Samples:
        return grounded_samples(
            self._read(files), None, self.grounder, self.concepts.iris, statistics
        )

    def _read(self, files: Sequence[Path]) -> MeasuredImages:
        for file in files:
            if file.is_dir():
                raise DataError(f"{file}: a folder", cure=f"name its images, as in {file}/*.png")
            if not file.is_file():
                raise DataError(f"{file}: no such file", cure="check the path")
        names = tuple(str(file.absolute()) for file in files)
        images = Images(Path("/"), names, ("",) * len(files), {})
        return ImageReader(self.grounder, self.size)(images, self.colours)

    def model(self) -> Classifier[ClassNetwork]:
        """The classifier."""
        prior = self.outcome.prior(self.grounder.tables)
        return Classifier.load(self._file, self._network, prior, self.outcome)


def _require_model(saved: SavedImages, model: str) -> None:
    """Refuse to ground images by another pre-trained model than the run did."""
    if saved.result.details["source"].get("model", "") != model:
        raise RunError(
            f"the model that grounds images is not the one that {saved.folder} was made with",
            cure="put its weights back, or make the run again",
        )
