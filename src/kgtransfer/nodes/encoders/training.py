"""Encoders trained on the subgraphs of labelled nodes, conditioned or not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from kgtransfer.nodes.encoders.control_branch import ControlBranch
from kgtransfer.nodes.subgraphs.cache import blocks

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.nodes.encoders.gin import GIN
    from kgtransfer.nodes.subgraphs.batch import GraphBatch
    from kgtransfer.nodes.subgraphs.cache import NodeSubgraphs

__all__ = ["Curve", "Tuned", "Tuning", "class_probabilities", "tune"]


@dataclass(frozen=True)
class Tuning:
    """Settings of a training on subgraphs; the defaults fine-tune the encoder alone.

    Attributes:
        optimiser: adam, adamw or sgd.
        steps: that are made at least, in as many epochs as that takes.
        every: epochs between looks at the nodes that are not trained on.
        patience: looks without a better one after which training ends.
    """

    optimiser: str = "adamw"
    lr: float = 1e-3
    weight_decay: float = 5e-4
    epochs: int = 60
    steps: int = 150
    batch: int = 128
    every: int = 3
    patience: int = 10


@dataclass(frozen=True)
class Curve:
    """Accuracy by epoch: on held-out training nodes, and (paper's protocol) on the test."""

    epochs: tuple[int, ...]
    validation: tuple[float, ...]
    test: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Tuned:
    """What training gave.

    Attributes:
        correct: `[test nodes]`, whether each has its class at the epoch that was chosen.
        curve: how it came to that.
        network: encoder and head of that epoch.
    """

    correct: npt.NDArray[np.bool_]
    curve: Curve
    network: SubgraphClassifier


class SubgraphClassifier(nn.Module):
    """An encoder, conditioned or not, with a linear head."""

    def __init__(self, body: GIN | ControlBranch, classes: int) -> None:
        super().__init__()
        self.body = body
        self.head = nn.Linear(body.width, classes)

    def forward(self, batch: GraphBatch, condition: Tensor | None) -> Tensor:
        if isinstance(self.body, ControlBranch):
            assert condition is not None
            return cast(Tensor, self.head(self.body(batch, condition[batch.nodes])))
        return cast(Tensor, self.head(self.body(batch)))


def tune(
    body: GIN | ControlBranch,
    store: NodeSubgraphs,
    labels: npt.NDArray[np.int64],
    fitted: npt.NDArray[np.int64],
    held: npt.NDArray[np.int64],
    test: npt.NDArray[np.int64],
    settings: Tuning,
    *,
    condition: npt.NDArray[np.float32] | None = None,
    seed: int = 0,
    on_test: bool = False,
) -> Tuned:
    """Encoder and subgraphs of labelled nodes -> encoder and head trained on them, and scores.

    Args:
        body: what is trained, in place.
        store: subgraphs of all nodes, row = node.
        labels: `[N]`.
        fitted: nodes that are trained on.
        held: training nodes that choose the epoch; empty takes the last one.
        test: nodes that are scored.
        settings: of the training.
        condition: `[N, d]`, for a `ControlBranch`.
        seed: of batches, signs and dropout.
        on_test: look at the test at every look, as the published protocol does; the choice of the
            epoch stays with `held`, and the curve shows both.
    """
    torch.manual_seed(seed)
    classes = int(labels.max()) + 1
    model = SubgraphClassifier(body, classes)
    conditions = None if condition is None else torch.from_numpy(condition)
    optimiser = _optimiser(model, settings)
    rng = np.random.default_rng((seed, 11))
    epochs: list[int] = []
    validation: list[float] = []
    tested: list[float] = []
    best, count = -1.0, 0
    state: dict[str, Tensor] = {}
    total = max(settings.epochs, settings.steps // math.ceil(len(fitted) / settings.batch))
    for epoch in range(total):
        _pass(model, store, labels, rng.permutation(fitted), settings.batch, conditions, optimiser)
        last = epoch == total - 1
        if epoch % settings.every and not last:
            continue
        epochs.append(epoch)
        if on_test:
            tested.append(float((_predict(model, store, test, conditions) == labels[test]).mean()))
        score = float(epoch)
        if len(held):
            score = float((_predict(model, store, held, conditions) == labels[held]).mean())
            validation.append(score)
        count = 0 if score > best else count + 1
        if score > best:
            best = score
            state = {name: value.clone() for name, value in model.state_dict().items()}
        if count == settings.patience:
            break
    model.load_state_dict(state)
    correct = _predict(model, store, test, conditions) == labels[test]
    return Tuned(correct, Curve(tuple(epochs), tuple(validation), tuple(tested)), model)


def _pass(
    model: SubgraphClassifier,
    store: NodeSubgraphs,
    labels: npt.NDArray[np.int64],
    order: npt.NDArray[np.int64],
    size: int,
    condition: Tensor | None,
    optimiser: torch.optim.Optimizer,
) -> None:
    """One epoch; the columns of a batch's positions share one random sign each."""
    model.train()
    for start in range(0, len(order), size):
        rows = order[start : start + size]
        if len(rows) < 2:
            continue
        logits = model(store.batch(rows).flipped(), condition)
        loss = F.cross_entropy(logits, torch.from_numpy(labels[rows]))
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()


@torch.no_grad()
def class_probabilities(
    network: SubgraphClassifier,
    store: NodeSubgraphs,
    condition: npt.NDArray[np.float32] | None = None,
) -> npt.NDArray[np.float32]:
    """A trained network and all subgraphs -> class probabilities of their roots, `[N, classes]`."""
    network.eval()
    conditions = None if condition is None else torch.from_numpy(condition)
    parts = [
        network(store.batch(rows), conditions).softmax(dim=1).numpy()
        for rows in blocks(store.nodes)
    ]
    return np.concatenate(parts)


@torch.no_grad()
def _predict(
    model: SubgraphClassifier,
    store: NodeSubgraphs,
    nodes: npt.NDArray[np.int64],
    condition: Tensor | None,
) -> npt.NDArray[np.int64]:
    model.eval()
    parts = [
        model(store.batch(nodes[rows]), condition).argmax(dim=1).numpy() for rows in blocks(nodes)
    ]
    predicted: npt.NDArray[np.int64] = np.concatenate(parts)
    return predicted


def _optimiser(model: nn.Module, settings: Tuning) -> torch.optim.Optimizer:
    optimisers = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW, "sgd": torch.optim.SGD}
    trainable = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser: torch.optim.Optimizer = optimisers[settings.optimiser](
        trainable, lr=settings.lr, weight_decay=settings.weight_decay
    )
    return optimiser
