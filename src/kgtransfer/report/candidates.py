"""The strongest baseline: what it was chosen from, by what, and what another choice had been worth.

Fits of a baseline carry `FitResult.choice` and `FitResult.candidates`; from those
`candidate_findings` makes three `details` of a run, from which `candidate_tables` makes the
report's tables:

    chosen      {setting: {seed: {name, by: "cross-validation" | "held-out queries" | "rule",
                                  losses: {candidate: mean loss a held-out sample}}}}
                seeds are texts, as keys of JSON are; losses are empty where a rule chose
    candidates  {setting: {candidate: [mean, low, high]}}
                the score on the test, over all seeds, with its 95 % interval
    hindsight   {setting: {best: candidate with the highest mean on the test,
                           margin: mean of the chosen ones minus mean of the best; never above 0
                                   where each seed chose the same}}
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from kgtransfer.experiments.bootstrap import bootstrap_means, interval
from kgtransfer.experiments.comparison import format_score

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kgtransfer.experiments.results import RunResult
    from kgtransfer.experiments.runner import SettingRuns
    from kgtransfer.experiments.task import FitResult

__all__ = ["BASELINE", "candidate_findings", "candidate_tables"]

BASELINE = "baseline"  # name of the arm that is chosen


def candidate_findings(
    runs: Mapping[str, SettingRuns], baseline: str = BASELINE
) -> dict[str, dict[str, Any]]:
    """Setting -> what its arms gave -> `chosen`, `candidates` and `hindsight`, JSON-able.

    Settings whose baseline was not run, or was not chosen from anything, are in none of them.

    Args:
        runs: of all settings.
        baseline: name of the arm that is chosen.
    """
    found: dict[str, dict[str, Any]] = {"chosen": {}, "candidates": {}, "hindsight": {}}
    for setting, of_setting in runs.items():
        fits = of_setting.runs.get(baseline, ())
        if not fits or any(fit.choice is None for fit in fits):
            continue
        seeds = of_setting.seeds or range(len(fits))
        found["chosen"][setting] = {
            str(seed): fit.choice.to_json()
            for seed, fit in zip(seeds, fits, strict=False)
            if fit.choice
        }
        scores = _candidate_scores(fits)
        if scores:
            best = max(scores, key=lambda name: scores[name][0])
            mean = float(np.mean([fit.per_sample.mean() for fit in fits]))
            found["candidates"][setting] = scores
            found["hindsight"][setting] = {"best": best, "margin": mean - scores[best][0]}
    return found


def candidate_tables(run: RunResult) -> dict[str, dict[str, Any]]:
    """A run -> setting -> its table of candidates; none of a setting without candidates.

    Returns:
        `rows`: name, loss (mean over seeds; None where a rule chose), mean, ci95, chosen (how many
        seeds), margin (of the baseline over it), is_best; `seeds`; `by`; `says`, a sentence.
    """
    details = run.details
    return {
        setting: _table(scores, details["chosen"][setting], details["hindsight"][setting])
        for setting, scores in (details.get("candidates") or {}).items()
        if setting in run.settings
    }


def _candidate_scores(fits: Sequence[FitResult]) -> dict[str, list[float]]:
    """Candidate -> mean and interval over seeds and samples, of those that all seeds had."""
    names = [name for name in fits[0].candidates if all(name in fit.candidates for fit in fits)]
    scores = {}
    for name in names:
        table = np.stack([fit.candidates[name] for fit in fits])
        ends = interval(bootstrap_means(table, strata=fits[0].strata, groups=fits[0].groups))
        scores[name] = [float(table.mean()), *ends]
    return scores


def _table(
    scores: Mapping[str, Sequence[float]],
    chosen: Mapping[str, Mapping[str, Any]],
    hindsight: Mapping[str, Any],
) -> dict[str, Any]:
    counts = Counter(choice["name"] for choice in chosen.values())
    best, margin = hindsight["best"], hindsight["margin"]
    baseline = scores[best][0] + margin
    rows = []
    for name, (mean, low, high) in scores.items():
        losses = [choice["losses"][name] for choice in chosen.values() if name in choice["losses"]]
        rows.append(
            {
                "name": name,
                "loss": float(np.mean(losses)) if losses else None,
                "mean": mean,
                "ci95": (low, high),
                "chosen": counts[name],
                "margin": baseline - mean,
                "is_best": name == best,
            }
        )
    says = f"The best in hindsight is `{best}`; the baseline's margin to it is "
    return {
        "rows": rows,
        "seeds": len(chosen),
        "by": ", ".join(sorted({choice["by"] for choice in chosen.values()})),
        "says": f"{says}{format_score(margin, signed=True)}.",
    }
