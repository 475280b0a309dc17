"""What runs of code search do when they are asked: see `kgtransfer.kinds.Kind`."""

from __future__ import annotations

from dataclasses import asdict
from textwrap import shorten
from typing import TYPE_CHECKING

from kgtransfer.code.index import LIVE
from kgtransfer.code.pairs import SNIPPET
from kgtransfer.code.run import load
from kgtransfer.errors import ConfigError, DataError
from kgtransfer.runs.exporting import require_one_model, written_files
from kgtransfer.runs.output import Output
from kgtransfer.runs.refusal import refusal
from kgtransfer.utils.terminal import table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kgtransfer.code.index import Hit
    from kgtransfer.code.retraining.retrain import CodeRetraining
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = [
    "explain",
    "export",
    "ground",
    "load",
    "predict",
    "reindex",
    "retraining",
    "serve",
    "serve_mcp",
]

LONGEST = 300  # characters of code that are shown


def predict(
    folder: Path,
    questions: Sequence[str],
    *,
    count: int,
    like: Path | None,  # noqa: ARG001  # a code base has no source domain
    say: Sequence[str] = (),
) -> Output:
    """Words -> the functions that do it, the best first, and the context that counted.

    Raises:
        ConfigError: nothing is asked, or something is said of what functions show.
    """
    if say:
        raise ConfigError(
            f"{folder}: a run over code grounds no values that could be said",
            cure="leave out --say",
        )
    question = " ".join(questions)
    if not question.strip():
        raise ConfigError("nothing is asked", cure='ask in words: "read a file line by line"')
    saved = load(folder)
    index, graph = saved.index, saved.graph
    if (folder / LIVE).is_dir():
        from kgtransfer.code.live.code import kept_index

        kept = kept_index(saved)
        index, graph = (kept.index, kept.graph) if kept else (index, graph)
    labels = {iri: graph.label(iri) for iri in index.concepts.iris}
    hits = index.search(question, count, labels)
    rows = (
        (
            *(rank, _shown(hit), hit.module, f"{hit.score:.3f}"),
            ", ".join(f"{e.relation} {e.concept} {e.weight:+.2f}" for e in hit.context),
        )
        for rank, hit in enumerate(hits, start=1)
    )
    is_code = any(_is_nameless(hit) for hit in hits)
    headers = ("", "code" if is_code else "function", "module", "score", "context that counted")
    return Output([asdict(hit) for hit in hits], (table(headers, rows, fold=True),))


def _is_nameless(hit: Hit) -> bool:
    return hit.iri.startswith(SNIPPET)


def _shown(hit: Hit) -> str:
    """Its name; of code that is a row of a file the code, which says more than the row."""
    return shorten(hit.code, LONGEST, placeholder=" ...") if _is_nameless(hit) else hit.name


def export(
    folder: Path, out: Path, forms: Sequence[str], *, labels: int | None, seed: int
) -> Output:
    """Folder of a run -> its encoder and the vectors of its documents, in a new folder.

    Raises:
        ConfigError: another than the one model that the run keeps is asked for.
    """
    require_one_model(labels, seed)
    return written_files(load(folder).export(out, *forms))


def retraining(folder: Path, graph: KnowledgeGraph) -> CodeRetraining:
    """Folder of a run, and what people wrote of its ontology, edited -> what is to be done."""
    from kgtransfer.code.retraining.retrain import CodeRetraining

    return CodeRetraining(load(folder), graph)


def serve(
    folder: Path, *, host: str, port: int, token_file: Path | None, watch: bool = False
) -> None:
    """Answer about a run over HTTP until the process is ended."""
    from kgtransfer.code.serving.serve import serve_http

    serve_http(folder, host=host, port=port, token_file=token_file, watch=watch)


def serve_mcp(folder: Path, *, watch: bool = False) -> None:
    """Answer a coding assistant about a run by MCP, over standard input and output."""
    from kgtransfer.code.serving import serve as serving

    serving.serve_mcp(folder, watch=watch)


def reindex(folder: Path, path: str) -> Output:
    """Folder of a run, and a code base -> the run keeps an index of it as it is now."""
    from kgtransfer.code.serving import serve as serving

    return serving.reindex(folder, path)


explain = refusal(
    "a run of code search is not explained concept by concept yet",
    cure="see the gates and examples in its report.html, or ask it: kgtransfer predict",
)
ground = refusal(
    "code is grounded as a whole code base",
    cure="run pipelines/code_search.py on it; its report.html shows the context of functions",
    error=DataError,
)
