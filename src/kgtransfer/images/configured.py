"""Settings of a run over images -> its data sets and its task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.images.arms import KNOWN_ARMS
from kgtransfer.images.backbone import VisionBackbone
from kgtransfer.images.data.preprocessing import Augmentation
from kgtransfer.images.domains import Domains, MeasuredDomains
from kgtransfer.images.fine_tuning import FineTuning
from kgtransfer.images.image_data import read_images
from kgtransfer.images.task import ImageTask

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kgtransfer.embedding import Embedded
    from kgtransfer.embedding.concepts import ConceptEmbeddings
    from kgtransfer.experiments.arms import Arm
    from kgtransfer.grounding.source import Source
    from kgtransfer.images.arms import ImageMethod
    from kgtransfer.images.config import VisionConfig
    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.image_data import ImageData
    from kgtransfer.images.sources.table import ConfiguredSources
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["configured_data", "configured_domains", "configured_task"]


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
        labels=config.data.labels,
        size=config.backbone.size,
        colours=config.data.colours,
        split_seed=config.data.split_seed,
        shares=dict(zip(("train", "val", "test"), config.data.shares, strict=True)),
        cache=cache,
        group=config.data.group,
        leakage=config.data.leakage,
    )


def configured_domains(
    config: VisionConfig,
    graph: KnowledgeGraph,
    measured: MeasuredDomains,
    sources: ConfiguredSources,
) -> Domains:
    """What an ontology sees in a run's data sets.

    Args:
        config: the run's settings.
        graph: the ontology.
        measured: the data sets.
        sources: that read them.
    """
    return Domains.of(
        measured,
        sources.on(graph),
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
    sources: ConfiguredSources,
    grounder: Source[Picture] | None = None,
    arms: Sequence[Arm[ImageMethod]] = tuple(KNOWN_ARMS.values()),
    embedded: Embedded | None = None,
) -> ImageTask:
    """The task of a run; see `ImageTask`.

    Args:
        config: the run's settings.
        data: the run's data sets, or those that were measured before.
        graph: the ontology.
        concepts: vectors of the concepts that may condition.
        sources: that read the images; what they need is kept with the run.
        grounder: these sources on the ontology, where they are at hand.
        arms: that the task knows.
        embedded: vectors of all concepts, with the model behind them.
    """
    return ImageTask(
        data,
        graph,
        grounder or sources.on(graph),
        concepts,
        backbone=VisionBackbone.named(
            config.backbone.name,
            weights=config.backbone.weights,
            expected=config.backbone.expected,
        ),
        labels=config.labels_per_class,
        arms=arms,
        controls=config.controls,
        candidates=config.candidates,
        recipe=FineTuning(**config.training.model_dump()),
        augmentation=Augmentation(**config.augmentation.model_dump()),
        unlabelled=config.data.unlabelled,
        ignored=config.data.ignored,
        more_classes=config.data.more_classes,
        embedded=embedded,
        sources=sources,
        device=config.device,
    )
