"""Mixed precision where it pays."""

from __future__ import annotations

import torch

from kgtransfer.backbones.precision import autocast, has_fast_bfloat16


def test_products_are_in_bfloat16_just_where_the_processor_is_fast_at_it() -> None:
    with autocast(torch.device("cpu")):
        product = torch.ones(2, 2) @ torch.ones(2, 2)
    expected = torch.bfloat16 if has_fast_bfloat16("cpu") else torch.float32
    assert product.dtype == expected
