"""Retrain a run over images after an edit of its ontology: only what the edit made stale."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kgtransfer.backbones.text import TextEncoder
from kgtransfer.classification.unlabelled import unlabelled_of
from kgtransfer.edits.compare import compare
from kgtransfer.edits.edit import Edit
from kgtransfer.edits.lineage import lineage, seconds_from_scratch
from kgtransfer.edits.plan import Plan, stale_parts
from kgtransfer.edits.selection import selected_concepts
from kgtransfer.edits.vectors import updated_vectors
from kgtransfer.errors import RunError
from kgtransfer.images.configured import configured_domains, configured_task
from kgtransfer.images.own_measures import tell_of_edits
from kgtransfer.images.retraining.continued import continue_model
from kgtransfer.images.retraining.indistinct import indistinct_classes
from kgtransfer.images.retraining.settings import changed_settings, edited_config
from kgtransfer.images.retraining.views import RESCORES, scored_labels, view_of
from kgtransfer.images.sources.measures import Settings as MeasuresSettings
from kgtransfer.images.task import class_prior
from kgtransfer.runs.experiment import FITS, fit_settings, save_experiment
from kgtransfer.runs.folder import run_key
from kgtransfer.runs.unlabelled import changes, read_unlabelled
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
        for table in old.config.grounding:
            if isinstance(table, MeasuresSettings):
                tell_of_edits(table.code, old.folder)
        self.measured = old.measured()
        self.edit = Edit.of(old.graph, graph)
        self.config = edited_config(old.config, self.edit, self.measured.labels)
        self.before = configured_domains(old.config, self.edit.before, self.measured, old.sources)

    @property
    def is_needed(self) -> bool:
        """Whether the edit says anything that the run does not know."""
        return bool(self.edit.diff)

    @cached_property
    def plan(self) -> Plan:
        """What is going to be done, and why."""
        edit = self.edit
        sources = self.old.sources
        after = configured_domains(self.config, edit.after, self.measured_after, sources)
        views = view_of(self.before), view_of(after)
        stale = stale_parts(edit, *views)
        scratch = seconds_from_scratch(self.old.result)
        return Plan(
            edit.diff,
            stale,
            models=len(self.old.fits),
            seconds=FIXED_SECONDS + 0.02 * scratch,
            scratch=scratch,
            how=HOW,
            settings=changed_settings(self.old.config, self.config),
            names={iri: edit.after.label(iri) for iri in (*stale.concepts, *stale.axioms)},
            indistinct=indistinct_classes(edit, class_prior(after), after.train.observed.values),
        )

    @cached_property
    def measured_after(self) -> MeasuredDomains:
        """The data sets by what the edited ontology names: the edit may bring further readings."""
        before, after = (
            self.old.sources.on(graph).code for graph in (self.edit.before, self.edit.after)
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
            details={"lineage": self._lineage(task)},
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
        task = configured_task(
            self.config, self.measured_after, self.edit.after, concepts,
            arms=[self.old.arm], embedded=embedded, sources=self.old.sources,
        )  # fmt: skip
        task.classification.candidates.choices.update(self.old.choices)  # as no edit changes them
        return task

    def _selected(self, out: Path) -> tuple[str, ...]:
        cypher = self.config.select.cypher
        return selected_concepts(self.old.folder, out, self.edit.after, cypher)

    def _compared(self, runs: Mapping[str, SettingRuns], task: ImageTask) -> dict[str, SettingRuns]:
        """Each setting against the same of the run before."""
        compared: dict[str, SettingRuns] = {}
        tests, tests_before = task.domains.every_test, self.before.every_test
        for name, now in runs.items():
            then, test = self.old.result.settings.get(name), name.rpartition(", ")[0]
            settings = [now.result]
            if then and test in tests_before:
                outcome = task.domains.outcome
                labels = (
                    scored_labels(tests[test], outcome),
                    scored_labels(tests_before[test], outcome),
                )
                settings = compare(now.result, then, labels, RESCORES.get(outcome.name))
            compared |= {setting.name: replace(now, result=setting) for setting in settings}
        return compared

    def _lineage(self, task: ImageTask) -> dict[str, Any]:
        now = unlabelled_of(task.classification, self.old.fits)
        told = changes(now, read_unlabelled(self.old.folder))
        seconds = time.perf_counter() - self.started
        return lineage(self.old, self.edit, self.plan, seconds, told)


def _method(old: SavedImages) -> ImageMethod:
    if old.arm.method is None:
        raise RunError(f"{old.folder} keeps no method of its models", cure="make the run again")
    return old.arm.method
