"""Sentences that stand for names and for the classes of a head."""

from __future__ import annotations

import pytest

from kgtransfer.errors import DataError
from kgtransfer.images.texts.prompts import class_descriptions, prompted


def test_a_name_is_put_into_each_prompt() -> None:
    assert prompted("river_lake ") == [
        "river lake",
        "a photo of a river lake",
        "a picture of a river lake",
    ]


def test_each_class_is_described_in_three_ways() -> None:
    full, photo, names = class_descriptions(1000)
    assert [len(way) for way in (full, photo, names)] == [1000, 1000, 1000]
    gloss = "freshwater dace-like game fish of Europe and western Asia noted for ability to "
    assert full[0] == [f"tench, Tinca tinca: {gloss}survive outside water"]
    assert photo[0] == [f"a photo of a tench, {gloss}survive outside water"]
    assert names[0] == ["a photo of a tench", "a photo of a Tinca tinca"]


def test_a_head_of_other_classes_is_refused() -> None:
    with pytest.raises(DataError, match="a head of 19 classes is none of ImageNet"):
        class_descriptions(19)
