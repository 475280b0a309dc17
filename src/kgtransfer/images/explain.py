"""What each concept and axiom was worth to a saved run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kgtransfer.classification.attribution import attributions, pieces
from kgtransfer.errors import RunError
from kgtransfer.images.domains import VALIDATION
from kgtransfer.utils.progress import bar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kgtransfer.classification.attribution import Piece
    from kgtransfer.classification.samples import Samples
    from kgtransfer.experiments.comparison import Comparison
    from kgtransfer.images.run import SavedImages
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["Explanation", "Value", "explain_run"]

SOME = 200  # samples whose groundings are told


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
    """What pieces of knowledge were worth on a data set.

    Attributes:
        test: name of the data set.
        values: what each piece was worth, those worth most first.
        groundings: IRI of a sample -> IRI of a concept -> how strongly it shows it; of some.
    """

    test: str
    values: tuple[Value, ...]
    groundings: Mapping[str, Mapping[str, float]]


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
        worth = attributions(
            found, models, study.task.tests[name], name,
            trust=study.task.trust(name), progress=lambda: advance(1),
        )  # fmt: skip
    values = [
        Value(of.piece.kind, of.piece.iris, _in_words(saved.graph, of.piece), of.comparison)
        for of in worth
    ]
    ordered = sorted(values, key=lambda value: -value.comparison.difference)
    return Explanation(name, tuple(ordered), _groundings(study.task.tests[name]))


def _groundings(samples: Samples) -> dict[str, dict[str, float]]:
    """What each of some samples is grounded on."""
    observed, images = samples.observed, samples.images
    return {
        (images.folder.resolve() / name).as_uri(): {
            value: float(observed.weights[attribute][row, column])
            for attribute, values in observed.values.items()
            for column, value in enumerate(values)
        }
        for row, name in enumerate(images.names[:SOME])
    }


def _in_words(graph: KnowledgeGraph, piece: Piece) -> str:
    return ": ".join(graph.label(iri) for iri in piece.iris)
