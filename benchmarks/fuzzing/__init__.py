"""Batteries of hostile inputs by name: a new one is a module here and a line below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fuzzing import arguments, bombs, ontologies, read_gate, shapes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fuzzing.base import Battery

__all__ = ["BATTERIES"]

BATTERIES: Mapping[str, Battery] = {
    "arguments": arguments.battery,
    "bombs": bombs.battery,
    "ontologies": ontologies.battery,
    "read_gate": read_gate.battery,
    "shapes": shapes.battery,
}
