"""What runs of code search do when they are asked: see `kgtransfer.kinds.Kind`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from kgtransfer.code.run import load
from kgtransfer.errors import DataError
from kgtransfer.runs.output import Output
from kgtransfer.runs.refusal import refusal
from kgtransfer.utils.terminal import table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["explain", "ground", "load", "predict", "retraining"]


def predict(
    folder: Path,
    questions: Sequence[str],
    *,
    count: int,
    like: Path | None,  # noqa: ARG001  # a code base has no source domain
) -> Output:
    """Words -> the functions that do it, the best first, and the context that counted."""
    saved = load(folder)
    labels = {iri: saved.graph.label(iri) for iri in saved.graph.concepts}
    hits = saved.index.search(" ".join(questions), count, labels)
    rows = (
        (
            *(rank, hit.name, hit.module, f"{hit.score:.3f}"),
            ", ".join(f"{e.relation} {e.concept} {e.weight:+.2f}" for e in hit.context),
        )
        for rank, hit in enumerate(hits, start=1)
    )
    headers = ("", "function", "module", "score", "context that counted")
    return Output([asdict(hit) for hit in hits], (table(headers, rows, fold=True),))


explain = refusal(
    "a run of code search is not explained concept by concept yet",
    cure="see the gates and examples in its report.html, or ask it: kgtransfer predict",
)
retraining = refusal(
    "a run of code search is not retrained yet",
    cure="run its pipeline again with the edited ontology",
)
ground = refusal(
    "code is grounded as a whole code base",
    cure="run pipelines/code_search.py on it; its report.html shows the context of functions",
    error=DataError,
)
