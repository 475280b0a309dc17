"""What labels can be: `OUTCOMES` by name; see `kgtransfer.classification.outcomes.outcome`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.classification.outcomes.any_of import AnyOf
from kgtransfer.classification.outcomes.number import Number
from kgtransfer.classification.outcomes.one_of import OneOf

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kgtransfer.classification.outcomes.outcome import Outcome

__all__ = ["OUTCOMES"]

OUTCOMES: Mapping[str, type[Outcome]] = {"one": OneOf, "several": AnyOf, "number": Number}
"""Name, as `[data] labels` of the settings has it -> outcome."""
