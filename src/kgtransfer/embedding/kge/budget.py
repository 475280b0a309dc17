"""How much computing a search of settings may spend."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from kgtransfer.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["DEFAULT_BUDGET", "Budget", "BudgetLike"]

DEFAULT_BUDGET = "2x"


@dataclass(frozen=True)
class Budget:
    """What a search may spend beside the training by the recipe.

    Args:
        amount: how much; 0 searches nothing.
        unit: `trainings` of the recipe, which gives the same choice on every machine, or CPU
            `seconds`, which buy more on a faster one.
    """

    amount: float
    unit: Literal["trainings", "seconds"]

    @classmethod
    def of(cls, value: BudgetLike) -> Budget:
        """Text or number -> budget: `2x` two trainings, `300` so many CPU-seconds, 0 no search.

        Raises:
            ConfigError: it is neither, or not a finite number from 0 on.
        """
        if isinstance(value, Budget):
            return value
        text = str(value).strip()
        number = re.fullmatch(r"(.+?)(x?)", text)
        try:
            amount = float(number[1]) if number else math.nan
        except ValueError:
            amount = math.nan
        if not (math.isfinite(amount) and amount >= 0):
            raise ConfigError(
                f"{text!r} is no budget",
                cure="give CPU-seconds (300), multiples of a training (2x), or 0 for no search",
            )
        return cls(amount, "trainings" if number and number[2] else "seconds")

    def trainings(self, seconds: Callable[[], float]) -> float:
        """The budget as a multiple of a training; of how many `seconds`, asked only if needed."""
        return self.amount if self.unit == "trainings" else self.amount / seconds()

    def __bool__(self) -> bool:
        return self.amount > 0

    def __str__(self) -> str:
        return f"{self.amount:g}{'x' if self.unit == 'trainings' else ''}"


BudgetLike: TypeAlias = Budget | str | float
