"""What an edit of an ontology makes stale, before anything is done about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from kgtransfer.utils.terminal import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kgtransfer.classification.samples import Samples
    from kgtransfer.conditioning.axiom_prior import AxiomPrior
    from kgtransfer.edits.edit import Edit
    from kgtransfer.images.domains import Domains
    from kgtransfer.knowledge.diff.differences import Diff
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["Plan", "Stale", "stale_parts"]

HOW = "experts fitted anew, heads trained on, trunks and measures kept"
MOVED = 1e-6  # change of a weight that counts as one


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
    """

    concepts: tuple[str, ...]
    samples: Mapping[str, tuple[int, int]]
    axioms: tuple[str, ...]
    vectors: Mapping[str, int]
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What a retraining is going to do, and why.

    Attributes:
        diff: what was edited.
        stale: what that concerns.
        models: how many models go on from where they were.
        seconds: what is expected, of wall time.
        scratch: what the same models took to train from scratch.
        settings: of the run that change with the edit: key -> value.
        names: IRI -> label, for people.
    """

    diff: Diff
    stale: Stale
    models: int
    seconds: float
    scratch: float
    settings: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        stale = self.stale
        moved = ", ".join(f"{n} of {total} of {name}" for name, (n, total) in stale.samples.items())
        vectors = ", ".join(f"{count} {how}" for how, count in stale.vectors.items() if count)
        lines = [
            str(self.diff),
            f"grounding: {self._shown(stale.concepts, 'concept')}",
            *([f"  samples that change: {moved}"] if stale.concepts else []),
            f"axioms:    {self._shown(stale.axioms, 'class', 'classes')}",
            f"vectors:   {vectors or 'as they are'}",
            *(f"class:     + {label}" for label in stale.added),
            *(f"class:     - {label}" for label in stale.removed),
            *(f"setting:   {key} = {value}" for key, value in self.settings.items()),
            f"models:    {counted(self.models, 'model')} go on: {HOW}",
            f"time:      about {self.seconds:.0f} s (from scratch: {self.scratch:.0f} s)",
        ]
        return "\n".join(lines)

    def _shown(self, iris: Sequence[str], one: str, many: str = "") -> str:
        if not iris:
            return "as it is" if one == "concept" else "as they are"
        labels = ", ".join(self.names.get(iri, iri) for iri in iris[:8])
        more = f", and {len(iris) - 8} more" if len(iris) > 8 else ""
        count = f"{len(iris)} {many or one + 's'}" if len(iris) > 1 else f"1 {one}"
        return f"{count}: {labels}{more}"

    def to_json(self) -> dict[str, Any]:
        """The plan as plain lists and dictionaries."""
        stale = self.stale
        return {
            "diff": self.diff.to_json(),
            "grounding": {
                "concepts": list(stale.concepts),
                "samples": {name: list(of) for name, of in stale.samples.items()},
            },
            "axioms": list(stale.axioms),
            "vectors": dict(stale.vectors),
            "classes": {"added": list(stale.added), "removed": list(stale.removed)},
            "settings": dict(self.settings),
            "models": self.models,
            "expected_seconds": self.seconds,
            "seconds_from_scratch": self.scratch,
        }


def stale_parts(
    edit: Edit, old: Domains, new: Domains, old_prior: AxiomPrior, new_prior: AxiomPrior
) -> Stale:
    """Compare what two ontologies make of the same data sets.

    Args:
        edit: between the ontologies.
        old: the data sets as the old one sees them.
        new: as the new one does.
        old_prior: the old one's axioms of what can be measured.
        new_prior: the new one's.
    """
    before_sets, after_sets = _sets(old), _sets(new)
    concepts, samples = set[str](), {}
    for name in before_sets.keys() & after_sets.keys():
        before, after = before_sets[name], after_sets[name]
        ours, theirs = (_columns(of.observed) for of in (before, after))
        moved = np.zeros(len(after), dtype=bool)
        for iri in ours.keys() | theirs.keys():
            one, two = ours.get(iri), theirs.get(iri)
            if one is None or two is None or len(one) != len(two):
                concepts.add(iri)
                moved[:] = True
            elif (changed := np.abs(one - two) > MOVED).any():
                concepts.add(iri)
                moved |= changed
        samples[name] = (int(moved.sum()), len(after))
    labels = old.targets.labels, new.targets.labels
    return Stale(
        tuple(sorted(concepts)),
        {name: samples[name] for name in after_sets if name in samples},
        _axioms(old_prior, new_prior),
        _vectors(edit.before, edit.after),
        tuple(label for label in labels[1] if label not in labels[0]),
        tuple(label for label in labels[0] if label not in labels[1]),
    )


def _sets(labs: Domains) -> dict[str, Samples]:
    return {"train": labs.train, **labs.every_test}


def _columns(observed: Any) -> dict[str, Any]:
    return {
        value: observed.weights[attribute][:, column]
        for attribute, values in observed.values.items()
        for column, value in enumerate(values)
    }


def _axioms(old: AxiomPrior, new: AxiomPrior) -> tuple[str, ...]:
    """Classes whose rows of the tables differ."""
    before, after = (_rows(prior) for prior in (old, new))
    return tuple(sorted(cls for cls, row in after.items() if before.get(cls) != row))


def _rows(prior: AxiomPrior) -> dict[str, dict[tuple[str, str], float]]:
    return {
        cls: {
            (attribute, value): float(table[row, column])
            for attribute, (values, table) in prior.tables.items()
            for column, value in enumerate(values)
        }
        for row, cls in enumerate(prior.classes)
    }


def _vectors(before: KnowledgeGraph, after: KnowledgeGraph) -> dict[str, int]:
    """Concepts that come, go, or have another text or other links."""
    ours, theirs = (_described(graph) for graph in (before, after))
    shared = ours.keys() & theirs.keys()
    return {
        "added": len(theirs) - len(shared),
        "removed": len(ours) - len(shared),
        "touched": sum(ours[iri] != theirs[iri] for iri in shared),
    }


def _described(graph: KnowledgeGraph) -> dict[str, object]:
    links: dict[str, set[tuple[str, str, str]]] = {iri: set() for iri in graph.concepts}
    for head, relation, tail in graph.edges:
        names = graph.concepts[head], graph.relations[relation], graph.concepts[tail]
        links[names[0]].add(names)
        links[names[2]].add(names)
    return {iri: (graph.text(iri), of) for iri, of in links.items()}
