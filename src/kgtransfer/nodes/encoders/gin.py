"""Graph encoders: GCC's graph isomorphism network, and any other that reads the same.

GIN: Xu et al., ICLR 2019 (arXiv 1810.00826), in the form of GCC (Qiu et al., KDD 2020, arXiv
2006.09963). Plain torch: a batch of subgraphs is one sparse matrix.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, cast

import torch
import torch.nn.functional as F
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from kgtransfer.errors import RunError
from kgtransfer.utils.resources import resource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kgtransfer.nodes.subgraphs.batch import GraphBatch

__all__ = ["GIN", "PyGEncoder", "load_gin", "weights_digest", "weights_for"]

POSITION, DEGREE, MAX_DEGREE = 32, 16, 512
_HERE = Path(__file__).parent / "weights"
WEIGHTS = {  # names of the weights that come along
    "gcc": _HERE / "gcc.safetensors",
    "gcc-without-hindex": _HERE / "gcc_without_hindex.safetensors",
}
OVERLAPPING = {"hindex": "gcc-without-hindex"}  # a graph like those of `gcc` -> what saw none


class GIN(nn.Module):
    """GCC's encoder: the structure around a root becomes a unit vector.

    A place enters with its positional encoding (32), an embedding of its degree (16) and whether it
    is the root (1). Four layers h' = phi(h + sum of neighbours); all five representations are
    summed over the subgraph, mapped and added. 61,904 parameters at the default sizes.

    Args:
        hidden: width of the layers.
        layers: how many there are.
        width: of the output.
        dropout: on each mapped representation.

    Shapes:
        input: `GraphBatch` of S subgraphs; output `[S, width]`, rows of length 1;
        `entering`: what is added to the places' states after each layer, `[T, hidden]` each.
    """

    def __init__(
        self, hidden: int = 64, layers: int = 4, width: int = 64, dropout: float = 0.5
    ) -> None:
        super().__init__()
        self.width, self.hidden = width, hidden
        size = POSITION + DEGREE + 1
        self.degree = nn.Embedding(MAX_DEGREE + 1, DEGREE)
        inputs = [size, *[hidden] * layers]
        self.layers = nn.ModuleList(_update(size, hidden) for size in inputs[:-1])
        self.readouts = nn.ModuleList(nn.Linear(size, width) for size in inputs)
        self.dropout = nn.Dropout(dropout)

    def forward(self, batch: GraphBatch, entering: Sequence[Tensor] = ()) -> Tensor:
        """Unit vectors of the subgraphs."""
        degrees = self.degree(batch.degrees.clamp(max=MAX_DEGREE))
        states = torch.cat([batch.positions, degrees, batch.ego], dim=1)
        total = self.dropout(self.readouts[0](batch.pooled(states)))
        for depth, (layer, readout) in enumerate(
            zip(self.layers, list(self.readouts)[1:], strict=True)
        ):
            states = layer(states + batch.neighbours(states))
            if entering:
                states = states + entering[depth]
            total = total + self.dropout(readout(batch.pooled(states)))
        return F.normalize(total, dim=1, eps=1e-5)


def weights_digest(encoder: nn.Module) -> str:
    """Encoder -> SHA-256 of its weights."""
    digest = hashlib.sha256()
    for name, tensor in encoder.state_dict().items():
        digest.update(name.encode() + tensor.numpy().tobytes())
    return digest.hexdigest()


def _update(inputs: int, hidden: int) -> nn.Sequential:
    """phi and the outer normalisation of a layer."""
    return nn.Sequential(
        nn.Linear(inputs, hidden),
        nn.BatchNorm1d(hidden),
        nn.ReLU(),
        nn.Linear(hidden, hidden),
        nn.BatchNorm1d(hidden),
        nn.ReLU(),
        nn.BatchNorm1d(hidden),
        nn.ReLU(),
    )


class PyGEncoder(nn.Module):
    """Any graph network with PyG's calling convention, read as this encoder is.

    Args:
        network: `network(x, edge_index) -> [T, width]`, for example a `torch_geometric.nn` model;
            its input has 49 columns, as that of `GIN`.
        width: size of its output; roots' states are the vectors of the subgraphs.
    """

    def __init__(self, network: nn.Module, width: int) -> None:
        super().__init__()
        self.network, self.width = network, width
        self.degree = nn.Embedding(MAX_DEGREE + 1, DEGREE)

    def forward(self, batch: GraphBatch) -> Tensor:
        """States of the roots."""
        degrees = self.degree(batch.degrees.clamp(max=MAX_DEGREE))
        states = torch.cat([batch.positions, degrees, batch.ego], dim=1)
        return cast(Tensor, self.network(states, batch.edges))[batch.roots]


def weights_for(graph: str) -> str:
    """Name of a graph -> name of the weights that were pre-trained on other graphs than it."""
    return OVERLAPPING.get(graph, "gcc")


def load_gin(source: str | Path = "gcc") -> GIN:
    """Name or file of pre-trained weights -> the encoder with them, in eval mode.

    Args:
        source: `gcc`, `gcc-without-hindex` (pre-trained without the graphs that overlap with the
            h-index data set), or a `.safetensors` file of your own.

    Raises:
        DataError: there is no such file.
        RunError: the file does not hold weights of this encoder.
    """
    path = resource(WEIGHTS.get(str(source), source))
    encoder = GIN()
    try:
        with safe_open(path, framework="pt") as file:
            names = list(file.keys())
            encoder.load_state_dict({name: file.get_tensor(name) for name in names})
    except (OSError, SafetensorError, RuntimeError) as error:
        raise RunError(
            f"{path} holds no weights of this encoder: {error}",
            cure="train some with python pipelines/gcc_pretraining.py, see docs/graph_control.md",
        ) from error
    return encoder.eval()
