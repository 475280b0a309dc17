"""Settings of a run over images -> its data sets and its task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.grounding.measured import MeasuredGrounder
from kgtransfer.images.arms import KNOWN_ARMS
from kgtransfer.images.backbone import VisionBackbone
from kgtransfer.images.data.preprocessing import Augmentation
from kgtransfer.images.domains import Domains, MeasuredDomains
from kgtransfer.images.fine_tuning import FineTuning
from kgtransfer.images.image_data import read_images
from kgtransfer.images.measurers import measurer_for
from kgtransfer.images.task import ImageTask

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kgtransfer.embedding import Embedded
    from kgtransfer.embedding.concepts import ConceptEmbeddings
    from kgtransfer.experiments.arms import Arm
    from kgtransfer.images.arms import ImageMethod
    from kgtransfer.images.config import VisionConfig
    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.image_data import ImageData
    from kgtransfer.images.own_measures import OwnMeasures
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["configured_data", "configured_domains", "configured_grounder", "configured_task"]


def configured_data(config: VisionConfig, cache: Path) -> ImageData:
    """A run's data sets, their pixels not read yet.

    Args:
        config: the run's settings.
        cache: folder of what was read and measured before.

    Raises:
        DataError: a data set is missing.
    """
    return read_images(
        config.data.path,
        test=config.data.test,
        size=config.backbone.size,
        colours=config.data.colours,
        split_seed=config.data.split_seed,
        shares=dict(zip(("train", "val", "test"), config.data.shares, strict=True)),
        cache=cache,
    )


def configured_grounder(
    graph: KnowledgeGraph, cache: Path | None = None, own: OwnMeasures | None = None
) -> MeasuredGrounder[Picture]:
    """What grounds a run's images on an ontology: by the measures that it names.

    Args:
        graph: the ontology.
        cache: folder of what was measured before; None keeps nothing.
        own: the user's measures, see `own_measures`.

    Warns:
        Unmeasured: nothing computes a measure that the ontology names.

    Raises:
        OntologyError: nothing computes any of them.
    """
    kept = cache / "measures.jsonl" if cache else None
    return MeasuredGrounder(graph, measurer_for(graph, kept, own))


def configured_domains(
    config: VisionConfig,
    graph: KnowledgeGraph,
    measured: MeasuredDomains,
    concepts: Sequence[str] | None = None,
    own: OwnMeasures | None = None,
) -> Domains:
    """What an ontology sees in a run's data sets.

    Args:
        config: the run's settings.
        graph: the ontology.
        measured: the data sets.
        concepts: IRIs of those that may condition; all that are measured by default.
        own: the user's measures.
    """
    return Domains.of(
        measured,
        configured_grounder(graph, own=own),
        concepts=concepts,
        unlabelled=config.data.unlabelled,
        ignored=config.data.ignored,
        more=config.data.more_classes,
    )


def configured_task(
    config: VisionConfig,
    data: ImageData | MeasuredDomains,
    graph: KnowledgeGraph,
    concepts: ConceptEmbeddings,
    *,
    grounder: MeasuredGrounder[Picture] | None = None,
    arms: Sequence[Arm[ImageMethod]] = tuple(KNOWN_ARMS.values()),
    embedded: Embedded | None = None,
    own: OwnMeasures | None = None,
) -> ImageTask:
    """The task of a run; see `ImageTask`.

    Args:
        config: the run's settings.
        data: the run's data sets, or those that were measured before.
        graph: the ontology.
        concepts: vectors of the concepts that may condition.
        grounder: with what measures the images; by default by what the ontology names.
        arms: that the task knows.
        embedded: vectors of all concepts, with the model behind them.
        own: the user's measures, to be kept with the run.
    """
    return ImageTask(
        data,
        graph,
        grounder or configured_grounder(graph, own=own),
        concepts,
        backbone=VisionBackbone.named(config.backbone.name, weights=config.backbone.weights),
        labels=config.labels_per_class,
        arms=arms,
        controls=config.controls,
        recipe=FineTuning(**config.training.model_dump()),
        augmentation=Augmentation(**config.augmentation.model_dump()),
        unlabelled=config.data.unlabelled,
        ignored=config.data.ignored,
        more_classes=config.data.more_classes,
        embedded=embedded,
        own=own,
        device=config.device,
    )
