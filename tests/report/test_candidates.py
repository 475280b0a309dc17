"""What a baseline was chosen from: details of a run, and the table that reports show."""

from __future__ import annotations

import json

import numpy as np

from kgtransfer.experiments.choice import Choice
from kgtransfer.experiments.comparison import ArmScores
from kgtransfer.experiments.runner import SettingRuns
from kgtransfer.experiments.setting import SettingResult
from kgtransfer.experiments.task import FitResult
from kgtransfer.report.candidates import candidate_findings, candidate_tables
from kgtransfer.report.html import render

from ..arms import arm
from .test_html import make_run

LOSSES = ({"pixels": 0.5, "features": 0.7}, {"pixels": 0.9, "features": 0.8})


def chosen_runs() -> dict[str, SettingRuns]:
    """Two seeds, one of which chose the weaker candidate."""
    scores = {"pixels": np.array([1.0, 1.0, 1.0, 0.0]), "features": np.array([1.0, 1.0, 0.0, 0.0])}
    fits = [
        FitResult(scores[name], choice=Choice(name, "cross-validation", losses), candidates=scores)
        for name, losses in zip(scores, LOSSES, strict=True)
    ]
    table = np.stack([fit.per_sample for fit in fits])
    result = SettingResult.of("named", [ArmScores(arm("baseline"), table)])
    return {"named": SettingRuns(result, {"baseline": fits}, seeds=[3, 4])}


def test_findings_say_what_was_chosen_and_what_had_been_best() -> None:
    found = candidate_findings(chosen_runs())
    assert found["chosen"]["named"] == {
        "3": {"name": "pixels", "by": "cross-validation", "losses": LOSSES[0]},
        "4": {"name": "features", "by": "cross-validation", "losses": LOSSES[1]},
    }
    assert {name: s[0] for name, s in found["candidates"]["named"].items()} == {
        "pixels": 0.75, "features": 0.5,
    }  # fmt: skip
    assert found["hindsight"] == {"named": {"best": "pixels", "margin": -0.125}}
    json.dumps(found)


def test_a_baseline_that_was_not_chosen_has_no_table() -> None:
    (name, runs), *_ = chosen_runs().items()
    plain = {"baseline": [FitResult(np.ones(4))]}
    found = candidate_findings({name: SettingRuns(runs.result, plain, seeds=[3])})
    assert found == {"chosen": {}, "candidates": {}, "hindsight": {}}
    assert candidate_tables(make_run({**found})) == {}
    assert "What the baseline is" not in render(make_run({**found}))


def test_the_report_shows_each_candidate_with_its_margin() -> None:
    run = make_run({**candidate_findings(chosen_runs())})
    table = candidate_tables(run)["named"]
    assert [(row["name"], row["chosen"], row["is_best"]) for row in table["rows"]] == [
        ("pixels", 1, True), ("features", 1, False),
    ]  # fmt: skip
    assert [round(row["loss"], 6) for row in table["rows"]] == [0.7, 0.75]
    assert [row["margin"] for row in table["rows"]] == [-0.125, 0.125]
    page = render(run)
    assert "What the baseline is" in page
    assert "1 of 2" in page
    assert "Chosen by cross-validation. The best in hindsight is <code>pixels</code>" in page


def test_choice_and_candidates_of_a_fit_are_kept_bit_for_bit() -> None:
    fit = chosen_runs()["named"].runs["baseline"][0]
    back = FitResult.from_json(json.loads(json.dumps(fit.to_json())))
    assert back.choice == fit.choice
    assert {name: s.tolist() for name, s in back.candidates.items()} == {
        "pixels": [1.0, 1.0, 1.0, 0.0], "features": [1.0, 1.0, 0.0, 0.0],
    }  # fmt: skip
    older = {"per_sample": [1.0], "metrics": {}, "gates": {}, "seconds": 0.0, "strata": []}
    assert FitResult.from_json(older).choice is None
