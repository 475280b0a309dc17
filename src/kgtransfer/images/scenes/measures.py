"""The measures of scenes by the IRIs that `ontology/land_cover.ttl` gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.images.scenes import cover, objects, pattern, structure, tone

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kgtransfer.images.scenes.scene import Scene

__all__ = ["MEASURES"]

LC = "https://w3id.org/kgtransfer/land-cover#"

MEASURES: Mapping[str, Callable[[Scene], float]] = {
    LC + "darkGreenShare": tone.dark_green_share,
    LC + "lightGreenShare": tone.light_green_share,
    LC + "brownShare": tone.brown_share,
    LC + "tanShare": tone.tan_share,
    LC + "greyShare": tone.grey_share,
    LC + "darkBlueShare": tone.dark_blue_share,
    LC + "whiteShare": tone.white_share,
    LC + "localContrast": structure.local_contrast,
    LC + "edgeShare": structure.edge_share,
    LC + "straightEdgeShare": structure.straight_edge_share,
    LC + "directionShare": structure.direction_share,
    LC + "repetition": pattern.repetition,
    LC + "vegetationShare": cover.vegetation_share,
    LC + "waterShare": cover.water_share,
    LC + "builtUpShare": cover.built_up_share,
    LC + "shadowShare": cover.shadow_share,
    LC + "largestSegmentShare": cover.largest_segment_share,
    LC + "objectCount": objects.object_count,
    LC + "objectSize": objects.object_size,
    LC + "circleShare": objects.circle_share,
}
"""Measure -> function; not a number where a scene does not have what is measured."""
