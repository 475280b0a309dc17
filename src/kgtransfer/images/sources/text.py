"""The source `text`: what concepts are called, by a classifier opened to words or a CLIP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from kgtransfer.config.reading import Section
from kgtransfer.errors import OntologyError
from kgtransfer.images.texts.source import TextSource
from kgtransfer.knowledge.axioms.facts import attributes

if TYPE_CHECKING:
    from pathlib import Path

    from kgtransfer.images.backbone import VisionBackbone
    from kgtransfer.images.config import BackboneConfig
    from kgtransfer.images.texts.model import ImageTextModel
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["OpenedText", "Settings", "opened"]


class Settings(Section):
    """The model that scores images by texts, and what is found by it."""

    source: Literal["text"] = "text"
    model: str = ""  # a CLIP or SigLIP, its hub name or folder; empty: the classifier, opened
    encoder: str = "minilm"  # of sentences, for the classifier: a bundled name, or a folder
    size: int = Field(default=160, ge=32, le=2_048)  # side of the images that it is shown
    backbone: str = ""  # a timm model with a head of ImageNet's classes; that of the run
    weights: str = ""  # of that model: a file; found by its name
    attributes: tuple[str, ...] | Literal["unmeasured", "all"] = "unmeasured"  # IRIs, or pfx:Name


@dataclass(frozen=True)
class OpenedText:
    """A model that is there; see `OpenedSource`.

    Attributes:
        settings: of the table.
        backbone: the classifier; None where the settings name a model of images and texts.
    """

    settings: Settings
    backbone: VisionBackbone | None

    def on(self, graph: KnowledgeGraph, cache: Path | None = None) -> TextSource:
        """The source on an ontology.

        Raises:
            DataError: the head is none of ImageNet's, or a model cannot be read.
            OntologyError: the ontology has no such attribute.
        """
        return TextSource(graph, self._texts(cache), self._attributes(graph))

    def save(self, folder: Path) -> None:
        """Nothing: the models are found again where they were."""

    def _texts(self, cache: Path | None) -> ImageTextModel:
        if self.backbone is None:
            from kgtransfer.images.texts.pretrained import PretrainedImageTexts

            return PretrainedImageTexts(self.settings.model)
        from kgtransfer.images.texts.model import TextImageMap

        size, encoder = self.settings.size, self.settings.encoder
        return TextImageMap(self.backbone, text=encoder, size=size, cache=cache)

    def _attributes(self, graph: KnowledgeGraph) -> tuple[str, ...] | None:
        named, known = self.settings.attributes, attributes(graph)
        if isinstance(named, str):
            return tuple(known) if named == "all" else None
        chosen = tuple(graph.expand(name) for name in named)
        if unknown := [iri for iri in chosen if iri not in known]:
            raise OntologyError(
                f"{graph.compact(unknown[0])} is no attribute of the ontology",
                cure=f"attributes are: {', '.join(sorted(map(graph.compact, known)))}",
            )
        return chosen


def opened(settings: Settings, backbone: BackboneConfig, run: Path | None) -> OpenedText:  # noqa: ARG001
    """See `SourceModule`.

    Raises:
        ConfigError: timm has no such model, or several files could be its weights.
        DataError: the weights are not to be had.
    """
    from kgtransfer.images.backbone import VisionBackbone

    if settings.model:
        return OpenedText(settings, None)
    name = settings.backbone or backbone.name
    weights = settings.weights or ("" if settings.backbone else backbone.weights)
    return OpenedText(settings, VisionBackbone.named(name, weights=weights))
