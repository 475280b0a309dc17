"""Sparse matrices in torch, times dense ones, without turning them at every step of a training."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

if TYPE_CHECKING:
    import scipy.sparse as sp

__all__ = ["SparseMatrix", "sparse_rows"]


class SparseMatrix:
    """A sparse matrix A that is no parameter: `A @ dense`, whose gradient is A^T @ gradient.

    torch turns A anew for each gradient, which takes ten times as long as the product itself; the
    sums are the same, in the same order.

    Args:
        matrix: A, sparse rows.
        turned: A^T, sparse rows; A itself where it is symmetric.
    """

    def __init__(self, matrix: Tensor, turned: Tensor) -> None:
        self.matrix, self.turned = matrix, turned

    def __matmul__(self, dense: Tensor) -> Tensor:
        product: Tensor = _Product.apply(dense, self.matrix, self.turned)
        return product

    @classmethod
    def of(cls, matrix: sp.csr_array) -> SparseMatrix:
        """From SciPy's sparse rows, float32."""
        turned = matrix.T.tocsr()
        return cls(*(_tensor(part) for part in (matrix, turned)))


class _Product(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, dense: Tensor, matrix: Tensor, turned: Tensor) -> Tensor:
        ctx.turned = turned
        return matrix @ dense

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        return ctx.turned @ gradients[0], None, None


def sparse_rows(starts: Tensor, columns: Tensor, values: Tensor, shape: tuple[int, int]) -> Tensor:
    """Where rows start, columns and values -> a sparse tensor of rows."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Sparse CSR tensor support is in beta")
        return torch.sparse_csr_tensor(starts, columns, values, shape, check_invariants=False)


def _tensor(matrix: sp.csr_array) -> Tensor:
    starts, columns = (
        torch.from_numpy(part.astype("i8")) for part in (matrix.indptr, matrix.indices)
    )
    return sparse_rows(starts, columns, torch.from_numpy(matrix.data.astype("f4")), matrix.shape)
