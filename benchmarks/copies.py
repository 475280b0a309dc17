"""How surely near copies of images are found, and how often others are taken for them.

    KGTRANSFER_DATA=... python benchmarks/copies.py

False alarms: images that are found to be a near copy of another of their set, exact copies aside.
Digits (`load_digits`, 8 x 8, each pixel four times as large) and textures (64 x 64 crops of
scikit-image's brick, grass and gravel that do not overlap) have no copies: every one is false. Sets
of photographs have: `real` are the pairs that show one object, told by eye (see `REAL`). Recall:
100 images of each set are changed, and each should be found with the one it was made from.
"""

from __future__ import annotations

import io
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from kgtransfer.images.data.fingerprints import fingerprints
from kgtransfer.images.data.folder import Images, read_image_table
from kgtransfer.images.data.near_copies import near_copies

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "copies.json"
SETS = ("wbc_pbc", "wbc_jtsc", "wbc_bccd", "wbc_chula_dev", "rs_rsscn7", "ds_pacs")
CHANGED = 100
REAL = (
    "Looked at on sheets of pairs: in wbc_jtsc, wbc_bccd, wbc_chula_dev and rs_rsscn7 all are the "
    "same cell, or the same place, photographed or cut out again, and in ds_pacs all but perhaps "
    "the last, a guitar of another watermark, the same picture or person."
)


def digits() -> list[np.ndarray]:
    from sklearn.datasets import load_digits

    large = [np.kron(image * 15.9, np.ones((4, 4))) for image in load_digits().images]
    return [np.repeat(image.astype(np.uint8)[:, :, None], 3, axis=2) for image in large]


def textures() -> list[np.ndarray]:
    from skimage import data

    crops = []
    for texture in (data.brick(), data.grass(), data.gravel()):
        for top in range(0, 512, 64):
            for left in range(0, 512, 64):
                crop = texture[top : top + 64, left : left + 64]
                crops.append(np.repeat(crop[:, :, None], 3, axis=2))
    return crops


def compressed(picture: np.ndarray) -> np.ndarray:
    content = io.BytesIO()
    Image.fromarray(picture).save(content, format="JPEG", quality=60)
    return np.asarray(Image.open(content).convert("RGB"))


def scaled(picture: np.ndarray) -> np.ndarray:
    height, width, _ = picture.shape
    size = round(0.9 * width), round(0.9 * height)
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BICUBIC))


def lit(factor: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda picture: np.clip(factor * picture + 0.5, 0, 255).astype(np.uint8)


def cropped(picture: np.ndarray) -> np.ndarray:
    """Five per cent of either side, more at one end than at the other."""
    height, width, _ = picture.shape
    top, left = round(0.02 * height), round(0.03 * width)
    return picture[top : top + round(0.95 * height), left : left + round(0.95 * width)]


CHANGES: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "JPEG 60": compressed,
    "resized to 90 %": scaled,
    "brighter by 10 %": lit(1.1),
    "darker by 10 %": lit(0.9),
    "cropped by 5 %": cropped,
    "mirrored": lambda picture: picture[:, ::-1],
    "turned by 90 degrees": np.rot90,
}


def held(pictures: list[np.ndarray], name: str) -> Images:
    """Pictures in memory as a data set."""
    names = tuple(f"{row:05}" for row in range(len(pictures)))
    contents = dict(zip(names, map(np.ascontiguousarray, pictures), strict=True))
    return Images(Path(name), names, ("",) * len(names), {}, held=contents)


def found(name: str, pictures: list[np.ndarray]) -> dict[str, Any]:
    """Pairs, false alarms and recall in one set."""
    images = held(pictures, name)
    start = time.process_time()
    prints = fingerprints(images)
    decoded = time.process_time()
    keys = prints.keys()
    different = np.array([row for row, key in enumerate(keys) if keys.index(key) == row])
    pairs = near_copies(prints.grey[different])
    compared = time.process_time()
    alarms = {row for pair in pairs for row in pair[:2]}
    chosen = np.random.default_rng(0).permutation(different)[:CHANGED]
    recall = {}
    for change, function in CHANGES.items():
        changed = fingerprints(held([function(pictures[row]) for row in chosen], "changed"))
        grey = np.concatenate([prints.grey[different], changed.grey])
        sets = [0] * len(different) + [1] * len(chosen)
        ends = {pair[:2] for pair in near_copies(grey, sets)}
        row_of = {row: place for place, row in enumerate(different.tolist())}
        hits = [
            (row_of[row], len(different) + place) in ends
            for place, row in enumerate(chosen.tolist())
        ]
        recall[change] = round(float(np.mean(hits)), 3)
    return {
        "images": len(pictures),
        "exact copies": len(pictures) - len(different),
        "pairs of near copies": len(pairs),
        "images in such a pair, %": round(100 * len(alarms) / len(pictures), 2),
        "recall": recall,
        "fingerprints, s": round(decoded - start, 1),
        "near copies, s": round(compared - decoded, 1),
    }


def pixels(folder: Path) -> list[np.ndarray]:
    pictures = list(read_image_table(folder).pictures())
    if wrong := [picture for picture in pictures if isinstance(picture, Exception)]:
        raise wrong[0]
    return pictures  # type: ignore[return-value]


def main() -> None:
    data = Path(os.environ.get("KGTRANSFER_DATA", ""), "vision")
    if not all((data / name).is_dir() for name in SETS):
        sys.exit("benchmarks/copies.py: set KGTRANSFER_DATA to the folder with vision/wbc_pbc")
    results = {"digits": found("digits", digits()), "textures": found("textures", textures())}
    for name in SETS:
        results[name] = found(name, pixels(data / name))
        print(name, results[name], flush=True)
    environment = {"cores": os.cpu_count(), "python": platform.python_version()}
    content = {
        "command": "python benchmarks/copies.py",
        "seconds": "of the processor, one thread, on a machine that was shared",
        "real": REAL,
        "sets": results,
        "environment": environment | {"numpy": np.__version__},
    }
    RESULTS.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
