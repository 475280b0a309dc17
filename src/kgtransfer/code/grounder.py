"""Functions -> the concepts around them in an API graph: their class, module, callers, ..."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from kgtransfer.code.graphs.api import API, readable
from kgtransfer.grounding.base import Grounding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["PATHS", "CodeGrounder", "Step"]


@dataclass(frozen=True)
class Step:
    """One step of a path: along a property or against it, to concepts of some classes only."""

    relation: str
    inverse: bool = False
    to: tuple[str, ...] = ()


_UP = Step("partOf")
_TO_CLASS = Step("partOf", to=("Class",))

PATHS: Mapping[str, tuple[Step, ...]] = {
    "class": (_TO_CLASS,),
    "module": (Step("partOf", to=("Module",)),),
    "module of class": (_TO_CLASS, Step("partOf", to=("Module",))),
    "superclasses": (_TO_CLASS, Step("extends")),
    "callers": (Step("calls", inverse=True),),
    "calls": (Step("calls"),),
    "parameters": (Step("hasParameter"),),
    "raises": (Step("raises"),),
    "siblings": (_UP, Step("partOf", inverse=True, to=("Method", "Function"))),
}


class _Named(Protocol):
    @property
    def iri(self) -> str: ...

    @property
    def name(self) -> str: ...


class CodeGrounder:
    """Grounds functions on the concepts that `paths` lead to from them.

    Args:
        graph: the API graph.
        concepts: IRIs of the concepts that may condition; the columns of groundings.
        masked: whether names are hidden; then no concept whose text holds the function's own
            name grounds it, since the condition would give the name away.
        paths: relation name -> steps through the graph.
    """

    def __init__(
        self,
        graph: KnowledgeGraph,
        concepts: Sequence[str],
        *,
        masked: bool = False,
        paths: Mapping[str, tuple[Step, ...]] = PATHS,
    ) -> None:
        self.graph, self.masked, self.paths = graph, masked, paths
        self.concepts: tuple[str, ...] = tuple(concepts)
        self.relations: tuple[str, ...] = tuple(paths)  # in the order of the grounding
        self._row_of = {iri: row for row, iri in enumerate(self.concepts)}
        self._texts: dict[str, str] = {}

    def ground(self, samples: Sequence[_Named]) -> Grounding:
        """The grounding `[samples, relations, concepts]` of functions, by their IRIs."""
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
            targets = self.graph.subjects(API + step.relation, start)
        else:
            targets = tuple(o.value for o in self.graph.objects(start, API + step.relation))
        for target in targets:
            if not step.to or self._kinds(target) & {API + kind for kind in step.to}:
                yield target

    def _kinds(self, iri: str) -> set[str]:
        return set(self.graph.types(iri))

    def _gives_away(self, iri: str, name: str) -> bool:
        if not self.masked:
            return False
        if iri not in self._texts:
            self._texts[iri] = f" {readable(self.graph.text(iri))} "
        return f" {readable(name)} " in self._texts[iri]
