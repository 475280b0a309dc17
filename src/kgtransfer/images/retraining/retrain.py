"""Retrain a run over images after an edit of its ontology: only what the edit made stale."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from torch import Tensor

from kgtransfer.backbones.text import TextEncoder
from kgtransfer.classification.logit_terms import fit_logit_terms
from kgtransfer.classification.model import Classifier
from kgtransfer.classification.samples import few_labels
from kgtransfer.classification.task import TRAINED
from kgtransfer.edits.compare import beside
from kgtransfer.edits.edit import Edit
from kgtransfer.edits.plan import Plan, stale_parts
from kgtransfer.edits.vectors import updated_vectors
from kgtransfer.experiments.runner import over_labels
from kgtransfer.images.head import ClassHead
from kgtransfer.images.retraining.transfer_state import transferred_activations, transferred_state
from kgtransfer.images.saving import save_images
from kgtransfer.images.study import class_prior, ground_domains, image_study
from kgtransfer.images.training import train_head, train_network
from kgtransfer.store import connect
from kgtransfer.utils.files import write_atomically
from kgtransfer.utils.progress import bar

if TYPE_CHECKING:
    from pathlib import Path

    from kgtransfer.classification.samples import Samples
    from kgtransfer.experiments.results import RunResult
    from kgtransfer.experiments.runner import SettingRuns
    from kgtransfer.images.domains import Domains, MeasuredDomains
    from kgtransfer.images.network import ClassNetwork
    from kgtransfer.images.run import SavedImages
    from kgtransfer.images.study import ImageStudy
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["ImageRetraining"]

SHARE = 0.1
"""Of the steps of a training, where it goes on; chosen on validation images."""

FIXED_SECONDS = 6.0  # of a retraining, whatever the run


class ImageRetraining:
    """An edit of a saved run's ontology: what it makes stale, and the run that follows.

    Args:
        old: the run.
        graph: the edited ontology, checked.
        cache: folder of what was read and measured before.

    Raises:
        RunError: the data sets are not those of the run.
    """

    def __init__(self, old: SavedImages, graph: KnowledgeGraph, cache: Path) -> None:
        self.old, self.cache, self.started = old, cache, time.perf_counter()
        self.readings: MeasuredDomains = old.readings()
        self.edit = Edit.of(old.graph, graph, self.readings.labels, old.config)
        self.before: Domains = ground_domains(old.config, self.edit.before, self.readings)

    @cached_property
    def plan(self) -> Plan:
        """What is going to be done, and why."""
        edit, old = self.edit, self.old
        after = ground_domains(edit.config, edit.after, self.readings)
        priors = class_prior(edit.before, self.before), class_prior(edit.after, after)
        stale = stale_parts(edit, self.before, after, *priors)
        scratch = _seconds_from_scratch(old.result)
        names = {iri: edit.after.label(iri) for iri in (*stale.concepts, *stale.axioms)}
        expected = FIXED_SECONDS + 0.02 * scratch
        return Plan(edit.diff, stale, len(old.fits), expected, scratch, edit.settings, names)

    def run(self, out: Path) -> RunResult:
        """Do it, and write a new run.

        Args:
            out: folder of the new run.
        """
        old, edit = self.old, self.edit
        embedding = old.config.embedding
        embedded = updated_vectors(
            old.embedded,
            edit,
            lambda: TextEncoder.from_pretrained(embedding.text),
            seed=embedding.seed,
        )
        out.mkdir(parents=True, exist_ok=True)
        concepts = embedded.concepts.select(self._select(out))
        study = image_study(
            edit.config, edit.after, concepts, self.readings,
            fits=out / "fits", cache=self.cache, kept=old.arm,
        )  # fmt: skip
        with bar("going on", len(old.fits)) as advance:
            for labels, seed in old.fits:
                if not study.task.has(old.arm, labels, seed):  # else: of a run that was cut off
                    self._go_on(study, labels, seed)
                advance(1, f"{labels} labels, seed {seed}")
        outcomes = over_labels(
            study.task, study.task.tests, [old.arm], labels_per_class=edit.config.labels_per_class,
            seeds=range(edit.config.seeds), folder=out / "fits", key=study.key,
        )  # fmt: skip
        return save_images(
            out, edit.config, edit.after, embedded, study, self._compared(outcomes, study),
            pipeline=old.result.pipeline, kg=old.arm,
            details={"arms": _words(old), "lineage": self._lineage()},
        )  # fmt: skip

    def _select(self, out: Path) -> tuple[str, ...]:
        """The concepts that may condition, by the run's Cypher; the store goes along."""
        store = self.old.folder / "store.kglite"
        if store.is_file() and not (out / store.name).exists():
            write_atomically(out / store.name, store.read_bytes())
        with connect(out / store.name) as opened:
            opened.sync(self.edit.after)
            return opened.select(self.edit.config.select.cypher).iris

    def _go_on(self, study: ImageStudy, labels: int, seed: int) -> None:
        """One model: experts fitted anew, head and conditioner trained on, the trunk kept.

        Head and conditioner go on from where the last whole training left them, not from where the
        last edit did: what many edits come to depends on the last ontology alone.
        """
        task, arm, recipe = study.task, self.old.arm, study.task.recipe
        started, few = time.perf_counter(), task.few(labels, seed)
        untrained = task.network(arm, seed)
        model = Classifier.load(
            self.old.model(labels, seed),
            untrained,
            task.prior,
            adapted=lambda state: self._adapted(state, study, untrained),
        )
        experts, known = fit_logit_terms(arm.experts, few, task.prior)
        network = model.network
        if network is None:
            task.keep(Classifier(experts, None), arm, labels, seed, started)
            return
        origin, head, seen = network.doors(), ClassHead.of(network), dict[str, Tensor]()
        share = 1.0 if self._has_new_labels(study, few) else SHARE
        if head:
            kept = self._kept(model, labels, seed)
            for name, samples in {**task.tests, TRAINED: few}.items():
                seen[name], _ = transferred_activations(head, kept.get(name, {}), samples)
            train_head(head, seen[TRAINED], few, known, recipe, seed=seed, share=share)
        else:
            train_network(
                network, few, known, recipe, task.augmentation,
                trained="head", seed=seed, share=share,
            )  # fmt: skip
        task.keep(Classifier(experts, network.eval(), seen, origin), arm, labels, seed, started)

    def _has_new_labels(self, study: ImageStudy, few: Samples) -> bool:
        """Whether a label has training images that the old models never learned from."""
        targets, before = study.labs.targets.labels, self.before.targets.labels
        return any(targets[row] not in before for row in set(few.targets.tolist()))

    def _adapted(
        self, state: dict[str, Tensor], study: ImageStudy, untrained: ClassNetwork
    ) -> dict[str, Tensor]:
        details = self.old.result.details
        labels = details["targets"]["labels"], study.labs.targets.labels
        relations = self.edit.renamed(details["relations"]), study.labs.train.grounding.relations
        return transferred_state(state, untrained, labels, relations)

    def _kept(self, model: Classifier, labels: int, seed: int) -> dict[str, dict[str, Tensor]]:
        """Name of a data set -> name of an image -> its activations."""
        train = self.before.train
        names = {name: samples.images.names for name, samples in self.before.every_test.items()}
        rows = few_labels(train, labels, seed)
        names[TRAINED] = tuple(train.images.names[row] for row in rows)
        return {
            name: dict(zip(names[name], of, strict=True)) for name, of in model.activations.items()
        }

    def _compared(
        self, outcomes: dict[str, SettingRuns], study: ImageStudy
    ) -> dict[str, SettingRuns]:
        """Each setting beside the same of the run before."""
        sets = study.labs.every_test
        found: dict[str, SettingRuns] = {}
        for name, outcome in outcomes.items():
            then = self.old.result.settings.get(name)
            test = name.rpartition(", ")[0]
            settings = [outcome.result]
            if then and test in self.before.every_test:
                new, old = sets[test], self.before.every_test[test]
                settings = beside(outcome.result, then, new, old)
            found |= {of.name: replace(outcome, result=of) for of in settings}
        return found

    def _lineage(self) -> dict[str, Any]:
        old, plan = self.old, self.plan
        return {
            "parent": old.result.run_hash,
            "parent_ontology": old.result.graph_hash,
            "parent_folder": old.folder.name,
            "renamed": dict(self.edit.names),
            "plan": plan.to_json(),
            "text": str(plan),
            "seconds": time.perf_counter() - self.started,
        }


def _seconds_from_scratch(result: RunResult) -> float:
    """What the models took that were not trained on from others."""
    lineage = result.details.get("lineage")
    if lineage:
        return float(lineage["plan"]["seconds_from_scratch"])
    return sum({s.labels: s.arms["kg"].seconds for s in result.settings.values()}.values())


def _words(old: SavedImages) -> dict[str, str]:
    words: dict[str, str] = old.result.details.get("arms", {})
    return {**words, "before": "the run's model before the edit of the ontology"}
