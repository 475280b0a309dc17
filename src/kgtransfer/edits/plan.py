"""What an edit of an ontology makes stale, before anything is done about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from kgtransfer.utils.terminal import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from kgtransfer.edits.edit import Edit
    from kgtransfer.knowledge.diff.differences import Diff
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["Plan", "Stale", "View", "stale_parts"]

MOVED = 1e-6  # change of a weight that counts as one


@dataclass(frozen=True)
class View:
    """What an ontology makes of a run's data sets.

    Attributes:
        weights: name of a data set -> IRI of a concept -> how strongly each sample shows it.
        axioms: IRI of a class -> (attribute, value) -> what the axioms say of it.
        labels: that are told apart.
        readings: name of a data set -> the text that each sample is read as, where that depends on
            the ontology.
    """

    weights: Mapping[str, Mapping[str, npt.NDArray[np.float64]]]
    axioms: Mapping[str, Mapping[tuple[str, str], float]]
    labels: Sequence[str] = ()
    readings: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Stale:
    """What of a run no longer fits its ontology.

    Attributes:
        concepts: IRIs of the concepts that samples are grounded on differently.
        samples: name of a data set -> how many of its samples are, and how many it has.
        axioms: IRIs of the classes whose tables changed.
        vectors: how many concepts' vectors are added, removed, or changed.
        added: labels that are told apart now and were not before.
        removed: labels that no longer are.
        readings: name of a data set -> how many of its samples are read in other words, and how
            many it has.
    """

    concepts: tuple[str, ...]
    samples: Mapping[str, tuple[int, int]]
    axioms: tuple[str, ...]
    vectors: Mapping[str, int]
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    readings: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """What a retraining is going to do, and why.

    Attributes:
        diff: what was edited.
        stale: what that concerns.
        models: how many models go on from where they were.
        seconds: what is expected, of wall time.
        scratch: what the same models took to train from scratch.
        how: the models go on: what is fitted anew, trained on, kept.
        settings: of the run that change with the edit: key -> value.
        names: IRI -> label, for people.
        indistinct: classes that come and are not told apart, each with the reason and a cure.
    """

    diff: Diff
    stale: Stale
    models: int
    seconds: float
    scratch: float
    how: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    indistinct: Sequence[str] = ()

    def __str__(self) -> str:
        stale = self.stale
        moved, reworded = map(_shares, (stale.samples, stale.readings))
        vectors = ", ".join(f"{count} {how}" for how, count in stale.vectors.items() if count)
        verb = "goes" if self.models == 1 else "go"
        lines = [
            str(self.diff),
            f"grounding: {self._shown(stale.concepts, 'concept')}",
            *([f"  samples that change: {moved}"] if stale.concepts else []),
            *([f"readings:  in other words: {reworded}"] if reworded else []),
            f"axioms:    {self._shown(stale.axioms, 'class', 'classes')}",
            f"vectors:   {vectors or 'as they are'}",
            *(f"class:     + {label}" for label in stale.added),
            *(f"class:     - {label}" for label in stale.removed),
            *(f"class:     ! {reason}" for reason in self.indistinct),
            *(f"setting:   {key} = {value}" for key, value in self.settings.items()),
            f"models:    {counted(self.models, 'model')} {verb} on{self.how and f': {self.how}'}",
            f"time:      about {self.seconds:.0f} s (from scratch: {self.scratch:.0f} s)",
        ]
        return "\n".join(lines)

    def _shown(self, iris: Sequence[str], noun: str, many: str = "") -> str:
        if not iris:
            return "as it is" if noun == "concept" else "as they are"
        labels = ", ".join(self.names.get(iri, iri) for iri in iris[:8])
        more = f", and {len(iris) - 8} more" if len(iris) > 8 else ""
        count = f"{len(iris)} {many or noun + 's'}" if len(iris) > 1 else f"1 {noun}"
        return f"{count}: {labels}{more}"

    def to_json(self) -> dict[str, Any]:
        """The plan as plain lists and dictionaries."""
        stale = self.stale
        return {
            "diff": self.diff.to_json(),
            "grounding": {
                "concepts": list(stale.concepts),
                "samples": {name: list(counts) for name, counts in stale.samples.items()},
            },
            "axioms": list(stale.axioms),
            "readings": {name: list(counts) for name, counts in stale.readings.items()},
            "vectors": dict(stale.vectors),
            "classes": {
                "added": list(stale.added),
                "removed": list(stale.removed),
                "indistinct": list(self.indistinct),
            },
            "settings": dict(self.settings),
            "models": self.models,
            "expected_seconds": self.seconds,
            "seconds_from_scratch": self.scratch,
        }


def stale_parts(edit: Edit, before: View, after: View) -> Stale:
    """What two ontologies make of the same data sets -> what of the run no longer fits.

    Args:
        edit: between the ontologies.
        before: what the old one, under the names of the new one, makes of the data sets.
        after: what the new one does.
    """
    concepts, samples = set[str](), {}
    for name in after.weights.keys() & before.weights.keys():
        moved, changed = _moved(before.weights[name], after.weights[name])
        concepts |= changed
        samples[name] = int(moved.sum()), len(moved)
    return Stale(
        tuple(sorted(concepts)),
        {name: samples[name] for name in after.weights if name in samples},
        tuple(sorted(cls for cls, row in after.axioms.items() if before.axioms.get(cls) != row)),
        _vectors(edit.before, edit.after),
        tuple(label for label in after.labels if label not in before.labels),
        tuple(label for label in before.labels if label not in after.labels),
        {
            name: (sum(a != b for a, b in zip(old, new, strict=True)), len(new))
            for name, new in after.readings.items()
            if (old := before.readings.get(name))
        },
    )


def _shares(counts: Mapping[str, tuple[int, int]]) -> str:
    """Name of a data set -> some of its samples and all -> "2 of 9 of train"."""
    return ", ".join(f"{some} of {every} of {name}" for name, (some, every) in counts.items())


def _moved(
    before: Mapping[str, npt.NDArray[np.float64]], after: Mapping[str, npt.NDArray[np.float64]]
) -> tuple[npt.NDArray[np.bool_], set[str]]:
    """Which samples of a data set are grounded differently, and on which concepts."""
    size = len(next(iter((*after.values(), *before.values())), ()))
    moved, concepts = np.zeros(size, dtype=bool), set[str]()
    for iri in before.keys() | after.keys():
        old, new = before.get(iri), after.get(iri)
        if old is None or new is None or len(old) != len(new):
            concepts.add(iri)
            moved[:] = True
        elif (changed := np.abs(old - new) > MOVED).any():
            concepts.add(iri)
            moved |= changed
    return moved, concepts


def _vectors(before: KnowledgeGraph, after: KnowledgeGraph) -> dict[str, int]:
    """Concepts that come, go, or have another text or other links."""
    old, new = (_described(graph) for graph in (before, after))
    shared = old.keys() & new.keys()
    return {
        "added": len(new) - len(shared),
        "removed": len(old) - len(shared),
        "touched": sum(old[iri] != new[iri] for iri in shared),
    }


def _described(graph: KnowledgeGraph) -> dict[str, object]:
    links: dict[str, set[tuple[str, str, str]]] = {iri: set() for iri in graph.concepts}
    for head, relation, tail in graph.edges:
        names = graph.concepts[head], graph.relations[relation], graph.concepts[tail]
        links[names[0]].add(names)
        links[names[2]].add(names)
    return {iri: (graph.text(iri), links_of) for iri, links_of in links.items()}
