"""A candidate for the baseline: labels of some nodes -> logits of all; knowledge adds terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from kgtransfer.nodes.heads.head import Blocks

    Floats = npt.NDArray[np.float32]
    Ints = npt.NDArray[np.int64]

__all__ = ["NO_TERMS", "Candidate", "FittedCandidate", "Option", "Terms"]

Option = Mapping[str, Any]
"""Settings that cross-validation chooses, such as a strength of regularisation; JSON-able."""


@dataclass(frozen=True, eq=False)
class Terms:
    """What knowledge adds to the logits; with its gates shut nothing.

    Attributes:
        offset: lambda z, `[N, classes]`; None where that gate is shut.
        blocks: features `[N, width]` whose gates are open.
    """

    offset: Floats | None = None
    blocks: Blocks = field(default_factory=dict)


NO_TERMS = Terms()


@dataclass(frozen=True, eq=False)
class FittedCandidate:
    """A candidate that was fitted on labelled nodes.

    Attributes:
        logits: of all nodes, `[N, classes]`.
        weights: `[1 + widths, classes]` of a regression, the constant first; None of others.
    """

    logits: Floats
    weights: Floats | None = None


class Candidate(Protocol):
    """A way to classify nodes without knowledge."""

    @property
    def name(self) -> str:
        """What the report calls it."""
        ...

    @property
    def options(self) -> Sequence[Option]:
        """Its settings; the first are taken where labels are too few to choose by."""
        ...

    @property
    def takes_blocks(self) -> bool:
        """Whether blocks of knowledge can be read beside its own; an offset always can."""
        ...

    def fit(self, option: Option, train: Ints, terms: Terms = NO_TERMS) -> FittedCandidate:
        """Fit on labelled nodes, `[n]`; without terms it is the baseline, to the bit."""
        ...

    def beside(
        self, option: Option, train: Ints, fitted: FittedCandidate, terms: Terms
    ) -> FittedCandidate:
        """What was fitted, its terms exchanged for others of the same shapes; nothing is learned.

        Args:
            option: its settings.
            train: the nodes that it was fitted on.
            fitted: what `fit` gave.
            terms: of other knowledge.
        """
        ...
