"""Code search as a task: its data, graph, concepts and encoder, ready for any arm."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from kgtransfer.backbones.precision import pick_device
from kgtransfer.backbones.text import TextEncoder
from kgtransfer.code.arms import HEADLINE, method_of, search_arms
from kgtransfer.code.fitter import SearchFitter
from kgtransfer.code.index import MODELS
from kgtransfer.code.report import search_findings
from kgtransfer.code.run import CHOICES
from kgtransfer.experiments.cache import FitCache
from kgtransfer.experiments.runner import digest
from kgtransfer.experiments.task import Setting
from kgtransfer.report.candidates import candidate_findings
from kgtransfer.retrieval.settings import SearchTraining
from kgtransfer.training.checkpoint import read_tensors, write_safetensors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from torch import Tensor

    from kgtransfer.code.data import CodeData
    from kgtransfer.code.index import SearchIndex
    from kgtransfer.code.methods import SearchMethod
    from kgtransfer.embedding.concepts import ConceptEmbeddings
    from kgtransfer.experiments.arms import Arm
    from kgtransfer.experiments.runner import SettingRuns
    from kgtransfer.experiments.task import FitResult
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["CodeSearchTask"]

LABELS = 100  # pairs of the arm that learns from labels


class CodeSearchTask:
    """Zero-shot code search: an encoder is adapted to a code base without any label.

    Queries are held-out docstrings, each with one right function; the metric is the mean
    reciprocal rank of that function among all documented ones.

    Args:
        data: what `read_code` gave: corpora by setting.
        graph: what is known: the API graph (`data.graph`) with its vocabulary.
        concepts: embeddings of the concepts that may condition.
        encoder: a pre-trained encoder, its short name or its folder; never changed.
        training: settings of fine-tuning.
        labels: numbers of labelled pairs of further arms, beside the one of 100; no more than
            there are.
        device: where models are trained: `auto`, `cpu`, `cuda` or `cuda:N`.
    """

    kind = "code"
    metric = "mrr"
    headline = HEADLINE

    def __init__(
        self,
        data: CodeData,
        graph: KnowledgeGraph,
        concepts: ConceptEmbeddings,
        encoder: TextEncoder | str | Path = "minilm",
        *,
        training: SearchTraining | None = None,
        labels: Sequence[int] = (),
        device: str = "auto",
    ) -> None:
        self.source, self.graph, self.concepts = data, graph, concepts
        self.device, self.training = pick_device(device), training or SearchTraining()
        if not isinstance(encoder, TextEncoder):
            encoder = TextEncoder.from_pretrained(encoder, device=self.device)
        self.encoder = encoder
        pairs = len(data.main.labelled)
        every = search_arms(sorted({min(number, pairs) for number in (LABELS, *labels)}))
        self.arms = [arm for arm in every if {*method_of(arm).parts} <= {*concepts.parts}]
        self._chosen = {arm.name: arm for arm in self.arms}
        frozen_states: dict[str, Tensor] = {}
        self.fitters = {
            setting: SearchFitter(
                corpus,
                graph,
                concepts,
                encoder,
                training=self.training,
                device=self.device,
                frozen_states=frozen_states,
                verbaliser=data.verbaliser,
            )
            for setting, corpus in data.corpora.items()
        }
        self._indexes: dict[tuple[str, Path], SearchIndex] = {}

    @property
    def data(self) -> str:
        """Name of the code base that is adapted to."""
        return self.source.name

    @property
    def test(self) -> str:
        """Name of the code base that is searched."""
        return self.source.test

    @cached_property
    def hash(self) -> str:
        """Digest of graph, concepts, corpora, encoder and settings of fine-tuning."""
        parts = (self.graph, self.concepts, self.source, self.encoder)
        return digest(*(part.hash for part in parts), repr(self.training))

    def settings(self, arms: Sequence[Arm[SearchMethod]]) -> list[Setting[SearchMethod]]:
        """The settings of the data; some arms run in the first one alone."""
        self._chosen = {arm.name: arm for arm in arms}
        everywhere = tuple(arm for arm in arms if method_of(arm).every_setting)
        first, *others = self.fitters
        return [Setting(first, tuple(arms)), *(Setting(name, everywhere) for name in others)]

    def fit(
        self,
        setting: Setting[SearchMethod],
        arm: Arm[SearchMethod],
        seed: int,
        *,
        model_file: Path | None = None,
    ) -> FitResult:
        """Fit an arm with a seed and score it; write what was fitted where a file is given."""
        fitter = self.fitters[setting.name]
        result = fitter.run(arm, seed, model_file=model_file)
        if arm.name == self.headline:
            fitter.keep_vectors(arm, seed)
        return result

    def keep_fits(self, folder: Path, key: str) -> None:
        """From now on keep trained encoders in a folder; see `KeepsFits`."""
        for setting, fitter in self.fitters.items():
            fitter.fits = FitCache(folder, digest(key, setting))

    def findings(self, runs: Mapping[str, SettingRuns]) -> dict[str, Any]:
        """Gates, queries that moved, a map of the concepts, and how much each concept was used."""
        return search_findings(
            self.graph,
            self.concepts,
            self.source,
            runs,
            {name: self.index(name, setting_runs) for name, setting_runs in runs.items()},
            self.fitters[next(iter(runs))].inputs.queries("graph", seed=0),
        ) | {
            **candidate_findings(runs),
            CHOICES: {
                name: {str(seed): self.fitters[name].choice(seed).name for seed in of_setting.seeds}
                for name, of_setting in runs.items()
            },
        }

    def save(self, folder: Path, runs: Mapping[str, SettingRuns]) -> None:
        """Write the index of the main setting: the headline's model with its documents.

        `models/SETTING-SEED.safetensors` holds every encoder that was trained for the headline, and
        the vectors of texts by it.
        """
        main = next(iter(runs))
        self.index(main, runs[main]).save(folder)
        for name, setting_runs in runs.items():
            arm = self._chosen[setting_runs.result.headline]
            for seed in setting_runs.seeds:
                tensors = self.fitters[name].trained(arm, seed)
                write_safetensors(folder / MODELS / f"{name}-{seed}.safetensors", tensors)

    def adopt(
        self, setting: str, arm: Arm[SearchMethod], seed: int, file: Path, chosen: str
    ) -> None:
        """Take an encoder over that an arm trained before, and what it made of texts.

        Args:
            setting: where it was trained.
            arm: that trained it.
            seed: of the training.
            file: that `save` wrote.
            chosen: the candidate without the graph that the arm stood on.

        Raises:
            RunError: the file is missing or damaged.
        """
        self.fitters[setting].adopt(arm, seed, read_tensors(file), chosen)

    def index(self, setting: str, runs: SettingRuns) -> SearchIndex:
        """The headline's model of a setting, ready to search; it is built once."""
        arm = self._chosen[runs.result.headline]
        file = runs.models[arm.name]
        if (setting, file) not in self._indexes:
            fitter = self.fitters[setting]
            self._indexes[setting, file] = fitter.index(arm, runs.seeds[0], file)
        return self._indexes[setting, file]
