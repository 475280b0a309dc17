"""The source `annotations`: attributes that annotators gave to training images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kgtransfer.config.reading import Section
from kgtransfer.errors import DataError
from kgtransfer.grounding.annotated import AnnotatedSource
from kgtransfer.images.data.folder import read_image_table
from kgtransfer.images.measured_data import ImageReader
from kgtransfer.images.sources import measures, text
from kgtransfer.knowledge.codes import attributes_by_code
from kgtransfer.utils.data_paths import find_data

if TYPE_CHECKING:
    from pathlib import Path

    from kgtransfer.images.config import BackboneConfig
    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.data.folder import Images
    from kgtransfer.images.sources.table import OpenedSource
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["OpenedAnnotations", "Settings", "annotated", "opened"]

SIDE = 32  # of the pixels that are read beside: nobody looks at them


class Settings(Section):
    """Where annotated images are, and what attributes are predicted from."""

    source: Literal["annotations"] = "annotations"
    data: str = "."  # a folder with labels.csv, or its name in the shared folder
    reads: Literal["measures", "features"] = "measures"  # of the ontology, or of the backbone


@dataclass(frozen=True)
class OpenedAnnotations:
    """Annotated training images, and what reads images; see `OpenedSource`.

    Attributes:
        images: those of the training split.
        base: reads them.
    """

    images: Images
    base: OpenedSource

    def on(self, graph: KnowledgeGraph, cache: Path | None = None) -> AnnotatedSource[Picture]:
        """Heads fitted to what the annotators wrote, as the ontology codes it.

        Raises:
            DataError: no column is an attribute of the ontology, or no image can be read.
        """
        known = annotated(graph, self.images)
        source = self.base.on(graph, cache)
        read = ImageReader(source, SIDE, cache)(known)
        return AnnotatedSource(source, read.readings, read.images.columns)

    def save(self, folder: Path) -> None:
        """What the base keeps; annotated images are found again where they were."""
        self.base.save(folder)


def annotated(graph: KnowledgeGraph, images: Images) -> Images:
    """Images -> those with an entry in every column that is an attribute of the ontology.

    Raises:
        DataError: there is none.
    """
    columns = [images.columns[name] for name in attributes_by_code(graph) if name in images.columns]
    rows = [row for row in range(len(images)) if all(column[row] for column in columns)]
    if not columns or not rows:
        raise DataError(
            f"{images.folder}: no training image has attributes that the ontology codes",
            cure="write columns of attributes, and kgt:codedAs with their names at the attributes",
        )
    return images.take(rows)


def opened(settings: Settings, backbone: BackboneConfig, run: Path | None) -> OpenedAnnotations:
    """See `SourceModule`.

    Raises:
        DataError: the data set is missing, or does not say which images are for training.
    """
    images = read_image_table(find_data(settings.data))
    if "train" not in images.columns.get("split", ()):
        raise DataError(
            f"{images.folder}: nothing says which annotated images may be learned from",
            cure="write a column split with train, val and test: attributes of images that are "
            "scored stay unseen",
        )
    base: OpenedSource = (
        measures.opened(measures.Settings(), backbone, run)
        if settings.reads == "measures"
        else text.opened(text.Settings(), backbone, run)
    )
    return OpenedAnnotations(images.where("split", "train"), base)
