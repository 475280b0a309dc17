"""Retrain a run over nodes after an edit: prior and gates anew, all else as it was kept."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kgtransfer.backbones.text import TextEncoder
from kgtransfer.edits.compare import compared_samples
from kgtransfer.edits.edit import Edit
from kgtransfer.edits.lineage import lineage, seconds_from_scratch
from kgtransfer.edits.plan import Plan, stale_parts
from kgtransfer.edits.selection import selected_concepts
from kgtransfer.edits.vectors import RememberedTexts
from kgtransfer.errors import RunError
from kgtransfer.experiments.results import WRITTEN
from kgtransfer.knowledge.check.validate import require_valid
from kgtransfer.nodes.arms import STRONGEST
from kgtransfer.nodes.attributes.dataset import attribute_facts, attribute_knowledge
from kgtransfer.nodes.attributes.graph import build_attribute_graph
from kgtransfer.nodes.configured import configured_task
from kgtransfer.nodes.data.splits import random_split
from kgtransfer.nodes.kept import KEPT, Kept
from kgtransfer.nodes.retraining.view import renamed, views_of
from kgtransfer.runs.experiment import fit_settings, save_experiment
from kgtransfer.runs.folder import run_key
from kgtransfer.utils.resources import resource

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kgtransfer.embedding import Encoder
    from kgtransfer.experiments.results import RunResult
    from kgtransfer.experiments.runner import SettingRuns
    from kgtransfer.experiments.setting import SettingResult
    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.nodes.attributes.graph import AttributeFacts
    from kgtransfer.nodes.run import SavedNodes
    from kgtransfer.nodes.task import NodeTask

__all__ = ["NodeRetraining"]

HOW = (
    "prior and gates chosen anew; blocks, encoder vectors and the fits of heads that read the "
    "same kept"
)
FIXED_SECONDS = 15.0  # of a retraining, whatever the run
SHARE = 0.1  # of the time from scratch, that priors and blocks of knowledge take


class NodeRetraining:
    """An edit of a saved run's ontology: what it makes stale, and the run that follows.

    What is edited is what people wrote of attributes and classes; what follows from the data is
    generated beside it.

    Args:
        old: the run.
        ontology: the edited Turtle, checked.

    Raises:
        DataError: the data is missing.
        RunError: it is not what it was, or the run has arms that an ontology does not concern.
        OntologyError: the edited graph breaks the shapes.
    """

    def __init__(self, old: SavedNodes, ontology: KnowledgeGraph) -> None:
        self.old, self.written, self.started = old, ontology, time.perf_counter()
        self.config = old.config
        _require_own_method(old)
        self.nodes = old.data()
        self.facts = self._facts(Kept(older=old.folder / KEPT))
        graph = ontology | build_attribute_graph(self.facts, ontology)
        require_valid(graph, [resource(self.config.ontology.shapes)])
        self.edit = Edit.of(old.graph, graph, renamed(self.facts, old.graph, graph))

    @property
    def is_needed(self) -> bool:
        """Whether the edit says anything that the run does not know."""
        return bool(self.edit.diff)

    @cached_property
    def plan(self) -> Plan:
        """What is going to be done, and why."""
        edit, result = self.edit, self.old.result
        stale = stale_parts(edit, *views_of(self.nodes, self.facts, edit))
        named = (*stale.concepts, *stale.axioms)
        scratch = _seconds_from_scratch(result)
        return Plan(
            edit.diff,
            stale,
            models=len(result.settings) * len(result.seeds),
            seconds=FIXED_SECONDS + SHARE * scratch,
            scratch=scratch,
            how=HOW,
            names={iri: edit.after.label(iri) for iri in named if iri in edit.after.rows},
        )

    def run(self, out: Path) -> RunResult:
        """Do it, and write a new run.

        Args:
            out: folder of the new run.
        """
        started, seeds = datetime.now(UTC), self.old.result.seeds
        out.mkdir(parents=True, exist_ok=True)
        task = self._task(out)
        key = run_key(self.config, task.kind, task.hash)
        arm = next(arm for arm in task.arms if arm.name == task.headline)
        settings = [replace(setting, arms=(arm,)) for setting in task.settings([arm])]
        runs = fit_settings(task, settings, seeds=seeds, folder=out, key=key)
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

    def _task(self, out: Path) -> NodeTask:
        graph, kept = self.edit.after, Kept(out / KEPT, self.old.folder / KEPT)
        self._facts(kept)  # what they were made of goes along
        knowledge = attribute_knowledge(
            self.nodes, graph, self.facts, select=self._selected(out), encoder=self._remembering
        )
        return configured_task(
            self.config, self.nodes, knowledge, graph, encoder=self._encoder, kept=kept
        )

    def _facts(self, kept: Kept) -> AttributeFacts:
        train = random_split(self.nodes, 0, self.config.data.train).train
        return attribute_facts(self.nodes, train=train, ontology=self.written, kept=kept)

    def _encoder(self) -> Encoder:
        return TextEncoder.from_pretrained(**self.config.text.model_dump())

    def _remembering(self) -> Encoder:
        """What encodes texts that are new, and knows the vectors of the others."""
        old = self.old.concepts
        if old is None:
            return self._encoder()
        return RememberedTexts.of(old, self.edit, old.provenance["encoder"], self._encoder)

    def _selected(self, out: Path) -> tuple[str, ...]:
        cypher = self.config.select.cypher
        return selected_concepts(self.old.folder, out, self.edit.after, cypher)

    def _compared(self, runs: Mapping[str, SettingRuns]) -> dict[str, SettingRuns]:
        """Each setting against the same of the run before, node by node: splits are the same."""

        def places(setting: SettingResult) -> tuple[list[str], list[str]]:
            samples = setting.arms[setting.headline].per_sample.shape[1]
            named = [str(place) for place in range(samples)]
            return named, named

        return compared_samples(runs, self.old.result, places)

    def _lineage(self) -> dict[str, Any]:
        return lineage(self.old, self.edit, self.plan, time.perf_counter() - self.started)


def _require_own_method(old: SavedNodes) -> None:
    if old.config.method.preset:
        raise RunError(
            f"{old.folder}: the preset {old.config.method.preset} reads no ontology",
            cure="nothing has to be made again; without method.preset knowledge enters",
        )


def _seconds_from_scratch(result: RunResult) -> float:
    """What the run's models took: an arm that came later found the fits of those before it."""
    if "lineage" in result.details:
        return seconds_from_scratch(result)
    names = (result.headline, STRONGEST.name)
    return sum(
        max(scores.seconds for scores in setting.arms.values() if scores.arm.name in names)
        for setting in result.settings.values()
    )
