"""Zero-shot code search: adapt a text encoder to a code base in any language, without any label.

    python pipelines/code_search.py --data stdlib --out runs/demo
    python pipelines/code_search.py --data path/to/repository --out runs/mine --seeds 5
    python pipelines/code_search.py --data repo --out runs/mine --set 'ontology.files=["terms.ttl"]'

The code base becomes an API graph; functions are grounded on the concepts around them. A
pre-trained encoder is fine-tuned on queries written by rule; then gates learn how far to move a
function's vector towards that of the function in its context, and how much of its concepts'
vectors to add. Held-out docstrings are the test.
RAPID: Fan et al., TOSEM 33(5), 2024.
"""

from __future__ import annotations

from pathlib import Path

import kgtransfer as kgt
from kgtransfer.backbones.precision import pick_device
from kgtransfer.cli import run_pipeline
from kgtransfer.code.config import CodeSearchConfig as Config
from kgtransfer.code.query_listing import query_listing
from kgtransfer.retrieval.settings import SearchTraining
from kgtransfer.store.queries import answer
from kgtransfer.utils.progress import bar, say
from kgtransfer.utils.resources import resource


def run(config: Config, out: Path) -> kgt.RunResult:
    """From source code to a report, in one straight line."""
    # Turtle and source code -> a checked knowledge graph
    data = kgt.read_code(**config.data.model_dump(), settings=config.settings)
    config = config.with_vocabulary(data.verbaliser.vocabulary)
    sources = config.ontology.sources(data.verbaliser.vocabulary)
    ontology = kgt.read_ontology(*map(resource, sources))
    graph = ontology | data.graph
    kgt.knowledge.require_valid(graph, [resource(config.ontology.shapes)])
    say(f"{len(graph):,} triples about {len(graph.concepts):,} concepts, valid")

    if config.show_queries:
        say(*query_listing(data, graph, config.show_queries))
        raise SystemExit

    # Cypher selects the concepts that may condition
    with kgt.connect(out / "store.kglite") as store:
        say(store.sync(graph))
        queries = [answer(store, name) for name in data.verbaliser.shown]
        say(*queries)
        chosen = store.select(config.select.cypher)

    # concepts -> vectors
    device = pick_device(config.device)
    encoder = kgt.TextEncoder.from_pretrained(**config.encoder.model_dump(), device=device)
    with bar("embedding the concepts") as advance:
        concepts = kgt.embed(
            graph,
            select=chosen,
            text=encoder,
            cache=out / "cache",
            progress=lambda what, done: advance(0, what),
            **config.embedding.model_dump(),
        )

    # functions -> concepts; every arm fitted and scored, a run folder with a report
    training = SearchTraining(**config.training.model_dump())
    task = kgt.CodeSearchTask(
        data, graph, concepts, encoder, training=training, labels=config.few_labels, device=device
    )
    return kgt.experiment(
        task,
        config.arms or None,
        seeds=config.seeds,
        out=out,
        config=config,
        pipeline="code_search",
        queries=queries,
        written=ontology,
    )


if __name__ == "__main__":
    run_pipeline(run, Config, __file__)
