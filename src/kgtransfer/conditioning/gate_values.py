"""`gates`: a model -> every learned gate in it by name, for people to read."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from kgtransfer.conditioning.attachment import Site

if TYPE_CHECKING:
    from torch import nn

__all__ = ["Gated", "gates"]


@runtime_checkable
class Gated(Protocol):
    """A module that says how far it lets knowledge in."""

    def gate_values(self) -> dict[str, float]:
        """Name of a gate -> its value; 0 where nothing enters."""
        ...


def gates(model: nn.Module) -> dict[str, float]:
    """Every learned gate of a model by name; all are 0 before training.

    A relation's gate is its factor, by the relation's name; of FiLM and attention the norm of their
    last layer; of a conditioner of your own whatever its `gate_values()` says.

    Args:
        model: a conditioned model, or one that holds such models.

    Returns:
        Name -> value. Where gates at several sites have one name, the site stands before it:
        `layer3: film`.
    """
    sites = {id(site.conditioner): site.name for site in model.modules() if isinstance(site, Site)}
    values = [
        (sites.get(id(module), path), name, value)
        for path, module in model.named_modules()
        if isinstance(module, Gated)
        for name, value in module.gate_values().items()
    ]
    count = Counter(name for _, name, _ in values)
    return {
        f"{site or 'output'}: {name}" if count[name] > 1 else name: value
        for site, name, value in values
    }
