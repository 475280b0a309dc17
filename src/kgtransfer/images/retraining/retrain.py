"""Retrain a run over images after an edit of its ontology: only what the edit made stale."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kgtransfer.backbones.text import TextEncoder
from kgtransfer.edits.compare import BEFORE, compare
from kgtransfer.edits.edit import Edit
from kgtransfer.edits.plan import Plan, stale_parts
from kgtransfer.edits.vectors import updated_vectors
from kgtransfer.errors import RunError
from kgtransfer.images.configured import configured_domains, configured_task
from kgtransfer.images.measurers import measurer_for
from kgtransfer.images.retraining.continued import continue_model
from kgtransfer.images.retraining.settings import changed_settings, edited_config
from kgtransfer.images.retraining.views import balanced, scored_labels, view_of
from kgtransfer.runs.experiment import FITS, STORE, fit_settings, save_experiment
from kgtransfer.runs.folder import run_key
from kgtransfer.store import connect
from kgtransfer.utils.files import write_atomically
from kgtransfer.utils.progress import bar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kgtransfer.embedding import Embedded
    from kgtransfer.experiments.results import RunResult
    from kgtransfer.experiments.runner import SettingRuns
    from kgtransfer.images.arms import ImageMethod
    from kgtransfer.images.domains import MeasuredDomains
    from kgtransfer.images.run import SavedImages
    from kgtransfer.images.task import ImageTask
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["ImageRetraining"]

HOW = "logit terms fitted anew, heads trained on, frozen layers and measures kept"
FIXED_SECONDS = 6.0  # of a retraining, whatever the run


class ImageRetraining:
    """An edit of a saved run's ontology: what it makes stale, and the run that follows.

    Args:
        old: the run.
        graph: the edited ontology, checked.

    Raises:
        RunError: the data sets are not those of the run, or it is about no model of its own.
    """

    def __init__(self, old: SavedImages, graph: KnowledgeGraph) -> None:
        self.old, self.started = old, time.perf_counter()
        self.method = _method(old)
        self.measured = old.measured()
        self.edit = Edit.of(old.graph, graph)
        self.config = edited_config(old.config, self.edit, self.measured.labels)
        self.before = configured_domains(old.config, self.edit.before, self.measured, own=old.own)

    @cached_property
    def plan(self) -> Plan:
        """What is going to be done, and why."""
        edit = self.edit
        after = configured_domains(self.config, edit.after, self.measured_after, own=self.old.own)
        views = view_of(edit.before, self.before), view_of(edit.after, after)
        stale = stale_parts(edit, *views)
        scratch = _seconds_from_scratch(self.old.result)
        return Plan(
            edit.diff,
            stale,
            models=len(self.old.fits),
            seconds=FIXED_SECONDS + 0.02 * scratch,
            scratch=scratch,
            how=HOW,
            settings=changed_settings(self.old.config, self.config),
            names={iri: edit.after.label(iri) for iri in (*stale.concepts, *stale.axioms)},
        )

    @cached_property
    def measured_after(self) -> MeasuredDomains:
        """The data sets by what the edited ontology names: the edit may bring further measurers."""
        before, after = (
            measurer_for(graph, own=self.old.own).measures
            for graph in (self.edit.before, self.edit.after)
        )
        return self.measured if before == after else self.old.measured_for(self.edit.after)

    def run(self, out: Path) -> RunResult:
        """Do it, and write a new run.

        Args:
            out: folder of the new run.
        """
        old, started = self.old, datetime.now(UTC)
        out.mkdir(parents=True, exist_ok=True)
        task = self._task(out, self._vectors())
        key = run_key(self.config, task.kind, task.hash)
        task.keep_fits(out / FITS, key)
        with bar("going on", len(old.fits)) as advance:
            for labels, seed in old.fits:
                if not task.classification.has(self.method, labels, seed):  # else: was cut off
                    edit, before = self.edit, self.before
                    continue_model(old, edit, before, task, self.method, labels, seed)
                advance(1, f"{labels} labels, seed {seed}")
        seeds = list(range(self.config.seeds))
        runs = fit_settings(task, task.settings(task.arms), seeds=seeds, folder=out, key=key)
        return save_experiment(
            out,
            task,
            self._compared(runs, task),
            seeds=seeds,
            config=self.config,
            pipeline=old.result.pipeline,
            key=key,
            started=started,
            details={"lineage": self._lineage()},
        )

    def _vectors(self) -> Embedded:
        settings = self.old.config.embedding
        return updated_vectors(
            self.old.embedded,
            self.edit,
            lambda: TextEncoder.from_pretrained(settings.text),
            seed=settings.seed,
        )

    def _task(self, out: Path, embedded: Embedded) -> ImageTask:
        concepts = embedded.concepts.select(self._selected(out))
        return configured_task(
            self.config, self.measured_after, self.edit.after, concepts,
            arms=[self.old.arm], embedded=embedded, own=self.old.own,
        )  # fmt: skip

    def _selected(self, out: Path) -> tuple[str, ...]:
        """The concepts that may condition, by the run's Cypher; the store goes along."""
        store = self.old.folder / STORE
        if store.is_file() and not (out / STORE).exists():
            write_atomically(out / STORE, store.read_bytes())
        with connect(out / STORE) as opened:
            opened.sync(self.edit.after)
            return opened.select(self.config.select.cypher).iris

    def _compared(self, runs: Mapping[str, SettingRuns], task: ImageTask) -> dict[str, SettingRuns]:
        """Each setting against the same of the run before."""
        compared: dict[str, SettingRuns] = {}
        tests, tests_before = task.domains.every_test, self.before.every_test
        for name, now in runs.items():
            then, test = self.old.result.settings.get(name), name.rpartition(", ")[0]
            settings = [now.result]
            if then and test in tests_before:
                labels = scored_labels(tests[test]), scored_labels(tests_before[test])
                settings = compare(now.result, then, labels, balanced)
            compared |= {setting.name: replace(now, result=setting) for setting in settings}
        return compared

    def _lineage(self) -> dict[str, Any]:
        old, plan = self.old, self.plan
        return {
            "arm": BEFORE.name,
            "parent": old.result.run_hash,
            "parent_ontology": old.result.graph_hash,
            "parent_folder": old.folder.name,
            "renamed": dict(self.edit.names),
            "plan": plan.to_json(),
            "text": str(plan),
            "seconds": time.perf_counter() - self.started,
        }


def _method(old: SavedImages) -> ImageMethod:
    if old.arm.method is None:
        raise RunError(f"{old.folder} keeps no method of its models", cure="make the run again")
    return old.arm.method


def _seconds_from_scratch(result: RunResult) -> float:
    """What the models took that were not trained on from others."""
    lineage = result.details.get("lineage")
    if lineage:
        return float(lineage["plan"]["seconds_from_scratch"])
    settings = [s for s in result.settings.values() if result.headline in s.arms]
    return sum({s.labels: s.arms[result.headline].seconds for s in settings}.values())
