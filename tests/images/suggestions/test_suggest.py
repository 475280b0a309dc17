from __future__ import annotations

import csv
import json
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from kgtransfer import cli
from kgtransfer.errors import DataError, OntologyError
from kgtransfer.images.own_measures import OwnMeasures
from kgtransfer.images.suggestions.suggest import suggest
from kgtransfer.runs.output import Output
from kgtransfer.trust import CodeUnit
from kgtransfer.utils.terminal import table_text

IMG = "https://w3id.org/kgtransfer/image-measures#"
HEAD = """
@prefix : <http://example.org/> .
@prefix img: <https://w3id.org/kgtransfer/image-measures#> .
@prefix kgt: <https://w3id.org/kgtransfer/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<http://example.org/> a owl:Ontology ; owl:imports <https://w3id.org/kgtransfer/image-measures> .
:Tone rdfs:subClassOf kgt:Attribute .
:Dark rdfs:subClassOf :Tone ; rdfs:label "dark" . :Pale rdfs:subClassOf :Tone ; rdfs:label "pale" .
:Coal a owl:Class ; rdfs:label "coal" ; kgt:usual :Dark .
:Slate a owl:Class ; rdfs:label "slate" ; kgt:usual :Dark .
:Chalk a owl:Class ; rdfs:label "chalk" ; kgt:usual :Pale .
"""
MEASURED = """
:Dark kgt:measuredBy img:lightness .
:Pale kgt:measuredBy img:lightness ; kgt:threshold 0.7 ; kgt:softness 0.05 .
"""
OWN = ":Shine rdfs:subClassOf :Tone ; rdfs:label 'shine' ; kgt:measuredBy :gloss ."


@pytest.fixture
def ontology(tmp_path: Path) -> Path:
    file = tmp_path / "stones.ttl"
    file.write_text(HEAD + MEASURED + OWN, encoding="utf-8")
    return file


@pytest.fixture
def stones(tmp_path: Path) -> Path:
    """Twelve dark and twelve pale images, in a table with their labels."""
    folder = tmp_path / "stones"
    folder.mkdir()
    random = np.random.default_rng(0)
    rows = []
    for number in range(24):
        pale = number % 2
        tone = (200 if pale else 60) + random.integers(-10, 10)
        pixels = np.clip(random.normal(tone, 3, (32, 32, 3)), 0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(folder / f"{number}.png")
        rows.append((f"{number}.png", "chalk" if pale else "coal"))
    _write(folder, ("image", "label"), rows)
    return folder


def _write(folder: Path, header: tuple[str, ...], rows: list[Any]) -> None:
    with (folder / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])


def _suggest(ontology: Path, data: Path, *, every: bool = False, limit: int = 100) -> Output:
    out = ontology.parent / "runs" / "suggest"
    return suggest([ontology], data, out=out, every=every, limit=limit)


def _lines(output: Output) -> list[str]:
    return [
        line
        for part in output.parts
        for line in (part if isinstance(part, str) else table_text(part)).splitlines()
    ]


def test_a_measure_that_divides_has_a_threshold_to_paste(ontology: Path, stones: Path) -> None:
    output = _suggest(ontology, stones)
    (lightness,) = output.values["measures"]
    assert lightness["measure"] == IMG + "lightness"
    assert (lightness["n"], lightness["unit"], lightness["stated"]) == (24, "1", [0.7])
    low, _, high = lightness["percentiles"].values()
    (threshold,) = lightness["two"]["thresholds"]
    assert low < 60 / 255 < threshold < 200 / 255 < high
    assert lightness["two"]["clarity"] > 0.7
    (pasted,) = [line for line in _lines(output) if "kgt:threshold" in line]
    assert pasted.startswith("  kgt:measuredBy img:lightness ; kgt:threshold 0.5")
    assert pasted.endswith(".  # clear, " + f"{lightness['two']['clarity']:.2f}")


def test_what_is_pasted_is_turtle_that_grounds(ontology: Path, stones: Path) -> None:
    (lightness,) = _suggest(ontology, stones).values["measures"]
    ontology.write_text(f"{HEAD}\n:Pale {lightness['turtle'][0]}\n", encoding="utf-8")
    (again,) = _suggest(ontology, stones).values["measures"]
    assert again["stated"] == [pytest.approx(lightness["two"]["thresholds"][0], abs=0.01)]


def test_labels_are_not_looked_at(ontology: Path, stones: Path) -> None:
    before = _suggest(ontology, stones)
    with (stones / "labels.csv").open(encoding="utf-8", newline="") as file:
        names = [row["image"] for row in csv.DictReader(file)]
    labels = np.random.default_rng(1).choice(["x", "coal", "chalk"], len(names))
    _write(stones, ("image", "label"), list(zip(names, labels, strict=True)))
    shuffled = _suggest(ontology, stones)
    assert (shuffled.values, _lines(shuffled)) == (before.values, _lines(before))
    (stones / "labels.csv").unlink()  # images without any label will do
    assert _suggest(ontology, stones).values["measures"][0]["n"] == 24


