"""The kind of sample that is an image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.utils.lazy import lazy_names

if TYPE_CHECKING:
    from kgtransfer.images.arms import ImageMethod as ImageMethod
    from kgtransfer.images.backbone import VisionBackbone as VisionBackbone
    from kgtransfer.images.cells.measurer import CellMeasurer as CellMeasurer
    from kgtransfer.images.exported.module import ImageModule as ImageModule
    from kgtransfer.images.fine_tuning import FineTuning as FineTuning
    from kgtransfer.images.measurer import ImageMeasurer as ImageMeasurer
    from kgtransfer.images.measures.measurer import GenericMeasurer as GenericMeasurer
    from kgtransfer.images.scenes.measurer import SceneMeasurer as SceneMeasurer
    from kgtransfer.images.synsets.head import SynsetGrounder as SynsetGrounder
    from kgtransfer.images.synsets.prior import synset_prior as synset_prior
    from kgtransfer.images.synsets.source import SynsetSource as SynsetSource
    from kgtransfer.images.texts.model import TextImageMap as TextImageMap
    from kgtransfer.images.texts.model import text_scores as text_scores
    from kgtransfer.images.texts.pretrained import PretrainedImageTexts as PretrainedImageTexts
    from kgtransfer.images.texts.source import TextSource as TextSource

_HOME = {
    "CellMeasurer": "kgtransfer.images.cells.measurer",
    "GenericMeasurer": "kgtransfer.images.measures.measurer",
    "FineTuning": "kgtransfer.images.fine_tuning",
    "ImageModule": "kgtransfer.images.exported.module",
    "ImageMeasurer": "kgtransfer.images.measurer",
    "ImageMethod": "kgtransfer.images.arms",
    "SceneMeasurer": "kgtransfer.images.scenes.measurer",
    "SynsetGrounder": "kgtransfer.images.synsets.head",
    "SynsetSource": "kgtransfer.images.synsets.source",
    "PretrainedImageTexts": "kgtransfer.images.texts.pretrained",
    "TextImageMap": "kgtransfer.images.texts.model",
    "TextSource": "kgtransfer.images.texts.source",
    "VisionBackbone": "kgtransfer.images.backbone",
    "synset_prior": "kgtransfer.images.synsets.prior",
    "text_scores": "kgtransfer.images.texts.model",
}

__all__ = [*_HOME]  # noqa: PLE0604  # the names are strings
__getattr__ = lazy_names(__name__, _HOME)
