"""A run -> its tests, and apart from them what was measured on validation samples."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kgtransfer.experiments.setting import is_validation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kgtransfer.experiments.results import RunResult

__all__ = ["tests_and_validation"]

_BY_TEST = (
    "confusion",
    "labels",
    "scatter",
    "calibration",
    "domain_shift",
    "axiom_weight",
)  # keyed by test set
_OF_BASELINE = ("chosen", "candidates", "hindsight")
_BY_SETTING = ("gates", "examples", *_OF_BASELINE)
_OF_VALIDATION = (
    "label_unit",
    "lineage",
    "confusion",
    "labels",
    "scatter",
    "calibration",
    *_OF_BASELINE,
)  # what is not said of both


def tests_and_validation(run: RunResult) -> tuple[RunResult, RunResult | None]:
    """A run -> the part with its tests and the part to choose by; None where it has no such part.

    A run that has nothing but validation samples is its own first part. In each part whatever was
    found by test set has the order of the settings: the source domain comes first.
    """
    names = list(filter(is_validation, run.settings))
    if len(names) == len(run.settings):
        return replace(run, details=_details(run, list(run.settings))), None
    tests = [name for name in run.settings if name not in names]
    first = _part(run, tests, _details(run, tests))
    if not names:
        return first, None
    details = _details(run, names)
    kept = {key: details[key] for key in _OF_VALIDATION if key in details}
    return first, _part(run, names, kept)


def _part(run: RunResult, names: list[str], details: Mapping[str, Any]) -> RunResult:
    return replace(run, settings={name: run.settings[name] for name in names}, details=details)


def _details(run: RunResult, names: list[str]) -> dict[str, Any]:
    """The details of some settings, in their order; tests without a setting of their name last."""
    others = {other for other in run.settings if other not in names}
    tests = list(dict.fromkeys(_test_set(name) for name in names))
    hidden = {_test_set(other) for other in others} - set(tests)
    details = dict(run.details)
    for key in (*_BY_TEST, *_BY_SETTING):
        ordered, left_out = (tests, hidden) if key in _BY_TEST else (names, others)
        if content := details.get(key):
            keys = [
                *(k for k in ordered if k in content),
                *(k for k in content if k not in ordered),
            ]
            details[key] = {k: content[k] for k in keys if k not in left_out}
    return details


def _test_set(setting: str) -> str:
    """Name of a setting -> of its test set: "source, 5 labels" is about "source"."""
    return setting.split(",")[0]
