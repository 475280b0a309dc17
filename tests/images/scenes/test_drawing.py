from __future__ import annotations

import numpy as np

from kgtransfer.images.drawing import GroundedValue
from kgtransfer.images.scenes.drawing import draw_scene
from kgtransfer.images.scenes.measures import LC
from kgtransfer.images.scenes.scene import Scene
from kgtransfer.report.style import png

IMAGE = np.full((128, 128, 3), (110, 140, 80), dtype=np.uint8)
IMAGE[:, :64] = (20, 40, 70)


def _value(measure: str) -> GroundedValue:
    return GroundedValue("cover", "x:Some", "some", 0.8, "share", 0.5, "1", LC + measure)


def test_the_picture_has_the_scene_its_covers_and_a_bar_for_each_value() -> None:
    values = [_value("vegetationShare"), _value("waterShare"), _value("builtUpShare")]
    figure = draw_scene(Scene(IMAGE), values)
    picture, bars = sorted(figure.axes, key=lambda axes: axes.get_position().x0)
    assert [text.get_text() for text in picture.texts] == ["vegetation", "water", "built up"]
    drawn = np.asarray(picture.get_images()[0].get_array())
    assert drawn.shape == (128 + 6 + 128, 128, 3)
    assert np.array_equal(drawn[:128], IMAGE)
    assert drawn[200, 20].tolist() == [11, 73, 118]
    assert {0.8, 1} == {bar.get_width() for bar in bars.patches}
    assert png(figure).startswith(b"\x89PNG")


def test_covers_that_the_domain_does_not_measure_are_not_shown() -> None:
    picture = min(
        draw_scene(Scene(IMAGE), [_value("waterShare")]).axes, key=lambda a: a.get_position().x0
    )
    assert [text.get_text() for text in picture.texts] == ["water"]
    bare = min(
        draw_scene(Scene(IMAGE), [_value("localContrast")]).axes, key=lambda a: a.get_position().x0
    )
    assert not bare.texts
    assert np.array_equal(np.asarray(bare.get_images()[0].get_array()), IMAGE)
