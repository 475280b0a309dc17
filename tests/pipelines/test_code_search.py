"""Code search on small repositories that are not in Python: from the folder to the report."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

from kgtransfer.code.config import CodeSearchConfig
from kgtransfer.code.run import load
from kgtransfer.config import read_config

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
SMALL = (
    "data.packages=[]",
    'arms=["baseline", "kg", "shuffled"]',
    'settings=["masked"]',
    "embedding.model=",
    "encoder.trained_layers=1",
    "encoder.max_tokens=48",
    "training.adaptation=32",
    "training.batch_size=16",
    "training.gate_steps=5",
)
CLASS = """
package shop;

/** Shelf {n} of the shop. */
class Shelf{n} {{
    /** Finds the article that lies {n} places from the left. */
    int article{n}(int[] shelf) {{
        int place = {n};
        return pick(shelf, place);
    }}

    private int pick(int[] shelf, int place) {{
        int found = shelf[place];
        return found + {n};
    }}
}}
"""


def test_a_repository_of_small_java_classes(tmp_path: Path) -> None:
    for n in range(31):
        (tmp_path / f"Shelf{n}.java").write_text(CLASS.format(n=n))
    toml = ROOT / "pipelines" / "code_search.toml"
    config = read_config(toml, CodeSearchConfig, [f"data.path={tmp_path}", *SMALL])
    script = runpy.run_path(str(toml.with_suffix(".py")), run_name="pipeline")
    out = tmp_path / "run"
    script["run"](config, out)

    graph = json.loads((out / "details.json").read_text())["graph"]
    assert graph["languages"] == ["java"]
    assert "python" not in graph
    assert "<dt>languages</dt>" in (out / "report.html").read_text(encoding="utf-8")
    (hit,) = load(out).index.search("the article 7 places from the left", k=1)
    assert hit.name.startswith("shop.Shelf")
    assert "int function(int[] shelf)" in hit.code
