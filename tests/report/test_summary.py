from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kgtransfer.experiments.results import ArmScores, RunResult, SettingResult
from kgtransfer.report.summary import metric_name, summarise

from ..arms import arm

BASE = np.linspace(0.2, 0.6, 40)[None]


def run(**arms: float) -> RunResult:
    """A run whose arms score a common base plus a constant."""
    scores = [ArmScores(arm(name), BASE + shift) for name, shift in arms.items()]
    headline = "kg" if "kg" in arms else ""
    settings = {"named": SettingResult.of("named", scores, headline=headline)}
    details: dict[str, object] = {"label_unit": "pairs"}
    details |= {"lineage": {"arm": "before"}} if "before" in arms else {}
    return RunResult("p", "d", "t", "mrr", [0], settings, details=details)


def test_knowledge_that_helps() -> None:
    found = summarise(run(baseline=0.1, none=0.0, kg=0.2, shuffled=0.1))
    assert found.status == "helps"
    assert found.headline == (
        "The knowledge graph helps: +.100 [.100, .100] MRR over the strongest method "
        "without knowledge (`baseline`)."
    )
    assert found.sentences == (
        "Against the same graph shuffled (`shuffled`): +.100 [.100, .100] MRR.",
        (
            "The shuffled placebo does not help: .000 [.000, .000] MRR over the strongest "
            "method without knowledge (`baseline`)."
        ),
    )


@pytest.mark.parametrize(
    ("arms", "status", "words"),
    [
        ({"none": 0, "kg": 0.1, "shuffled": 0.1}, "not shown", "shuffled does as well"),
        ({"none": 0, "kg": 0.1, "shuffled": 0.2}, "not shown", "shuffled does better"),
        ({"none": 0, "kg": 0.1}, "not shown", "without a shuffled placebo"),
        ({"none": 0, "kg": 0, "shuffled": 0}, "no measurable effect", "no measurable effect"),
        ({"none": 0.1, "kg": 0, "shuffled": 0}, "hurts", "The knowledge graph hurts"),
        ({"none": 0, "bm25": 0}, "not measured", "not measured"),
        ({"kg": 0.1, "shuffled": 0}, "not measured", "not measured"),
    ],
)
def test_verdict_says_no_more_than_the_arms_show(
    arms: dict[str, float], status: str, words: str
) -> None:
    found = summarise(run(**arms))
    assert found.status == status
    assert words in found.headline


def test_a_run_after_an_edit_says_what_the_edit_did_first() -> None:
    found = summarise(run(baseline=0.1, before=0.15, kg=0.2))
    assert found.headline == "The edit helps: +.050 [.050, .050] MRR over the run before it."
    assert found.sentences == (
        (
            "Knowledge is worth +.100 [.100, .100] MRR over the strongest method without "
            "knowledge (`baseline`)."
        ),
    )
    assert summarise(run(before=0.2, kg=0.1)).headline.startswith("The edit hurts: −.100")  # noqa: RUF001


def test_a_condition_without_knowledge_has_the_word_where_there_is_no_knowledge() -> None:
    pairs = (("baseline", 0), ("control", 0.1))
    scores = [ArmScores(arm(name), BASE + shift) for name, shift in pairs]
    setting = SettingResult.of("10 %", scores, headline="control")
    found = summarise(RunResult("p", "d", "t", "accuracy", [0], {"10 %": setting}))
    assert found.status == "helps"
    assert found.headline.startswith("`control` helps: +.100")
    assert found.sentences == ("The effect of knowledge was not measured in this run.",)


def test_the_placebo_stands_beside_the_same_conditions_where_they_were_run() -> None:
    arms = (("baseline", 0), ("control", 0.1), ("kg", 0.2), ("shuffled", 0.1))
    scores = [ArmScores(arm(name), BASE + shift) for name, shift in arms]
    setting = SettingResult.of("10 %", scores)
    found = summarise(RunResult("p", "d", "t", "accuracy", [0], {"10 %": setting}))
    assert found.sentences[-1] == (
        "The shuffled placebo does not help: .000 [.000, .000] accuracy over conditions "
        "without knowledge (`control`)."
    )


def test_placebo_that_gains_by_itself_is_told() -> None:
    found = summarise(run(none=0, kg=0.2, shuffled=0.1))
    assert any(s.startswith("The shuffled placebo gains by itself") for s in found.sentences)


def test_worth_in_labels_with_its_unit() -> None:
    assert summarise(run(none=0, labels_100=0.2, kg=0.1)).sentences == (
        "The knowledge is worth 50 [50, 50] pairs.",
    )
    assert summarise(run(none=0, labels_100=0.2, kg=0.3)).sentences == (
        "The knowledge is worth ≥ 100 pairs.",
    )


def test_worth_in_labels_names_the_arm_that_needs_them() -> None:
    few = run(none=0, labels_100=0.2, kg=0.1)
    few = replace(few, settings={"named": replace(few.main, labels=10)})
    (said,) = summarise(few).sentences
    none = "the same backbone, no knowledge (`none`)"
    assert said == f"`kg` does with 10 pairs what {none} does with 55 [55, 55]."


def test_names_of_metrics() -> None:
    assert [metric_name(m) for m in ("mrr", "r@10", "balanced_accuracy")] == [
        "MRR",
        "R@10",
        "balanced accuracy",
    ]
