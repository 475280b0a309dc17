"""Classes that an edit brings -> why those that no answer will name are not told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.images.retraining.settings import added_beside

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from kgtransfer.conditioning.axiom_prior import AxiomPrior
    from kgtransfer.edits.edit import Edit

__all__ = ["indistinct_classes"]


def indistinct_classes(edit: Edit, prior: AxiomPrior, attributes: Collection[str]) -> list[str]:
    """What a plan says of added classes that are not told apart, and of what would do it.

    Args:
        edit: of the ontology.
        prior: over the classes that are told apart after the edit.
        attributes: that samples can show.
    """
    label, told = edit.after.label, prior.classes
    reasons = {iri: _left_out(edit, told, iri) for iri in added_beside(edit, told)}
    reasons |= {iri: _alike(edit, prior, iri) for iri in told if iri not in edit.before.rows}
    cure = f"say what it shows of: {', '.join(sorted(map(label, attributes)))}"
    return [f"{label(iri)} {why.format(cure=cure)}" for iri, why in reasons.items() if why]


def _left_out(edit: Edit, told: Sequence[str], iri: str) -> str:
    """Why a class is none of those that are told apart."""
    after = edit.after
    if above := [after.label(cls) for cls in told if cls in after.ancestors(iri)]:
        return (
            f"is a kind of {above[0]}, which answers name instead: put it beside that, not below, "
            "and {cure}"
        )
    if below := [after.label(cls) for cls in told if cls in after.subclasses(iri)]:
        return f"stands above {below[0]}: its kinds are told apart, not itself"
    return "has no fact of its own: {cure}"


def _alike(edit: Edit, prior: AxiomPrior, iri: str) -> str:
    """Why a class among those that are told apart never stands out; empty where it does."""
    row = prior.classes.index(iri)
    tables = [table for _, table in prior.tables.values()]
    if all(np.ptp(table[row]) == 0 for table in tables):
        return "is told apart by nothing, as no fact of it is of what images show: {cure}"
    same = [
        edit.after.label(other)
        for column, other in enumerate(prior.classes)
        if other != iri and all(np.array_equal(table[row], table[column]) for table in tables)
    ]
    if not same:
        return ""
    return f"is not told from {', '.join(same)}, which shows the same: {{cure}}, where they differ"
