"""From a sample to the concepts that it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.utils.lazy import lazy_names

if TYPE_CHECKING:
    from kgtransfer.grounding.annotated import AttributeHeads as AttributeHeads
    from kgtransfer.grounding.base import Grounder as Grounder
    from kgtransfer.grounding.measured import Measurer as Measurer
    from kgtransfer.grounding.observations import Observations as Observations

_HOME = {
    "AttributeHeads": "kgtransfer.grounding.annotated",
    "Grounder": "kgtransfer.grounding.base",
    "Measurer": "kgtransfer.grounding.measured",
    "Observations": "kgtransfer.grounding.observations",
}

__all__ = [*_HOME]  # noqa: PLE0604  # the names are strings
__getattr__ = lazy_names(__name__, _HOME)
