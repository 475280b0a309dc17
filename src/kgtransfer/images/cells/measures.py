"""The measures of blood cells by the IRIs that `ontology/wbc.ttl` gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.images.cells import colour, shape, texture

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kgtransfer.images.cells.segmentation import SegmentedCell

__all__ = ["MEASURES"]

WBC = "https://w3id.org/kgtransfer/wbc#"

MEASURES: Mapping[str, Callable[[SegmentedCell], float]] = {
    WBC + "cellDiameter": shape.cell_diameter,
    WBC + "cellCircularity": shape.cell_circularity,
    WBC + "nucleusCytoplasmRatio": shape.nucleus_cytoplasm_ratio,
    WBC + "nucleusSolidity": shape.nucleus_solidity,
    WBC + "lobeCount": shape.lobe_count,
    WBC + "chromatinDensity": colour.chromatin_density,
    WBC + "nucleusBorderContrast": colour.nucleus_border_contrast,
    WBC + "basophilia": colour.basophilia,
    WBC + "cytoplasmDensity": colour.cytoplasm_density,
    WBC + "cytoplasmBlueness": colour.cytoplasm_blueness,
    WBC + "eosinExcess": colour.eosin_excess,
    WBC + "eosinophilia": colour.eosinophilia,
    WBC + "granuleContrast": texture.granule_contrast,
    WBC + "vacuoleShare": texture.vacuole_share,
}
"""Measure -> function; not a number where a cell does not have what is measured. The diameter is in
pixels: the ends that the ontology gives it, in micrometres, stand in for the size of a pixel."""
