"""IRIs of measures -> what takes them, where kgtransfer itself does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.errors import ConfigError
from kgtransfer.images.measurers import MEASURERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from kgtransfer.images.data.decode import Picture

__all__ = ["NamedMeasurer"]


class NamedMeasurer:
    """Takes measures that are named by their IRIs, in the order of these.

    Args:
        measures: IRIs.

    Raises:
        ConfigError: kgtransfer itself does not compute one of them.
    """

    def __init__(self, measures: Sequence[str]) -> None:
        self.measures = tuple(measures)
        makers = [maker(None) for maker in MEASURERS]
        self._parts = [part for part in makers if {*part.measures} & {*measures}]
        computed = {measure for part in self._parts for measure in part.measures}
        if lacking := [measure for measure in measures if measure not in computed]:
            raise ConfigError(
                f"kgtransfer itself does not compute the measure <{lacking[0]}>",
                cure="take it by the code that the run keeps: kgtransfer.load(RUN).measurer",
            )

    def measure(self, samples: Sequence[Picture]) -> npt.NDArray[np.float64]:
        """See `Measurer`."""
        columns = {
            measure: column
            for part in self._parts
            for measure, column in zip(part.measures, part.measure(samples).T, strict=True)
        }
        return np.stack([columns[measure] for measure in self.measures], axis=1)