def test_the_test_split_is_left_out(ontology: Path, stones: Path) -> None:
    rows = [(f"{n}.png", "coal", "test" if n % 2 else "train") for n in range(24)]
    _write(stones, ("image", "label", "split"), rows)
    (lightness,) = _suggest(ontology, stones).values["measures"]
    assert lightness["n"] == 12
    assert lightness["percentiles"]["95"] < 0.4  # the pale ones are all in the test


def test_a_limit_draws_some(ontology: Path, stones: Path) -> None:
    assert _suggest(ontology, stones, limit=10).values["measures"][0]["n"] == 10


def test_what_nothing_computes_and_tells_apart_is_named(ontology: Path, stones: Path) -> None:
    output = _suggest(ontology, stones)
    assert output.values["not_computed"] == ["http://example.org/gloss"]
    assert "nothing computes :gloss, which decides on shine" in _lines(output)
    assert "nothing that is measured tells apart: coal, slate" in _lines(output)


def test_measures_of_ones_own_are_taken_too(ontology: Path, stones: Path, tmp_path: Path) -> None:
    code = tmp_path / "shine.py"
    code.write_text('measures = {"http://example.org/gloss": lambda image: image.max() / 255}')
    own = OwnMeasures(CodeUnit.read(code))
    output = suggest([ontology], stones, out=tmp_path / "runs" / "suggest", own=own)
    assert output.values["not_computed"] == []
    gloss = next(m for m in output.values["measures"] if m["measure"].endswith("gloss"))
    assert gloss["two"]["thresholds"] == [pytest.approx(0.54, abs=0.04)]


def test_plots_are_written_and_measures_kept(ontology: Path, stones: Path) -> None:
    output = _suggest(ontology, stones)
    with Image.open(output.values["plots"]) as picture:
        assert picture.format == "PNG"
    kept = ontology.parent / "runs" / ".cache" / "measures.jsonl"
    size = kept.stat().st_size
    _suggest(ontology, stones)
    assert kept.stat().st_size == size  # nothing was measured anew


def test_all_shows_what_the_ontology_does_not_use(ontology: Path, stones: Path) -> None:
    ontology.write_text(HEAD, encoding="utf-8")
    with pytest.raises(OntologyError, match="names no measure"):
        _suggest(ontology, stones)
    shown = {
        measure["measure"] for measure in _suggest(ontology, stones, every=True).values["measures"]
    }
    assert {IMG + "lightness", IMG + "elongation", IMG + "redShare"} < shown


def test_of_all_measures_those_that_divide_stand_in_the_table(ontology: Path, stones: Path) -> None:
    output = _suggest(ontology, stones, every=True)
    (shown,) = [table_text(part) for part in output.parts if not isinstance(part, str)]
    assert "lightness" in shown  # named
    assert "share of dark" in shown  # it divides
    assert "share of red" not in shown
    (same,) = [line for line in _lines(output) if line.startswith("the same in all images: ")]
    assert "share of red" in same
    assert any(line.startswith("not divided: ") for line in _lines(output))
    assert len(output.values["measures"]) == 72


def test_the_table_says_units_and_what_some_images_do_not_have(
    ontology: Path, stones: Path
) -> None:
    tilted = ":Tilted rdfs:subClassOf :Tone ; kgt:measuredBy img:tilt ."
    ontology.write_text(HEAD + MEASURED + tilted, encoding="utf-8")
    Image.new("RGB", (32, 32), "white").save(stones / "0.png")  # nothing there that has a tilt
    shown = [line for line in _lines(_suggest(ontology, stones)) if "tilt" in line]
    assert re.search(r"tilt \(deg\), \d+ images", shown[0])


def test_links_out_of_the_folder_are_refused_with_the_cure(ontology: Path, stones: Path) -> None:
    (stones / "labels.csv").unlink()
    linked = ontology.parent / "linked"
    linked.mkdir()
    (linked / "coal").symlink_to(stones)
    with pytest.raises(DataError, match="coal: a link that leads out of the data set") as refused:
        _suggest(ontology, linked)
    assert "cp -rL" in refused.value.cure


def test_measures_are_brought_to_the_ranges_that_the_ontology_states(
    ontology: Path, stones: Path
) -> None:
    ranged = "\nimg:lightness kgt:lowEnd 10 ; kgt:highEnd 20 ."
    ontology.write_text(HEAD + MEASURED + ranged, encoding="utf-8")
    (lightness,) = _suggest(ontology, stones).values["measures"]
    assert lightness["percentiles"] == {
        "5": pytest.approx(10), "50": pytest.approx(15, abs=2), "95": pytest.approx(20)
    }  # fmt: skip


def test_data_that_cannot_be_read_is_refused(ontology: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="not found"):
        _suggest(ontology, tmp_path / "nowhere")
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "a.png").write_bytes(b"no image")
    with pytest.raises(DataError, match=r"a\.png"):
        _suggest(ontology, broken)


def test_the_command_prints_json(
    ontology: Path, stones: Path, tmp_path: Path,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    line = ["suggest", ontology, stones, "--out", tmp_path / "out", "--json"]
    monkeypatch.setattr(sys, "argv", ["kgtransfer", *map(str, line)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code
    assert json.loads(capsys.readouterr().out)["images"] == 24
