"""The measures that fit any image, by the IRIs that `ontology/image_measures.ttl` gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.images.measures import (
    colour,
    contrast,
    lightness,
    objects,
    orientation,
    periodicity,
    shape,
    strokes,
    symmetry,
    texture,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kgtransfer.images.measures.view import View

__all__ = ["IMG", "MEASURES"]

IMG = "https://w3id.org/kgtransfer/image-measures#"

MEASURES: Mapping[str, Callable[[View], float]] = {
    IMG + "redShare": colour.red_share,
    IMG + "orangeShare": colour.orange_share,
    IMG + "yellowShare": colour.yellow_share,
    IMG + "greenShare": colour.green_share,
    IMG + "cyanShare": colour.cyan_share,
    IMG + "blueShare": colour.blue_share,
    IMG + "violetShare": colour.violet_share,
    IMG + "greyShare": colour.grey_share,
    IMG + "vividShare": colour.vivid_share,
    IMG + "chroma": colour.chroma,
    IMG + "warmth": colour.warmth,
    IMG + "colourCount": colour.colour_count,
    IMG + "darkShare": lightness.dark_share,
    IMG + "middleShare": lightness.middle_share,
    IMG + "brightShare": lightness.bright_share,
    IMG + "lightness": lightness.lightness,
    IMG + "lightnessSpread": lightness.lightness_spread,
    IMG + "lightnessEntropy": lightness.lightness_entropy,
    IMG + "upperBrightness": lightness.upper_brightness,
    IMG + "globalContrast": contrast.global_contrast,
    IMG + "localContrast": contrast.local_contrast,
    IMG + "centreContrast": contrast.centre_contrast,
    IMG + "sharpness": contrast.sharpness,
    IMG + "blur": contrast.blur,
    IMG + "noise": contrast.noise,
    IMG + "coarseness": texture.coarseness,
    IMG + "glcmHomogeneity": texture.homogeneity,
    IMG + "glcmEnergy": texture.energy,
    IMG + "glcmContrast": texture.glcm_contrast,
    IMG + "glcmCorrelation": texture.correlation,
    IMG + "glcmFarCorrelation": texture.far_correlation,
    IMG + "lbpEntropy": texture.lbp_entropy,
    IMG + "fineDetail": texture.fine_detail,
    IMG + "middleDetail": texture.middle_detail,
    IMG + "coarseDetail": texture.coarse_detail,
    IMG + "orientationStrength": orientation.orientation_strength,
    IMG + "horizontalShare": orientation.horizontal_share,
    IMG + "verticalShare": orientation.vertical_share,
    IMG + "diagonalShare": orientation.diagonal_share,
    IMG + "rightAngleShare": orientation.right_angle_share,
    IMG + "edgeShare": orientation.edge_share,
    IMG + "straightEdgeShare": orientation.straight_edge_share,
    IMG + "leftRightSymmetry": symmetry.left_right_symmetry,
    IMG + "upDownSymmetry": symmetry.up_down_symmetry,
    IMG + "halfTurnSymmetry": symmetry.half_turn_symmetry,
    IMG + "periodicity": periodicity.periodicity,
    IMG + "period": periodicity.period,
    IMG + "foregroundShare": objects.foreground_share,
    IMG + "foregroundContrast": objects.foreground_contrast,
    IMG + "foregroundSpread": objects.foreground_spread,
    IMG + "centreOffset": objects.centre_offset,
    IMG + "upperBalance": objects.upper_balance,
    IMG + "leftBalance": objects.left_balance,
    IMG + "objectCount": objects.object_count,
    IMG + "objectSize": objects.object_size,
    IMG + "objectSizeSpread": objects.object_size_spread,
    IMG + "cutOffShare": objects.cut_off_share,
    IMG + "largestObjectShare": shape.largest_object_share,
    IMG + "holeCount": shape.hole_count,
    IMG + "holeShare": shape.hole_share,
    IMG + "solidity": shape.solidity,
    IMG + "circularity": shape.circularity,
    IMG + "elongation": shape.elongation,
    IMG + "eccentricity": shape.eccentricity,
    IMG + "extent": shape.extent,
    IMG + "rectangularity": shape.rectangularity,
    IMG + "aspectRatio": shape.aspect_ratio,
    IMG + "tilt": shape.tilt,
    IMG + "strokeWidth": strokes.stroke_width,
    IMG + "strokeWidthSpread": strokes.stroke_width_spread,
    IMG + "endPointCount": strokes.end_point_count,
    IMG + "branchPointCount": strokes.branch_point_count,
}
"""Measure -> function; not a number where an image does not have what is measured."""
