"""bfloat16 where the processor is fast at it, float32 elsewhere."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from kgtransfer.errors import ConfigError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

__all__ = ["autocast", "has_fast_bfloat16", "pick_device"]


def pick_device(name: str = "auto") -> str:
    """The device to train on: `auto` takes a GPU where there is one.

    Raises:
        ConfigError: a GPU is asked for that is not there.
    """
    if name == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if not re.fullmatch(r"cpu|cuda(:[0-9]{1,3})?", name):
        raise ConfigError(f"no device {name[:40]!r}", cure="take auto, cpu, cuda or cuda:N")
    if name == "cpu":
        return name
    if not torch.cuda.is_available():
        raise ConfigError("no CUDA device can be used here", cure="take --device cpu or auto")
    count = torch.cuda.device_count()
    if int(name.partition(":")[2] or 0) >= count:
        raise ConfigError(f"no device {name}", cure=f"there are cuda:0 to cuda:{count - 1}")
    return name


@cache
def has_fast_bfloat16(device_type: str = "cpu") -> bool:
    """Whether the device multiplies bfloat16 matrices in hardware, and torch may use it.

    `ATEN_CPU_CAPABILITY=default` (or `avx2`) has torch compute as on an older processor.
    """
    if device_type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    allowed = torch.backends.cpu.get_cpu_capability().startswith("AVX512")
    return allowed and bool(_cpu_flags() & {"avx512_bf16", "amx_bf16"})


def autocast(device: torch.device) -> AbstractContextManager[None]:
    """Mixed precision in bfloat16 on devices that gain by it; no change on others."""
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=has_fast_bfloat16(device.type))


@cache
def _cpu_flags() -> frozenset[str]:
    try:
        info = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:  # not Linux: stay with float32
        return frozenset()
    return frozenset(
        next((row for row in info.splitlines() if row.startswith("flags")), "").split()
    )
