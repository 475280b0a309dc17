"""What people write to name code -> the code, and the attribute of it that is meant."""

from __future__ import annotations

from kgtransfer.trust.installed import InstalledCode
from kgtransfer.trust.unit import CodeUnit

__all__ = ["named_code"]

GROUPS = "kgtransfer."
"""What the groups of entry points begin with: `kgtransfer.measures`, ..."""


def named_code(text: str) -> tuple[CodeUnit | InstalledCode, str]:
    """Text -> the code of that name, and an attribute of it, empty where the whole is meant.

    Args:
        text: `my_measures.py`, `my_measures.py:Xray`, a folder, or an installed entry point as
            `kgtransfer.measures:xray`.

    Raises:
        CodeError: there is no such code, or it cannot be read.
    """
    place, _, attribute = text.rpartition(":")
    if place.startswith(GROUPS):
        return InstalledCode.read(place, attribute), ""
    if place.endswith(".py"):
        return CodeUnit.read(place), attribute
    return CodeUnit.read(text), ""
