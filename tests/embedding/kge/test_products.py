from __future__ import annotations

import pytest
import torch

from kgtransfer.embedding.kge.products import dot_products


@pytest.mark.parametrize("keys", [1, 511, 512, 1_100])
def test_blocks_of_keys_give_the_whole_product(keys):
    generator = torch.Generator().manual_seed(0)
    queries, others = (torch.randn(n, 6, generator=generator).double() for n in (5, keys))
    out = torch.full((5, keys), torch.nan, dtype=torch.float64)
    assert dot_products(queries, others, out) is out
    torch.testing.assert_close(out, queries @ others.T)
