"""One image file -> a picture of what was found in it, and the weights of its concepts."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from kgtransfer.errors import DataError
from kgtransfer.grounding.measured import MeasuredGrounder
from kgtransfer.images.data.decode import read_picture
from kgtransfer.images.data.folder import image_files
from kgtransfer.images.drawing import DrawingMeasurer, draw_grounded, grounded_values
from kgtransfer.images.measurers import measurer_for
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.report.style import png
from kgtransfer.runs.output import Output
from kgtransfer.utils.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kgtransfer.images.data.decode import Picture

__all__ = ["ground"]


def ground(
    sample: Path, ontology: Sequence[Path], *, like: Path | None, out: Path | None
) -> Output:
    """Image -> its concepts with their weights; the picture is written.

    Args:
        sample: file of the image.
        ontology: files; the measures that their concepts have say what kind of images it is about.
        like: folder of images from the same source: they tell what is usual there.
        out: file of the picture; by default beside the image.

    Raises:
        DataError: the image cannot be read, or what is measured is not in it.
        OntologyError: no measurer computes any of the ontology's measures.
    """
    image, graph = _read(sample), read_ontology(*ontology)
    grounder: MeasuredGrounder[Picture] = MeasuredGrounder(graph, measurer_for(graph))
    areas = _areas(sample, image, grounder.measurer)
    if like:
        grounder = grounder.fitted([_read(file) for file in image_files(like)])
    values = grounded_values(grounder, image)
    drawn = out or sample.with_suffix(".grounded.png")
    write_atomically(drawn, png(draw_grounded(grounder, image)))
    lines = []
    for attribute in dict.fromkeys(value.attribute for value in values):
        best = max((v for v in values if v.attribute == attribute), key=lambda v: v.weight)
        lines.append(f"{attribute}: {best.label} {best.weight:.2f} ({best.measured})")
    concepts = [asdict(value) for value in values]
    return Output(
        {"picture": drawn, "share": areas, "concepts": concepts}, (*lines, f"picture: {drawn}")
    )


def _areas(file: Path, image: Picture, measurer: object) -> dict[str, float]:
    """Shares of the image that are what its measurer finds; none where it does not say."""
    if not isinstance(measurer, DrawingMeasurer):
        return {}
    try:
        return measurer.areas(image)
    except DataError as error:
        raise DataError(f"{file}: {error.message}", cure=error.cure) from error


def _read(file: Path) -> Picture:
    """An image as RGB of 8 bits."""
    try:
        return read_picture(file.read_bytes(), str(file))
    except OSError as error:
        raise DataError(f"{file}: cannot be read ({error.strerror})") from error
