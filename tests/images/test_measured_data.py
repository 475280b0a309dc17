"""Data sets with bad images, and whose measures are kept."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kgtransfer.errors import DataError
from kgtransfer.grounding.measured import MeasuredGrounder, Measurer
from kgtransfer.images.data.folder import read_image_table
from kgtransfer.images.measured_data import ImageReader
from kgtransfer.images.measurer import ImageMeasurer
from kgtransfer.images.readable import readable
from kgtransfer.knowledge.io.ontology import read_ontology

TURTLE = """
@prefix kgt: <https://w3id.org/kgtransfer/ns#> .
<http://e.example/Light> kgt:measuredBy <http://e.example/mean> ;
    kgt:threshold 90 ; kgt:softness 9 .
"""
MEAN = "http://e.example/mean"
Sources = Callable[[Measurer[np.ndarray]], MeasuredGrounder[np.ndarray]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    random = np.random.default_rng(0)
    folder = tmp_path / "images"
    folder.mkdir()
    for name in ("a", "b", "c"):
        pixels = random.integers(0, 255, (20, 20, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{name}.png")
    (folder / "b.png").write_bytes(b"no image")
    with (folder / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(
            [("image", "label"), ("a.png", "x"), ("b.png", "y"), ("c.png", "y")]
        )
    return folder


@pytest.fixture
def source(tmp_path: Path) -> Sources:
    """Measurers on an ontology of one concept."""
    (tmp_path / "o.ttl").write_text(TURTLE)
    graph = read_ontology(tmp_path / "o.ttl")
    return lambda measurer: MeasuredGrounder(graph, measurer)


def test_one_bad_image_is_left_out_and_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pictures = readable(read_image_table(folder))
    assert pictures.images.names == ("a.png", "c.png")
    assert pictures.images.labels == ("x", "y")
    assert [picture.shape for picture in pictures] == [(20, 20, 3)] * 2
    assert "1 of 3 images are left out" in capsys.readouterr().err


def test_a_data_set_without_a_readable_image_is_an_error(folder: Path) -> None:
    for name in ("a", "c"):
        (folder / f"{name}.png").write_bytes(b"")
    with pytest.raises(DataError, match=r"a\.png"):
        readable(read_image_table(folder))


@pytest.mark.parametrize(("code", "times"), [(b"digest", 2), (b"", 4)])
def test_measures_are_kept_only_where_their_code_has_a_digest(
    folder: Path, tmp_path: Path, source: Sources, code: bytes, times: int
) -> None:
    measured: list[float] = []

    def mean(image: np.ndarray) -> float:
        measured.append(float(image.mean()))
        return measured[-1]

    images = read_image_table(folder)
    reads = [
        ImageReader(source(ImageMeasurer({MEAN: mean}, code=code)), 16, tmp_path / "cache")(images)
        for _ in range(2)
    ]
    assert len(measured) == times  # two images can be read
    assert reads[0].readings[:, 0].tolist() == reads[1].readings[:, 0].tolist() == measured[:2]
    assert reads[0].pixels.shape == (2, 3, 16, 16)


class _Wide:
    measures = (MEAN,)

    def measure(self, samples: list[np.ndarray]) -> np.ndarray:
        return np.zeros((len(samples), 2))


def test_a_table_that_does_not_fit_is_refused(folder: Path, source: Sources) -> None:
    with pytest.raises(DataError, match=r"measure gives \(2, 2\), not \(2, 1\)"):
        ImageReader(source(_Wide()), 16)(read_image_table(folder))


def test_images_that_are_left_out_are_named_once(
    folder: Path, source: Sources, capsys: pytest.CaptureFixture[str]
) -> None:
    images = read_image_table(folder)
    reader = ImageReader(source(ImageMeasurer({MEAN: lambda image: float(image.mean())})), 16)
    reader(images, reader.reference(images))
    assert capsys.readouterr().err.count("b.png") == 1
