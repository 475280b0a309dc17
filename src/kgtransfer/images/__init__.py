"""The kind of sample that is an image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.utils.lazy import lazy_names

if TYPE_CHECKING:
    from kgtransfer.images.arms import ImageMethod as ImageMethod
    from kgtransfer.images.backbone import VisionBackbone as VisionBackbone
    from kgtransfer.images.cells.measurer import CellMeasurer as CellMeasurer
    from kgtransfer.images.fine_tuning import FineTuning as FineTuning
    from kgtransfer.images.measurer import ImageMeasurer as ImageMeasurer
    from kgtransfer.images.measures.measurer import GenericMeasurer as GenericMeasurer
    from kgtransfer.images.scenes.measurer import SceneMeasurer as SceneMeasurer
    from kgtransfer.images.synset_prior import synset_prior as synset_prior
    from kgtransfer.images.synsets import SynsetGrounder as SynsetGrounder

_HOME = {
    "CellMeasurer": "kgtransfer.images.cells.measurer",
    "GenericMeasurer": "kgtransfer.images.measures.measurer",
    "FineTuning": "kgtransfer.images.fine_tuning",
    "ImageMeasurer": "kgtransfer.images.measurer",
    "ImageMethod": "kgtransfer.images.arms",
    "SceneMeasurer": "kgtransfer.images.scenes.measurer",
    "SynsetGrounder": "kgtransfer.images.synsets",
    "VisionBackbone": "kgtransfer.images.backbone",
    "synset_prior": "kgtransfer.images.synset_prior",
}

__all__ = [*_HOME]  # noqa: PLE0604  # the names are strings
__getattr__ = lazy_names(__name__, _HOME)
