"""Knowledge of ten digits, written once, on digits by hand and on printed ones.

    python benchmarks/digits.py

Handwritten: scikit-learn's 1,797 digits of 8 x 8 pixels, each eight times as large. Printed: 20 of
each digit in the fonts that come with matplotlib, at other sizes, places and slants. Labels are of
handwritten digits alone. The ontology (`benchmarks/digits/digits.ttl`) was written from how digits
are drawn; its thresholds are round numbers, and nothing in it was changed after the first run.
"""

from __future__ import annotations

import argparse
import csv
import json
import platform
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from sklearn.datasets import load_digits

import kgtransfer as kgt

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "grounding.json"
SIDE = 64
FONTS = (
    "DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSansMono", "DejaVuSerif",
    "DejaVuSerif-Bold", "DejaVuSerif-Italic", "STIXGeneral", "STIXGeneralBol", "STIXGeneralItalic",
)  # fmt: skip


def handwritten(folder: Path) -> None:
    digits = load_digits()
    images = [np.kron(image * 255 / 16, np.ones((8, 8))) for image in digits.images]
    _write(folder, images, digits.target.tolist())


def printed(folder: Path) -> None:
    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    random = np.random.default_rng(0)
    images, labels = [], []
    for digit in range(10):
        for name in FONTS * 2:
            font = ImageFont.truetype(str(fonts / f"{name}.ttf"), int(random.integers(40, 60)))
            page = Image.new("L", (SIDE, SIDE))
            place = SIDE / 2 + random.uniform(-4, 4, size=2)
            ImageDraw.Draw(page).text(tuple(place), str(digit), 255, font, anchor="mm")
            images.append(np.asarray(page, dtype=float))
            labels.append(digit)
    _write(folder, images, labels)


def _write(folder: Path, images: list[np.ndarray], labels: list[int]) -> None:
    folder.mkdir(parents=True)
    rows = []
    for number, (pixels, label) in enumerate(zip(images, labels, strict=True)):
        name = f"{number}.png"
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(folder / name)
        rows.append((name, label))
    with (folder / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("image", "label"), *rows])


def figures(run: kgt.RunResult) -> dict[str, Any]:
    """Arms and comparisons of each setting, in percent, and what the baseline was."""
    found: dict[str, Any] = {"seeds": len(run.seeds)}
    for name, setting in run.settings.items():
        found[name] = {
            "arms": {arm: _percent(s.mean, s.ci95) for arm, s in setting.arms.items()},
            "comparisons": {
                f"{c.a} - {c.b}": [*_percent(c.difference, c.ci95), c.verdict]
                for c in setting.comparisons
            },
        }
    kept = ("chosen", "candidates", "hindsight", "domain_shift")
    return found | {part: run.details[part] for part in kept}


def _percent(value: float, ends: tuple[float, float]) -> list[float]:
    return [round(100 * number, 1) for number in (value, *ends)]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--folder", type=Path, default=Path("runs/digits"))
    folder = parser.parse_args().folder
    data = {"handwritten": handwritten, "printed": printed}
    for name, write in data.items():
        if not (folder / name / "labels.csv").is_file():
            write(folder / name)
    from kgtransfer.cli import app

    settings = [f"data.path={folder / 'handwritten'}", f'data.test=["{folder / "printed"}"]']
    settings.append(f"ontology.vocabulary={HERE / 'digits' / 'digits.ttl'}")
    command = ["train", str(HERE / "digits" / "digits.toml"), "--out", str(folder / "run")]
    for setting in settings:
        command += ["--set", setting]
    app(command, standalone_mode=False)
    found = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    found["digits"] = {
        "command": "python benchmarks/digits.py",
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        **figures(kgt.RunResult.load(folder / "run")),
    }
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
