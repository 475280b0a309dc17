from __future__ import annotations

import math

import numpy as np
import pytest

from kgtransfer.images.scenes import objects
from kgtransfer.images.scenes.scene import Scene


def test_cars_are_many_and_tiny_and_halls_few_and_large(parking: Scene, halls: Scene) -> None:
    assert objects.object_count(parking) == pytest.approx(150, abs=10)
    assert objects.object_size(parking) == pytest.approx(math.sqrt(24) / 128, abs=0.01)
    assert objects.object_count(halls) < 20
    assert objects.object_size(halls) == pytest.approx(36 / 128, abs=0.03)


def test_a_lawn_has_no_object_and_no_size_of_one(grass: Scene) -> None:
    assert objects.object_count(grass) == 0
    assert math.isnan(objects.object_size(grass))


@pytest.mark.parametrize("inside", [220, 0])
@pytest.mark.parametrize("radius", [8, 20, 40])
def test_a_tank_is_a_circle(radius: int, inside: int) -> None:
    rows, columns = np.ogrid[:128, :128]
    image = np.full((128, 128, 3), 100, dtype=np.uint8)
    image[(rows - 64) ** 2 + (columns - 64) ** 2 <= radius**2] = inside
    assert objects.circle_share(Scene(image)) > 0.5


def test_halls_are_no_circles_and_an_even_image_says_nothing(halls: Scene) -> None:
    assert objects.circle_share(halls) < 0.2
    assert math.isnan(objects.circle_share(Scene(np.full((128, 128, 3), 90, dtype=np.uint8))))
