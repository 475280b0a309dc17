"""What each piece of knowledge was worth to a run over nodes: leave it out, and score again."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.backbones.text import TextEncoder
from kgtransfer.edits.edit import Edit
from kgtransfer.edits.selection import selected_concepts
from kgtransfer.edits.vectors import RememberedTexts
from kgtransfer.errors import ConfigError, RunError
from kgtransfer.experiments.arms import Arm
from kgtransfer.experiments.comparison import ArmScores, Comparison
from kgtransfer.nodes.attributes.dataset import attribute_facts, attribute_knowledge
from kgtransfer.nodes.attributes.graph import attribute_iris, class_iris
from kgtransfer.nodes.attributes.pieces import PIECES, knowledge_pieces
from kgtransfer.nodes.configured import configured_task
from kgtransfer.nodes.data.splits import random_split
from kgtransfer.nodes.kept import KEPT, Kept
from kgtransfer.nodes.task import labels_of
from kgtransfer.runs.explanation import Explanation, Value
from kgtransfer.utils.progress import bar, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kgtransfer.embedding import Encoder
    from kgtransfer.experiments.task import Setting
    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.nodes.arms import NodeMethod
    from kgtransfer.nodes.attributes.graph import AttributeFacts
    from kgtransfer.nodes.attributes.knowledge import AttributeKnowledge
    from kgtransfer.nodes.attributes.pieces import KnowledgePiece
    from kgtransfer.nodes.features.blocks import KnowledgeFeatures
    from kgtransfer.nodes.run import SavedNodes
    from kgtransfer.nodes.task import NodeTask

__all__ = ["explain_run"]

MOST = 50  # attributes with nothing but a text that are left out in turn: the most frequent


def explain_run(saved: SavedNodes, test: str = "", kinds: Sequence[str] = ()) -> Explanation:
    """Leave out what is known of each attribute and class in turn, and score the run's arm again.

    Weights and gates are those that the run kept. The scores are those of its test nodes: there are
    no others with labels that nothing was learned from.

    Args:
        saved: the run.
        test: name of the setting; the main one by default.
        kinds: "attribute", "concept" (a class), "axiom"; all by default.

    Raises:
        ConfigError: there is no such kind of pieces.
        RunError: there is no such setting, or the run's arm knows nothing.
        DataError: the data is missing.
    """
    if unknown := sorted({*kinds} - {*PIECES}):
        raise ConfigError(f"no kind {unknown[0]}", cure=f"kinds are: {', '.join(PIECES)}")
    result = saved.result
    name = test or next(iter(result.settings))
    if name not in result.settings:
        raise RunError(
            f"the run has no setting {name!r}", cure=f"there is: {', '.join(result.settings)}"
        )
    task, facts = _task(saved)
    arm = next(arm for arm in task.arms if arm.name == task.headline)
    if task.knowledge is None or arm.method is None or arm.method.kind != "chosen":
        raise RunError(
            f"{saved.folder}: the arm {arm.name} knows nothing of attributes and classes",
            cure="explain a run with an ontology of them (docs/rows.md)",
        )
    setting = next(one for one in task.settings([arm]) if one.name == name)
    scored = _Scores(task, task.knowledge, setting, arm.method, result.seeds)
    _warn_of_others(scored.full, result.settings[name].arms[arm.name])
    pieces = [
        piece
        for piece in knowledge_pieces(
            task.knowledge, _columns(facts, saved.graph), class_iris(facts, saved.graph), MOST
        )
        if not kinds or piece.kind in kinds
    ]
    values = []
    with bar(f"leaving out, on {name}", len(pieces)) as advance:
        for piece in pieces:
            compared = Comparison.of(scored.full, scored.without(piece))
            values.append(Value(piece.kind, piece.iris, _in_words(saved.graph, piece), compared))
            advance(1)
    ordered = sorted(values, key=lambda value: -value.comparison.difference)
    return Explanation(name, tuple(ordered), result.metric)


class _Scores:
    """Scores of an arm on the test nodes of all seeds, with all knowledge and without a piece."""

    def __init__(
        self,
        task: NodeTask,
        knowledge: AttributeKnowledge,
        setting: Setting[NodeMethod],
        method: NodeMethod,
        seeds: Sequence[int],
    ) -> None:
        self.task, self.knowledge = task, knowledge
        splits = [(task.split(seed, labels_of(setting)), seed) for seed in seeds]
        self._features = [task.heads.features_of(method.knowledge, *split) for split in splits]
        self._scorers = [task.chosen.scorer(method, *split) for split in splits]
        groups, (first, _) = task.nodes.sample_groups, splits[0]
        self._groups = [groups[node] for node in first.test] if groups else ()
        self.full = self._scored("with", self._features)

    def without(self, piece: KnowledgePiece) -> ArmScores:
        features = self._without(piece)
        return self._scored("without", [features] * len(self._scorers))

    def _without(self, piece: KnowledgePiece) -> KnowledgeFeatures:
        texts = self.task.blocks.texts
        changed = piece.without(self.knowledge, texts.classes if texts else None)
        features = self.task.blocks.of_knowledge(changed, related=False, keep=True)
        if piece.kind == "concept" and "meaning" in features.priors:
            features.priors["meaning"][:, piece.row] = 0.0  # the mean over all nodes
        return features

    def _scored(self, name: str, features: Sequence[KnowledgeFeatures | None]) -> ArmScores:
        rows = [score(f) for score, f in zip(self._scorers, features, strict=True) if f]
        arm: Arm[NodeMethod] = Arm(name)
        return ArmScores(arm, np.stack(rows), groups=self._groups)


def _task(saved: SavedNodes) -> tuple[NodeTask, AttributeFacts]:
    """The run's task, its work read back as it was kept."""
    config, nodes, kept = saved.config, saved.data(), Kept(older=saved.folder / KEPT)
    train = random_split(nodes, 0, config.data.train).train
    facts = attribute_facts(nodes, train=train, ontology=saved.graph, kept=kept)

    def encoder() -> Encoder:
        return TextEncoder.from_pretrained(**config.text.model_dump())

    def remembering() -> Encoder:
        old = saved.concepts
        if old is None:
            return encoder()
        none = Edit(saved.graph, saved.graph, saved.graph, {})
        return RememberedTexts.of(old, none, old.provenance["encoder"], encoder)

    with TemporaryDirectory() as place:  # reading a store may write into it
        selection = selected_concepts(saved.folder, Path(place), saved.graph, config.select.cypher)
    known = attribute_knowledge(nodes, saved.graph, facts, select=selection, encoder=remembering)
    task = configured_task(config, nodes, known, saved.graph, encoder=encoder, kept=kept)
    return task, facts


def _columns(facts: AttributeFacts, graph: KnowledgeGraph) -> dict[str, int]:
    """IRI of an attribute -> its column, the most frequent attributes first."""
    iris = attribute_iris(facts, graph)
    columns = list(facts.columns or range(len(iris)))
    order = np.argsort(-np.array(facts.counts), kind="stable").tolist()
    return {iris[at]: columns[at] for at in order}


def _in_words(graph: KnowledgeGraph, piece: KnowledgePiece) -> str:
    return ": ".join(graph.label(iri) for iri in piece.iris)


def _warn_of_others(now: ArmScores, then: ArmScores) -> None:
    if not np.array_equal(now.per_sample, then.per_sample):
        say(
            f"warning: read back, the run scores {now.mean:.3f} and not {then.mean:.3f}, as it did "
            "when it was made: by another version of the code or of a library"
        )
