"""What runs over images do when they are asked: see `kgtransfer.kinds.Kind`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer.experiments.result_form import made_of_details
from kgtransfer.images.data.folder import image_files
from kgtransfer.images.run import SavedImages
from kgtransfer.runs.output import Output
from kgtransfer.utils.terminal import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from kgtransfer.images.predict import Prediction
    from kgtransfer.images.retraining.retrain import ImageRetraining
    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.runs.explanation import Explanation

__all__ = ["explain", "ground", "load", "new", "predict", "retraining", "suggest"]

LABELS_SHOWN = 3


def load(folder: Path) -> SavedImages:
    """Folder of a run -> the run."""
    return SavedImages.load(folder)


def predict(
    folder: Path,
    questions: Sequence[str],
    *,
    count: int,  # noqa: ARG001  # an image has one answer
    like: Path | None,
) -> Output:
    """Image files -> labels with their probabilities, and what drove each prediction."""
    from kgtransfer.images.predict import ImageClassifier

    saved = load(folder)
    with made_of_details(folder):
        classify = ImageClassifier(saved)
    predictions = classify([Path(name) for name in questions], image_files(like) if like else ())
    parts = (part for prediction in predictions for part in _shown(prediction))
    return Output([asdict(prediction) for prediction in predictions], tuple(parts))


def _shown(prediction: Prediction) -> Iterator[str | Table]:
    likeliest = list(prediction.shares.items())[:LABELS_SHOWN]
    shares = ", ".join(f"{label} {share:.3f}" for label, share in likeliest)
    yield f"{prediction.image}: {shares}"
    rows = ((d.label, d.shown, f"{d.margin:+.2f}") for d in prediction.drivers)
    yield table(("speaks for the first", "shown", "margin in logits"), rows)


def explain(folder: Path, test: str, pieces: Sequence[str]) -> Explanation:
    """Folder of a run -> what each attribute, concept and axiom was worth; see `explain_run`."""
    from kgtransfer.images.explain import explain_run

    return explain_run(load(folder), test, pieces)


def retraining(folder: Path, graph: KnowledgeGraph) -> ImageRetraining:
    """Folder of a run, and its edited ontology -> what is to be done."""
    from kgtransfer.images.retraining.retrain import ImageRetraining

    return ImageRetraining(load(folder), graph)


def ground(
    sample: Path, ontology: Sequence[Path], *, like: Path | None, out: Path | None
) -> Output:
    """Image -> the concepts that it shows; the picture is written beside it."""
    from kgtransfer.images import ground as grounding

    return grounding.ground(sample, ontology, like=like, out=out)


def suggest(
    ontology: Sequence[Path], data: str, *, out: Path, measures: str, every: bool, limit: int
) -> Output:
    """Ontology and images -> distributions of its measures, and where they divide."""
    from kgtransfer.images.config import GroundingConfig
    from kgtransfer.images.own_measures import own_measures
    from kgtransfer.images.suggestions.suggest import suggest

    own = own_measures(GroundingConfig(measures=measures))
    return suggest(ontology, data, out=out, own=own, every=every, limit=limit)


def new(folder: Path, name: str) -> Output:
    """Folder and name of a domain -> a small working start in the folder."""
    from kgtransfer.images.template.write import write_template

    return write_template(folder, name)
