"""A saved run by its folder, whatever kind it is of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer.code import run as search
from kgtransfer.experiments.results import RunResult
from kgtransfer.signing import verify_folder

if TYPE_CHECKING:
    from kgtransfer.images.run import SavedImages

__all__ = ["load"]


def load(
    folder: str | Path, *, verify_with: str | Path | None = None
) -> search.SavedRun | SavedImages:
    """Read a run back: what it was trained on, and models that give the same scores to the bit.

    Args:
        folder: of the run.
        verify_with: file of a public key; the run is read only where that key signed it.

    Raises:
        SignatureError: the run is not signed by that key, or not what was signed.
        RunError: a file is missing, cut off or altered; the ontology is not the one of the run; or
            its pipeline keeps no model that can be read back.
    """
    folder = Path(folder)
    if verify_with:
        verify_folder(folder, verify_with)
    if RunResult.load(folder).pipeline in search.SEARCHES:
        return search.load(folder)
    from kgtransfer.images.run import SavedImages

    return SavedImages.load(folder)
