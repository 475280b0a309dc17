"""Rule losses: what axioms forbid costs, in proportion to how much a prediction believes it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kgtransfer.knowledge.axioms.axioms import Axioms

__all__ = ["Rules"]

USUAL, NEVER = 0.9, 0.01  # frequencies from which on, and up to which, a fact is taken for a rule


@dataclass(frozen=True)
class Rules:
    """Implications and exclusions between concepts, as rows of a matrix of probabilities.

    Truth values multiply (the product t-norm; Badreddine et al., Logic Tensor Networks, Artificial
    Intelligence 303, 2022, arXiv 2012.13635): a implies b is violated by p(a) (1 - p(b)), and a
    excludes b by p(a) p(b).

    Attributes:
        implications: `[rules, 2]` int64: if, then.
        exclusions: `[rules, 2]` int64.
    """

    implications: Tensor
    exclusions: Tensor

    @classmethod
    def of(cls, axioms: Axioms, concepts: Sequence[str]) -> Rules:
        """The rules that an ontology states between some concepts.

        A class implies its superclasses, and what it usually shows; it excludes what is disjoint
        with it, and what it never shows; values of one attribute exclude each other.

        Args:
            axioms: of the ontology.
            concepts: IRIs, in the order of the probabilities' columns.
        """
        row = {iri: number for number, iri in enumerate(concepts)}
        facts = [(iri, fact) for iri in concepts for fact in axioms.facts(iri)]
        implied = {(iri, above) for iri in concepts for above in axioms.superclasses(iri)}
        implied |= {(iri, fact.value) for iri, fact in facts if fact.probability >= USUAL}
        excluded = {(iri, fact.value) for iri, fact in facts if fact.probability <= NEVER}
        for group in (*(d.classes for d in axioms.disjoint), *axioms.attributes.values()):
            excluded |= set(combinations(sorted(group), 2))
        return cls(_rows(implied, row), _rows(excluded, row))

    def __len__(self) -> int:
        return len(self.implications) + len(self.exclusions)

    def loss(self, probabilities: Tensor) -> Tensor:
        """Mean violation over rules and samples, 0 to 1; 0 without a rule.

        Args:
            probabilities: `[batch, concepts]`, 0 to 1; gradients flow to all of them.
        """
        if not len(self):
            return probabilities.new_zeros(())
        cause, effect = (probabilities[:, column] for column in self.implications.T)
        one, other = (probabilities[:, column] for column in self.exclusions.T)
        return torch.cat([cause * (1 - effect), one * other], dim=1).mean()


def _rows(pairs: Iterable[tuple[str, str]], row: dict[str, int]) -> Tensor:
    rows = sorted((row[a], row[b]) for a, b in pairs if a in row and b in row)
    return torch.tensor(rows, dtype=torch.int64).view(-1, 2)
