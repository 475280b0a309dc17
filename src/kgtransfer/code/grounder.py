"""Code -> the concepts around it in its graph: class, module, callers; tables; commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from kgtransfer.code.graphs.api import readable
from kgtransfer.code.verbalisers.functions import FUNCTIONS
from kgtransfer.grounding.base import Grounding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kgtransfer.code.verbalisers.base import Step, Verbaliser
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["CodeGrounder"]


class _Named(Protocol):
    @property
    def iri(self) -> str: ...

    @property
    def name(self) -> str: ...


class CodeGrounder:
    """Grounds code on the concepts that the paths of its kind lead to from it.

    Args:
        graph: the API graph, or that of another kind of code.
        concepts: IRIs of the concepts that may condition; the columns of groundings.
        masked: whether names are hidden; then no concept whose text holds the function's own
            name grounds it, since the condition would give the name away.
        verbaliser: says the paths, by relation.
    """

    def __init__(
        self,
        graph: KnowledgeGraph,
        concepts: Sequence[str],
        *,
        masked: bool = False,
        verbaliser: Verbaliser = FUNCTIONS,
    ) -> None:
        self.graph, self.masked = graph, masked
        self.paths, self.namespace = verbaliser.paths, verbaliser.namespace
        self.concepts: tuple[str, ...] = tuple(concepts)
        self.relations: tuple[str, ...] = tuple(self.paths)  # in the order of the grounding
        self._row_of = {iri: row for row, iri in enumerate(self.concepts)}
        self._texts: dict[str, str] = {}

    def ground(self, samples: Sequence[_Named]) -> Grounding:
        """The grounding `[samples, relations, concepts]` of pieces of code, by their IRIs."""
        rows = [
            {name: self._rows(sample, steps) for name, steps in self.paths.items()}
            for sample in samples
        ]
        return Grounding.from_lists(self.concepts, self.relations, rows)

    def _rows(self, sample: _Named, steps: tuple[Step, ...]) -> list[int]:
        reached: Iterable[str] = (sample.iri,)
        for step in steps:
            reached = dict.fromkeys(iri for start in reached for iri in self._follow(start, step))
        return [
            self._row_of[iri]
            for iri in reached
            if iri in self._row_of and iri != sample.iri and not self._gives_away(iri, sample.name)
        ]

    def _follow(self, start: str, step: Step) -> Iterator[str]:
        if step.inverse:
            targets = self.graph.subjects(self.namespace + step.relation, start)
        else:
            targets = self.graph.named(start, self.namespace + step.relation)
        for target in targets:
            if not step.to or self._kinds(target) & {self.namespace + kind for kind in step.to}:
                yield target

    def _kinds(self, iri: str) -> set[str]:
        return set(self.graph.types(iri))

    def _gives_away(self, iri: str, name: str) -> bool:
        if not self.masked:
            return False
        if iri not in self._texts:
            self._texts[iri] = f" {readable(self.graph.text(iri))} "
        return f" {readable(name)} " in self._texts[iri]
