"""GCC: a graph encoder learns, without labels, that two walks from one node look at one place.

Graph Contrastive Coding, Qiu et al., KDD 2020 (arXiv 2006.09963): InfoNCE over pairs of subgraphs
that random walks with restart visit around the same node.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import scipy.sparse as sp
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from kgtransfer.errors import ConfigError, DataError
from kgtransfer.nodes.encoders.gin import GIN
from kgtransfer.nodes.subgraphs.batch import GraphBatch
from kgtransfer.nodes.subgraphs.positions import local_positions
from kgtransfer.nodes.subgraphs.walks import walk_subgraphs
from kgtransfer.training.checkpoint import load_checkpoint, save_checkpoint, write_safetensors
from kgtransfer.utils.arrays import read_arrays
from kgtransfer.utils.resources import expanded

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import numpy.typing as npt

__all__ = [
    "METHODS",
    "InBatch",
    "MoCo",
    "PairSampler",
    "PretrainingSettings",
    "pretrain",
    "read_corpus",
]

TEMPERATURE = 0.07
STEPS = 256


@dataclass(frozen=True)
class PretrainingSettings:
    """How to pre-train.

    Attributes:
        method: a key of `METHODS`.
        pairs: positive pairs seen in all.
        batch: pairs a step.
        lr: of Adam, after a linear rise over a tenth of the steps; then it falls to 0.
        weight_decay: L2, as Adam has it.
        seed: of everything random.
    """

    method: str = "in-batch"
    pairs: int = 2_400_000
    batch: int = 256
    lr: float = 5e-3
    weight_decay: float = 1e-5
    seed: int = 0

    @property
    def steps(self) -> int:
        """Steps in all."""
        return self.pairs // self.batch

    def rate(self, step: int) -> float:
        """Learning rate of a step."""
        share = step / max(1, self.steps)
        return self.lr * min((share + 1 / max(1, self.steps)) / 0.1, (1 - share) / 0.9)


class InBatch(nn.Module):
    """InfoNCE against the other pairs of the batch (E2E in the paper)."""

    def __init__(self, encoder: GIN) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, one: GraphBatch, other: GraphBatch) -> Tensor:
        """Loss of a batch of pairs."""
        logits = self.encoder(other) @ self.encoder(one).T / TEMPERATURE
        return F.cross_entropy(logits, torch.arange(len(one)))

    def step(self) -> None:
        """Nothing to do after a step."""


class MoCo(nn.Module):
    """InfoNCE against a queue of keys from an encoder that follows slowly (arXiv 1911.05722).

    Args:
        encoder: what is trained.
        keys: length of the queue.
        momentum: of the encoder of keys.
    """

    queue: Tensor
    place: Tensor

    def __init__(self, encoder: GIN, keys: int = 16_384, momentum: float = 0.999) -> None:
        super().__init__()
        self.encoder, self.follower = encoder, copy.deepcopy(encoder).requires_grad_(False)
        self.momentum = momentum
        rows = torch.randn(keys, encoder.width, generator=torch.Generator().manual_seed(0))
        self.register_buffer("queue", F.normalize(rows, dim=1))
        self.register_buffer("place", torch.zeros((), dtype=torch.int64))

    def forward(self, one: GraphBatch, other: GraphBatch) -> Tensor:
        """Loss of a batch of pairs; its keys enter the queue, the oldest leave."""
        query = self.encoder(one)
        with torch.no_grad():
            key = self.follower(other)
        positive = (query * key).sum(dim=1, keepdim=True)
        logits = torch.cat([positive, query @ self.queue.T], dim=1) / TEMPERATURE
        slots = (self.place + torch.arange(len(key))) % len(self.queue)
        self.queue = self.queue.index_copy(0, slots, key)
        self.place = (self.place + len(key)) % len(self.queue)
        return F.cross_entropy(logits, torch.zeros(len(query), dtype=torch.int64))

    @torch.no_grad()
    def step(self) -> None:
        """The encoder of keys moves a little."""
        pairs = zip(self.follower.parameters(), self.encoder.parameters(), strict=True)
        for slow, fast in pairs:
            slow.lerp_(fast, 1 - self.momentum)


METHODS: dict[str, Callable[[GIN], InBatch | MoCo]] = {"in-batch": InBatch, "moco": MoCo}


class PairSampler:
    """Pairs of subgraphs around one node, nodes drawn in proportion to degree^0.75.

    Args:
        adjacency: `[N, N]`; several graphs stand side by side in it.
    """

    def __init__(self, adjacency: sp.csr_array) -> None:
        self.adjacency = adjacency
        degrees = np.diff(adjacency.indptr).astype(np.float64)
        self._share = np.cumsum(degrees**0.75)

    def pairs(self, count: int, rng: np.random.Generator) -> tuple[GraphBatch, GraphBatch]:
        """`count` positive pairs: induced subgraphs, positions with random signs."""
        drawn = rng.random(count) * self._share[-1]
        seeds = np.searchsorted(self._share, drawn, side="right")
        batches = [self._batch(seeds, rng) for _ in range(2)]
        return batches[0], batches[1]

    def _batch(self, seeds: npt.NDArray[np.int64], rng: np.random.Generator) -> GraphBatch:
        subgraphs = walk_subgraphs(
            self.adjacency, seeds, steps=STEPS, restart=0.8, induced=True, rng=rng
        )
        signs = rng.integers(0, 2, (len(seeds), 32)).astype(np.float32) * 2 - 1
        positions = local_positions(subgraphs) * np.repeat(signs, subgraphs.sizes, axis=0)
        return GraphBatch.of(subgraphs, positions)


def read_corpus(path: str | Path, *, without: Collection[str] = ()) -> sp.csr_array:
    """File of a corpus -> its graphs, side by side in one adjacency matrix.

    Args:
        path: `.npz` with an array `[2, E]` for each graph: its undirected edges.
        without: names of graphs to leave out.

    Raises:
        DataError: the file cannot be read, or no graph is left.
        ConfigError: a graph to leave out is not there.
    """
    try:
        arrays = read_arrays(expanded(path))
        graphs = {name: edges.astype(np.int64) for name, edges in arrays.items()}
    except (OSError, ValueError, TypeError) as error:
        raise DataError(f"{path}: no archive of plain arrays ({error})") from error
    unknown = sorted(set(without) - graphs.keys())
    if unknown:
        names = ", ".join(graphs)
        raise ConfigError(f"{path}: no graph {', '.join(unknown)}", cure=f"there are: {names}")
    kept = [edges for name, edges in graphs.items() if name not in without and edges.size]
    if not kept:
        raise DataError(f"{path}: no graph is left to pre-train on")
    sizes = [int(edges.max()) + 1 for edges in kept]
    shifts = np.cumsum([0, *sizes])
    edges = np.concatenate([e + s for e, s in zip(kept, shifts[:-1], strict=True)], axis=1)
    both = np.concatenate([edges, edges[::-1]], axis=1)
    ones = np.ones(both.shape[1], dtype=np.float32)
    total = int(shifts[-1])
    adjacency = sp.csr_array(sp.coo_array((ones, (both[0], both[1])), shape=(total, total)))
    adjacency.data[:] = 1.0
    return adjacency


def pretrain(
    adjacency: sp.csr_array,
    out: Path,
    settings: PretrainingSettings,
    *,
    every: int = 200,
    on_step: Callable[[int, float], None] = lambda step, loss: None,
) -> GIN:
    """Graphs -> an encoder pre-trained on them; its weights are written.

    Args:
        adjacency: the graphs, side by side.
        out: `.safetensors` file of the weights; beside it stands a checkpoint while work is going
            on, from which an interrupted call goes on to the same end, bit for bit.
        settings: how.
        every: steps between checkpoints.
        on_step: told of each step and its loss.

    Raises:
        ConfigError: there is no such method.
    """
    if settings.method not in METHODS:
        raise ConfigError(
            f"no method {settings.method!r}", cure=f"take one of {', '.join(METHODS)}"
        )
    torch.manual_seed(settings.seed)
    model = METHODS[settings.method](GIN())
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.Adam(parameters, weight_decay=settings.weight_decay)
    checkpoint = out.with_suffix(".checkpoint")
    done = load_checkpoint(checkpoint, model, optimizer)
    sampler = PairSampler(adjacency)
    model.train()
    for step in range(done + 1, settings.steps):
        torch.manual_seed(settings.seed * 1_000_003 + step)
        one, other = sampler.pairs(settings.batch, np.random.default_rng((settings.seed, step)))
        optimizer.param_groups[0]["lr"] = settings.rate(step)
        loss = cast(Tensor, model(one, other))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        model.step()
        on_step(step, loss.item())
        if (step + 1) % every == 0:
            save_checkpoint(checkpoint, model, optimizer, epoch=step)
    write_safetensors(out, model.encoder.state_dict())
    checkpoint.unlink(missing_ok=True)
    return model.encoder.eval()
