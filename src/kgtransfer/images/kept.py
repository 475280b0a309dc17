"""What a run that was put together in Python keeps, so that it can be read back: settings, data."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from kgtransfer.errors import OntologyError
from kgtransfer.experiments.setting import VALIDATION
from kgtransfer.grounding.measured import MeasuredGrounder
from kgtransfer.images.backbone import VisionBackbone
from kgtransfer.images.candidates import CANDIDATES
from kgtransfer.images.config import VisionConfig
from kgtransfer.images.data.in_memory import write_images
from kgtransfer.images.data.preprocessing import Augmentation
from kgtransfer.images.image_data import SOURCE
from kgtransfer.images.measurers import measurer_for

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kgtransfer.images.backbone import Channels
    from kgtransfer.images.image_data import ImageData
    from kgtransfer.images.task import ImageTask

__all__ = ["in_the_run", "keep_data", "kept_settings"]

DATA = "data"
"""Folder inside a run of the images that were in memory."""
MEASURED = "MATCH (c:Resource)-[:kgt__measuredBy]->() RETURN DISTINCT c.uri"


def keep_data(data: ImageData, folder: Path) -> None:
    """Write the images that are in memory into the folder of a run, a data set a folder."""
    if data.train.held is not None:
        splits = {
            "train": data.train,
            "val": data.tests.get(VALIDATION),
            "test": data.tests[SOURCE],
        }
        parts = {split: images for split, images in splits.items() if images is not None}
        write_images(parts, folder / DATA / SOURCE)
    for name, images in data.tests.items():
        if name not in (SOURCE, VALIDATION) and images.held is not None:
            write_images({"": images}, folder / DATA / name)


def kept_settings(task: ImageTask, seeds: Sequence[int]) -> VisionConfig | None:
    """The settings of a task, as if a file had had them.

    Args:
        task: of images.
        seeds: of the run.

    Returns:
        None where no settings say the same: a backbone, a source, views or a candidate of the
        user's own, or seeds that do not count from 0.
    """
    backbone, augmentation = task.learner.backbone, asdict(task.learner.augmentation)
    zoom = augmentation.pop("zoom")
    own_views = zoom != Augmentation().zoom
    if not isinstance(backbone, VisionBackbone) or list(seeds) != [*range(len(seeds))] or own_views:
        return None
    if task.sources is not None or not _measured_by_ours(task):
        return None
    if not task.classification.candidates.methods.items() <= CANDIDATES.items():
        return None
    settings: dict[str, Any] = {
        "pipeline": task.kind,
        "seeds": len(seeds),
        "labels_per_class": task.labels,
        "controls": tuple(task.controls),
        "candidates": tuple(task.classification.candidates.methods),
        "data": _data(task),
        "select": {"cypher": MEASURED},
        "backbone": {
            "name": backbone.architecture,
            "weights": "random" if backbone.weights is None else "",
            **({} if backbone.expected is None else _channels(backbone.expected)),
            "size": task.measured.data.size,
        },
        "training": asdict(task.learner.recipe),
        "augmentation": augmentation,
    }
    return VisionConfig.model_validate(settings)


def in_the_run(config: VisionConfig, folder: Path) -> VisionConfig:
    """Settings of a run -> the same, with the paths of the images that its folder keeps."""

    def place(path: str) -> str:
        is_kept = path.startswith(f"{DATA}/") and (folder / path).is_dir()
        return str(folder / path) if is_kept else path

    test = tuple(map(place, config.data.test))
    data = config.data.model_copy(update={"path": place(config.data.path), "test": test})
    return config.model_copy(update={"data": data})


def _data(task: ImageTask) -> dict[str, Any]:
    """Settings of the data, those in memory by where `keep_data` writes them."""
    data = task.measured.data
    others = [name for name in data.tests if name not in (SOURCE, VALIDATION)]
    paths = zip(others, data.test, strict=True)
    return {
        "path": data.path if data.train.held is None else f"{DATA}/{SOURCE}",
        "test": tuple(
            path if data.tests[name].held is None else f"{DATA}/{name}" for name, path in paths
        ),
        "labels": data.outcome,
        "split_seed": data.split_seed,
        "shares": tuple(data.shares[split] for split in ("train", "val", "test")),
        "colours": data.colours,
        "group": data.group,
        "leakage": data.leakage,
        **{name: tuple(labels) for name, labels in task.left_out.items()},
    }


def _channels(expected: Channels) -> dict[str, Any]:
    return dict(zip(("mean", "deviation"), expected, strict=True))


def _measured_by_ours(task: ImageTask) -> bool:
    """Whether the measures that the ontology names are what the task is measured by."""
    grounder = task.domains.grounder
    if not isinstance(grounder, MeasuredGrounder):
        return False
    try:
        ours = measurer_for(task.graph)
    except OntologyError:
        return False
    names = ("measures", "code")
    return all(getattr(ours, name, ()) == getattr(grounder.measurer, name, None) for name in names)
