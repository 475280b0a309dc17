"""The source `measures`: what the ontology names of ours, and the user's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import PrivateAttr

from kgtransfer.config.reading import Origin, Section
from kgtransfer.grounding.measured import MeasuredGrounder
from kgtransfer.images.own_measures import own_measures

if TYPE_CHECKING:
    from pathlib import Path

    from kgtransfer.images.config import BackboneConfig
    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.own_measures import OwnMeasures
    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.trust import NamedBy

__all__ = ["OpenedMeasures", "Settings", "opened"]

KEPT = "measures.jsonl"  # inside the cache


class Settings(Section):
    """What measures images beside kgtransfer itself."""

    source: Literal["measures"] = "measures"
    code: str = ""  # a file of yours, FILE:NAME, or an entry point kgtransfer.measures:NAME
    _named_by: NamedBy = PrivateAttr("command line")

    def model_post_init(self, context: Any) -> None:
        """Note who names the code: the file that is read, or who reads it."""
        if isinstance(context, Origin) and not context.overrides("grounding"):
            self._named_by = context.path

    @property
    def named_by(self) -> NamedBy:
        """Who names the code; see `kgtransfer.trust.require_trust`."""
        return self._named_by


@dataclass(frozen=True)
class OpenedMeasures:
    """Measures that may be taken; see `OpenedSource`.

    Attributes:
        own: the user's own; None where there are none.
    """

    own: OwnMeasures | None

    def on(self, graph: KnowledgeGraph, cache: Path | None = None) -> MeasuredGrounder[Picture]:
        """The grounder of the measures that an ontology names.

        Warns:
            Unmeasured: nothing computes a measure that the ontology names.

        Raises:
            OntologyError: nothing computes any of them.
        """
        from kgtransfer.images.measurers import measurer_for

        kept = cache / KEPT if cache else None
        return MeasuredGrounder(graph, measurer_for(graph, kept, self.own))

    def save(self, folder: Path) -> None:
        """Keep the user's code with the run."""
        if self.own:
            self.own.save(folder)


def opened(settings: Settings, backbone: BackboneConfig, run: Path | None) -> OpenedMeasures:  # noqa: ARG001
    """See `SourceModule`.

    Raises:
        CodeError: the user's code is not there, or is neither trusted nor the user's own.
    """
    return OpenedMeasures(own_measures(settings.code, settings.named_by, run))
