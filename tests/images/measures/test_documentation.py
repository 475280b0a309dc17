"""docs/measures.md: its table is that of the ontology, and its example runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from kgtransfer.conditioning.axiom_prior import AxiomPrior
from kgtransfer.grounding.measured import MeasuredGrounder
from kgtransfer.images.measures.measurer import GenericMeasurer
from kgtransfer.images.measures.table import IMG, MEASURES
from kgtransfer.knowledge.axioms import axioms_of
from kgtransfer.knowledge.check.quantities import measure_range
from kgtransfer.knowledge.check.validate import check
from kgtransfer.knowledge.io.ontology import read_ontology

CLOTH = "http://example.org/cloth#"
KGT = "https://w3id.org/kgtransfer/ns#"
COMMENT = "http://www.w3.org/2000/01/rdf-schema#comment"


@pytest.fixture
def guide(repository: Path) -> str:
    return (repository / "docs" / "measures.md").read_text(encoding="utf-8")


@pytest.fixture
def cloth(guide: str, tmp_path: Path) -> Path:
    (example,) = re.findall(r"```turtle\n(.*?)```", guide, re.DOTALL)
    file = tmp_path / "cloth.ttl"
    file.write_text(example, encoding="utf-8")
    return file


def test_the_table_is_that_of_the_ontology(repository: Path, guide: str) -> None:
    graph = read_ontology(repository / "ontology" / "image_measures.ttl")
    expected = []
    for iri in MEASURES:
        low, high = measure_range(graph, iri)
        span = f"from {low:g}" if high is None else f"{low:g} to {high:g}"
        (said,), (unit,) = graph.objects(iri, COMMENT), graph.objects(iri, KGT + "unit")
        name = iri.removeprefix(IMG)
        expected.append(f"| `img:{name}` | {said.value} | {unit.value} | {span} |")
    assert [line for line in guide.splitlines() if line.startswith("| `img:")] == expected


def test_the_number_of_measures_and_the_names_in_the_text_are_right(guide: str) -> None:
    assert {int(n) for n in re.findall(r"(\d+) measures|All (\d+) together", guide)[0] if n} == {
        len(MEASURES)
    }
    advice = guide.partition("## When not to trust them")[2].partition("\n## ")[0]
    names = re.findall(r"`(?:img:)?([a-z]+[A-Z]?\w*)`", advice)
    assert len(names) > 15
    assert [name for name in names if IMG + name not in MEASURES] == []


def test_the_example_has_twelve_lines_and_checks_clean(repository: Path, cloth: Path) -> None:
    said = [line for line in cloth.read_text(encoding="utf-8").splitlines() if line.startswith(":")]
    assert len(said) <= 12
    assert check(cloth, repository / "ontology" / "shapes" / "kgt.ttl") == []


def test_the_example_tells_three_kinds_of_cloth_apart(cloth: Path, draw: Any) -> None:
    clouds = ndimage.gaussian_filter(np.random.default_rng(0).normal(size=(128, 128)), 3)
    dots = [(x, y, x + 5, y + 5) for x in range(4, 124, 16) for y in range(4, 124, 16)]
    images = [draw.stripes(30), draw.boxes(*dots), draw.grey(0.5 + 0.1 * clouds / clouds.std())]
    graph = read_ontology(cloth)
    classes = [CLOTH + name for name in ("Striped", "Dotted", "Mottled")]
    observed = MeasuredGrounder(graph, GenericMeasurer()).observe(images)
    scores = AxiomPrior.of(axioms_of(graph), classes, observed.values).scores(observed)
    assert np.asarray(scores).argmax(axis=1).tolist() == [0, 1, 2]
