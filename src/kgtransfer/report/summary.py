"""A run's findings in plain words, composed from its comparisons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgtransfer.experiments.comparison import Comparison, SettingResult

if TYPE_CHECKING:
    from kgtransfer.experiments.results import RunResult

__all__ = ["Summary", "describe", "metric_name", "summarise"]

_METRICS = {"mrr": "MRR", "ndcg": "nDCG", "auc": "AUC", "auroc": "AUROC", "f1": "F1"}

_REFERENCES = {  # the arm that knowledge is set against: the first that was run
    "baseline": "the strongest simple method without knowledge (`baseline`)",
    "none": "the same model without knowledge (`none`)",
}
_UNTREATED = {  # what the placebo is set against: the first that was run
    "control": "the same conditions without knowledge (`control`)",
    "baseline": "the same encoder with the graph shut out (`baseline`)",
    "none": "the same model without knowledge (`none`)",
}
_CONDITION_SAYS = {  # of a graph whose attributes nothing is known of
    "helps": "The condition helps",
    "hurts": "The condition hurts",
    "no measurable effect": "The condition has no measurable effect",
}
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
_DESCRIPTIONS = {
    "bm25": "lexical search, no model",
    "none": "the same backbone, no knowledge",
    "baseline": "the strongest simple method without knowledge",
    "baseline_smoothed": "the baseline with fixed, unlearned smoothing over the graph",
    "baseline_read": "the baseline with fixed, unlearned reading in context",
    "before": "the run's model before the edit of the ontology",
    "queries": "trained on queries worded from the graph, gates frozen at 0",
    "kg": "with the knowledge graph",
    "kg_vectors": "with the graph; concept vectors alone, code read bare",
    "kg_structure": "with the graph; concept vectors from its structure only",
    "kg_both": "with the graph; concept vectors from text and structure",
    "kg_random": "with the graph; random concept vectors",
    "shuffled": "the graph shuffled within its types, in training and test: the placebo",
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


def describe(arm: str, run: RunResult) -> str:
    """What an arm is, in a phrase: the run's own words before the common ones."""
    own = run.details.get("arms", {}).get(arm)
    count = arm.removeprefix("labels_")
    common = f"trained on {count} {label_unit(run)}, no knowledge" if count.isdigit() else ""
    return str(own or _DESCRIPTIONS.get(arm, common))


def label_unit(run: RunResult) -> str:
    """What the run's labels are, in the plural."""
    return str(run.details.get("label_unit", "labels"))


def summarise(run: RunResult, setting: str | None = None) -> Summary:
    """The findings of one setting (the main one by default) in words."""
    result = run.setting(setting)
    metric = metric_name(run.metric)
    edit = _compare(result, "kg", "before")
    if edit is not None:
        return _of_an_edit(result, edit, metric)
    gain, reference = _against(result, "kg", _REFERENCES)
    if gain is None:
        return _without_knowledge(result, metric)
    control = _compare(result, "kg", "shuffled")
    status, headline = _verdict(gain, control, f"{gain.figures} {metric} over {reference}")
    sentences = (
        _control_sentence(control, metric),
        _placebo_sentence(result, metric),
        _label_sentence(run, result),
    )
    return Summary(status, headline, tuple(filter(None, sentences)))


def _without_knowledge(result: SettingResult, metric: str) -> Summary:
    """A run without the arm `kg`: what the condition alone is worth, where there is one."""
    unmeasured = "The effect of knowledge was not measured in this run."
    gain, reference = _against(result, "control", _REFERENCES)
    if gain is None:
        return Summary("not measured", unmeasured, ())
    says = _CONDITION_SAYS[gain.verdict]
    headline = f"{says}: {gain.figures} {metric} over {reference}."
    return Summary(gain.verdict, headline, (unmeasured,))


def _of_an_edit(result: SettingResult, edit: Comparison, metric: str) -> Summary:
    """A run that an edit of the ontology led to: what the edit did, and what knowledge is worth."""
    gain, reference = _against(result, "kg", _REFERENCES)
    says = _EDIT_SAYS[edit.verdict]
    headline = f"{says}: {edit.figures} {metric} over the run before it."
    beside = f"Knowledge is worth {gain.figures} {metric} over {reference}." if gain else ""
    return Summary(edit.verdict, headline, tuple(filter(None, (beside,))))


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
    return f"Against the same graph shuffled (`shuffled`): {control.figures} {metric}."


def _placebo_sentence(result: SettingResult, metric: str) -> str:
    placebo, untreated = _against(result, "shuffled", _UNTREATED)
    if placebo is None:
        return ""
    return f"{_PLACEBO_SAYS[placebo.verdict]}: {placebo.figures} {metric} over {untreated}."


def _label_sentence(run: RunResult, result: SettingResult) -> str:
    worth = result.label_equivalent()
    if worth is None:
        return ""
    if result.labels:
        return f"With it, {result.labels:g} {label_unit(run)} do the work of {worth} without."
    return f"The knowledge is worth {worth} {label_unit(run)}."


def _against(
    result: SettingResult, arm: str, others: dict[str, str]
) -> tuple[Comparison | None, str]:
    for other, phrase in others.items():
        comparison = _compare(result, arm, other)
        if comparison is not None:
            return comparison, phrase
    return None, ""


def _compare(result: SettingResult, a: str, b: str) -> Comparison | None:
    """The setting's own comparison of two arms, made now if it was not among its pairs."""
    if a not in result.arms or b not in result.arms:
        return None
    made = (c for c in result.comparisons if (c.a, c.b) == (a, b))
    return next(made, None) or Comparison.of(result.arms[a], result.arms[b])
