"""Images from few labels, in the domain that was learned from and in others.

    python pipelines/images.py --preset wbc --data wbc_pbc --test wbc_jtsc,wbc_bccd --out runs/wbc
    python pipelines/images.py --preset remote_sensing --data rs_rsscn7 --out runs/remote_sensing
    python pipelines/images.py --preset pacs --out runs/pacs
    kgtransfer train my_domain.toml --out runs/mine      # a copy of images.toml, your own ontology

Images are grounded on concepts: measured, where the ontology says which measure stands for which,
or named by a pre-trained head and WordNet. Axioms say which class shows what. They come first, a
regression on what was read of an image fits what they leave open, and a pre-trained network,
conditioned by the concepts, what is left then. In a domain that looks
different, told without labels, what was learned counts less, and the axioms carry over. Blood cells
after Jeneessha, Balasubramanian, Sci Rep 15:15608, 2025; scenes from above after Akhtar et al.,
Appl. Sci. 13:7882, 2023, whose arms are full fine-tuning and that of the last layers.
"""

from __future__ import annotations

from pathlib import Path

import kgtransfer as kgt
from kgtransfer.cli import run_pipeline
from kgtransfer.images.config import VisionConfig as Config
from kgtransfer.images.configured import configured_data, configured_task
from kgtransfer.images.image_data import require_classes
from kgtransfer.images.sources.table import open_sources
from kgtransfer.utils.progress import say
from kgtransfer.utils.resources import resource


def run(config: Config, out: Path) -> kgt.RunResult:
    """From images and Turtle to a report, in one straight line."""
    sources = open_sources(config.grounding, config.backbone)  # refused first: what may not run
    cache = out.parent / ".cache"  # what was read and measured serves all runs beside this one
    data = configured_data(config, cache)

    # Turtle -> a checked knowledge graph, and what finds its concepts in images
    graph = kgt.read_ontology(resource(config.ontology.vocabulary))
    kgt.knowledge.require_valid(graph, [resource(config.ontology.shapes)])
    require_classes(data, graph, config.data.ignored)
    grounder = sources.on(graph, cache)

    # Cypher selects the concepts that may condition
    with kgt.connect(out / "store.kglite") as store:
        say(store.sync(graph))
        chosen = store.select(config.select.cypher)

    # concepts -> vectors
    embedded = kgt.embedding.embedded(
        graph, text=kgt.TextEncoder.from_pretrained(config.embedding.text), cache=cache,
        model=config.embedding.model, dim=config.embedding.dim, seed=config.embedding.seed,
        quick=True,
    )  # fmt: skip
    concepts = embedded.concepts.select(chosen)

    # images -> what the sources read -> grounded concepts
    task = configured_task(
        config, data, graph, concepts, sources=sources, grounder=grounder, embedded=embedded
    )

    # every arm, fitted on few labels, scored in the source and elsewhere -> a run with a report
    return kgt.experiment(
        task, config.arms_to_run, seeds=config.seeds, out=out, config=config, pipeline=config.name
    )


if __name__ == "__main__":
    run_pipeline(run, Config, __file__)
