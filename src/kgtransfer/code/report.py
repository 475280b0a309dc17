"""What a code-search run found, beyond its scores: for the report's plots and examples."""

from __future__ import annotations

import platform
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from kgtransfer.code.concept_use import concepts_used
from kgtransfer.report.concept_map import graph_map
from kgtransfer.report.findings import graph_summary, learned_gates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kgtransfer.code.corpus import Query
    from kgtransfer.code.data import CodeData
    from kgtransfer.code.index import SearchIndex
    from kgtransfer.embedding.concepts import ConceptEmbeddings
    from kgtransfer.experiments.runner import SettingRuns
    from kgtransfer.experiments.task import FitResult
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["moved_queries", "search_findings"]

EXAMPLES = 4  # of queries that moved up, and as many that moved down
QUERIES = 8  # synthetic queries that a report shows
GATES_NOTE = (
    "`context` is how far a document's vector moves to that of the document in its context "
    "(1: all the way), `queries` how far the encoder stands towards the one trained on queries "
    "worded from the graph, the others how much of the vectors of concepts by that relation is "
    "added. "
    "The placebo learns from queries worded from its own, shuffled graph: its gates may open, its "
    "score should not rise."
)


def search_findings(
    graph: KnowledgeGraph,
    concepts: ConceptEmbeddings,
    data: CodeData,
    runs: Mapping[str, SettingRuns],
    indexes: Mapping[str, SearchIndex],
    queries: Sequence[Sequence[str]],
) -> dict[str, Any]:
    """Runs of all settings -> the report's `details`, by setting where that makes a difference.

    Args:
        graph: the run's knowledge.
        concepts: the concepts that may condition, all parts.
        data: the code base.
        runs: setting -> scores and fits.
        indexes: setting -> the headline's model of the first seed; the first is the run's model.
        queries: of each unlabelled function those that the gates learn from.
    """
    labels = {iri: graph.label(iri) for iri in concepts.iris}
    summary = {**graph_summary(graph), "languages": list(data.languages)}
    if "python" in data.languages:  # the standard library is that of the interpreter
        summary["python"] = platform.python_version()
    return {
        "label_unit": "labelled pairs",
        "graph": {**summary, "packages": list(data.packages)},
        "gates": {setting: learned_gates(arms.runs) for setting, arms in runs.items()},
        "gates_note": GATES_NOTE,
        "examples": {
            setting: moved
            for setting, index in indexes.items()
            if (moved := _examples(runs[setting], data.corpora[setting].test, index, labels))
            is not None
        },
        "map": graph_map(concepts, graph),
        "embedding": dict(concepts.provenance),
        "data_hash": data.hash,
        "training": {"synthetic_queries": _spread(queries)},
        "weights": concepts_used(next(iter(indexes.values()))),
    }


def _examples(
    runs: SettingRuns, queries: Sequence[Query], index: SearchIndex, labels: Mapping[str, str]
) -> list[dict[str, Any]] | None:
    """Queries that the headline moved, from the first arm that it is set against and was run."""
    headline = runs.result.headline
    others = runs.result.arms[headline].arm.compare_to
    before = next((runs.runs[other][0] for other in others if other in runs.runs), None)
    if before is None:
        return None
    return moved_queries(before, runs.runs[headline][0], queries, index, labels)


def _spread(queries: Sequence[Sequence[str]]) -> list[str]:
    """One synthetic query each of some functions, spread over all."""
    return [group[-1] for group in queries[:: max(1, len(queries) // QUERIES)]][:QUERIES]


def moved_queries(
    before: FitResult,
    after: FitResult,
    queries: Sequence[Query],
    index: SearchIndex,
    labels: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Two fits -> the queries whose right document moved furthest, and the concepts behind it.

    Args:
        before: scores of the reference, per query.
        after: scores with the graph, of the model in `index`.
        queries: that were scored, in the order of the scores.
        index: model, documents and grounding of `after`.
        labels: concept IRI -> label.
    """
    gain = np.log(after.per_sample) - np.log(before.per_sample)  # log of the ratio of ranks
    order = np.argsort(-gain, kind="stable")
    up = [place for place in order[:EXAMPLES].tolist() if gain[place] > 0]
    down = [place for place in order[::-1][:EXAMPLES].tolist() if gain[place] < 0]
    chosen = [*up, *down]
    if not chosen:
        return []
    moved = [queries[place] for place in chosen]
    row_of = {document.iri: row for row, document in enumerate(index.documents)}
    vectors = index.encode([query.text for query in moved])
    evidence = index.evidence(list(vectors), [row_of[q.answer.iri] for q in moved], labels)
    return [
        {
            "query": query.text,
            "target": query.answer.iri.rpartition("/")[2],
            "module": query.answer.module,
            "rank_before": round(1 / float(before.per_sample[place])),
            "rank_after": round(1 / float(after.per_sample[place])),
            "context": [asdict(part) for part in parts],
        }
        for place, query, parts in zip(chosen, moved, evidence, strict=True)
    ]
