"""Where data sets are: at the path given, or under `$KGTRANSFER_DATA`."""

from __future__ import annotations

import os
from pathlib import Path

from kgtransfer.errors import DataError

__all__ = ["find_data"]

SOURCES = {  # what to get, from where, under which licence
    "wbc_pbc": "PBC, Mendeley Data doi:10.17632/snkd93bnjr.1, with WBCAtt's attributes; CC BY 4.0",
    "wbc_jtsc": "Zheng et al., Micron 107, 2018: github.com/zxaoyou/segmentation_WBC; GPL-3.0",
    "wbc_bccd": "github.com/Shenggan/BCCD_Dataset; MIT",
    "rs_rsscn7": "Zou et al., IEEE GRSL 12(11), 2015: github.com/palewithout/RSSCN7; research",
    "ds_pacs": "PACS, Li et al., ICCV 2017; no licence stated, for research",
}


def find_data(path: str | Path, kind: str = "vision") -> Path:
    """A data set's place.

    Args:
        path: of the data set, or its name under `$KGTRANSFER_DATA/KIND`.
        kind: of data.

    Raises:
        DataError: it is in neither place; the message says where it can be had.
    """
    given = Path(path).expanduser()
    root = os.environ.get("KGTRANSFER_DATA")
    places = [given, *([Path(root, kind, given), Path(root, given)] if root else [])]
    found = next((place for place in places if str(path) and place.exists()), None)
    if found is None:
        known = SOURCES.get(given.name)
        raise DataError(
            f"{path or 'no data'}: not found"
            if root
            else f"{path or 'no data'}: not found, and $KGTRANSFER_DATA is not set",
            cure=f"get {given.name} ({known}), and give its path"
            if known
            else "give the path of "
            "a folder with labels.csv, or with a folder of images for each class",
        )
    return found
