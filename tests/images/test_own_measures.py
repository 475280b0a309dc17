"""Measures that a user's own code takes: who may run it, what it may define, how it combines."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from kgtransfer.config import read_config
from kgtransfer.errors import CodeError
from kgtransfer.images.config import BackboneConfig, VisionConfig
from kgtransfer.images.data import mapped
from kgtransfer.images.measurers import CombinedMeasurer, measurer_for
from kgtransfer.images.own_measures import OwnMeasures, own_measures, tell_of_edits
from kgtransfer.images.sources.table import open_sources
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.trust import CodeUnit, TrustStore

MINE = "http://example.org/mine#"
IMG = "https://w3id.org/kgtransfer/image-measures#"
DICT = f"""
measures = {{
    "{MINE}red": lambda image: image[..., 0].mean() / 255,
    "{MINE}width": lambda image: image.shape[1],
}}
"""
OBJECT = f"""
class Colours:
    measures = ("{MINE}red", "{MINE}blue")

    def measure(self, images):
        return [[image[..., 0].mean(), image[..., 2].mean()] for image in images]
"""
ONTOLOGY = f"""
@prefix kgt: <https://w3id.org/kgtransfer/ns#> .
@prefix mine: <{MINE}> .
@prefix img: <{IMG}> .
mine:Red kgt:measuredBy mine:red ; kgt:threshold 0.5 ; kgt:softness 0.1 .
mine:Light kgt:measuredBy img:lightness ; kgt:threshold 50.0 ; kgt:softness 5.0 .
"""
IMAGES = [np.full((8, 6, 3), (255, 0, 51), dtype=np.uint8), np.zeros((4, 4, 3), dtype=np.uint8)]


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, the user's own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "work"
    folder.mkdir(mode=0o755)
    monkeypatch.chdir(folder)
    return folder


def _own(text: str, attribute: str = "") -> OwnMeasures:
    Path("own.py").write_text(text)
    return OwnMeasures(CodeUnit.read("own.py"), attribute)


def test_a_dict_from_iris_to_functions() -> None:
    measurer = _own(DICT).measurer()
    assert tuple(measurer.measures) == (f"{MINE}red", f"{MINE}width")
    assert measurer.measure(IMAGES).tolist() == [[1, 6], [0, 4]]


def test_functions_of_a_file_run_in_other_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FIRST", "WORTH"):  # from the second image on
        monkeypatch.setattr(mapped, name, 0)
    monkeypatch.setenv("LOKY_MAX_CPU_COUNT", "2")
    text = (
        "import os\nmeasures = {'e:process': lambda image: os.getpid(), 'e:max': lambda i: i.max()}"
    )
    measurer = _own(text).measurer()
    Path("own.py").unlink()  # what was read and allowed is what runs
    processes, levels = measurer.measure(IMAGES * 3).T
    assert levels.tolist() == [255, 0] * 3
    assert processes[0] == os.getpid()
    assert os.getpid() not in processes[1:]


def test_a_class_with_measures_and_measure() -> None:
    measurer = _own(OBJECT, "Colours").measurer()
    assert tuple(measurer.measures) == (f"{MINE}red", f"{MINE}blue")
    assert measurer.measure(IMAGES).tolist() == [[255, 51], [0, 0]]


def test_other_code_has_another_digest() -> None:
    digests = [getattr(_own(text).measurer(), "code", b"") for text in (DICT, DICT, DICT + "#")]
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1", "nothing in it takes measures"),
        ("measures = {}", "no functions by IRI"),
        ("measures = {'a': 1}", "no functions by IRI"),
        ("measures = 1 / 0", "own.py:1: ZeroDivisionError"),
    ],
)
def test_what_takes_no_measures_is_refused(text: str, message: str) -> None:
    with pytest.raises(CodeError, match=message):
        _own(text).measurer()


@pytest.mark.parametrize("given", ["None", "'much'", "image.mean(axis=0)", "exit(3)"])
def test_a_measure_that_is_no_number_is_named_with_its_file(given: str) -> None:
    own = _own(f"measures = {{'{MINE}red': lambda image: {given}}}")
    with pytest.raises(CodeError, match=r"own.py: http://example.org/mine#red: .*Error|SystemExit"):
        own.measurer().measure(IMAGES)


def test_a_measure_that_fails_is_named() -> None:
    own = _own(f"measures = {{'{MINE}red': lambda image: image.nothing}}")
    with pytest.raises(CodeError, match="mine#red: AttributeError"):
        own.measurer().measure(IMAGES)


def test_ours_and_own_stand_side_by_side() -> None:
    Path("o.ttl").write_text(ONTOLOGY)
    measurer = measurer_for(read_ontology("o.ttl"), own=_own(DICT))
    assert isinstance(measurer, CombinedMeasurer)
    assert measurer.measures[-2:] == (f"{MINE}red", f"{MINE}width")
    assert f"{IMG}lightness" in measurer.measures
    assert measurer.measure(IMAGES).shape == (2, len(measurer.measures))
    assert measurer.measure(IMAGES)[:, -2:].tolist() == [[1, 6], [0, 4]]


def test_of_two_that_take_one_measure_the_last_does() -> None:
    first, second = _own(DICT).measurer(), _own(OBJECT, "Colours").measurer()
    both = CombinedMeasurer([first, second])
    assert both.measures == (f"{MINE}width", f"{MINE}red", f"{MINE}blue")
    assert both.measure(IMAGES).tolist() == [[6, 255, 51], [4, 0, 0]]


def test_settings_in_the_current_folder_name_code_and_others_do_not(work: Path) -> None:
    (work / "own.py").write_text(DICT)
    (work / "sub").mkdir(mode=0o755)
    for place in (work, work / "sub"):
        (place / "own.toml").write_text('[[grounding]]\nsource = "measures"\ncode = "own.py"\n')
    assert _opened(read_config("own.toml", VisionConfig))
    other = read_config("sub/own.toml", VisionConfig)
    with pytest.raises(CodeError, match=r"own\.toml does not stand directly in the current folder"):
        _opened(other)
    said = 'grounding=[{source="measures", code="own.py"}]'
    assert _opened(read_config("sub/own.toml", VisionConfig, [said]))  # by the user himself


def _opened(config: VisionConfig) -> object:
    return open_sources(config.grounding, BackboneConfig())


def test_the_copy_in_a_run_runs_only_where_it_is_trusted(work: Path) -> None:
    own = _own(DICT)
    own.save(work / "run")
    with pytest.raises(CodeError, match="is code that may not run: a run names it"):
        own_measures("own.py", run=work / "run")
    TrustStore().add(own.code)
    (work / "own.py").unlink()
    again = own_measures("own.py", run=work / "run")
    assert again is not None
    assert again.measurer().measure(IMAGES).tolist() == [[1, 6], [0, 4]]


@pytest.mark.parametrize("name", ["own.py", "own.py:measures"])
def test_edits_since_a_run_kept_the_code_are_told(
    name: str, work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _own(DICT).save(work / "run")
    tell_of_edits(name, work / "run")
    tell_of_edits("gone.py", work / "run")
    tell_of_edits("", work / "run")
    assert capsys.readouterr().err == ""
    Path("own.py").write_text(DICT + "# another\n")
    tell_of_edits(name, work / "run")
    assert "own.py is not what" in capsys.readouterr().err
