"""Retrain a run of code search after an edit of its ontology: encoders stay, gates learn anew."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kgtransfer.backbones.precision import pick_device
from kgtransfer.backbones.text import TextEncoder
from kgtransfer.code.arms import method_of, search_arms
from kgtransfer.code.retraining.view import view_of
from kgtransfer.code.task import CodeSearchTask
from kgtransfer.edits.compare import compared_samples
from kgtransfer.edits.edit import Edit
from kgtransfer.edits.lineage import lineage, seconds_from_scratch
from kgtransfer.edits.plan import Plan, stale_parts
from kgtransfer.edits.selection import selected_concepts
from kgtransfer.edits.vectors import RememberedTexts
from kgtransfer.embedding import embed
from kgtransfer.errors import RunError
from kgtransfer.experiments.results import WRITTEN
from kgtransfer.knowledge.check.validate import require_valid
from kgtransfer.retrieval.settings import SearchTraining
from kgtransfer.runs.experiment import FITS, fit_settings, save_experiment
from kgtransfer.runs.folder import run_key
from kgtransfer.utils.resources import resource

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kgtransfer.code.methods import SearchMethod
    from kgtransfer.code.run import SavedRun
    from kgtransfer.embedding import ConceptEmbeddings
    from kgtransfer.experiments.arms import Arm
    from kgtransfer.experiments.results import RunResult
    from kgtransfer.experiments.runner import SettingRuns
    from kgtransfer.experiments.setting import SettingResult
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["CodeRetraining"]

HOW = "gates learn anew, encoders kept, and the vectors of all texts that stay"
FIXED_SECONDS = 20.0  # of a retraining, whatever the run
SHARE = 0.1  # of the time from scratch, that gates and new texts take


class CodeRetraining:
    """An edit of a saved run's ontology: what it makes stale, and the run that follows.

    What is edited is what people wrote: the vocabulary, and what they say in Turtle beside the
    graph that is generated from the code.

    Args:
        old: the run.
        ontology: the edited Turtle, checked.

    Raises:
        DataError: the code base is missing.
        RunError: the code base is not what it was, or the run is about an arm of its own.
        OntologyError: the edited graph breaks the shapes.
    """

    def __init__(self, old: SavedRun, ontology: KnowledgeGraph) -> None:
        self.old, self.started = old, time.perf_counter()
        self.config, self.data, self.written = old.config, old.data(), ontology
        graph = ontology | self.data.graph
        require_valid(graph, [resource(self.config.ontology.shapes)])
        self.edit = Edit.of(old.graph, graph)
        self.arm = _arm(old.result)

    @property
    def is_needed(self) -> bool:
        """Whether the edit says anything that the run does not know."""
        return bool(self.edit.diff)

    @cached_property
    def plan(self) -> Plan:
        """What is going to be done, and why."""
        edit = self.edit
        iris = edit.renamed(self.old.concepts.iris)
        kept = [iri for iri in iris if iri in edit.after.rows]
        views = (
            view_of(graph, concepts, self.data.corpora, self.data.verbaliser)
            for graph, concepts in ((edit.before, iris), (edit.after, kept))
        )
        stale, scratch = stale_parts(edit, *views), seconds_from_scratch(self.old.result)
        return Plan(
            edit.diff,
            stale,
            models=len(self.old.fits),
            seconds=FIXED_SECONDS + SHARE * scratch,
            scratch=scratch,
            how=HOW,
            names={iri: edit.after.label(iri) for iri in stale.concepts if iri in edit.after.rows},
        )

    def run(self, out: Path) -> RunResult:
        """Do it, and write a new run.

        Args:
            out: folder of the new run.
        """
        started = datetime.now(UTC)
        out.mkdir(parents=True, exist_ok=True)
        task = self._task(out)
        key = run_key(self.config, task.kind, task.hash)
        task.keep_fits(out / FITS, key)
        for setting, seed in self.old.fits:
            chosen = self.old.chosen(setting, seed)
            task.adopt(setting, self.arm, seed, self.old.model(setting, seed), chosen)
        seeds = self.old.result.seeds
        runs = fit_settings(task, task.settings([self.arm]), seeds=seeds, folder=out, key=key)
        return save_experiment(
            out,
            task,
            self._compared(runs),
            seeds=seeds,
            config=self.config,
            pipeline=self.old.result.pipeline,
            key=key,
            started=started,
            details={"lineage": self._lineage(), WRITTEN: self.written.hash},
        )

    def _task(self, out: Path) -> CodeSearchTask:
        config, graph = self.config, self.edit.after
        device = pick_device(config.device)
        encoder = TextEncoder.from_pretrained(**config.encoder.model_dump(), device=device)
        return CodeSearchTask(
            self.data,
            graph,
            self._concepts(out, encoder),
            encoder,
            training=SearchTraining(**config.training.model_dump()),
            device=device,
        )

    def _concepts(self, out: Path, encoder: TextEncoder) -> ConceptEmbeddings:
        """Vectors of the concepts that the run's Cypher selects now; texts that stay are known."""
        chosen, old, edit = self._selected(out), self.old.concepts, self.edit
        settings = self.config.embedding.model_dump()
        if "structure" not in method_of(self.arm).parts:
            settings["model"] = None  # links play no part in the arm
        text = RememberedTexts.of(old, edit, encoder.name, lambda: encoder)
        return embed(edit.after, select=chosen, text=text, cache=None, **settings)

    def _selected(self, out: Path) -> tuple[str, ...]:
        cypher = self.config.select.cypher
        return selected_concepts(self.old.folder, out, self.edit.after, cypher)

    def _compared(self, runs: Mapping[str, SettingRuns]) -> dict[str, SettingRuns]:
        """Each setting against the same of the run before, query by query."""

        def queries(setting: SettingResult) -> tuple[list[str], list[str]]:
            corpus = self.data.corpora[setting.name]
            named = [f"{row} {query.answer.iri}" for row, query in enumerate(corpus.test)]
            return named, named

        return compared_samples(runs, self.old.result, queries)

    def _lineage(self) -> dict[str, Any]:
        return lineage(self.old, self.edit, self.plan, time.perf_counter() - self.started)


def _arm(result: RunResult) -> Arm[SearchMethod]:
    """The arm that the run is about."""
    known = {arm.name: arm for arm in search_arms(())}
    if result.headline not in known:
        raise RunError(
            f"the run is about an arm of its own, {result.headline}, which is not retrained",
            cure="run the script that made it again, with the edited ontology",
        )
    return known[result.headline]
