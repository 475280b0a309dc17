"""Zero-shot code search: adapt a text encoder to a Python code base, without any label.

    python pipelines/code_search.py --data stdlib --out runs/demo
    python pipelines/code_search.py --data path/to/package --out runs/mine --seeds 5

The code base becomes an API graph; functions are grounded on the concepts around them. A
pre-trained encoder is fine-tuned on queries written by rule; then gates learn how far to read a
function in its context, and how much of its concepts' vectors to add. Held-out docstrings are
the test.
RAPID: Fan et al., TOSEM 33(5), 2024.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import kgtransfer as kgt
from kgtransfer.code.config import CodeSearchConfig as Config

VECTORS = kgt.SearchArm("kg_vectors", train_on="code", taught_by="graph", gates="learned")
KG = replace(VECTORS, name="kg", reading="learned")
ARMS = (
    kgt.SearchArm("bm25", lexical=True),
    kgt.SearchArm("none"),
    kgt.SearchArm("baseline", train_on="code"),
    kgt.SearchArm("baseline_smoothed", train_on="code", gates={"class": 0.3}),
    kgt.SearchArm("baseline_read", train_on="code", reading=0.6),
    kgt.SearchArm("queries", train_on="graph"),
    KG,
    replace(KG, name="shuffled", concepts="shuffled"),
    VECTORS,
)
SOURCES = (  # the arm kg_vectors with other vectors of its concepts, in the first setting
    replace(VECTORS, name="kg_structure", parts=("structure",)),
    replace(VECTORS, name="kg_both", parts=("text", "structure")),
    replace(VECTORS, name="kg_random", concepts="random"),
)
LABELS = 100  # pairs of the few-label arm, or as many as the code base has
SHOWN = ("api_most_called", "api_deepest_context")  # named queries, answered on the way


def run(config: Config, out: Path) -> kgt.RunResult:
    """From source code to a report, in one straight line."""
    started = datetime.now(UTC)

    # Turtle and source code -> a checked knowledge graph
    modules = kgt.read_modules(kgt.find_source(config.data.path, config.data.packages))
    tested = kgt.read_modules(kgt.find_source(config.data.test)) if config.data.test else None
    corpus = kgt.python_corpus(modules, tested, seed=config.data.split_seed)
    seen = {s: corpus.with_names_masked() if s == "masked" else corpus for s in config.settings}
    facts = kgt.build_code_graph([*modules, *(tested or ())], withheld=corpus.held_out)
    graph = kgt.read_ontology(kgt.resource(config.ontology.vocabulary)) | facts
    kgt.require_valid(graph, [kgt.resource(config.ontology.shapes)])
    kgt.say(f"{len(graph):,} triples about {len(graph.concepts):,} concepts, valid")

    # Cypher selects the concepts that may condition
    with kgt.connect(out / "store.kglite") as store:
        kgt.say(store.sync(graph))
        queries = [kgt.answer(store, name) for name in SHOWN]
        kgt.say(*queries)
        chosen = store.select(config.select.cypher)

    # concepts -> vectors; functions -> concepts; every arm fitted and scored
    device = kgt.pick_device(config.device)
    encoder = kgt.TextEncoder.from_pretrained(**config.encoder.model_dump(), device=device)
    with kgt.bar("embedding the concepts") as advance:
        concepts = kgt.embed(
            graph,
            select=chosen,
            text=encoder,
            cache=out / "cache",
            progress=lambda what, done: advance(0, what),
            **config.embedding.model_dump(),
        )
    sizes = sorted({min(n, len(corpus.labelled)) for n in (LABELS, *config.few_labels)})
    few = [kgt.SearchArm(f"labels_{n}", train_on="labels", labels=n) for n in sizes]
    arms = kgt.choose_arms([*ARMS, *few, *SOURCES], config.arms, always=[KG])
    key = kgt.run_key(config, graph.hash, concepts.hash, corpus.hash)
    tasks, outcomes, stems = {}, {}, {}
    with kgt.bar("fitting") as advance:
        for setting in config.settings:
            recipe = kgt.SearchRecipe(**config.training.model_dump())
            task = kgt.SearchTask(
                seen[setting], graph, concepts, encoder, recipe=recipe, device=device, stems=stems
            )
            tasks[setting] = task
            outcomes[setting] = kgt.experiment(
                task,
                [arm for arm in arms if setting == config.settings[0] or arm not in SOURCES],
                seeds=range(config.seeds),
                setting=setting,
                folder=out / "fits",
                key=key,
                keep=(KG.name,),
                progress=lambda what: advance(1, what),
            )

    # scores -> a run folder with a report, known to the store by the concepts it used
    result = kgt.save_search(out, config, graph, tasks, outcomes, kg=KG, queries=queries, key=key)
    kgt.record_search(out, out / "store.kglite", started=started)
    return result


if __name__ == "__main__":
    kgt.run_pipeline(run, Config, __file__)
