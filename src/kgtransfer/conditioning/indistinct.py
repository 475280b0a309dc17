"""Axioms and what is measured -> classes that nothing measured tells apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.knowledge.axioms.frequencies import frequency_table

if TYPE_CHECKING:
    from collections.abc import Collection

    from kgtransfer.knowledge.axioms.axioms import Axioms

__all__ = ["indistinct"]


def indistinct(axioms: Axioms, measured: Collection[str]) -> list[tuple[str, ...]]:
    """Groups of classes that have the same frequencies of all measured values, sorted.

    An `AxiomPrior` gives the classes of a group the same score, whatever a sample shows.

    Args:
        axioms: of the ontology.
        measured: IRIs of the values that can be measured.

    Returns:
        IRIs of classes of which something is stated, two or more a group; classes that have
        subclasses of which something is stated are left out.
    """
    stated = {fact.cls for fact in axioms.stated}
    above = {cls for other in stated for cls in axioms.superclasses(other)}
    classes = sorted(stated - above)
    alternatives = [
        [value for value in values if value in measured] for values in axioms.attributes.values()
    ]
    tables = [
        frequency_table(axioms, classes, attribute, values)
        for attribute, values in zip(axioms.attributes, alternatives, strict=True)
        if len(values) > 1
    ]
    groups: dict[bytes, list[str]] = {}
    for row, cls in enumerate(classes):
        key = np.concatenate([[0.0], *(table[row] for table in tables)]).tobytes()
        groups.setdefault(key, []).append(cls)
    return [tuple(group) for group in groups.values() if len(group) > 1]
