"""What an experiment over images works with: data sets, and what an ontology makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgtransfer.backbones.precision import pick_device
from kgtransfer.classification.arms import FineTuning
from kgtransfer.classification.targets import Targets
from kgtransfer.classification.task import ClassTask
from kgtransfer.conditioning.axiom_prior import AxiomPrior
from kgtransfer.conditioning.rule_loss import Rules
from kgtransfer.experiments.cache import FitCache
from kgtransfer.grounding.measured import MeasuredGrounder
from kgtransfer.images.backbone import VisionBackbone
from kgtransfer.images.data.folder import read_images
from kgtransfer.images.domains import Domains, measure_domains
from kgtransfer.images.measured_data import ImageReader
from kgtransfer.images.measurers import measurer_for
from kgtransfer.knowledge.axioms import axioms_of
from kgtransfer.runs.folder import run_key
from kgtransfer.utils.data_paths import find_data

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kgtransfer.classification.arms import ClassArm
    from kgtransfer.embedding.concepts import ConceptEmbeddings
    from kgtransfer.images.config import VisionConfig
    from kgtransfer.images.domains import MeasuredDomains
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["ImageStudy", "class_prior", "ground_domains", "image_study", "measured_domains"]


@dataclass(frozen=True)
class ImageStudy:
    """Data sets as an ontology sees them, and the task of telling their classes apart.

    Attributes:
        labs: the data sets.
        task: fits and scores arms.
        key: digest of everything that scores depend on, arms and seeds aside.
        data_hash: digest of the data sets as they were read.
    """

    labs: Domains
    task: ClassTask
    key: str
    data_hash: str


def measured_domains(config: VisionConfig, graph: KnowledgeGraph, cache: Path) -> MeasuredDomains:
    """Pixels and measures of a run's data sets; no edit of the ontology changes them.

    Args:
        config: the run's settings.
        graph: the ontology, whose measures say which kind of images these are.
        cache: folder of what was read and measured before.

    Raises:
        DataError: a data set is missing or unreadable.
        OntologyError: the ontology has no class for a label.
    """
    codes = read_images(find_data(config.data.path)).classes
    Targets.of(graph, [code for code in codes if code not in config.data.ignored])  # fail early
    reader = ImageReader(measurer_for(graph, cache / "measures.jsonl"), config.backbone.size, cache)
    return measure_domains(
        config.data.path,
        config.data.test,
        reader,
        split_seed=config.data.split_seed,
        shares=dict(zip(("train", "val", "test"), config.data.shares, strict=True)),
        colours=config.data.colours,
    )


def image_study(
    config: VisionConfig,
    graph: KnowledgeGraph,
    concepts: ConceptEmbeddings,
    readings: MeasuredDomains,
    *,
    fits: Path,
    cache: Path,
    kept: ClassArm,
) -> ImageStudy:
    """Ground data sets on an ontology, and make the task of it.

    Args:
        config: the run's settings.
        graph: the ontology.
        concepts: vectors of the concepts that may condition.
        readings: see `measured_domains`.
        fits: folder of finished fits.
        cache: folder of what no ontology takes part in.
        kept: the arm whose models are kept.
    """
    labs = ground_domains(config, graph, readings, concepts.iris)
    tests = labs.every_test
    backbone = VisionBackbone.named(config.backbone.name, weights=config.backbone.weights)
    hashes = (samples.hash for samples in (labs.train, *tests.values()))
    key = run_key(config, graph.hash, concepts.hash, backbone.hash, *hashes)
    task = ClassTask(
        labs.train,
        tests,
        backbone,
        class_prior(graph, labs),
        concepts,
        FineTuning(**config.training.model_dump()),
        device=pick_device(config.device),
        store=FitCache(fits, key),
        looks=FitCache(cache),
        kept=kept,
        rules=_rules(graph, labs),
    )
    return ImageStudy(labs, task, key, readings.hash)


def _rules(graph: KnowledgeGraph, labs: Domains) -> Rules | None:
    """The axioms as rules between labels and values; none where a label is several classes."""
    if labs.targets.grouped:
        return None
    values = [value for of in labs.train.observed.values.values() for value in of]
    return Rules.of(axioms_of(graph), (*labs.targets.classes, *values))


def ground_domains(
    config: VisionConfig,
    graph: KnowledgeGraph,
    readings: MeasuredDomains,
    concepts: Sequence[str] | None = None,
) -> Domains:
    """What an ontology sees in a run's data sets.

    Args:
        config: the run's settings.
        graph: the ontology.
        readings: of the data sets.
        concepts: IRIs of those that may condition; all that are measured by default.
    """
    return Domains.of(
        readings,
        MeasuredGrounder(graph, measurer_for(graph)),
        concepts=concepts,
        unlabelled=config.data.unlabelled,
        ignored=config.data.ignored,
        more=config.data.more_classes,
    )


def class_prior(graph: KnowledgeGraph, labs: Domains) -> AxiomPrior:
    """The axioms about the classes of data sets, of what can be measured in them."""
    targets, values = labs.targets, labs.train.observed.values
    return AxiomPrior.of(axioms_of(graph), targets.classes, values, targets.grouped)
