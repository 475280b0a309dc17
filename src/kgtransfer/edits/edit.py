"""An edit of a run's ontology: both sides under the same names, and what it says differently."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kgtransfer.knowledge.diff.diff import diff
from kgtransfer.knowledge.diff.renames import renamed, renames

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kgtransfer.knowledge.diff.differences import Diff
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["Edit"]


@dataclass(frozen=True)
class Edit:
    """What became of an ontology.

    Attributes:
        original: the ontology of the run.
        before: the same, its concepts under the names that they have now.
        after: the edited one.
        names: old IRI -> new IRI of the concepts that were renamed.
    """

    original: KnowledgeGraph
    before: KnowledgeGraph
    after: KnowledgeGraph
    names: Mapping[str, str]

    @classmethod
    def of(
        cls,
        original: KnowledgeGraph,
        after: KnowledgeGraph,
        names: Mapping[str, str] | None = None,
    ) -> Edit:
        """The ontology of a run, and the edited one -> the edit between them.

        Args:
            original: the ontology of the run.
            after: the edited one.
            names: old IRI -> new IRI of what is known to be the same, beside what they say.
        """
        names = {**(names or {}), **renames(original, after)}
        return cls(original, renamed(original, names), after, names)

    @cached_property
    def diff(self) -> Diff:
        """What was edited."""
        return diff(self.original, self.after)

    def renamed(self, iris: Iterable[str]) -> tuple[str, ...]:
        """Old IRIs under their new names."""
        return tuple(self.names.get(iri, iri) for iri in iris)
