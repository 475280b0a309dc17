"""A run over images in memory keeps what it needs: here drawn discs, and how many there are."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

import kgtransfer as kgt
from kgtransfer.errors import RunError
from kgtransfer.images.arms import KNOWN_ARMS
from kgtransfer.images.explain import explain_run
from kgtransfer.images.predict import ImageClassifier
from kgtransfer.images.run import SavedImages

pytestmark = pytest.mark.slow

TURTLE = """
@prefix my:   <http://example.org/discs#> .
@prefix img:  <https://w3id.org/kgtransfer/image-measures#> .
@prefix kgt:  <https://w3id.org/kgtransfer/ns#> .
@prefix owl:  <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

<http://example.org/discs> a owl:Ontology ; owl:imports <https://w3id.org/kgtransfer/ns> .

my:Few  a owl:Class ; rdfs:label "few" ;  kgt:codedAs 2 ; kgt:usual my:Bare .
my:Many a owl:Class ; rdfs:label "many" ; kgt:codedAs 9 ; kgt:usual my:Covered .

my:Cover a owl:Class ; rdfs:subClassOf kgt:Attribute ; rdfs:label "cover" .
my:Bare a owl:Class ; rdfs:subClassOf my:Cover ; rdfs:label "bare" ;
    kgt:measuredBy img:darkShare ; kgt:threshold 0.13 ; kgt:softness -0.04 .
my:Covered a owl:Class ; rdfs:subClassOf my:Cover ; rdfs:label "covered" ;
    kgt:measuredBy img:darkShare ; kgt:threshold 0.13 ; kgt:softness 0.04 .
img:darkShare a kgt:Measure .
"""


def _discs(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Images of 0 to 11 dark discs on light paper, and their numbers."""
    random = np.random.default_rng(seed)
    numbers = random.integers(0, 12, count)
    images = []
    for number in numbers:
        image = Image.new("L", (64, 64), 230)
        draw = ImageDraw.Draw(image)
        for cell in random.permutation(16)[:number]:
            x, y = 16 * (cell % 4) + 8, 16 * (cell // 4) + 8
            draw.ellipse((x - 6, y - 6, x + 6, y + 6), fill=20)
        images.append(np.asarray(image) + random.integers(-9, 10, (64, 64)))  # no two are alike
    return np.stack(images).astype(np.uint8), numbers


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("discs")
    (folder / "discs.ttl").write_text(TURTLE, encoding="utf-8")
    graph = kgt.read_ontology(folder / "discs.ttl")
    grounder = kgt.MeasuredGrounder(graph, kgt.images.GenericMeasurer())
    data = kgt.read_images(_discs(60, 0), test={"clinic": _discs(20, 1)}, labels="number", size=32)
    concepts = kgt.embed(graph, select=grounder.concepts, text="minilm", dim=8, epochs=3)
    task = kgt.ImageTask(
        data, graph, grounder, concepts, labels=6, device="cpu", recipe=kgt.images.FineTuning(0.5),
        candidates=["measures_features"],
        backbone=kgt.VisionBackbone.named("mobilenetv3_small_050", weights="random"),
    )  # fmt: skip
    result = kgt.experiment(task, ["kg", KNOWN_ARMS["axioms"]], seeds=1, out=folder / "run")
    assert result.metric == "r2"
    assert result.main.arms["axioms"].mean > 0.5
    shutil.move(folder / "run", folder / "moved")
    return folder / "moved"


def test_its_model_predicts_numbers_and_says_why(run: Path, tmp_path: Path) -> None:
    images, numbers = _discs(8, 2)
    for row, image in enumerate(images):
        Image.fromarray(image).save(tmp_path / f"{row}.png")
    predictions = ImageClassifier(SavedImages.load(run))(sorted(tmp_path.glob("*.png")))
    found = [prediction.number for prediction in predictions]
    assert np.corrcoef(np.array(found), numbers)[0, 1] > 0.8
    assert {driver.label for driver in predictions[0].drivers} == {"cover", "measures", "network"}
    assert predictions[0].shares == {}


def test_its_data_are_kept_so_that_knowledge_can_be_left_out(run: Path) -> None:
    explanation = explain_run(SavedImages.load(run), "clinic", ["attribute"])
    (cover,) = explanation.values
    assert (explanation.metric, cover.label) == ("r2", "cover")
    assert cover.comparison.difference > 0.2


def test_its_report_shows_predicted_beside_true_numbers(run: Path) -> None:
    page = (run / "report.html").read_text(encoding="utf-8")
    assert "Predicted numbers beside true ones" in page
    assert "Which classes are taken for which" not in page


def test_data_that_are_altered_are_refused(run: Path, tmp_path: Path) -> None:
    shutil.copytree(run, tmp_path / "run")
    (table,) = (tmp_path / "run" / "data" / "clinic").glob("labels.csv")
    table.write_text(table.read_text().replace("00.png,", "00.png,1"), encoding="utf-8")
    with pytest.raises(RunError, match="not what they were"):
        SavedImages.load(tmp_path / "run").task()
