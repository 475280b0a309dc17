"""Classify nodes of a graph or rows of a table: by an encoder, and by what attributes mean.

    python pipelines/graph_control.py --data cora_ml.npz --out runs/cora_ml
    python pipelines/graph_control.py --data coauthor_cs.npz --out runs/cs --labels-per-class 3
    python pipelines/graph_control.py --data dblp.npz --out runs/dblp \
        --set method.preset=graphcontrol-2024 --set method.protocol=paper

    python pipelines/graph_control.py --data flowers.csv --out runs/flowers \
        --set 'ontology.files=["ontology/attributes.ttl", "flowers.ttl"]'

An encoder that was pre-trained on the structure of other graphs reads the surroundings of each
node. What nodes are about conditions it through gates that start shut: attributes propagated over
the graph, and, where attributes and classes have names, what those mean.
GraphControl: Zhu et al., WWW 2024. GCC: Qiu et al., KDD 2020.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import kgtransfer as kgt
from kgtransfer.cli import run_pipeline
from kgtransfer.nodes.arms import NEEDS_EDGES
from kgtransfer.nodes.config import GraphControlConfig as Config
from kgtransfer.nodes.configured import configured_task
from kgtransfer.nodes.kept import KEPT, Kept
from kgtransfer.store.queries import answer
from kgtransfer.utils.progress import say
from kgtransfer.utils.resources import resource


def run(config: Config, out: Path) -> kgt.RunResult:
    """From a graph to a report, in one straight line."""
    nodes = kgt.read_nodes(
        config.data.path, **config.data.model_dump(exclude={"path", "test", "train"})
    )
    if nodes.has_edges:
        say(f"{nodes.num_nodes:,} nodes, {nodes.edges.shape[1]:,} edges; {dict(nodes.corrections)}")
    else:
        say(f"{nodes.num_nodes:,} rows; left out, for want of edges: {', '.join(NEEDS_EDGES)}")

    # attributes and classes -> a checked knowledge graph, known to Cypher
    ontology = kgt.read_ontology(*map(resource, config.ontology.files))
    kept = Kept(out / KEPT)  # what an edit of the ontology leaves as it is
    facts = kgt.nodes.attribute_facts(
        nodes,
        train=kgt.nodes.random_split(nodes, 0, config.data.train).train,
        ontology=ontology,
        kept=kept,
    )
    graph = ontology | kgt.nodes.build_attribute_graph(facts, ontology)
    kgt.knowledge.require_valid(graph, [resource(config.ontology.shapes)])
    say(f"{len(graph):,} triples about {len(graph.concepts):,} concepts, valid")
    with kgt.connect(out / "store.kglite") as store:
        say(store.sync(graph))
        queries = [answer(store, "att_of_class")] if facts.attributes else []
        selection = store.select(config.select.cypher)

    # names -> vectors -> what is known of attributes and classes
    encoder = cache(lambda: kgt.TextEncoder.from_pretrained(**config.text.model_dump()))
    knowledge = kgt.nodes.attribute_knowledge(
        nodes,
        graph,
        facts,
        select=selection,
        encoder=encoder,
        cache=out / "cache",
    )

    if nodes.is_table and knowledge is None:
        say("the ontology says nothing of these columns and classes: no arm has knowledge")

    # graph, encoder and knowledge -> every arm fitted, compared and saved
    task = configured_task(
        config, nodes, knowledge, graph, encoder=encoder, cache=out / "cache", kept=kept
    )
    return kgt.experiment(
        task,
        [arm for arm in config.arms if nodes.has_edges or arm not in NEEDS_EDGES] or None,
        seeds=config.seeds,
        out=out,
        config=config,
        pipeline="graph_control",
        queries=queries,
        written=ontology,
    )


if __name__ == "__main__":
    run_pipeline(run, Config, __file__)
