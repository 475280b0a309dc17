"""How much each concept had a say in what a fitted model reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from kgtransfer.conditioning.gates import gates_of

if TYPE_CHECKING:
    from kgtransfer.code.index import SearchIndex

__all__ = ["concepts_used"]


def concepts_used(index: SearchIndex) -> dict[str, float]:
    """Concept IRI -> weight, for every concept that a document is grounded on.

    The weight is what the gates let through of it, without regard to sign, in the mean over all
    documents: sum over relations and documents of |gate| x grounding weight / documents.
    """
    grounding = index.grounding
    gates = gates_of(index.model).gates.detach().abs().cpu()
    entries = grounding.offsets.diff()  # of each document and relation
    relations = torch.arange(len(entries)) % len(grounding.relations)
    passed = gates[relations.repeat_interleave(entries)] * grounding.weights / len(grounding)
    weights = torch.zeros(len(grounding.concepts)).index_add(0, grounding.rows, passed)
    rows = sorted(set(grounding.rows.tolist()))
    return {grounding.concepts[row]: float(weights[row]) for row in rows}
