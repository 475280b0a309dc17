"""`ImageTask`: images, an ontology and few labels, ready for any arm of an experiment."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from itertools import product
from typing import TYPE_CHECKING, Any

from kgtransfer.backbones.precision import pick_device
from kgtransfer.classification.candidates import Candidates
from kgtransfer.classification.task import ClassificationTask
from kgtransfer.classification.unlabelled import unlabelled_of
from kgtransfer.conditioning.rule_loss import Rules
from kgtransfer.errors import ConfigError
from kgtransfer.experiments.arms import headline_of
from kgtransfer.experiments.cache import FitCache
from kgtransfer.experiments.task import Setting
from kgtransfer.grounding.combined import combined
from kgtransfer.images.arms import ARMS, NONE, learning_curve
from kgtransfer.images.backbone import VisionBackbone
from kgtransfer.images.candidates import (
    named_candidates,
    readable_candidates,
    require_linear_head,
)
from kgtransfer.images.data.preprocessing import Augmentation
from kgtransfer.images.domains import Domains, MeasuredDomains, measure_domains
from kgtransfer.images.fine_tuning import FineTuning
from kgtransfer.images.image_data import require_classes
from kgtransfer.images.kept import keep_data, kept_settings
from kgtransfer.images.learner import ImageLearner
from kgtransfer.images.report import image_findings
from kgtransfer.knowledge.axioms.axioms import axioms_of
from kgtransfer.runs.unlabelled import write_unlabelled
from kgtransfer.utils.files import write_atomically
from kgtransfer.utils.progress import say

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from kgtransfer.conditioning.axiom_prior import AxiomPrior
    from kgtransfer.embedding import Embedded
    from kgtransfer.embedding.concepts import ConceptEmbeddings
    from kgtransfer.experiments.arms import Arm
    from kgtransfer.experiments.runner import SettingRuns
    from kgtransfer.experiments.task import FitResult
    from kgtransfer.grounding.source import Source
    from kgtransfer.images.arms import ImageMethod
    from kgtransfer.images.backbone import Backbone
    from kgtransfer.images.config import VisionConfig
    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.image_data import ImageData
    from kgtransfer.images.sources.table import OpenedSource
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["CONCEPTS", "MODELS", "ImageTask", "class_prior"]

SCARCE_NAMED = 5  # labels that a warning names
MODELS, CONCEPTS = "models", "concepts"  # folders inside a run


class ImageTask:
    """Classification of images from few labels: an `experiments.task.Task`.

    One setting for each number of labels and test set, "TEST, N labels"; a fit serves all test
    sets. The images are measured, and grounded on the ontology, when the task is made.

    Args:
        data: the data sets, see `read_images`; or those that were measured before.
        graph: the ontology: each label of the data is the code or name of one of its classes; of
            numbers, classes that are coded as one are the levels.
        grounder: what finds the ontology's concepts in images: one source of grounding, or several
            whose findings stand side by side; any object as `Source` says.
        concepts: vectors of the concepts that may condition.
        backbone: what is fine-tuned: a name that timm knows, or an object as `Backbone` says.
        labels: how many labels per class arms learn from, one number or several.
        arms: those that it knows; the first with knowledge is what the experiment is about.
        controls: names of arms that run with the first number of labels only.
        candidates: what the baseline is chosen from, by held-out labels: names of `CANDIDATES`, or
            methods of your own by name.
        curve: name of the arm whose learning curve over `labels` stands in every setting.
        recipe: settings of fine-tuning.
        augmentation: random views of training images; by default neither turned nor mirrored.
        unlabelled: labels that nothing is learned from: their classes have axioms alone.
        ignored: labels whose images are left out altogether.
        more_classes: names of classes that no data set has, which are told apart too.
        embedded: vectors of all concepts with the model behind them, to be kept with the run: an
            edit of the ontology goes on from them.
        sources: of settings that the grounder was made of: what they need is kept with the run.
        device: where networks are trained; the fastest by default.

    Raises:
        ConfigError: no arm has knowledge; or no image has a label that is to be left out.
        DataError: a data set cannot be read, or has a label that the first lacks.
        OntologyError: the ontology has no class for a label.
    """

    kind = "images"

    def __init__(
        self,
        data: ImageData | MeasuredDomains,
        graph: KnowledgeGraph,
        grounder: Source[Picture] | Sequence[Source[Picture]],
        concepts: ConceptEmbeddings,
        *,
        backbone: str | Backbone,
        labels: int | Sequence[int] = 5,
        arms: Sequence[Arm[ImageMethod]] = ARMS,
        controls: Collection[str] = (),
        candidates: Mapping[str, ImageMethod] | Collection[str] = (),
        curve: str = NONE.name,
        recipe: FineTuning | None = None,
        augmentation: Augmentation | None = None,
        unlabelled: Collection[str] = (),
        ignored: Collection[str] = (),
        more_classes: Sequence[str] = (),
        embedded: Embedded | None = None,
        sources: OpenedSource | None = None,
        device: str = "auto",
    ) -> None:
        headline, methods = headline_of(arms), named_candidates(candidates)
        if headline is None or headline.method is None:
            raise ConfigError("no arm has knowledge", cure="give an arm of the role knowledge")
        self.graph, self.concepts, self.embedded = graph, concepts, embedded
        self.sources, source = sources, combined(grounder)
        self.arms, self.controls, self.curve = tuple(arms), tuple(controls), curve
        self.labels = (labels,) if isinstance(labels, int) else tuple(labels)
        self.headline, self.device = headline.name, pick_device(device)
        if isinstance(backbone, str):
            backbone = VisionBackbone.named(backbone)
        if any(arm.method is not None and arm.method.chosen for arm in arms):
            require_linear_head(methods, backbone)
        if not isinstance(data, MeasuredDomains):
            require_classes(data, graph, ignored)  # before what is slow
            data = measure_domains(data, source)
        self.measured = data
        self.left_out = {
            "unlabelled": unlabelled, "ignored": ignored, "more_classes": more_classes
        }  # fmt: skip
        self.domains = Domains.of(
            data,
            source,
            concepts=concepts.iris,
            unlabelled=unlabelled,
            ignored=ignored,
            more=more_classes,
        )
        _say_scarce(self.domains, max(self.labels))
        self.learner = ImageLearner(
            backbone,
            concepts,
            self.domains.outcome,
            recipe or FineTuning(),
            self.device,
            augmentation or Augmentation(),
            rules=_rules(graph, self.domains),
        )
        prior = class_prior(self.domains)
        if not prior.tables:
            say("no axiom tells classes coded as numbers apart: concepts only condition")
        self.classification: ClassificationTask[ImageMethod] = ClassificationTask(
            self.domains.outcome,
            self.domains.train,
            self.domains.every_test,
            prior,
            self.learner,
            kept=headline.method,
            candidates=Candidates(readable_candidates(methods, prior)),
            features=FitCache(data.data.cache),
        )

    @property
    def metric(self) -> str:
        """That of what the labels are."""
        return self.domains.outcome.metric

    @property
    def data(self) -> str:
        """Path of the data set that is learned from."""
        return self.measured.data.path

    @property
    def test(self) -> str:
        """Paths of the data sets of other domains, or that of the source."""
        return ",".join(self.measured.data.test) or self.data

    @property
    def hash(self) -> str:
        """See `Task`."""
        sets = {"train": self.domains.train, **self.classification.tests}
        parts = [self.graph.hash, self.learner.hash, repr(self.domains.outcome.targets)]
        parts += [f"{name} {samples.hash}" for name, samples in sets.items()]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def settings(self, arms: Sequence[Arm[ImageMethod]]) -> list[Setting[ImageMethod]]:
        """Chosen arms -> a setting for each number of labels and test set."""
        return [
            Setting(f"{test}, {number} labels", self._shown(arms, number), labels=number)
            for number in self.labels
            for test in self.classification.tests
        ]

    def _shown(self, arms: Sequence[Arm[ImageMethod]], number: int) -> tuple[Arm[ImageMethod], ...]:
        """The arms that run with so many labels, and the other points of the learning curve."""
        is_first = number == self.labels[0]
        shown = [arm for arm in arms if is_first or arm.name not in self.controls]
        others = [other for other in self.labels if other != number]
        curves = [arm for arm in arms if arm.name == self.curve]
        unit = self.domains.outcome.label_unit
        return (*shown, *(learning_curve(arm, other, unit) for arm in curves for other in others))

    def keep_fits(self, folder: Path, key: str) -> None:
        """From now on keep finished fits, and models, in a folder; see `KeepsFits`."""
        self.classification.fits = FitCache(folder, key)

    def fit(
        self,
        setting: Setting[ImageMethod],
        arm: Arm[ImageMethod],
        seed: int,
        *,
        model_file: Path | None = None,
    ) -> FitResult:
        """Fit an arm, or take its fit of another test set, and score it.

        Models of all seeds are kept among the fits: no further file is written.
        """
        if arm.method is None:
            raise ConfigError(f"arm {arm.name}: says not what to do", cure="give it an ImageMethod")
        prior = self.classification.prior
        if "names" in arm.method.terms and not prior.of_names().tables:
            raise ConfigError(
                f"arm {arm.name}: no source of grounding reads names of classes",
                cure='leave it out, or add [[grounding]] source = "text"',
            )
        if arm.method.unlabelled and not prior.tables:
            raise ConfigError(
                f"arm {arm.name}: no axiom tells classes coded as numbers apart",
                cure="leave it out, or write kgt:codedAs 5, say, at a class and what it shows",
            )
        labels = int(setting.labels) if arm.labels is None else arm.labels
        labels = 0 if arm.method.unlabelled else labels
        test = setting.name.rpartition(", ")[0]
        return self.classification.score(arm.method, labels, seed, test)

    def findings(self, runs: Mapping[str, SettingRuns]) -> dict[str, Any]:
        """What the report shows, and what a retraining needs."""
        return image_findings(self, runs)

    def save(self, folder: Path, runs: Mapping[str, SettingRuns]) -> None:
        """Write models, vectors, what is said without labels, and what is the user's own."""
        fits = [*product(self.labels, next(iter(runs.values())).seeds)]
        for labels, seed in fits:
            model = self.classification.model_file(labels, seed)
            path = folder / MODELS / f"{labels}-{seed}.safetensors"
            write_atomically(path, model.read_bytes())
        write_unlabelled(folder, unlabelled_of(self.classification, fits))
        (self.embedded or self.concepts).save(folder / CONCEPTS)
        if self.sources:
            self.sources.save(folder)
        keep_data(self.measured.data, folder)

    def kept_settings(self, seeds: Sequence[int]) -> VisionConfig | None:
        """See `KeepsSettings`."""
        return kept_settings(self, seeds)


def _say_scarce(domains: Domains, labels: int) -> None:
    """Warn of labels that fewer training images have than are asked for."""
    if scarce := domains.outcome.scarce(domains.train.targets, labels):
        counts = ", ".join(f"{name} ({n})" for name, n in list(scarce.items())[:SCARCE_NAMED])
        more = f" and {len(scarce) - SCARCE_NAMED} more" if len(scarce) > SCARCE_NAMED else ""
        unit = domains.outcome.label_unit
        say(f"warning: not {labels} {unit} to learn from: {counts}{more}; all there are are taken")


def class_prior(domains: Domains) -> AxiomPrior:
    """The axioms about the classes of data sets, of what their images can show."""
    return domains.outcome.prior(domains.grounder.tables)


def _rules(graph: KnowledgeGraph, domains: Domains) -> Rules | None:
    """The axioms as rules between labels and values; none where a label is several classes."""
    targets = domains.outcome.targets
    if targets.grouped:
        return None
    values = [value for held in domains.train.observed.values.values() for value in held]
    return Rules.of(axioms_of(graph), (*targets.classes, *values))
