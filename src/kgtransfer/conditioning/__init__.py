"""Modules through which grounded concepts enter a backbone; the identity at start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.utils.lazy import lazy_names

if TYPE_CHECKING:
    from kgtransfer.conditioning.attention import ConceptAttention as ConceptAttention
    from kgtransfer.conditioning.axiom_prior import AxiomPrior as AxiomPrior
    from kgtransfer.conditioning.film import FiLM as FiLM
    from kgtransfer.conditioning.gates import RelationGates as RelationGates
    from kgtransfer.conditioning.prior_weight import learned_weight as learned_weight
    from kgtransfer.conditioning.rule_loss import Rules as Rules

_HOME = {
    "AxiomPrior": "kgtransfer.conditioning.axiom_prior",
    "ConceptAttention": "kgtransfer.conditioning.attention",
    "FiLM": "kgtransfer.conditioning.film",
    "RelationGates": "kgtransfer.conditioning.gates",
    "Rules": "kgtransfer.conditioning.rule_loss",
    "learned_weight": "kgtransfer.conditioning.prior_weight",
}

__all__ = [*_HOME]  # noqa: PLE0604  # the names are strings
__getattr__ = lazy_names(__name__, _HOME)
