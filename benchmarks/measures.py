"""What each measure of `image_measures.ttl` costs: milliseconds an image, by itself.

    KGTRANSFER_DATA=... python benchmarks/measures.py

Images: every n-th of PACS and of RSSCN7, 128 and 512 pixels a side (brought to that size by
Pillow, bicubic). `alone`: from the image's pixels on, nothing shared with other measures;
`added`: within all of them, in the order of the table, where what several need is computed once.
Medians over images, CPU time of one thread; the first image warms up. `all` is the sum of `added`.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from kgtransfer.images.data.folder import read_image_table
from kgtransfer.images.measures.table import IMG, MEASURES
from kgtransfer.images.measures.view import View

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "measures.json"
SETS, SIDES, IMAGES = ("ds_pacs", "rs_rsscn7"), (128, 512), 24
TIMES_THE_MEDIAN = 5


def images(folder: Path, side: int) -> list[np.ndarray]:
    """Every n-th image of a data set, square."""
    table = read_image_table(folder)
    chosen = table.take(range(0, len(table), len(table) // IMAGES)[:IMAGES])
    found = []
    for picture in chosen.pictures():
        if isinstance(picture, Exception):
            raise picture
        found.append(np.asarray(Image.fromarray(picture).resize((side, side))))
    return found


def milliseconds(call: Callable[[], object]) -> float:
    start = time.process_time_ns()
    call()
    return (time.process_time_ns() - start) / 1e6


def costs(pictures: list[np.ndarray]) -> dict[str, Any]:
    """Of each measure: by itself, and added to those before it."""
    alone: dict[str, list[float]] = {iri: [] for iri in MEASURES}
    added: dict[str, list[float]] = {iri: [] for iri in MEASURES}
    resized = []
    for picture in pictures:
        resized.append(milliseconds(partial(View, picture)))
        shared = View(picture)
        for iri, function in MEASURES.items():
            added[iri].append(milliseconds(partial(function, shared)))
            alone[iri].append(milliseconds(partial(function, View(picture))))
    named = {
        name: {iri.removeprefix(IMG): statistics.median(values[1:]) for iri, values in of.items()}
        for name, of in (("alone", alone), ("added", added))
    }
    middle = statistics.median(named["alone"].values())
    return {
        "images": len(pictures) - 1,
        "resize": round(statistics.median(resized[1:]), 3),
        "all": round(sum(named["added"].values()), 2),
        "median_alone": round(middle, 3),
        "above_5_times_the_median": {
            name: round(ms / middle, 1)
            for name, ms in sorted(named["alone"].items(), key=lambda item: -item[1])
            if ms > TIMES_THE_MEDIAN * middle
        },
        **{name: {k: round(ms, 3) for k, ms in of.items()} for name, of in named.items()},
    }


def main() -> None:
    data = Path(os.environ.get("KGTRANSFER_DATA", ""), "vision")
    if not all((data / name).is_dir() for name in SETS):
        sys.exit("benchmarks/measures.py: set KGTRANSFER_DATA to the folder with vision/ds_pacs")
    found = {
        f"{side} pixels": costs([p for name in SETS for p in images(data / name, side)])
        for side in SIDES
    }
    machine = {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "numpy": np.__version__,
    }
    content = {"command": "python benchmarks/measures.py", **found, "environment": machine}
    RESULTS.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))


def _processor() -> str:
    """Its name, where the system tells it."""
    file = Path("/proc/cpuinfo")
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


if __name__ == "__main__":
    main()
