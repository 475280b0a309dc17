"""Products of sparse matrices: values and gradients, to the bit those that torch has itself."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
import torch

from kgtransfer.nodes.sparse import SparseMatrix

MATRIX = sp.random_array((40, 30), density=0.2, format="csr", dtype=np.float32, rng=0)


def test_a_product_and_its_gradient() -> None:
    matrix = SparseMatrix.of(sp.csr_array(np.array([[1, 2, 0], [0, 0, 3]], dtype=np.float32)))
    dense = torch.tensor([[1.0], [10.0], [100.0]], requires_grad=True)
    product = matrix @ dense
    assert product.tolist() == [[21.0], [300.0]]
    (gradient,) = torch.autograd.grad(product, dense, torch.tensor([[1.0], [10.0]]))
    assert gradient.tolist() == [[1.0], [2.0], [30.0]]


def test_it_is_to_the_bit_what_torch_gives() -> None:
    matrix = SparseMatrix.of(MATRIX)
    dense = torch.randn(30, 7, generator=torch.Generator().manual_seed(0), requires_grad=True)
    pull = torch.randn(40, 7, generator=torch.Generator().manual_seed(1))
    products = [matrix @ dense, matrix.matrix @ dense]
    gradients = [torch.autograd.grad(product, dense, pull)[0] for product in products]
    assert torch.equal(*products)
    assert torch.equal(*gradients)
