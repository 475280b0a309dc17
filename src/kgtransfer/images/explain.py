"""What each concept and axiom was worth to a saved run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.classification.attribution import attributions, knowledge_pieces
from kgtransfer.errors import ConfigError, RunError
from kgtransfer.experiments.setting import VALIDATION
from kgtransfer.grounding.observations import most_shown
from kgtransfer.runs.explanation import Explanation, Value
from kgtransfer.utils.progress import bar

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from kgtransfer.classification.attribution import KnowledgePiece
    from kgtransfer.classification.samples import Samples
    from kgtransfer.grounding.source import Source
    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.run import SavedImages

__all__ = ["explain_run"]

PIECES = ("attribute", "concept", "axiom")
SOME = 200  # samples whose groundings are told
MOST = 50  # values of an attribute that are left out in turn: those that samples show most


def explain_run(saved: SavedImages, test: str = "", kinds: Sequence[str] = ()) -> Explanation:
    """Leave out each attribute, concept and axiom in turn, and score the run's models again.

    Args:
        saved: the run.
        test: name of the data set; the validation split by default, where there is one.
        kinds: "attribute", "concept", "axiom"; all by default.

    Raises:
        ConfigError: there is no such kind of pieces.
        RunError: there is no such data set, or the models know no axioms.
    """
    if unknown := sorted({*kinds} - {*PIECES}):
        raise ConfigError(f"no kind {unknown[0]}", cure=f"kinds are: {', '.join(PIECES)}")
    task, labels = saved.task(), saved.config.labels_per_class[0]
    tests = task.classification.tests
    name = test or (VALIDATION if VALIDATION in tests else next(iter(tests)))
    if name not in tests:
        raise RunError(f"the run has no data set {name!r}", cure=f"there is: {', '.join(tests)}")
    models = [saved.classifier(task, labels, seed) for seed in range(saved.config.seeds)]
    every = knowledge_pieces(task.classification.prior)
    shown = most_shown(tests[name].observed, MOST)
    pieces = [
        piece
        for piece in every
        if (not kinds or piece.kind in kinds)
        and (piece.kind != "concept" or piece.iris[0] in shown)
    ]
    with bar(f"leaving out, on {name}", len(pieces)) as advance:
        worth = attributions(
            pieces, models, tests[name], name,
            domain_shift_weight=task.classification.domain_shift_weight(name),
            axiom_weight=task.classification.axiom_weight(name),
            progress=lambda: advance(1),
        )  # fmt: skip
    values = [
        Value(w.piece.kind, w.piece.iris, _in_words(task.domains.grounder, w.piece), w.comparison)
        for w in worth
    ]
    ordered = sorted(values, key=lambda value: -value.comparison.difference)
    folder = task.domains.images[name].folder
    groundings = _groundings(tests[name], folder, saved.graph.rows)
    return Explanation(name, tuple(ordered), saved.result.metric, groundings)


def _groundings(
    samples: Samples, folder: Path, concepts: Collection[str]
) -> dict[str, dict[str, float]]:
    """Which of the ontology's concepts each of some samples is grounded on."""
    observed = samples.observed
    return {
        (folder.resolve() / name).as_uri(): {
            value: float(observed.weights[attribute][row, column])
            for attribute, values in observed.values.items()
            for column, value in enumerate(values)
            if value in concepts
        }
        for row, name in enumerate(samples.names[:SOME])
    }


def _in_words(source: Source[Picture], piece: KnowledgePiece) -> str:
    return ": ".join(source.label(iri) for iri in piece.iris)
