"""An edit of a run's ontology: both sides under the same names, and the settings that follow."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kgtransfer.classification.targets import Targets
from kgtransfer.knowledge.axioms import axioms_of
from kgtransfer.knowledge.codes import codes_with_classes
from kgtransfer.knowledge.diff.diff import diff
from kgtransfer.knowledge.diff.renames import renamed, renames

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kgtransfer.images.config import VisionConfig
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
        labels: all that the run's data set writes.
        old_config: settings of the run.
    """

    original: KnowledgeGraph
    before: KnowledgeGraph
    after: KnowledgeGraph
    names: Mapping[str, str]
    labels: tuple[str, ...]
    old_config: VisionConfig

    @classmethod
    def of(
        cls,
        before: KnowledgeGraph,
        after: KnowledgeGraph,
        labels: Iterable[str],
        config: VisionConfig,
    ) -> Edit:
        """The edit between two ontologies.

        Args:
            before: the ontology of the run.
            after: the edited one.
            labels: all that the run's data set writes.
            config: settings of the run.
        """
        names = renames(before, after)
        return cls(before, renamed(before, names), after, names, tuple(labels), config)

    @cached_property
    def diff(self) -> Diff:
        """What was edited."""
        return diff(self.original, self.after)

    def renamed(self, iris: Iterable[str]) -> tuple[str, ...]:
        """Old IRIs under their new names."""
        return tuple(self.names.get(iri, iri) for iri in iris)

    @property
    def settings(self) -> dict[str, Any]:
        """Settings of the data that the edit changes: what it no longer, or newly, describes."""
        before, after = self.old_config.data, self.config.data
        return {
            f"data.{name}": list(getattr(after, name))
            for name in ("ignored", "more_classes")
            if getattr(before, name) != getattr(after, name)
        }

    @cached_property
    def config(self) -> VisionConfig:
        """The run's settings after the edit.

        A label whose class is gone is left out of the data, one whose class came back is taken
        in; a class that came, of no data set's label, is told apart by its axioms.
        """
        config = self.old_config
        known = codes_with_classes(self.after, self.labels)
        ignored = tuple(label for label in self.labels if label not in known)
        names = {self.before.expand(name): name for name in config.data.more_classes}
        kept = [self.names.get(iri, iri) for iri in names if self._is_class(iri)]
        more = tuple(self.after.compact(iri) for iri in (*kept, *self._new_classes()))
        data = config.data.model_copy(update={"ignored": ignored, "more_classes": more})
        return config.model_copy(update={"data": data})

    def _is_class(self, iri: str) -> bool:
        return self.names.get(iri, iri) in self.after.rows

    def _new_classes(self) -> list[str]:
        """Added classes beside those that are told apart, with facts of their own."""
        targets = Targets.of(self.after, codes_with_classes(self.after, self.labels)).classes
        above = {cls: set(self.after.ancestors(cls)) for cls in targets}
        shared = set.intersection(*above.values()) if above else set()
        nearest = {cls for cls in shared if not shared & set(self.after.subclasses(cls))}
        axioms = axioms_of(self.after)
        return [
            concept.iri
            for concept in self.diff.added
            if concept.iri not in targets
            and nearest & set(self.after.ancestors(concept.iri))
            and not set(targets) & {*self.after.ancestors(concept.iri)}
            and not set(targets) & {*self.after.subclasses(concept.iri)}
            and axioms.facts(concept.iri, inherited=False)
        ]
