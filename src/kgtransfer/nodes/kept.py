"""What a run over nodes keeps of its work, by the content of what that was made from.

After an edit of the ontology most of it is the same: what was made of the same input by the same
code is taken as it is, to the bit; all else is made anew.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from kgtransfer.experiments.cache import FitCache
from kgtransfer.runs.folder import code_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import numpy.typing as npt

    Arrays: TypeAlias = dict[str, npt.NDArray[np.generic]]

__all__ = ["KEPT", "Kept"]

KEPT = "kept"  # folder inside a run
LARGEST = 2**28  # bytes of arrays that are kept together; more of them are made again


class Kept:
    """A folder of arrays, named by what they were made from.

    Args:
        folder: that arrays are kept in; None keeps nothing.
        older: of the run before, from which those are taken over that are still needed.
    """

    def __init__(self, folder: Path | None = None, older: Path | None = None) -> None:
        self._own, self._older = (
            FitCache(place, code_digest()) if place else None for place in (folder, older)
        )

    def arrays(
        self, make: Callable[[], Mapping[str, npt.NDArray[np.generic]]], *content: object
    ) -> Arrays:
        """What is made of some content: as it was kept, or made now.

        Args:
            make: called where it was never made, or was too large to be kept.
            content: all that it depends on: names and digests.
        """
        own, older = self.read(*content)
        if own is not None:
            return own
        if older is not None:
            self._take_over(*content)
            return older
        made = {name: np.ascontiguousarray(array) for name, array in make().items()}
        if sum(array.nbytes for array in made.values()) <= LARGEST:
            self.write(made, *content)
        return made

    def read(self, *content: object) -> tuple[Arrays | None, Arrays | None]:
        """What this run kept of some content, and what the run before did; None where nothing."""
        own, older = (cache.read(*content) if cache else None for cache in (self._own, self._older))
        return _ordered(own), _ordered(older)

    def write(self, arrays: Mapping[str, npt.NDArray[np.generic]], *content: object) -> None:
        """Keep arrays, where anything is kept."""
        if self._own:
            numbered = {f"{n:04} {name}": array for n, (name, array) in enumerate(arrays.items())}
            self._own.write(numbered, {}, *content)

    def _take_over(self, *content: object) -> None:
        """The same file under another folder: arrays are large, and files never change."""
        if self._own is None or self._older is None:
            return
        source, target = (cache.path("fit", *content) for cache in (self._older, self._own))
        assert source
        assert target
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, target)
        except OSError:  # another disk, or one without links
            shutil.copyfile(source, target)


def _ordered(read: tuple[Arrays, object] | None) -> Arrays | None:
    """What was read of a file, which sorts its arrays, in the order in which they were written."""
    return {name[5:]: read[0][name] for name in sorted(read[0])} if read else None
