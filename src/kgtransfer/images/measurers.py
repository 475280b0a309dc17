"""Ontology -> the measurers of what it names: those of kgtransfer and the user's own, as one."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.errors import OntologyError
from kgtransfer.grounding.thresholds import measured_concepts
from kgtransfer.images.cells.measurer import CellMeasurer
from kgtransfer.images.drawing import DrawingMeasurer, beside_bars
from kgtransfer.images.measures.measurer import GenericMeasurer
from kgtransfer.images.scenes.measurer import SceneMeasurer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy.typing as npt
    from matplotlib.figure import Figure

    from kgtransfer.grounding.measured import Measurer
    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.drawing import GroundedValue
    from kgtransfer.images.measurer import ImageMeasurer
    from kgtransfer.images.own_measures import OwnMeasures
    from kgtransfer.knowledge.graph import KnowledgeGraph

    Floats = npt.NDArray[np.float64]

__all__ = ["CombinedMeasurer", "measurer_for"]

MEASURERS: tuple[Callable[[str | Path | None], ImageMeasurer], ...] = (
    CellMeasurer,
    SceneMeasurer,
    GenericMeasurer,
)
"""A further kind of images is one entry here."""


def measurer_for(
    graph: KnowledgeGraph, cache: str | Path | None = None, own: OwnMeasures | None = None
) -> Measurer[Picture]:
    """All measurers that compute a measure which an ontology's concepts have, as one.

    Args:
        graph: the ontology.
        cache: a file to keep measures in.
        own: the user's code, which comes before ours where both compute a measure.

    Warns:
        Unmeasured: the ontology names none of the user's own measures.

    Raises:
        OntologyError: no measurer computes any of them.
        CodeError: the user's code fails, or takes no measures.
    """
    named = {rule.measure for rule in measured_concepts(graph)}
    parts: list[Measurer[Picture]] = [
        maker(cache) for maker in MEASURERS if named & {*maker(None).measures}
    ]
    if own:
        measurer = own.measurer(cache)
        if named & {*measurer.measures}:
            parts.append(measurer)
        else:
            own.warn_unnamed(", ".join(map(graph.compact, measurer.measures)))
    if not parts:
        raise OntologyError(
            "the ontology names no measure of an image that can be computed",
            cure="write kgt:measuredBy with measures of ontology/image_measures.ttl (any image), "
            "of ontology/wbc.ttl (cells), of ontology/land_cover.ttl (scenes from above), or "
            'with your own: [[grounding]] source = "measures", code = "my_measures.py"; or ground '
            'by a pre-trained head: [[grounding]] source = "synsets"',
        )
    return parts[0] if len(parts) == 1 else CombinedMeasurer(parts)


class CombinedMeasurer:
    """Several measurers as one: their columns side by side, each measure once.

    Args:
        parts: the measurers; of those that take the same measure the last one does.

    Attributes:
        measures: IRIs, in the order of the columns.
        code: digest of the code of all parts; empty where one has none.
    """

    def __init__(self, parts: Sequence[Measurer[Picture]]) -> None:
        owner = {iri: number for number, part in enumerate(parts) for iri in part.measures}
        self._parts = [
            (part, [c for c, iri in enumerate(part.measures) if owner[iri] == number])
            for number, part in enumerate(parts)
        ]
        self.measures = tuple(
            part.measures[column] for part, columns in self._parts for column in columns
        )
        codes = [getattr(part, "code", b"") for part in parts]
        self.code = hashlib.sha256(b"\n".join(codes)).digest() if all(codes) else b""

    def measure(self, samples: Sequence[Picture]) -> Floats:
        """See `Measurer`."""
        tables = [part.measure(samples)[:, columns] for part, columns in self._parts]
        return np.hstack(tables)

    def areas(self, image: Picture) -> dict[str, float]:
        """What the parts find in an image -> share of it."""
        drawing = [part for part, _ in self._parts if isinstance(part, DrawingMeasurer)]
        return {name: area for part in drawing for name, area in part.areas(image).items()}

    def draw(self, image: Picture, values: Sequence[GroundedValue]) -> Figure:
        """The image as the first part draws it, beside a bar for each value of all."""
        for part, _ in self._parts:
            if isinstance(part, DrawingMeasurer):
                return part.draw(image, values)
        figure, picture = beside_bars(values)
        picture.imshow(image)
        return figure
