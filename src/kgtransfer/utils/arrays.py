"""`.npz` archives of plain arrays: no pickle, and no more than a file may unpack to."""

from __future__ import annotations

import zipfile
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

__all__ = ["read_arrays"]

MAX_BYTES = 2**30
"""An archive may always unpack to so much, and ..."""
MAX_RATIO = 100
"""... a large one to so many times its own size."""
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What numpy writes; of other packings Python unpacks whole blocks, however large."""


def read_arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    """`.npz` file -> its arrays, by name.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is no such archive, damaged, holds Python objects, or unpacks to too much.
    """
    limit = max(MAX_BYTES, MAX_RATIO * path.stat().st_size)
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
        if sum(member.file_size for member in members) > limit:
            raise ValueError(f"unpacks to more than {limit / 2**20:,.0f} MiB")
        if any(member.compress_type not in PACKINGS for member in members):
            raise ValueError("packed in another way than numpy packs")
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except (EOFError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError) as error:
        raise ValueError(f"damaged: {error}") from error  # RuntimeError: encrypted
    except (MemoryError, OverflowError) as error:
        raise ValueError("an array declares more than it holds") from error
    for name, array in arrays.items():
        if not isinstance(array, np.ndarray) or (array.size and not array.dtype.itemsize):
            raise ValueError(f"{name} holds no values")
    return arrays
