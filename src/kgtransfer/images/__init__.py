"""The kind of sample that is an image."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kgtransfer.images.backbone import VisionBackbone as VisionBackbone
    from kgtransfer.images.cells.measurer import CellMeasurer as CellMeasurer
    from kgtransfer.images.fine_tuning import FineTuning as FineTuning
    from kgtransfer.images.measurer import ImageMeasurer as ImageMeasurer
    from kgtransfer.images.scenes.measurer import SceneMeasurer as SceneMeasurer
    from kgtransfer.images.synsets import SynsetGrounder as SynsetGrounder

_HOME = {
    "CellMeasurer": "kgtransfer.images.cells.measurer",
    "FineTuning": "kgtransfer.images.fine_tuning",
    "ImageMeasurer": "kgtransfer.images.measurer",
    "SceneMeasurer": "kgtransfer.images.scenes.measurer",
    "SynsetGrounder": "kgtransfer.images.synsets",
    "VisionBackbone": "kgtransfer.images.backbone",
}

__all__ = [*_HOME]  # noqa: PLE0604  # the names are strings


def __getattr__(name: str) -> Any:
    """Load a public name on first use (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOME[name]), name)
    return value
