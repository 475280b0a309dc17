"""A graph convolutional network on raw attributes: what a practitioner would train first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from kgtransfer.nodes.sparse import SparseMatrix

if TYPE_CHECKING:
    import numpy.typing as npt
    import scipy.sparse as sp

__all__ = ["fit_gcn"]

HIDDEN, DROPOUT, EPOCHS, PATIENCE = 64, 0.5, 200, 40


class _GCN(nn.Module):
    """Two layers, P relu(P X W1) W2 (Kipf & Welling, ICLR 2017); `own` adds a node's own state.

    Weights of own states are drawn in any case, so that those of neighbours do not depend on them.
    """

    def __init__(self, inputs: int, classes: int, own: bool) -> None:
        super().__init__()
        self.first = nn.Parameter(torch.empty(inputs, 2 * HIDDEN))
        self.second = nn.Linear(HIDDEN, 2 * classes)
        nn.init.xavier_uniform_(self.first)
        if not own:
            self.first = nn.Parameter(self.first[:, HIDDEN:].detach().clone())
            self.second.weight = nn.Parameter(self.second.weight[classes:].detach().clone())
            self.second.bias = nn.Parameter(self.second.bias[classes:].detach().clone())
        self.own = own

    def forward(self, operator: SparseMatrix, attributes: SparseMatrix | Tensor) -> Tensor:
        hidden = torch.relu(self._gathered(operator, attributes @ self.first))
        outputs = self.second(F.dropout(hidden, DROPOUT, self.training))
        return self._gathered(operator, outputs)

    def _gathered(self, operator: SparseMatrix, states: Tensor) -> Tensor:
        if not self.own:
            return operator @ states
        own, near = torch.chunk(states, 2, dim=1)
        return own + operator @ near


def fit_gcn(
    operator: sp.csr_array,
    attributes: sp.csr_array | npt.NDArray[np.float32],
    labels: npt.NDArray[np.int64],
    fitted: npt.NDArray[np.int64],
    held: npt.NDArray[np.int64],
    *,
    seed: int,
    own: bool = False,
) -> npt.NDArray[np.int64]:
    """Graph, attributes and labels -> class of every node, `[N]`, by a network trained on them.

    It is that of the epoch that is best on held-out nodes.

    Args:
        operator: P, `[N, N]`.
        attributes: `[N, D]`.
        labels: `[N]`; only those of `fitted` and `held` are looked at.
        fitted: nodes that are trained on.
        held: nodes that choose the epoch; empty takes the last one.
        seed: of weights and dropout.
        own: whether a node's own state stands beside that of its neighbours; a graph whose
            attributes are few numbers about its structure loses them otherwise.
    """
    torch.manual_seed(seed)
    propagation = SparseMatrix.of(operator)
    rows = (
        torch.from_numpy(attributes)
        if isinstance(attributes, np.ndarray)
        else SparseMatrix.of(attributes)
    )
    targets = torch.from_numpy(labels)
    model = _GCN(attributes.shape[1], int(labels.max()) + 1, own)
    optimiser = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=5e-4)
    best, waited = -1.0, 0
    chosen = np.zeros(len(labels), dtype=np.int64)
    for epoch in range(EPOCHS):
        model.train()
        loss = F.cross_entropy(model(propagation, rows)[fitted], targets[fitted])
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        if epoch % 5 < 4:
            continue
        model.eval()
        with torch.no_grad():
            predicted = model(propagation, rows).argmax(dim=1).numpy()
        score = float((predicted[held] == labels[held]).mean()) if len(held) else float(epoch)
        waited = 0 if score > best else waited + 5
        if score > best:
            best, chosen = score, predicted
        if waited >= PATIENCE:
            break
    return chosen
