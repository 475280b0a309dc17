"""`MeasuredValues`: what `MeasuredGrounder` makes of measures, as a torch module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from kgtransfer.errors import DataError
from kgtransfer.grounding.measured import FEWEST
from kgtransfer.grounding.observations import FLOOR

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kgtransfer.grounding.measured import MeasuredGrounder

__all__ = ["MeasuredValues"]

NAN = float("nan")
ENDS = ("low", "high")


class MeasuredValues(nn.Module):
    """Measures -> how strongly samples show the values of attributes.

    Thresholds and ranges are buffers, so that they move, are saved and are exported with the
    module. A number that the ontology leaves out is nan.

    Args:
        state: the buffers by name, see below.

    Attributes:
        stated: `[2, measures]` 5th and 95th percentile that the ontology states.
        percentiles: `[2, measures]` the same percentiles in the domain that samples are from.
        physical: `[measures]` whether the unit is a physical one: its scale is unknown before there
            are `percentiles`.
        column: `[values]` the measure of each value.
        attribute: `[values]` the number of its attribute.
        low: `[values]` where it sets in. high: `[values]` where it ends. softness: `[values]`.

    Shapes:
        measures `[samples, measures]`, nan where a sample lacks one; output `[samples, values]`,
        those of one attribute sum to one.
    """

    stated: Tensor
    percentiles: Tensor
    physical: Tensor
    column: Tensor
    attribute: Tensor
    low: Tensor
    high: Tensor
    softness: Tensor

    BUFFERS = (
        "stated",
        "percentiles",
        "physical",
        "column",
        "attribute",
        "low",
        "high",
        "softness",
    )

    def __init__(self, state: Mapping[str, Tensor]) -> None:
        super().__init__()
        for name in self.BUFFERS:
            self.register_buffer(name, state[name].clone())

    @classmethod
    def of(
        cls, grounder: MeasuredGrounder[Any], values: Mapping[str, Sequence[str]]
    ) -> MeasuredValues:
        """A grounder, fitted to its domain -> the module of its weights.

        Args:
            grounder: of the ontology.
            values: attribute -> IRIs of its values, as `grounder.observations` names them.
        """
        measures = grounder.measurer.measures
        rules = {rule.concept: rule for rule in grounder.rules}
        chosen = [rules[value] for held in values.values() for value in held]
        stated, ranges = (
            torch.tensor(
                [[getattr(held[m], end) if m in held else NAN for m in measures] for end in ENDS]
            )
            for held in (grounder.stated_ranges, grounder.ranges)
        )
        attribute = [number for number, held in enumerate(values.values()) for _ in held]
        return cls(
            {
                "stated": stated,
                "percentiles": ranges,
                "physical": torch.tensor([grounder.unit(measure) != "1" for measure in measures]),
                "column": torch.tensor([list(measures).index(rule.measure) for rule in chosen]),
                "attribute": torch.tensor(attribute),
                "low": torch.tensor([NAN if r.low is None else r.low for r in chosen]),
                "high": torch.tensor([NAN if r.high is None else r.high for r in chosen]),
                "softness": torch.tensor([rule.softness for rule in chosen]),
            }
        )

    def forward(self, measures: Tensor) -> Tensor:
        """See the class."""
        measured = self.standardised(measures)[:, self.column]
        rising = torch.sigmoid((measured - self.low) / self.softness)
        falling = torch.sigmoid((self.high - measured) / self.softness)
        weights = torch.where(self.low.isnan(), 1.0, rising)
        weights = weights * torch.where(self.high.isnan(), 1.0, falling)
        evidence = torch.where(measured.isnan(), 0.5, weights) + FLOOR
        same = (self.attribute[:, None] == self.attribute).to(evidence.dtype)
        return evidence / (evidence @ same)

    def standardised(self, measures: Tensor) -> Tensor:
        """Measures brought to the stated ranges; see `MeasuredGrounder.standardised`."""
        low, high = self.percentiles[0], self.percentiles[1]
        stated_low, stated_high = self.stated[0], self.stated[1]
        stretch = (stated_high - stated_low) / (high - low).clamp(min=1e-9)
        moved = stated_low + (measures - low) * stretch
        unknown = torch.where(self.physical, NAN, measures)
        return torch.where(stated_low.isnan(), measures, torch.where(low.isnan(), unknown, moved))

    @torch.no_grad()
    def fit_range(self, measures: Tensor) -> None:
        """Take the percentiles of another domain from measures of its samples, in place.

        Raises:
            DataError: there are fewer than ten samples; a few dozen, of all classes, are better.
        """
        if len(measures) < FEWEST:
            raise DataError(
                f"{len(measures)} samples do not tell what is ordinary in their data set",
                cure=f"give at least {FEWEST}, of all classes",
            )
        ends = torch.tensor([0.05, 0.95], dtype=measures.dtype, device=measures.device)
        ranges = measures.nanquantile(ends, dim=0).to(self.percentiles)
        self.percentiles.copy_(torch.where(self.stated.isnan(), NAN, ranges))
