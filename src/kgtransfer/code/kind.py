"""What runs of code search do when they are asked: see `kgtransfer.kinds.Kind`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, NoReturn

from kgtransfer.code.run import load
from kgtransfer.errors import DataError, RunError
from kgtransfer.runs.output import Output
from kgtransfer.utils.terminal import table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kgtransfer.knowledge.graph import KnowledgeGraph

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


def explain(folder: Path, test: str, pieces: Sequence[str]) -> NoReturn:  # noqa: ARG001
    """Not done yet.

    Raises:
        RunError: always.
    """
    raise RunError(
        f"{folder}: a run of code search is not explained concept by concept yet",
        cure="see the gates and examples in its report.html, or ask it: kgtransfer predict",
    )


def retraining(folder: Path, graph: KnowledgeGraph) -> NoReturn:  # noqa: ARG001
    """Not done yet.

    Raises:
        RunError: always.
    """
    raise RunError(
        f"{folder}: a run of code search is not retrained yet",
        cure="run its pipeline again with the edited ontology",
    )


def ground(
    sample: Path,
    ontology: Sequence[Path],  # noqa: ARG001
    *,
    like: Path | None,  # noqa: ARG001
    out: Path | None,  # noqa: ARG001
) -> NoReturn:
    """A function is grounded within its code base, never by itself.

    Raises:
        DataError: always.
    """
    raise DataError(
        f"{sample}: code is grounded as a whole code base",
        cure="run pipelines/code_search.py on it; its report.html shows the context of functions",
    )
