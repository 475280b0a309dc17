"""`GenericMeasurer`: the measures that fit any image, kept by the images' content."""

from __future__ import annotations

from pathlib import Path

from kgtransfer.images.measurer import ImageMeasurer, digest_of_code
from kgtransfer.images.measures.table import MEASURES
from kgtransfer.images.measures.view import View

__all__ = ["GenericMeasurer"]

CODE = digest_of_code(Path(__file__).parent)


def GenericMeasurer(cache: str | Path | None = None) -> ImageMeasurer:  # noqa: N802  # makes one
    """The measurer of images of any kind: `ontology/image_measures.ttl` says what it measures.

    Args:
        cache: see `ImageMeasurer`.
    """
    return ImageMeasurer(MEASURES, cache, prepare=View, code=CODE)
