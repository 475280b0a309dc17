"""Classify the nodes of a graph: a structural encoder, conditions, and what attributes mean.

    python pipelines/graph_control.py --data cora_ml.npz --out runs/cora_ml
    python pipelines/graph_control.py --data coauthor_cs.npz --out runs/cs --labels-per-class 3
    python pipelines/graph_control.py --data dblp.npz --out runs/dblp \
        --set method.preset=graphcontrol-2024 --set method.protocol=paper

An encoder that was pre-trained on the structure of other graphs reads the surroundings of each
node. What nodes are about conditions it through gates that start shut: attributes propagated over
the graph, and, where attributes and classes have names, what those mean.
GraphControl: Zhu et al., WWW 2024. GCC: Qiu et al., KDD 2020.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import kgtransfer as kgt
from kgtransfer.nodes.config import GraphControlConfig as Config

KG = kgt.NodeArm("kg", "control", knowledge="true")
ARMS = (
    kgt.NodeArm("none", "tuned"),
    kgt.NodeArm("gcc", "tuned"),
    kgt.NodeArm("gnn", "gnn"),
    kgt.NodeArm("baseline", "linear"),
    kgt.NodeArm("control_random", "control", encoder="random"),
    kgt.NodeArm("control", "control"),
    KG,
    replace(KG, name="shuffled", knowledge="shuffled"),
)


def run(config: Config, out: Path) -> kgt.RunResult:
    """From a graph to a report, in one straight line."""
    graph = kgt.read_nodes(config.data.path)
    kgt.say(f"{graph.num_nodes:,} nodes, {graph.edges.shape[1]:,} edges; {dict(graph.found)}")

    # attributes and classes -> a checked knowledge graph, known to Cypher
    ontology = kgt.read_ontology(*map(kgt.resource, config.ontology.files))
    facts = kgt.attribute_facts(graph, train=kgt.random_split(graph, 0, config.data.train).train)
    knowledge = ontology | kgt.build_attribute_graph(facts, ontology)
    kgt.require_valid(knowledge, [kgt.resource(config.ontology.shapes)])
    kgt.say(f"{len(knowledge):,} triples about {len(knowledge.concepts):,} concepts, valid")
    with kgt.connect(out / "store.kglite") as store:
        kgt.say(store.sync(knowledge))
        queries = [kgt.answer(store, "att_of_class")] if facts.attributes else []
        chosen = store.select(config.select.cypher)

    # names -> vectors; nodes -> concepts; every arm fitted and scored
    with kgt.bar("embedding the concepts") as advance:
        known = kgt.attribute_knowledge(
            graph,
            knowledge,
            facts,
            select=chosen,
            encoder=lambda: kgt.TextEncoder.from_pretrained(**config.text.model_dump()),
            cache=out / "cache",
            progress=lambda what, done: advance(0, what),
        )
    knows = known is not None and not config.method.preset
    arms = [arm for arm in ARMS if knows or not arm.knowledge]
    arms = kgt.choose_arms(arms, config.arms)
    weights = config.encoder.weights
    if weights == "auto":
        weights = "gcc-without-hindex" if graph.name == "hindex" else "gcc"
    encoder = kgt.load_gin(weights)
    key = kgt.run_key(config, knowledge.hash, graph.hash, str(weights))
    # how many labels the knowledge is worth: `control` with each of their numbers
    plain = next(arm for arm in ARMS if arm.name == "control")
    curve = [replace(plain, name=f"labels_{n}", labels=n) for n in config.few_labels if knows]
    recipe = kgt.NodeRecipe(
        share=config.data.train,
        reserve=max(config.few_labels, default=0),
        restart=config.encoder.restart,
        **config.method.model_dump(),
    )
    task = kgt.NodeTask(graph, encoder, knowledge=known, recipe=recipe, cache=out / "cache")
    tasks, outcomes = {}, {}
    with kgt.bar("fitting") as advance:
        for labels in (0, *config.few_labels):
            counted = f"{labels} label{'s' if labels > 1 else ''} a class"
            setting = counted if labels else f"{config.data.train:.0%} labelled"
            tasks[setting] = task.at(labels)
            outcomes[setting] = kgt.experiment(
                tasks[setting],
                [*arms, *(curve if labels else ())],
                seeds=range(config.seeds),
                setting=setting,
                folder=out / "fits",
                key=key,
                labels=labels,
                progress=lambda what: advance(1, what),
            )

    # scores -> a run folder with a report; the headline arm's word on every node
    headline = KG if knows else plain
    return kgt.save_nodes(
        out, config, knowledge, tasks, outcomes, headline=headline, queries=queries, key=key
    )


if __name__ == "__main__":
    kgt.run_pipeline(run, Config, __file__)
