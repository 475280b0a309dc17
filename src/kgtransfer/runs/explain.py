"""What each concept and axiom was worth to a saved run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kgtransfer.errors import RunError
from kgtransfer.progress import bar
from kgtransfer.tasks.attribution import pieces, worth_of
from kgtransfer.tasks.labs import VALIDATION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kgtransfer.arms import Comparison
    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.runs.saved_images import SavedImages
    from kgtransfer.tasks.attribution import Piece

__all__ = ["Explanation", "Value", "explain_run"]


@dataclass(frozen=True)
class Value:
    """What a piece of knowledge was worth.

    Attributes:
        kind: "attribute", "concept" or "axiom".
        iris: of what it is about.
        label: of it, in words.
        comparison: balanced accuracy with it against that without it.
    """

    kind: str
    iris: tuple[str, ...]
    label: str
    comparison: Comparison

    def to_json(self) -> dict[str, Any]:
        """For result files and programs."""
        compared = self.comparison.to_json()
        return {"kind": self.kind, "iris": list(self.iris), "label": self.label, **compared}


@dataclass(frozen=True)
class Explanation:
    """What pieces of knowledge were worth on a data set, those worth most first."""

    test: str
    values: tuple[Value, ...]


def explain_run(saved: SavedImages, test: str = "", kinds: Sequence[str] = ()) -> Explanation:
    """Leave out each attribute, concept and axiom in turn, and score the run's models again.

    Args:
        saved: the run.
        test: name of the data set; the validation split by default, where there is one.
        kinds: "attribute", "concept", "axiom"; all by default.

    Raises:
        RunError: there is no such data set, or the models know no axioms.
    """
    study, labels = saved.study(), saved.config.labels_per_class[0]
    name = test or (VALIDATION if VALIDATION in study.task.tests else next(iter(study.task.tests)))
    if name not in study.task.tests:
        known = ", ".join(study.task.tests)
        raise RunError(f"the run has no data set {name!r}", cure=f"there is: {known}")
    models = [saved.fitted(study, labels, seed) for seed in range(saved.config.seeds)]
    found = [p for p in pieces(study.task.prior) if not kinds or p.kind in kinds]
    with bar(f"leaving out, on {name}", len(found)) as advance:
        worth = worth_of(
            found, models, study.task.tests[name], name,
            trust=study.task.trust(name), row_of=study.task.concepts.row_of,
            progress=lambda: advance(1),
        )  # fmt: skip
    values = [
        Value(of.piece.kind, of.piece.iris, _in_words(saved.graph, of.piece), of.comparison)
        for of in worth
    ]
    return Explanation(name, tuple(sorted(values, key=lambda v: -v.comparison.difference)))


def _in_words(graph: KnowledgeGraph, piece: Piece) -> str:
    return ": ".join(graph.label(iri) for iri in piece.iris)
