"""Retrain a run of link prediction after an edit: embeddings are updated, not trained again."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from kgtransfer.backbones.text import TextEncoder
from kgtransfer.edits.compare import compared_samples
from kgtransfer.edits.edit import Edit
from kgtransfer.edits.lineage import lineage, seconds_from_scratch
from kgtransfer.edits.plan import Plan, View, stale_parts
from kgtransfer.edits.vectors import RememberedTexts
from kgtransfer.link_prediction.data import LinkData, graph_links
from kgtransfer.link_prediction.retraining.links import edited_triples, link_names
from kgtransfer.link_prediction.task import LinkTask
from kgtransfer.runs.experiment import fit_settings, save_experiment
from kgtransfer.runs.folder import run_key

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kgtransfer.embedding.kge.fitted import FittedModel
    from kgtransfer.embedding.text import Encoder
    from kgtransfer.experiments.results import RunResult
    from kgtransfer.experiments.runner import SettingRuns
    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.link_prediction.kind import SavedLinks

__all__ = ["LinkRetraining"]

HOW = "embeddings updated where links changed, texts that stay kept, held-out links as they were"
FIXED_SECONDS = 5.0  # of a retraining, whatever the run
SHARE = 0.2  # of the time from scratch, that an update takes


class LinkRetraining:
    """An edit of a saved run's ontology: what it makes stale, and the run that follows.

    Args:
        old: the run, of the links of an ontology.
        graph: the edited ontology, checked.

    Raises:
        RunError: the run keeps no settings: its links are those of a folder, or something in it is
            the user's own.
    """

    def __init__(self, old: SavedLinks, graph: KnowledgeGraph) -> None:
        self.old, self.config, self.started = old, old.config, time.perf_counter()
        self.edit = Edit.of(old.graph, graph)

    @property
    def is_needed(self) -> bool:
        """Whether the edit says anything that the run does not know."""
        return bool(self.edit.diff)

    @cached_property
    def plan(self) -> Plan:
        """What is going to be done, and why."""
        scratch, nothing = seconds_from_scratch(self.old.result), View({}, {})
        return Plan(
            self.edit.diff,
            stale_parts(self.edit, nothing, nothing),
            models=len(self.old.result.seeds),
            seconds=FIXED_SECONDS + SHARE * scratch,
            scratch=scratch,
            how=HOW,
        )

    def run(self, out: Path) -> RunResult:
        """Do it, and write a new run.

        Args:
            out: folder of the new run.
        """
        started, seeds, config = datetime.now(UTC), self.old.result.seeds, self.config
        out.mkdir(parents=True, exist_ok=True)
        task = LinkTask(
            self._links,
            models=config.models,
            dim=config.dim or None,
            epochs=config.epochs or None,
            budget=config.budget,
            device=config.device,
        )
        key = run_key(config, task.kind, task.hash)
        task.go_on_from({seed: self._renamed(self.old.trained(seed)) for seed in seeds})
        arm = next(arm for arm in task.arms if arm.name == self.old.result.headline)
        runs = fit_settings(task, task.settings([arm]), seeds=seeds, folder=out, key=key)
        return save_experiment(
            out,
            task,
            self._compared(runs),
            seeds=seeds,
            config=config,
            pipeline=self.old.result.pipeline,
            key=key,
            started=started,
            details={
                "lineage": lineage(
                    self.old, self.edit, self.plan, time.perf_counter() - self.started
                )
            },
        )

    @cached_property
    def _before(self) -> LinkData:
        """The links of the run; nothing describes them here."""
        return graph_links(self.edit.original, text=None, seed=self.config.data.seed)

    @cached_property
    def _links(self) -> LinkData:
        """Those of the edited ontology."""
        made = self.config.data
        text = self._encoder() if made.text else None
        links = graph_links(self.edit.after, text=text, seed=made.seed, name=made.name)
        return replace(links, triples=edited_triples(self._before.triples, self.edit), made=made)

    def _encoder(self) -> Encoder:
        """What encodes texts that are new, and knows the vectors of the others."""

        def load() -> Encoder:
            return TextEncoder.from_pretrained(self.config.data.text)

        old = self.old.texts
        if old is None:
            return load()
        return RememberedTexts.of(old, self.edit, self.config.data.text, load)

    def _renamed(self, model: FittedModel) -> FittedModel:
        return replace(
            model,
            names=self.edit.renamed(model.names),
            relation_names=self.edit.renamed(model.relation_names),
        )

    def _compared(self, runs: Mapping[str, SettingRuns]) -> dict[str, SettingRuns]:
        """The setting against that of the run before, link by link."""
        before, after = self._before.triples, self._links.triples
        links = link_names(after, after.test), link_names(before, before.test, self.edit)
        names = [" ".join(link) for link in links[0]], [" ".join(link) for link in links[1]]
        return compared_samples(runs, self.old.result, lambda _: names, shared="links of both")
