"""A domain of one's own: Turtle, TOML and one measure in Python, from training to a retraining."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

pytestmark = pytest.mark.slow

TURTLE = """
@prefix : <http://example.org/lamps#> .
@prefix img: <https://w3id.org/kgtransfer/image-measures#> .
@prefix kgt: <https://w3id.org/kgtransfer/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

<http://example.org/lamps> a owl:Ontology ;
    owl:imports <https://w3id.org/kgtransfer/image-measures> .
:place a owl:NamedIndividual , kgt:Measure ; rdfs:label "place of the light" ; kgt:unit "1" ;
    rdfs:comment "Where the light is: 0 at the top, 1 at the bottom." .
:Colour a owl:Class ; rdfs:subClassOf kgt:Attribute ; rdfs:label "colour" .
:Red a owl:Class ; rdfs:subClassOf :Colour ; rdfs:label "red" ;
    kgt:measuredBy img:warmth ; kgt:threshold 0.0 ; kgt:softness 0.01 .
:Cold a owl:Class ; rdfs:subClassOf :Colour ; rdfs:label "cold" ;
    kgt:measuredBy img:warmth ; kgt:threshold 0.0 ; kgt:softness -0.01 .
:Height a owl:Class ; rdfs:subClassOf kgt:Attribute ; rdfs:label "height" .
:Above a owl:Class ; rdfs:subClassOf :Height ; rdfs:label "above" ;
    kgt:measuredBy :place ; kgt:threshold 0.5 ; kgt:softness -0.1 .
:Below a owl:Class ; rdfs:subClassOf :Height ; rdfs:label "below" ;
    kgt:measuredBy :place ; kgt:threshold 0.5 ; kgt:softness 0.1 .
:Signal a owl:Class ; rdfs:label "signal" ; kgt:source "what drivers know" .
:Stop a owl:Class ; rdfs:subClassOf :Signal ; rdfs:label "stop" ;
    kgt:source "what drivers know" ; kgt:usual :Red , :Above .
:Go a owl:Class ; rdfs:subClassOf :Signal ; rdfs:label "go" ;
    kgt:source "what drivers know" ; kgt:usual :Cold , :Below .
"""
BY_COLOUR = r" ;\n +kgt:measuredBy img:warmth ; kgt:threshold 0.0 ; kgt:softness -?0.01 \."
PYTHON = """
import numpy as np

LAMPS = "http://example.org/lamps#"

def place(image):
    light = image.max(axis=2) > 128
    return np.nonzero(light)[0].mean() / len(image) if light.any() else float("nan")

measures = {LAMPS + "place": place}
"""
TOML = """
pipeline = "images"
name = "lamps"
seeds = 1
labels_per_class = [3]
arms = ["none", "kg", "axioms"]
[data]
path = "signals"
[ontology]
vocabulary = "lamps.ttl"
[[grounding]]
source = "measures"
code = "my_measures.py"
[select]
cypher = "MATCH (c:Resource)-[:kgt__measuredBy]->() RETURN DISTINCT c.uri"
[embedding]
dim = 8
[backbone]
name = "mobilenetv3_small_050"
weights = "random"
size = 32
[training]
steps = 0.5
"""


def _draw(folder: Path) -> None:
    """A red light above, or a blue one below, on a dark ground."""
    random = np.random.default_rng(0)
    for label, top, colour in (("stop", 4, (230, 40, 30)), ("go", 20, (30, 60, 230))):
        (folder / label).mkdir(parents=True)
        for number in range(16):
            image = random.normal(50, 6, (32, 32, 3))
            row, column = top + random.integers(-2, 3), random.integers(8, 16)
            image[row : row + 8, column : column + 8] = colour
            pixels = np.clip(image, 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / label / f"{number}.png")


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The user's own folder: images, Turtle, settings and a measure; and the run made of them."""
    folder = tmp_path_factory.mktemp("lamps")
    folder.chmod(0o755)
    _draw(folder / "signals")
    files = ("lamps.ttl", TURTLE), ("my_measures.py", PYTHON), ("lamps.toml", TOML)
    for name, text in files:
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o644)
    done = _run(folder, "train", "lamps.toml", "--out", "runs/lamps")
    assert done.returncode == 0, done.stderr
    return folder


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    settings = {**os.environ, "XDG_CONFIG_HOME": str(folder / "config")}
    return subprocess.run(
        [sys.executable, "-m", "kgtransfer", *arguments],
        cwd=folder, env=settings, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_own_and_shipped_measures_name_the_classes_without_a_label(work: Path) -> None:
    result = json.loads((work / "runs" / "lamps" / "result.json").read_text(encoding="utf-8"))
    assert (result["pipeline"], result["kind"]) == ("lamps", "images")
    assert result["arms"]["axioms"]["mean"] == 1
    assert {"code/my_measures.py", "code/unit.json"} <= set(result["files"])
    page = (work / "runs" / "lamps" / "report.html").read_text(encoding="utf-8")
    assert 'alt="stop" src="data:image/png' in page


def test_the_run_is_asked_and_retrained_where_its_code_is_trusted(work: Path) -> None:
    image = "signals/stop/0.png"
    edited = TURTLE.replace("threshold 0.5", "threshold 0.55")
    (work / "lamps.ttl").write_text(edited, encoding="utf-8")
    for verb in (("predict", "runs/lamps", image), ("retrain", "runs/lamps")):
        refused = _run(work, *verb)
        assert refused.returncode == 2
        assert "is code that may not run: a run names it" in refused.stderr
        assert "kgtransfer trust " in refused.stderr
        assert "Traceback" not in refused.stderr
    assert _run(work, "trust", "runs/lamps/code").returncode == 0
    shutil.move(work / "my_measures.py", work / "elsewhere.py")  # the run has its own copy

    (asked,) = json.loads(_run(work, "predict", "runs/lamps", image, "--json").stdout)
    assert next(iter(asked["shares"])) == "stop"
    drivers = {driver["label"]: driver["shown"] for driver in asked["drivers"]}
    assert drivers["height"].startswith("above")

    done = _run(work, "retrain", "runs/lamps", "--out", "runs/edited")
    assert done.returncode == 0, done.stderr
    assert (work / "runs" / "edited" / "code" / "my_measures.py").is_file()
    again = _run(work, "predict", "runs/edited", image, "--json")
    assert next(iter(json.loads(again.stdout)[0]["shares"])) == "stop"

    (work / "fewer.ttl").write_text(re.sub(BY_COLOUR, " .", TURTLE), encoding="utf-8")
    done = _run(work, "retrain", "runs/lamps", "--ontology", "fewer.ttl", "--out", "runs/fewer")
    assert done.returncode == 0, done.stderr  # no measure of ours is left: other columns
    (asked,) = json.loads(_run(work, "predict", "runs/fewer", image, "--json").stdout)
    assert next(iter(asked["shares"])) == "stop"
    assert {driver["label"] for driver in asked["drivers"]} == {"height", "measures", "network"}


def test_measures_that_nothing_computes_are_named_before_anything_slow(work: Path) -> None:
    without = "grounding=[]", "embedding.text=nowhere/none"
    sets = [part for setting in without for part in ("--set", setting)]
    done = _run(work, "train", "lamps.toml", "--out", "runs/none", *sets)
    assert done.returncode == 2
    told = done.stderr.index("nothing computes")
    assert "place; without it, not grounded: above, below" in done.stderr
    assert told < done.stderr.index("nowhere/none")  # the vectors of concepts are not made yet
