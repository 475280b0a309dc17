"""Pre-train the graph encoder that comes along, or one on graphs of your own.

    python pipelines/gcc_pretraining.py structural_corpus.npz --out gcc.safetensors
    python pipelines/gcc_pretraining.py structural_corpus.npz --out gcc_without_hindex.safetensors \
        --without hindex_rand1,hindex_top1

The corpus is an `.npz` file with an array of undirected edges `[2, E]` for each graph. An
interrupted run goes on where it was.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kgtransfer.nodes.encoders.pretraining import PretrainingSettings, pretrain, read_corpus
from kgtransfer.utils.progress import bar, say


def main(
    corpus: Path,
    out: Annotated[Path, typer.Option(help="File of the weights.")],
    without: Annotated[str, typer.Option(help="Graphs to leave out, with commas between.")] = "",
    method: Annotated[str, typer.Option(help="in-batch or moco.")] = "in-batch",
    pairs: Annotated[int, typer.Option(help="Positive pairs in all.")] = PretrainingSettings.pairs,
    seed: int = 0,
) -> None:
    """Pre-train on a corpus of graphs."""
    adjacency = read_corpus(corpus, without=[name for name in without.split(",") if name])
    settings = PretrainingSettings(method=method, pairs=pairs, seed=seed)
    losses: list[float] = []
    with bar("pre-training", settings.steps) as advance:

        def report(step: int, loss: float) -> None:
            losses.append(loss)
            advance(1, f"pre-training, loss {loss:.3f}")
            if (step + 1) % 500 == 0:
                say(f"step {step + 1:,}: loss {sum(losses[-500:]) / len(losses[-500:]):.3f}")

        pretrain(adjacency, out, settings, on_step=report)
    say(f"weights: {out}")


if __name__ == "__main__":
    typer.run(main)
