"""Colour transfer: images of all domains at the colours of one, by one of several methods.

Stain, camera and scale differ between domains and say nothing of the class. Taking them out, for
every arm alike, is worth more than most models; an experiment that gave it only to its own arm
would prove nothing.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeAlias

from kgtransfer.images.data.macenko import Macenko
from kgtransfer.images.data.reinhard import Reinhard

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["METHODS", "Colours", "colours_from_json", "colours_to_json"]

Colours: TypeAlias = "Reinhard | Macenko"

METHODS: Mapping[str, type[Reinhard | Macenko]] = {"macenko": Macenko, "reinhard": Reinhard}
"""Name -> what is `fitted` to reference images, and then brings others to their colours."""


def colours_to_json(colours: Colours | None) -> dict[str, Any] | None:
    """For the files of a run; None where colours are as they are."""
    if colours is None:
        return None
    by = next(name for name, kind in METHODS.items() if isinstance(colours, kind))
    return {"by": by, **asdict(colours)}


def colours_from_json(values: Mapping[str, Any] | None) -> Colours | None:
    """Read back what `colours_to_json` gave, the same to the bit."""
    if values is None:
        return None
    fields = {name: _tuples(value) for name, value in values.items() if name != "by"}
    return METHODS[values["by"]](**fields)


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list | tuple) else value
