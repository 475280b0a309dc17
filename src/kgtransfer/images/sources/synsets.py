"""The source `synsets`: what a head that was trained on ImageNet names, through WordNet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from kgtransfer.config.reading import Section
from kgtransfer.images.synsets.head import SynsetGrounder
from kgtransfer.images.synsets.source import SynsetSource
from kgtransfer.knowledge.wordnet import read_wordnet
from kgtransfer.utils.data_paths import find_data

if TYPE_CHECKING:
    from pathlib import Path

    from kgtransfer.images.backbone import VisionBackbone
    from kgtransfer.images.config import BackboneConfig
    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.knowledge.wordnet import WordNet

__all__ = ["OpenedSynsets", "Settings", "opened"]


class Settings(Section):
    """The head, and where WordNet is."""

    source: Literal["synsets"] = "synsets"
    wordnet: str = "wordnet30_nouns"  # a table of nouns: its path, or name in the shared folder
    size: int = Field(default=160, ge=32, le=2_048)  # side of the images that the head is shown
    backbone: str = ""  # a timm model with a head of ImageNet's classes; that of the run
    weights: str = ""  # of that model: a file; found by its name


@dataclass(frozen=True)
class OpenedSynsets:
    """A model and a table that are there; see `OpenedSource`."""

    backbone: VisionBackbone
    size: int
    table: Path

    def on(self, graph: KnowledgeGraph, cache: Path | None = None) -> SynsetSource:
        """The head and WordNet on an ontology.

        Raises:
            DataError: the head is none of ImageNet's, or the table is none of WordNet's nouns.
        """
        return SynsetSource(graph, self._wordnet, self._head)

    def save(self, folder: Path) -> None:
        """Nothing: the model and WordNet are found again where they were."""

    @cached_property
    def _head(self) -> SynsetGrounder:
        return SynsetGrounder(self.backbone, size=self.size)

    @cached_property
    def _wordnet(self) -> WordNet:
        return read_wordnet(self.table)


def opened(settings: Settings, backbone: BackboneConfig, run: Path | None) -> OpenedSynsets:  # noqa: ARG001
    """See `SourceModule`.

    Raises:
        ConfigError: timm has no such model, or several files could be its weights.
        DataError: the weights or the table are not to be had.
    """
    from kgtransfer.images.backbone import VisionBackbone

    name = settings.backbone or backbone.name
    weights = settings.weights or ("" if settings.backbone else backbone.weights)
    table = find_data(settings.wordnet, "ontology")
    return OpenedSynsets(VisionBackbone.named(name, weights=weights), settings.size, table)
