"""Where a run came from: the run before it, the edit between them, and what that took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from kgtransfer.edits.compare import BEFORE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kgtransfer.edits.edit import Edit
    from kgtransfer.edits.plan import Plan
    from kgtransfer.experiments.results import RunResult
    from kgtransfer.runs.unlabelled import Change

__all__ = ["lineage", "seconds_from_scratch"]


class _Run(Protocol):
    @property
    def folder(self) -> Path: ...

    @property
    def result(self) -> RunResult: ...


def lineage(
    old: _Run,
    edit: Edit,
    plan: Plan,
    seconds: float,
    unlabelled: Mapping[str, Change] | None = None,
) -> dict[str, Any]:
    """Run before, edit and plan -> the `lineage` among the details of the run that follows.

    Args:
        old: the run before.
        edit: of its ontology.
        plan: what was done.
        seconds: that it took, of wall time.
        unlabelled: domain -> what the edit does there, told without labels; None where that is not
            known.
    """
    told = {name: {"text": str(s), **s.to_json()} for name, s in (unlabelled or {}).items()}
    return {
        "arm": BEFORE.name,
        "parent": old.result.run_hash,
        "parent_ontology": old.result.graph_hash,
        "parent_folder": old.folder.name,
        "renamed": dict(edit.names),
        "plan": plan.to_json(),
        "text": str(plan),
        "seconds": seconds,
        "unlabelled": told,
    }


def seconds_from_scratch(result: RunResult) -> float:
    """Result of a run -> what its models took that were not trained on from others."""
    known = result.details.get("lineage")
    if known:
        return float(known["plan"]["seconds_from_scratch"])
    settings = [s for s in result.settings.values() if result.headline in s.arms]
    # a fit that serves several settings took its time once
    fits = {(s.labels or s.name): s.arms[result.headline].seconds for s in settings}
    return sum(fits.values())
