"""Mixed precision where it pays."""

from __future__ import annotations

import pytest
import torch

from kgtransfer.backbones import precision
from kgtransfer.backbones.precision import autocast, has_fast_bfloat16


def test_products_are_in_bfloat16_just_where_the_processor_is_fast_at_it() -> None:
    with autocast(torch.device("cpu")):
        product = torch.ones(2, 2) @ torch.ones(2, 2)
    expected = torch.bfloat16 if has_fast_bfloat16("cpu") else torch.float32
    assert product.dtype == expected


@pytest.mark.parametrize(
    ("flags", "capability", "fast"),
    [
        ({"avx2", "avx512_bf16"}, "AVX512", True),
        ({"avx2", "amx_bf16"}, "AVX512", True),
        ({"avx2", "avx512f"}, "AVX512", False),
        ({"avx2"}, "AVX2", False),
        ({"avx2", "avx512_bf16"}, "AVX2", False),  # by ATEN_CPU_CAPABILITY
        ({"avx2", "amx_bf16"}, "DEFAULT", False),
    ],
)
def test_a_processor_is_fast_at_bfloat16_where_torch_may_use_its_instructions(
    flags: set[str], capability: str, fast: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precision, "_cpu_flags", lambda: frozenset(flags))
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: capability)
    assert has_fast_bfloat16.__wrapped__("cpu") is fast
