"""A function of every image: the same on one core and on several, whatever happens to them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kgtransfer.errors import CodeError, DataError
from kgtransfer.images.data import mapped as module
from kgtransfer.images.data.folder import Images, read_image_table
from kgtransfer.images.data.mapped import each, mapped
from kgtransfer.images.data.pictures import Pictures
from kgtransfer.utils.resources import child_environment

COUNT = 24


@pytest.fixture(params=["1", "2"])
def cores(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Cores that may be used; work is spread over them from the second image on."""
    monkeypatch.setenv("LOKY_MAX_CPU_COUNT", request.param)
    for name in ("FIRST", "WORTH"):
        monkeypatch.setattr(module, name, 0)
    return int(request.param)


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Images:
    """Images of the grey levels 0 to 23, the sixth damaged."""
    folder = tmp_path_factory.mktemp("images")
    (folder / "grey").mkdir()
    for level in range(COUNT):
        pixels = np.full((16, 20, 3), level, dtype=np.uint8)
        Image.fromarray(pixels).save(folder / "grey" / f"{level:02}.png")
    (folder / "grey" / "05.png").write_bytes(b"no image")
    return read_image_table(folder)


def _readable(images: Images) -> Images:
    return images.take([row for row in range(COUNT) if row != 5])


def test_results_are_in_order_and_a_damaged_image_is_named_in_its_place(
    images: Images, cores: int
) -> None:
    results = list(each(lambda picture: (int(picture.max()), os.getpid()), images, "read"))
    refused = results.pop(5)
    assert isinstance(refused, DataError)
    assert refused.message == f"{images.folder}/grey/05.png: not an image of a known kind"
    assert refused.cure == "give PNG, JPEG, TIFF, BMP or WebP"
    levels, processes = zip(
        *(result for result in results if isinstance(result, tuple)), strict=True
    )
    assert levels == (*range(5), *range(6, COUNT))
    assert ({*processes} == {os.getpid()}) == (cores == 1)


def test_images_in_memory_are_sent(cores: int) -> None:
    pictures = [np.full((16, 16, 3), level, dtype=np.uint8) for level in range(9)]
    assert list(mapped(np.mean, pictures, "mean")) == [*range(9)]


def test_an_error_of_the_function_comes_as_it_is(images: Images, cores: int) -> None:
    def fails(picture: np.ndarray) -> None:
        if picture.max() > 10:
            raise CodeError("mine.py:3: no such measure", cure="mend it")

    with pytest.raises(CodeError) as caught:
        list(mapped(fails, Pictures(_readable(images)), "measure"))
    assert (caught.value.message, caught.value.cure) == ("mine.py:3: no such measure", "mend it")


def test_what_cannot_be_sent_stays_in_this_process(images: Images, cores: int) -> None:
    lock, found = threading.Lock(), []

    def counted(picture: np.ndarray) -> int:
        with lock:
            found.append(int(picture.max()))
        return found[-1]

    assert list(mapped(counted, Pictures(_readable(images)), "count")) == found
    assert len(found) == COUNT - 1


def test_a_process_that_is_ended_is_done_without(
    images: Images, cores: int, capsys: pytest.CaptureFixture[str]
) -> None:
    here = os.getpid()

    def level(picture: np.ndarray) -> int:
        if os.getpid() != here and picture.max() == 12:
            os.kill(os.getpid(), signal.SIGKILL)
        return int(picture.max())

    levels = list(mapped(level, Pictures(_readable(images)), "read"))
    assert levels == [*range(5), *range(6, COUNT)]
    assert ("a process was ended" in capsys.readouterr().err) == (cores == 2)


def test_whoever_takes_no_more_leaves_nothing_running(images: Images, cores: int) -> None:
    results: Iterator[int] = mapped(lambda picture: int(picture.max()), [], "read")
    assert list(results) == []
    results = mapped(lambda picture: int(picture.max()), Pictures(_readable(images)), "read")
    assert [next(results) for _ in range(3)] == [0, 1, 2]


SCRIPT = """
import os, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # maybe ignored
from pathlib import Path
from kgtransfer.images.data import mapped as module
from kgtransfer.images.data.folder import read_image_table
from kgtransfer.images.data.pictures import Pictures
module.FIRST = module.WORTH = 0
HERE = os.getpid()

def level(picture):
    if os.getpid() != HERE:
        os.write(1, b"at work\\n")  # at once: others write there too
        time.sleep(float(sys.argv[2]))
    return int(picture.max()), os.getpid()

print("read once", flush=True)
images = read_image_table(Path(sys.argv[1]))
found = list(module.mapped(level, Pictures(images.take(range(5))), "read"))
print([one for one, _ in found], len({of for _, of in found}) > 1)
"""


def _script(folder: Path, seconds: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(folder), seconds],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**child_environment(), "LOKY_MAX_CPU_COUNT": "2"},
    )


def test_a_script_needs_no_guard(images: Images, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(SCRIPT, encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, str(file), str(images.folder), "0"],
        capture_output=True,
        text=True,
        check=True,
        env={**child_environment(), "LOKY_MAX_CPU_COUNT": "2"},
    )
    lines = ended.stdout.splitlines()
    assert lines.count("read once") == 1
    assert lines[-1] == "[0, 1, 2, 3, 4] True"
    assert ended.stderr == ""


def test_an_interrupt_ends_all_at_once(images: Images) -> None:
    with _script(images.folder, "100") as script:
        assert script.stdout
        next(line for line in script.stdout if line == "at work\n")
        os.killpg(script.pid, signal.SIGINT)
        _, errors = script.communicate(timeout=60)  # until nobody is left who could write
    assert script.returncode == -signal.SIGINT
    assert errors.count("Traceback") == 1  # of the script itself
