"""Memory that an experiment takes does not grow with its images: they stay in a file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kgtransfer.utils.resources import child_environment

SIZE, FEW, MANY = 224, 400, 1000
DECODED = 3 * SIZE * SIZE * (MANY - FEW)
"""Bytes that the images of the large set take more than those of the small one."""

SCRIPT = """
import sys
from pathlib import Path
import numpy as np, torch
import kgtransfer as kgt
from kgtransfer.embedding.concepts import ConceptEmbeddings
from kgtransfer.images import FineTuning, ImageMeasurer

class Small(torch.nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.stem = torch.nn.Conv2d(3, 32, 16, stride=16)
        self.global_pool = torch.nn.AdaptiveAvgPool2d(1)
        self.fc = torch.nn.Linear(32, classes) if classes else torch.nn.Identity()
    def get_classifier(self): return self.fc
    def forward_features(self, images): return self.stem(images).relu()
    def forward_head(self, maps): return self.fc(self.global_pool(maps).flatten(1))
    def forward(self, images): return self.forward_head(self.forward_features(images))

class Backbone:
    hash, normalisation = "0" * 64, ((0.5,) * 3, (0.5,) * 3)
    def build(self, classes=None, *, size=None): return Small(classes)

torch.set_num_threads(1)
folder, work, labels = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
graph = kgt.read_ontology(work.parent / "light.ttl")
measures = {"http://e.example/mean": np.mean, "http://e.example/spread": np.std}
grounder = kgt.MeasuredGrounder(graph, ImageMeasurer(measures, work / "m.jsonl", code=b"1"))
concepts = ConceptEmbeddings.from_parts(grounder.concepts, {"text": torch.eye(2)}, {})
data = kgt.read_images(folder, size=SIZE, colours="reinhard", cache=work)
task = kgt.ImageTask(data, graph, grounder, concepts, backbone=Backbone(), labels=labels,
                     recipe=FineTuning(steps=0.5), device="cpu")
run = kgt.experiment(task, ["kg"], seeds=1, out=work / "run")
status = Path("/proc/self/status").read_text()
print(len(data.train), status.partition("VmHWM:")[2].split()[0])
"""

FREED = {"MALLOC_MMAP_THRESHOLD_": "1000000"}
"""Tensors that are freed go back to the system at once, and do not count with those to come."""

LIGHT = """
@prefix kgt:  <https://w3id.org/kgtransfer/ns#> .
@prefix owl:  <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix :     <http://e.example/> .
<http://e.example> a owl:Ontology ; owl:imports <https://w3id.org/kgtransfer/ns> .

:Day   a owl:Class ; rdfs:label "day" ;   kgt:codedAs "day" ;   kgt:usual :Light .
:Night a owl:Class ; rdfs:label "night" ; kgt:codedAs "night" ; kgt:usual :Dark .

:Lightness a owl:Class ; rdfs:subClassOf kgt:Attribute ; rdfs:label "lightness" .
:Light a owl:Class ; rdfs:subClassOf :Lightness ; rdfs:label "light" ;
    kgt:measuredBy :mean ; kgt:threshold 128.0 ; kgt:softness 9.0 .
:Dark a owl:Class ; rdfs:subClassOf :Lightness ; rdfs:label "dark" ;
    kgt:measuredBy :mean ; kgt:threshold 128.0 ; kgt:softness -9.0 .
:mean a kgt:Measure .
"""


def _images(folder: Path, count: int) -> Path:
    """Small files, which are decoded to large squares; half of each class."""
    random = np.random.default_rng(0)
    for number in range(count):
        label, level = ("day", 170) if number % 2 else ("night", 80)
        (folder / label).mkdir(parents=True, exist_ok=True)
        pixels = random.normal(level, 20, (24, 24, 3)).clip(0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(folder / label / f"{number}.bmp")
    return folder


def _peak(folder: Path, work: Path, labels: int) -> tuple[int, int]:
    """Training images, and the most bytes that an experiment had in memory."""
    script = SCRIPT.replace("SIZE", str(SIZE))
    work.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder), str(work), str(labels)],
        capture_output=True,
        text=True,
        check=False,
        env={**child_environment(), "LOKY_MAX_CPU_COUNT": "1", **FREED},
    )
    assert done.returncode == 0, done.stderr
    images, kibibytes = done.stdout.splitlines()[-1].split()
    return int(images), 1024 * int(kibibytes)


@pytest.mark.slow
def test_a_quarter_of_the_images_would_not_fit(tmp_path: Path) -> None:
    (tmp_path / "light.ttl").write_text(LIGHT, encoding="utf-8")
    few = _peak(_images(tmp_path / "few", FEW), tmp_path / "run_few", labels=20)
    many = _peak(_images(tmp_path / "many", MANY), tmp_path / "run_many", labels=40)
    assert (few[0], many[0]) == (240, 600)
    assert many[1] - few[1] < DECODED / 4
