"""What a report says of samples that belong together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kgtransfer.experiments.arms import Arm
from kgtransfer.experiments.comparison import ArmScores
from kgtransfer.experiments.results import RunResult
from kgtransfer.experiments.setting import SettingResult
from kgtransfer.report.html import render

OVERLAP: dict[str, Any] = {
    "sets": {
        "train": {"images": 1200, "groups": 90, "copies": 3, "near_copies": 1},
        "source": {"images": 7, "groups": 7, "copies": 0, "near_copies": 0},
    },
    "across": 2,
    "left_out": 1,
    "listed": [
        {"kind": "copy", "image": "pets/<8>.png", "set": "source",
         "other": "pets/2.png", "other_set": "train"}
    ],
    "leakage": "drop",
    "group": "slide",
}  # fmt: skip


def _page(**details: Any) -> str:
    scores = ArmScores(Arm("none"), [[0.5, 0.7]])  # type: ignore[arg-type]
    setting = SettingResult.of("test", [scores])
    run = RunResult("images", "data", "test", "accuracy", [0], {"test": setting})
    return render(replace(run, details=details))


def test_groups_and_pairs_are_counted_and_named() -> None:
    page = _page(overlap=OVERLAP)
    assert "<h2>Samples that belong together</h2>" in page
    assert "by the column <code>slide</code>" in page
    assert "belong to images that are learned or chosen from; 1 of them were left out" in page
    row = '<td>train</td><td class="num">1,200</td><td class="num">90</td><td class="num">3</td>'
    assert row in page
    assert "<td>pets/&lt;8&gt;.png</td><td>source</td><td>pets/2.png</td><td>train</td>" in page


def test_a_run_without_leaks_says_so_and_one_of_another_kind_nothing() -> None:
    clean = OVERLAP | {"across": 0, "left_out": 0, "listed": []}
    page = _page(overlap=clean)
    assert "No image that is tested on belongs to one that is learned from." in page
    assert "tested on</th>" not in page
    assert "belong together" not in _page()
