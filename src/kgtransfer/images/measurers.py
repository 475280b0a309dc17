"""Ontology -> the measurer of its kind of images: the measures that it names say which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.errors import OntologyError
from kgtransfer.grounding.thresholds import measured_concepts
from kgtransfer.images.cells.measurer import CellMeasurer
from kgtransfer.images.measures.measurer import GenericMeasurer
from kgtransfer.images.scenes.measurer import SceneMeasurer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kgtransfer.images.measurer import ImageMeasurer
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["measurer_for"]

MEASURERS: tuple[Callable[[str | Path | None], ImageMeasurer], ...] = (
    CellMeasurer,
    SceneMeasurer,
    GenericMeasurer,
)
"""A further kind of images is one entry here."""


def measurer_for(graph: KnowledgeGraph, cache: str | Path | None = None) -> ImageMeasurer:
    """The measurer that computes most of the measures which an ontology's concepts have.

    Args:
        graph: the ontology.
        cache: a file to keep measures in.

    Raises:
        OntologyError: no measurer computes any of them.
    """
    named = {rule.measure for rule in measured_concepts(graph)}
    makers = {maker: named & {*maker(None).measures} for maker in MEASURERS}
    best = max(makers, key=lambda maker: len(makers[maker]))
    if not makers[best]:
        raise OntologyError(
            "the ontology names no measure of an image that can be computed",
            cure="write kgt:measuredBy with measures of ontology/image_measures.ttl (any image), "
            "of ontology/wbc.ttl (cells) or of ontology/land_cover.ttl (scenes from above)",
        )
    return best(cache)
