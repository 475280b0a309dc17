from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from kgtransfer.errors import DataError
from kgtransfer.images.data.decode import read_picture

RED, SIDE = (200, 30, 40), 20
NOISE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (30, 30, 3), dtype=np.uint8))


def saved(image: Image.Image, kind: str = "PNG", **how: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **how)
    return file.getvalue()


def plain(mode: str = "RGB", colour: object = RED) -> Image.Image:
    return Image.new(mode, (SIDE, SIDE), colour)


def corner(content: bytes) -> list[int]:
    picture = read_picture(content, "cell.png")
    assert picture.shape == (SIDE, SIDE, 3)
    assert picture.dtype == np.uint8
    return picture[0, 0].tolist()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (saved(plain()), [200, 30, 40]),
        (saved(plain("L", 90)), [90, 90, 90]),
        (saved(plain("1", 1)), [255, 255, 255]),
        (saved(plain("RGBA", (200, 30, 40, 255))), [200, 30, 40]),
        (saved(plain("RGBA", (200, 30, 40, 0))), [255, 255, 255]),
        (saved(plain("LA", (90, 0))), [255, 255, 255]),
        (saved(plain().quantize(4)), [200, 30, 40]),
        (saved(plain("I;16", 257 * 90)), [90, 90, 90]),
        (saved(plain("F", 90.0), "TIFF"), [90, 90, 90]),
        (saved(plain("CMYK", (0, 255, 255, 0)), "TIFF"), [255, 0, 0]),
        (saved(plain("L", 90), "MPO", save_all=True, append_images=[plain("L", 9)]), [90, 90, 90]),
    ],
    ids=[
        "rgb",
        "grey",
        "bits",
        "alpha",
        "clear",
        "grey-clear",
        "palette",
        "16",
        "float",
        "cmyk",
        "mpo",
    ],
)
def test_every_kind_of_image_is_rgb(content, expected):
    assert corner(content) == expected


def test_the_camera_says_which_way_is_up():
    image = Image.new("RGB", (40, 20), "white")
    image.paste(RED, (0, 0, 4, 4))  # top left, as stored
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it right by a quarter to look at it
    picture = read_picture(saved(image, exif=exif), "cell.png")
    assert picture.shape == (40, 20, 3)
    assert picture[0, -1].tolist() == list(RED)
    assert picture[0, 0].tolist() == [255, 255, 255]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "cell.png: not an image of a known kind"),
        (b"image,label\n", "cell.png: not an image of a known kind"),
        (saved(NOISE)[:300], "cell.png: damaged"),
        (saved(NOISE, "JPEG")[:500], "cell.png: damaged"),
        (saved(Image.new("RGB", (3, 90))), "cell.png: 3 x 90 pixels are too few"),
        (saved(plain(), "EPS"), "cell.png: not an image of a known kind"),
        (saved(plain(), "PPM"), "cell.png: not an image of a known kind"),
    ],
    ids=["empty", "text", "cut", "cut-jpeg", "tiny", "postscript", "ppm"],
)
def test_what_is_no_image_is_refused_by_name(content, message):
    with pytest.raises(DataError, match=message):
        read_picture(content, "cell.png")


def test_an_image_that_would_fill_the_memory_is_refused(monkeypatch):
    monkeypatch.setattr("kgtransfer.images.data.decode.LARGEST", 100)
    with pytest.raises(DataError, match="20 x 20 pixels are more than 100") as refused:
        read_picture(saved(plain()), "cell.png")
    assert refused.value.cure == "scale it down, or cut it into several images"


@pytest.mark.parametrize(("side", "size"), [(10_000, "10,000 x 10,000 pixels are "), (14_000, "")])
def test_the_limit_is_named(side, size):
    content = saved(Image.new("1", (side, side)))
    with pytest.raises(DataError, match=rf"^cell.png: {size}more than 89,478,485"):
        read_picture(content, "cell.png")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([0, 2048, 4095], dtype=np.uint16), [0, 127, 255]),
        (np.array([0, 4096, 65535], dtype=np.uint16), [0, 15, 255]),
        (np.array([100, 200, 255], dtype=np.uint16), [100, 200, 255]),
        (np.array([0, 0.5, 1], dtype=np.float32), [0, 128, 255]),
        (np.array([0, 0.2, 0.4], dtype=np.float32), [0, 51, 102]),
        (np.array([0, 90.0, 255], dtype=np.float32), [0, 90, 255]),
    ],
    ids=["12 bits", "16 bits", "8 bits", "shares", "dark shares", "bytes"],
)
def test_other_depths_are_brought_to_eight_bits(values, expected):
    image = Image.fromarray(np.tile(values.repeat(8), (24, 1)))
    picture = read_picture(saved(image, "TIFF"), "cell.tif")
    assert picture[0, ::8, 0].tolist() == expected


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_pixel_that_is_no_number_is_refused(value):
    image = Image.fromarray(np.full((20, 20), value, dtype=np.float32))
    with pytest.raises(DataError, match=r"cell.tif: damaged \(a pixel is not a finite number"):
        read_picture(saved(image, "TIFF"), "cell.tif")
