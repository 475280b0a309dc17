"""One image file -> a picture of what was found in it, and the weights of its concepts."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from kgtransfer.errors import ConfigError, DataError
from kgtransfer.grounding.combined import parts_of
from kgtransfer.images.config import BackboneConfig
from kgtransfer.images.data.decode import read_picture
from kgtransfer.images.data.folder import image_files
from kgtransfer.images.drawing import DrawingMeasurer, draw_grounded, grounded_values
from kgtransfer.images.sources.table import DEFAULT, SOURCES, open_sources, source_module
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.report.style import png
from kgtransfer.runs.output import Output
from kgtransfer.utils.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kgtransfer.config.reading import Section
    from kgtransfer.grounding.source import Source
    from kgtransfer.images.data.decode import Picture

__all__ = ["ground"]


def ground(
    sample: Path,
    ontology: Sequence[Path],
    *,
    like: Path | None,
    out: Path | None,
    measures: str = "",
    sources: Sequence[str] = (),
) -> Output:
    """Image -> its concepts with their weights; the picture is written.

    Args:
        sample: file of the image.
        ontology: files; the measures that their concepts have say what kind of images it is about.
        like: folder of images from the same source: they tell what is usual there.
        out: file of the picture; by default beside the image.
        measures: code of the user's own that measures; empty for none.
        sources: names of sources of grounding, keys of `SOURCES`; measures by default.

    Raises:
        CodeError: the user's code is not there, may not run, or fails.
        ConfigError: there is no such source, or none that takes the user's measures.
        DataError: the image cannot be read, or what is measured is not in it.
        OntologyError: no measurer computes any of the ontology's measures.
    """
    opened = open_sources(_tables(sources, measures), BackboneConfig())
    image, graph = _read(sample), read_ontology(*ontology)
    source = opened.on(graph)
    areas = _areas(sample, image, source)
    pictures = [_read(file) for file in image_files(like)] if like else []
    usual = source.usual(source.read(pictures)) if like else {}
    values = grounded_values(source, image, usual)
    drawn = out or sample.with_suffix(".grounded.png")
    write_atomically(drawn, png(draw_grounded(source, image, usual)))
    lines = []
    for attribute in dict.fromkeys(value.attribute for value in values):
        best = max((v for v in values if v.attribute == attribute), key=lambda v: v.weight)
        measured = f" ({best.measured})" if best.measured else ""
        lines.append(f"{attribute}: {best.label} {best.weight:.2f}{measured}")
    concepts = [asdict(value) for value in values]
    return Output(
        {"picture": drawn, "share": areas, "concepts": concepts}, (*lines, f"picture: {drawn}")
    )


def _tables(sources: Sequence[str], measures: str) -> list[Section]:
    """Names of sources -> their settings, the user's measures among those of `measures`."""
    if unknown := [name for name in sources if name not in SOURCES]:
        raise ConfigError(f"no source {unknown[0]!r}", cure=f"sources are: {', '.join(SOURCES)}")
    chosen = dict.fromkeys(sources or (DEFAULT,))
    if measures and DEFAULT not in chosen:
        raise ConfigError(
            f"measures of your own belong to the source {DEFAULT}, which is not among those named",
            cure=f"add --source {DEFAULT}",
        )
    code = {DEFAULT: {"code": measures}}
    return [source_module(name).Settings(**code.get(name, {})) for name in chosen]


def _areas(file: Path, image: Picture, source: Source[Picture]) -> dict[str, float]:
    """Shares of the image that are what measurers find; none where none says."""
    measurers = (getattr(part, "measurer", None) for part in parts_of(source))
    try:
        return {
            name: area
            for measurer in measurers
            if isinstance(measurer, DrawingMeasurer)
            for name, area in measurer.areas(image).items()
        }
    except DataError as error:
        raise DataError(f"{file}: {error.message}", cure=error.cure) from error


def _read(file: Path) -> Picture:
    """An image as RGB of 8 bits."""
    try:
        return read_picture(file.read_bytes(), str(file))
    except OSError as error:
        raise DataError(f"{file}: cannot be read ({error.strerror})") from error
