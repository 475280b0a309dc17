"""What axioms say that classes usually show -> tables P(value | class)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from kgtransfer.knowledge.axioms.axioms import Axioms

    Floats = npt.NDArray[np.float64]

__all__ = ["UNSTATED", "Tables", "TablesOf", "frequency_table", "frequency_tables"]

Tables: TypeAlias = "Mapping[str, tuple[tuple[str, ...], Floats]]"
"""Attribute -> its values, and P(value | class) as `[classes, values]`, rows sum to one."""

TablesOf: TypeAlias = "Callable[[Sequence[str]], Tables]"
"""IRIs of classes -> their tables."""

UNSTATED = 0.05
"""Probability of a value that a class says nothing of, beside those it speaks of: as rare."""


def frequency_tables(
    axioms: Axioms, classes: Sequence[str], values: Mapping[str, Sequence[str]]
) -> Tables:
    """The tables of all attributes that tell any two of the classes apart.

    Args:
        axioms: of the ontology.
        classes: IRIs of the classes to tell apart.
        values: attribute -> the values that the grounding knows; P(value | class) is that of these.
    """
    tables = {}
    for attribute, alternatives in values.items():
        table = frequency_table(axioms, classes, attribute, alternatives)
        if len(alternatives) > 1 and np.ptp(table, axis=0).max() > 0:
            tables[attribute] = (tuple(alternatives), table)
    return tables


def frequency_table(
    axioms: Axioms, classes: Sequence[str], attribute: str, values: Sequence[str]
) -> Floats:
    """P(value | class) of one attribute, `[classes, values]`, rows sum to one.

    The frequencies of a class's facts, its own or inherited, over the given values; even where
    nothing is said of any of them.
    """
    table = np.full((len(classes), len(values)), UNSTATED)
    column_of = {value: column for column, value in enumerate(values)}
    for row, cls in enumerate(classes):
        for fact in axioms.facts(cls):
            if fact.topic == attribute and fact.value in column_of:
                table[row, column_of[fact.value]] = fact.probability
    return np.asarray(table / table.sum(axis=1, keepdims=True))
