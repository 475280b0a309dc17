"""What a code-search run found, beyond its scores: for the report's plots and examples."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from kgtransfer.experiments.task import FitResult
from kgtransfer.report.concept_map import graph_map
from kgtransfer.report.findings import graph_summary, learned_gates

if TYPE_CHECKING:
    from kgtransfer.code.corpus import SearchCorpus
    from kgtransfer.code.index import SearchIndex
    from kgtransfer.embedding.concepts import ConceptEmbeddings
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["moved_queries", "search_details"]

Runs = Mapping[str, Sequence[FitResult]]

EXAMPLES = 4  # of queries that moved up, and as many that moved down


def search_details(
    graph: KnowledgeGraph,
    concepts: ConceptEmbeddings,
    corpora: Mapping[str, SearchCorpus],
    runs: Mapping[str, Runs],
    indexes: Mapping[str, SearchIndex],
) -> dict[str, Any]:
    """The report's `details` of a code-search run, by setting where that makes a difference.

    Args:
        graph: the run's knowledge.
        concepts: the concepts that may condition, all parts.
        corpora: setting -> corpus.
        runs: setting -> arm -> its fits.
        indexes: setting -> the model of arm `kg` and its first seed.
    """
    labels = {iri: graph.label(iri) for iri in concepts.iris}
    return {
        "label_unit": "labelled pairs",
        "graph": {**graph_summary(graph), "python": platform.python_version()},
        "gates": {setting: learned_gates(arms) for setting, arms in runs.items()},
        "examples": {
            setting: moved_queries(
                runs[setting]["baseline"][0],
                runs[setting]["kg"][0],
                corpora[setting].test,
                index,
                labels,
            )
            for setting, index in indexes.items()
            if "baseline" in runs[setting]
        },
        "map": graph_map(concepts, graph),
        "embedding": dict(concepts.provenance),
    }


def moved_queries(
    before: FitResult,
    after: FitResult,
    targets: Sequence[int],
    index: SearchIndex,
    labels: Mapping[str, str],
) -> list[dict[str, Any]]:
    """The queries whose right document moved furthest, up and down, and the concepts behind it.

    Args:
        before: scores without the graph, per query.
        after: scores with it, of the model in `index`.
        targets: row of each query's right document.
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
    rows = [targets[place] for place in chosen]
    vectors = index.encode([index.documents[row].query for row in rows])
    evidence = index.evidence(list(vectors), rows, labels)
    return [
        {
            "query": index.documents[row].query,
            "target": index.documents[row].iri.rpartition("/")[2],
            "module": index.documents[row].module,
            "rank_before": round(1 / float(before.per_sample[place])),
            "rank_after": round(1 / float(after.per_sample[place])),
            "context": [asdict(part) for part in parts],
        }
        for place, row, parts in zip(chosen, rows, evidence, strict=True)
    ]
