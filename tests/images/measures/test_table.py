"""All measures at once: what the ontology says of them holds, and what must not matter does not."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from kgtransfer.images.measures.table import IMG, MEASURES
from kgtransfer.images.measures.view import View
from kgtransfer.knowledge.check.quantities import measure_range
from kgtransfer.knowledge.check.validate import check
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology

KGT = "https://w3id.org/kgtransfer/ns#"
DEFINITION = "http://www.w3.org/2004/02/skos/core#definition"
SOURCE = "http://purl.org/dc/terms/source"
COMMENT = "http://www.w3.org/2000/01/rdf-schema#comment"

STROKES = {"strokeWidth", "strokeWidthSpread", "endPointCount", "branchPointCount"}
DETAIL = {
    *("sharpness", "blur", "noise", "fineDetail", "middleDetail", "coarseDetail", "lbpEntropy"),
    *("localContrast", "edgeShare", "straightEdgeShare", "coarseness"),
    *("glcmHomogeneity", "glcmContrast", "glcmCorrelation", "glcmFarCorrelation"),
}
"""What an image with fewer pixels has less of."""
OF_OBJECTS = ("objects", "shape", "strokes")
WHOLE = {
    iri.removeprefix(IMG)
    for iri, function in MEASURES.items()
    if not function.__module__.endswith(OF_OBJECTS)
} - {"straightEdgeShare"}
"""What is measured of the whole image: no tie between two pixels decides on it."""

Images = st.builds(
    lambda seed, height, width, levels: (
        np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
        // levels
        * levels
    ),
    seed=st.integers(0, 2**32 - 1),
    height=st.integers(8, 160),
    width=st.integers(8, 160),
    levels=st.sampled_from([1, 64, 128, 255]),
)


@pytest.fixture(scope="module")
def ontology() -> KnowledgeGraph:
    return read_ontology(Path(__file__).parents[3] / "ontology" / "image_measures.ttl")


@pytest.fixture(scope="module")
def ranges(ontology: KnowledgeGraph) -> dict[str, tuple[float, float]]:
    found = {}
    for iri in MEASURES:
        low, high = measure_range(ontology, iri)
        assert low is not None
        found[iri.removeprefix(IMG)] = (low, math.inf if high is None else high)
    return found


def values(image: np.ndarray) -> dict[str, float]:
    """Local name -> value."""
    view = View(image)
    return {iri.removeprefix(IMG): function(view) for iri, function in MEASURES.items()}


def outside(image: np.ndarray, ranges: dict[str, tuple[float, float]]) -> dict[str, float]:
    """The values that are neither in their range nor not a number."""
    return {
        name: value
        for name, value in values(image).items()
        if not (math.isnan(value) or ranges[name][0] <= value <= ranges[name][1])
    }


def test_the_ontology_and_the_table_name_the_same_measures(ontology: KnowledgeGraph) -> None:
    assert set(ontology.instances(KGT + "Measure")) == set(MEASURES)
    assert len(set(MEASURES.values())) == len(MEASURES)


def test_each_measure_has_a_definition_a_unit_a_range_and_a_source(
    ontology: KnowledgeGraph,
) -> None:
    for iri in MEASURES:
        for predicate in (DEFINITION, COMMENT, KGT + "unit", SOURCE):
            assert len(ontology.objects(iri, predicate)) == 1, (iri, predicate)
        low, high = measure_range(ontology, iri)
        unbounded = iri.endswith(("Count", "Spread", "aspectRatio", "period"))
        assert low is not None
        assert high is not None or unbounded, iri


def test_check_finds_nothing(repository: Path) -> None:
    folder = repository / "ontology"
    files = [folder / "kgt.ttl", folder / "image_measures.ttl"]
    assert check(files, folder / "shapes") == []


@pytest.mark.parametrize("first", range(0, 200, 50))
def test_values_of_natural_images_stay_in_their_range(
    draw: Any, ranges: dict[str, tuple[float, float]], first: int
) -> None:
    for seed in range(first, first + 50):
        height, width = np.random.default_rng(seed).integers(8, 170, 2)
        assert outside(draw.natural(seed, height, width), ranges) == {}


@settings(max_examples=60, deadline=None)
@given(image=Images)
def test_values_of_random_pixels_stay_in_their_range(
    ranges: dict[str, tuple[float, float]], image: np.ndarray
) -> None:
    assert outside(image, ranges) == {}


@pytest.mark.parametrize("shape", [(8, 8), (8, 3000), (2000, 9), (128, 128), (31, 77)])
@pytest.mark.parametrize("paint", ["even", "black", "white", "one pixel", "two halves", "checks"])
def test_extreme_images_have_values_and_no_warning(
    shape: tuple[int, int], paint: str, ranges: dict[str, tuple[float, float]]
) -> None:
    image = np.full((*shape, 3), {"black": 0, "white": 255}.get(paint, 77), dtype=np.uint8)
    if paint == "one pixel":
        image[3, 3] = 255
    if paint == "two halves":
        image[: shape[0] // 2] = (200, 30, 90)
    if paint == "checks":
        image[np.indices(shape).sum(axis=0) % 2 == 0] = 255
    assert outside(image, ranges) == {}


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (50, 1), (2, 2), (3, 1), (1, 4096)])
@pytest.mark.parametrize("paint", ["even", "noise"])
def test_the_smallest_images_have_values_or_none_and_no_warning(
    shape: tuple[int, int], paint: str, ranges: dict[str, tuple[float, float]]
) -> None:
    random = np.random.default_rng(0)
    noise = random.integers(0, 256, (*shape, 3), dtype=np.uint8)
    image = noise if paint == "noise" else np.full_like(noise, 77)
    assert outside(image, ranges) == {}


@pytest.mark.parametrize("value", [0, 77, 255])
def test_an_even_image_has_colour_and_lightness_and_no_shape(value: int) -> None:
    found = values(np.full((50, 70, 3), value, dtype=np.uint8))
    assert found["greyShare"] == found["colourCount"] == 1
    assert found["lightness"] == pytest.approx(value / 255)
    assert found["objectCount"] == found["edgeShare"] == 0
    assert math.isnan(found["solidity"])
    assert math.isnan(found["orientationStrength"])


def differing(
    image: np.ndarray, other: np.ndarray, tolerance: Callable[[str], float]
) -> dict[str, tuple[float, float]]:
    """The measures by which two images differ more than they may."""
    before, after = values(image), values(other)
    return {
        name: (before[name], after[name])
        for name in before
        if not (
            abs(before[name] - after[name]) <= tolerance(name)
            or (math.isnan(before[name]) and math.isnan(after[name]))
        )
    }


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6))
def test_a_mirror_changes_no_measure_of_the_whole_image(draw: Any, seed: int) -> None:
    image = draw.natural(seed)
    assert set(differing(image, image[:, ::-1], lambda _: 0.01)) & WHOLE == set()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6))
def test_a_quarter_turn_exchanges_level_and_upright(draw: Any, seed: int) -> None:
    image = draw.natural(seed)
    turned = np.rot90(image)
    before, after = values(image), values(turned)
    for one, other in (
        ("horizontalShare", "verticalShare"),
        ("leftRightSymmetry", "upDownSymmetry"),
    ):
        assert (after[one], after[other]) == pytest.approx((before[other], before[one]), abs=1e-3)
    exchanged = {"horizontalShare", "verticalShare", "leftRightSymmetry", "upDownSymmetry"}
    changed = set(differing(image, turned, lambda _: 0.01)) & WHOLE
    assert changed <= exchanged | {"upperBrightness"}


RELATIVE = {
    *("sharpness", "blur", "orientationStrength", "horizontalShare", "verticalShare"),
    *("diagonalShare", "rightAngleShare", "leftRightSymmetry", "upDownSymmetry"),
    *("halfTurnSymmetry", "fineDetail", "middleDetail", "coarseDetail"),
}
"""Ratios and correlations of luma: by their definitions, half the light changes none of them."""
PROPORTIONAL = {
    *("lightness", "lightnessSpread", "globalContrast", "localContrast", "centreContrast"),
    *("upperBrightness", "noise", "chroma", "warmth"),
}
"""Means and differences of colours: half the light halves them."""


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6))
def test_half_the_light_changes_what_depends_on_it_and_nothing_else(draw: Any, seed: int) -> None:
    image = draw.natural(seed) // 2 * 2  # even, so that the half is exact
    before, after = values(image), values(image // 2)
    if before["lightnessSpread"] < 0.02:  # steps of one level are no longer small
        return
    for name in RELATIVE:
        assert after[name] == pytest.approx(before[name], abs=1e-3, nan_ok=True), name
    for name in PROPORTIONAL:
        assert after[name] == pytest.approx(before[name] / 2, abs=1e-4), name


@pytest.mark.parametrize("letter", ["I", "T", "L", "H", "O", "B", "X"])
def test_a_letter_that_is_mirrored_or_turned_has_the_same_shape(
    letters: dict[str, np.ndarray], letter: str
) -> None:
    before, image = values(letters[letter]), letters[letter]
    mirrored, turned = values(image[:, ::-1]), values(np.rot90(image))
    assert mirrored["leftBalance"] == pytest.approx(-before["leftBalance"], abs=1e-3)
    assert turned["upperBalance"] == pytest.approx(-before["leftBalance"], abs=1e-3)
    assert turned["leftBalance"] == pytest.approx(before["upperBalance"], abs=1e-3)
    assert turned["aspectRatio"] == pytest.approx(1 / before["aspectRatio"])
    for name in set(before) - WHOLE - {"leftBalance", "upperBalance", "aspectRatio", "tilt"}:
        for after in (mirrored[name], turned[name]):
            assert after == pytest.approx(before[name], abs=0.02, nan_ok=True), name


@pytest.mark.parametrize("seed", range(3))
def test_the_size_of_an_image_changes_only_its_detail(
    draw: Any, ranges: dict[str, tuple[float, float]], seed: int
) -> None:
    large = Image.fromarray(draw.natural(seed, 512, 512))
    images = [np.asarray(large.resize((n, n), Image.Resampling.BOX)) for n in (128, 64)]

    def tolerance(name: str) -> float:
        low, high = ranges[name]
        is_of_objects = MEASURES[IMG + name].__module__.endswith(OF_OBJECTS)
        share = 0.15 if is_of_objects else 0.04
        return share * (high - low) if math.isfinite(high) else 0.3 * values(images[0])[name] + 1

    assert set(differing(*images, tolerance)) - DETAIL - STROKES == set()


@pytest.mark.parametrize("letter", ["I", "T", "L", "H", "O", "B", "X"])
def test_a_letter_at_half_its_size_keeps_its_shape(
    letters: dict[str, np.ndarray], letter: str
) -> None:
    half = np.asarray(Image.fromarray(letters[letter]).resize((64, 64), Image.Resampling.BOX))
    before, after = values(letters[letter]), values(half)
    for name in ("holeCount", "endPointCount", "branchPointCount", "objectCount"):
        assert after[name] == before[name], name
    for name in ("solidity", "extent", "elongation", "strokeWidth", "foregroundShare"):
        assert after[name] == pytest.approx(before[name], abs=0.02), name


def test_the_same_image_has_the_same_values(draw: Any) -> None:
    image = draw.natural(7)
    assert values(image) == values(image.copy())
