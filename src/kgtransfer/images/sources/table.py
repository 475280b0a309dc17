"""The sources of grounding that settings can name, and `[[grounding]]` tables -> one source."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

from kgtransfer.grounding.combined import combined

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kgtransfer.config.reading import Section
    from kgtransfer.grounding.source import Source
    from kgtransfer.images.config import BackboneConfig
    from kgtransfer.images.data.decode import Picture
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = [
    "DEFAULT",
    "SOURCES",
    "ConfiguredSources",
    "OpenedSource",
    "SourceModule",
    "open_sources",
    "source_module",
]

#: Name of a source, as `[[grounding]]` tables say it -> the module that has what `SourceModule`
#: says; it is imported when it is asked for the first time.
SOURCES = {
    "measures": "kgtransfer.images.sources.measures",
    "synsets": "kgtransfer.images.sources.synsets",
    "text": "kgtransfer.images.sources.text",
    "annotations": "kgtransfer.images.sources.annotations",
}


DEFAULT = "measures"


class OpenedSource(Protocol):
    """What a `[[grounding]]` table names, found and allowed to run: ready for any ontology."""

    def on(self, graph: KnowledgeGraph, cache: Path | None = None) -> Source[Picture]:
        """The source on an ontology.

        Args:
            graph: the ontology.
            cache: folder of what was read before; None keeps nothing.
        """
        ...

    def save(self, folder: Path) -> None:
        """Keep with a run what it cannot be opened without."""
        ...


class SourceModule(Protocol):
    """A module of a source: its settings, and how it is opened."""

    @property
    def Settings(self) -> type[Section]:  # noqa: N802  # a class of the module
        """Of a `[[grounding]]` table; its field `source` is the name."""
        ...

    def opened(self, settings: Any, backbone: BackboneConfig, run: Path | None) -> OpenedSource:
        """Find what settings name, and refuse what may not run, before anything is slow.

        Args:
            settings: of the table.
            backbone: of the run, whose model a source may read with.
            run: folder of the run that the settings are read back from; it may keep files.
        """
        ...


@dataclass(frozen=True)
class ConfiguredSources:
    """All sources of a run, side by side; itself as an `OpenedSource` is.

    Attributes:
        parts: of the `[[grounding]]` tables, in their order.
    """

    parts: tuple[OpenedSource, ...]
    _made: dict[tuple[str, Path | None], Source[Picture]] = field(default_factory=dict, repr=False)

    def on(self, graph: KnowledgeGraph, cache: Path | None = None) -> Source[Picture]:
        """See `OpenedSource`; what was made for an ontology is taken again, and warns once."""
        made = (self._made.get((graph.hash, folder)) for folder in self._folders(graph, cache))
        source = next((source for source in made if source), None)
        if source is None:
            source = combined([part.on(graph, cache) for part in self.parts])
            self._made[graph.hash, cache] = source
        return source

    def _folders(self, graph: KnowledgeGraph, cache: Path | None) -> list[Path | None]:
        """Those that serve as a cache; any does where none is asked for."""
        return [cache] if cache else [folder for key, folder in self._made if key == graph.hash]

    def save(self, folder: Path) -> None:
        """See `OpenedSource`."""
        for part in self.parts:
            part.save(folder)


def source_module(name: str) -> SourceModule:
    """Name of a source -> its module.

    Raises:
        KeyError: there is none of that name.
    """
    return cast("SourceModule", import_module(SOURCES[name]))


def open_sources(
    tables: Sequence[Any], backbone: BackboneConfig, run: Path | None = None
) -> ConfiguredSources:
    """`[[grounding]]` tables -> what they name, found and allowed to run.

    Args:
        tables: settings, each of the `Settings` of its source; none means `measures`.
        backbone: of the run.
        run: folder of the run that they are read back from.

    Raises:
        CodeError: code of the user's own is not there, or may not run.
        DataError: a file is missing.
    """
    chosen = tables or [source_module(DEFAULT).Settings()]
    opened = [source_module(table.source).opened(table, backbone, run) for table in chosen]
    return ConfiguredSources(tuple(opened))


if TYPE_CHECKING:  # every module above is a `SourceModule`
    from kgtransfer.images.sources import annotations as annotations_module
    from kgtransfer.images.sources import measures, synsets, text

    _measures: SourceModule = measures
    _synsets: SourceModule = synsets
    _text: SourceModule = text
    _annotations: SourceModule = annotations_module
