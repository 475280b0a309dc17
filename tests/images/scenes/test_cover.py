from __future__ import annotations

import numpy as np
import pytest

from kgtransfer.images.scenes import cover
from kgtransfer.images.scenes.scene import Scene


def test_half_a_lake(lake: Scene) -> None:
    assert cover.water_share(lake) == pytest.approx(0.5, abs=0.05)
    assert cover.vegetation_share(lake) == pytest.approx(0.5, abs=0.02)
    assert not cover.water(lake)[:, 80:].any()


def test_a_still_green_pond_in_a_lawn_is_water() -> None:
    random = np.random.default_rng(0)
    image = np.clip(np.array([100, 125, 75]) + random.normal(0, 12, (128, 128, 1)), 0, 255).astype(
        "u1"
    )
    image[40:90, 40:90] = (70, 95, 60)
    found = cover.water(Scene(image))
    assert found[50:80, 50:80].all()
    assert not found[:30].any()


@pytest.mark.parametrize("name", ["grass", "forest", "parking", "halls"])
def test_dry_land_has_no_water(name: str, request: pytest.FixtureRequest) -> None:
    assert cover.water_share(request.getfixturevalue(name)) == 0


def test_cars_on_asphalt_are_built_up_and_crowns_are_not(parking: Scene, forest: Scene) -> None:
    assert cover.built_up_share(parking) > 0.85
    assert cover.built_up_share(forest) < 0.05


def test_a_dark_patch_on_bright_ground_is_shadow_and_a_lake_is_not(lake: Scene) -> None:
    image = np.full((128, 128, 3), 150, dtype=np.uint8)
    image[20:30, 20:30] = 60
    assert cover.shadow_share(Scene(image)) == pytest.approx(100 / 128**2)
    assert cover.shadow_share(lake) < 0.05


def test_the_largest_segment_of_one_cover_and_of_two(grass: Scene, lake: Scene) -> None:
    assert cover.largest_segment_share(grass) == 1
    assert cover.largest_segment_share(lake) == pytest.approx(0.42, abs=0.06)
