"""What runs over images do when they are asked: see `kgtransfer.kinds.Kind`."""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer.experiments.result_form import made_of_details
from kgtransfer.images.data.folder import image_files
from kgtransfer.images.run import SavedImages
from kgtransfer.runs.exporting import written_files
from kgtransfer.runs.output import Output
from kgtransfer.utils.terminal import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from kgtransfer.classification.prediction import Prediction
    from kgtransfer.images.retraining.retrain import ImageRetraining
    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.runs.explanation import Explanation

__all__ = ["explain", "export", "ground", "load", "new", "predict", "retraining", "suggest"]

LABELS_SHOWN = 3
LIKELY = 0.5  # probability from which a label is shown, however many there are


def load(folder: Path) -> SavedImages:
    """Folder of a run -> the run."""
    return SavedImages.load(folder)


def predict(
    folder: Path,
    questions: Sequence[str],
    *,
    count: int,  # noqa: ARG001  # an image has one answer
    like: Path | None,
    say: Sequence[str] = (),
) -> Output:
    """Image files -> labels with their probabilities, or numbers, and what drove each.

    Where a person says what images show, the answers before that stand beside.
    """
    from kgtransfer.images.predict import ImageClassifier

    saved = load(folder)
    with made_of_details(folder):
        classify = ImageClassifier(saved)
    files, beside = [Path(name) for name in questions], image_files(like) if like else ()
    if not say:
        predictions = classify(files, beside)
        parts = (part for prediction in predictions for part in _shown(prediction))
        return Output([asdict(prediction) for prediction in predictions], tuple(parts))
    pairs = classify.corrected(files, say, beside)
    values = [{**asdict(new), "said": list(say), "before": asdict(old)} for old, new in pairs]
    return Output(values, tuple(part for old, new in pairs for part in _changed(old, new, say)))


def _changed(before: Prediction, after: Prediction, say: Sequence[str]) -> Iterator[str | Table]:
    """The answer before and after something was said, and what drives it then."""
    yield f"measured: {_answer(before)}"
    yield f"with {', '.join(say)}:"
    yield from _shown(after)
    if (before.shares, before.number) == (after.shares, after.number):
        yield "nothing changed: the gates of what the concepts say are closed in this model"


def _shown(prediction: Prediction) -> Iterator[str | Table]:
    yield _answer(prediction)
    if prediction.outside:
        yield "  outside of what was seen: it fits no class as the ontology describes them"
    unit = "margin in logits" if prediction.shares else "part of the number"
    for about, drivers in groupby(prediction.drivers, key=lambda driver: driver.about):
        rows = ((d.label, d.shown, f"{d.margin:+.2f}") for d in drivers)
        yield table((f"speaks for {about}" if about else "speaks for it", "shown", unit), rows)


def _answer(prediction: Prediction) -> str:
    """The image and its likeliest labels, or its number."""
    likely = sum(share > LIKELY for share in prediction.shares.values())
    likeliest = list(prediction.shares.items())[: max(LABELS_SHOWN, likely)]
    shares = ", ".join(f"{label} {share:.3f}" for label, share in likeliest)
    number = "" if prediction.number is None else f"{prediction.number:.4g}"
    return f"{prediction.image}: {shares or number}"


def explain(folder: Path, test: str, pieces: Sequence[str]) -> Explanation:
    """Folder of a run -> what each attribute, concept and axiom was worth; see `explain_run`."""
    from kgtransfer.images.explain import explain_run

    return explain_run(load(folder), test, pieces)


def retraining(folder: Path, graph: KnowledgeGraph) -> ImageRetraining:
    """Folder of a run, and its edited ontology -> what is to be done."""
    from kgtransfer.images.retraining.retrain import ImageRetraining

    return ImageRetraining(load(folder), graph)


def export(
    folder: Path, out: Path, forms: Sequence[str], *, labels: int | None, seed: int
) -> Output:
    """Folder of a run -> one of its models in a new folder, for others; see `export_run`."""
    return written_files(load(folder).export(out, *forms, labels=labels, seed=seed))


def ground(
    sample: Path,
    ontology: Sequence[Path],
    *,
    like: Path | None,
    out: Path | None,
    measures: str,
    sources: Sequence[str],
) -> Output:
    """Image -> the concepts that it shows; the picture is written beside it."""
    from kgtransfer.images import ground as grounding

    return grounding.ground(
        sample, ontology, like=like, out=out, measures=measures, sources=sources
    )


def suggest(
    ontology: Sequence[Path], data: str, *, out: Path, measures: str, every: bool, limit: int
) -> Output:
    """Ontology and images -> distributions of its measures, and where they divide."""
    from kgtransfer.images.own_measures import own_measures
    from kgtransfer.images.suggestions.suggest import suggest

    return suggest(ontology, data, out=out, own=own_measures(measures), every=every, limit=limit)


def new(folder: Path, name: str) -> Output:
    """Folder and name of a domain -> a small working start in the folder."""
    from kgtransfer.images.template.write import write_template

    return write_template(folder, name)
