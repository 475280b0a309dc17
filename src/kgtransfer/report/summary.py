"""A run's findings in plain words, composed from its comparisons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgtransfer.report.style import shorten

if TYPE_CHECKING:
    from kgtransfer.experiments.comparison import Comparison
    from kgtransfer.experiments.results import RunResult
    from kgtransfer.experiments.setting import SettingResult

__all__ = ["Summary", "label_unit", "metric_name", "ontology_of", "summarise"]

_METRICS = {
    "mrr": "MRR",
    "ndcg": "nDCG",
    "auc": "AUC",
    "auroc": "AUROC",
    "f1": "F1",
    "macro_f1": "macro F1",
    "micro_f1": "micro F1",
    "r2": "R²",
    "mae": "MAE",
    "rmse": "RMSE",
    "spearman": "Spearman correlation",
    "ece": "ECE",
}

_UNMEASURED = "The effect of knowledge was not measured in this run."
_EDIT_SAYS = {
    "helps": "The edit helps",
    "hurts": "The edit hurts",
    "no measurable effect": "The edit has no measurable effect",
}
_PLACEBO_SAYS = {
    "helps": "The shuffled placebo gains by itself",
    "hurts": "The shuffled placebo loses",
    "no measurable effect": "The shuffled placebo does not help",
}


@dataclass(frozen=True)
class Summary:
    """What one setting shows.

    Attributes:
        status: "helps", "not shown", "no measurable effect", "hurts" or "not measured".
        headline: the verdict, one sentence with its figures.
        sentences: what supports or limits it. Arm names stand in backticks.
    """

    status: str
    headline: str
    sentences: tuple[str, ...]


def metric_name(metric: str) -> str:
    """A metric as it is printed: `mrr` is MRR, `r@10` is R@10, `balanced_accuracy` two words."""
    short = metric.upper() if "@" in metric else metric.replace("_", " ")
    return _METRICS.get(metric, short)


def label_unit(run: RunResult) -> str:
    """What the run's labels are, in the plural."""
    return str(run.details.get("label_unit", "labels"))


def ontology_of(run: RunResult) -> str:
    """What the run's ontology is called, on one line; empty where nobody said."""
    graph = run.details.get("graph") or {}
    return shorten(str(graph.get("ontology", "")), 80)


def summarise(run: RunResult, setting: str | None = None) -> Summary:
    """The findings of one setting (the main one by default) in words."""
    result = run.setting(setting)
    metric = metric_name(run.metric)
    before = run.details.get("lineage", {}).get("arm", "")
    edit = result.compare(result.headline, before)
    if edit is not None:
        return _of_an_edit(result, edit, metric)
    if not _has_knowledge(result):
        return _without_knowledge(result, metric)
    gain = result.reference(result.headline)
    if gain is None:
        return Summary("not measured", _UNMEASURED, ())
    control = result.compare(result.headline, result.placebo)
    figures = f"{gain.figures} {metric} over {_phrase(result, gain.b)}"
    status, headline = _verdict(gain, control, figures)
    sentences = (
        _control_sentence(control, metric),
        _placebo_sentence(result, metric),
        _label_sentence(run, result),
    )
    return Summary(status, headline, tuple(filter(None, sentences)))


def _has_knowledge(result: SettingResult) -> bool:
    headline = result.arms.get(result.headline)
    return headline is not None and headline.arm.role == "knowledge"


def _phrase(result: SettingResult, arm: str) -> str:
    """What an arm is, and its name: "the same backbone, no knowledge (`none`)"."""
    says = result.arms[arm].arm.says
    return f"{says} (`{arm}`)" if says else f"`{arm}`"


def _without_knowledge(result: SettingResult, metric: str) -> Summary:
    """A run whose headline is an arm without knowledge: what that is worth by itself."""
    gain = result.reference(result.headline)
    if gain is None:
        return Summary("not measured", _UNMEASURED, ())
    says = {"no measurable effect": "has no measurable effect"}.get(gain.verdict, gain.verdict)
    over = _phrase(result, gain.b)
    headline = f"`{gain.a}` {says}: {gain.figures} {metric} over {over}."
    return Summary(gain.verdict, headline, (_UNMEASURED,))


def _of_an_edit(result: SettingResult, edit: Comparison, metric: str) -> Summary:
    """A run that an edit of the ontology led to: what the edit did, and what knowledge is worth."""
    gain = result.reference(result.headline)
    headline = f"{_EDIT_SAYS[edit.verdict]}: {edit.figures} {metric} over the run before it."
    if gain is None:
        return Summary(edit.verdict, headline, ())
    worth = f"Knowledge is worth {gain.figures} {metric} over {_phrase(result, gain.b)}."
    return Summary(edit.verdict, headline, (worth,))


def _verdict(gain: Comparison, control: Comparison | None, figures: str) -> tuple[str, str]:
    if gain.verdict == "hurts":
        return "hurts", f"The knowledge graph hurts: {figures}."
    if gain.verdict != "helps":
        return gain.verdict, f"The knowledge graph has no measurable effect: {figures}."
    if control is None:
        unproven = "without a shuffled placebo it is not shown to come from the knowledge"
        return "not shown", f"A gain of {figures}; {unproven}."
    if control.verdict != "helps":
        compared = "better" if control.verdict == "hurts" else "as well"
        placebo = f"the same graph shuffled does {compared} (difference {control.figures})"
        return "not shown", f"The knowledge is not shown to help: {figures}, but {placebo}."
    return "helps", f"The knowledge graph helps: {figures}."


def _control_sentence(control: Comparison | None, metric: str) -> str:
    if control is None:
        return ""
    return f"Against the same graph shuffled (`{control.b}`): {control.figures} {metric}."


def _placebo_sentence(result: SettingResult, metric: str) -> str:
    placebo = result.reference(result.placebo)
    if placebo is None:
        return ""
    over = _phrase(result, placebo.b)
    return f"{_PLACEBO_SAYS[placebo.verdict]}: {placebo.figures} {metric} over {over}."


def _label_sentence(run: RunResult, result: SettingResult) -> str:
    worth = result.label_equivalent()
    if worth is None:
        return ""
    if result.labels:
        without = _phrase(result, result.curve_of) if result.curve_of else "the model without"
        given = f"{result.labels:g} {label_unit(run)}"
        return f"`{worth.arm}` does with {given} what {without} does with {worth}."
    return f"The knowledge is worth {worth} {label_unit(run)}."
