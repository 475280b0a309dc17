"""`LinkTask`: prediction of held-out links, with and without what describes the entities."""

from __future__ import annotations

import hashlib
import shutil
import time
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgtransfer.embedding.concepts import ConceptEmbeddings, shuffled_rows
from kgtransfer.embedding.kge.budget import DEFAULT_BUDGET, Budget
from kgtransfer.embedding.kge.described import learn_described
from kgtransfer.embedding.kge.evaluate import Ranking, filtered_ranks
from kgtransfer.embedding.kge.fit import fit, threads_for
from kgtransfer.embedding.kge.recipe import DIM, recipe_for
from kgtransfer.embedding.kge.scores.lookup import score_name, score_settings
from kgtransfer.embedding.kge.triples import irreflexive
from kgtransfer.embedding.kge.tuned import fit_within
from kgtransfer.embedding.kge.update import update
from kgtransfer.errors import ConfigError
from kgtransfer.experiments.arms import headline_of
from kgtransfer.experiments.runner import digest
from kgtransfer.experiments.task import FitResult, Setting
from kgtransfer.link_prediction.arms import ARMS
from kgtransfer.link_prediction.config import LinkConfig
from kgtransfer.link_prediction.popularity import Popularity, popularity_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor

    from kgtransfer.embedding.kge.budget import BudgetLike
    from kgtransfer.embedding.kge.fitted import FittedModel
    from kgtransfer.embedding.kge.recipe import TrainingRecipe
    from kgtransfer.embedding.kge.scores.lookup import ScoreLike
    from kgtransfer.embedding.kge.search import Search
    from kgtransfer.experiments.arms import Arm
    from kgtransfer.experiments.runner import SettingRuns
    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.link_prediction.arms import LinkMethod
    from kgtransfer.link_prediction.data import LinkData

__all__ = ["LinkTask"]

MODEL = "model"  # folder of the headline's model inside a run
MODELS = "models"  # of those of all seeds, as their whole training left them


class LinkTask:
    """Links to learn and to test on, ready for any arm.

    The score of a test link is the mean of the filtered reciprocal ranks of its tail and of its
    head among all entities. The arm `kg` is the baseline's embedding with a text head beside it,
    whose weight validation links choose: with the weight 0 it is the baseline.

    Args:
        data: links, and descriptions of the entities.
        models: score functions, names or the user's own; the baseline takes the one of the best
            filtered MRR on the validation links, the first where there are none.
        dim: factors of a vector; by default 128, or more where a search finds more to be better.
        epochs: the most passes over the links; by default as fits their number.
        budget: what a search of each score function's settings may spend beside one training, as
            "2x"; it is made once, with the seed 0, and all seeds and arms share what it chose. 0
            for the settings that fit the number of links, as where there are no validation links.
        device: where to compute.

    Raises:
        ConfigError: there is no such score function, or none at all, or it is no budget.
    """

    kind = "links"
    metric = "filtered MRR"

    def __init__(
        self,
        data: LinkData,
        *,
        models: Sequence[ScoreLike] = ("complex", "cp", "transe"),
        dim: int | None = None,
        epochs: int | None = None,
        budget: BudgetLike = DEFAULT_BUDGET,
        device: str = "cpu",
    ) -> None:
        if not models:
            raise ConfigError("no score function to embed with", cure='give models=["complex"]')
        self.links, self.device = data, device
        self.budget = Budget.of(budget if len(data.triples.valid) else 0)
        self._rank = dim is None
        recipes = [self._recipe(model, dim or DIM, epochs) for model in models]
        self.recipes = {score_name(recipe.model): recipe for recipe in recipes}
        self.ranking = Ranking(data.triples, device)
        self._searches: dict[str, tuple[FittedModel, Search | None]] = {}
        self._baselines: dict[int, tuple[FittedModel, dict[str, float]]] = {}
        self._settings = (tuple(models), dim, epochs)
        self._fits: Path | None = None
        self._origins: Mapping[int, FittedModel] = {}

    def keep_fits(self, folder: Path, key: str) -> None:
        """See `KeepsFits`: models of the headline go into a folder."""
        self._fits = folder / f"models-{key[:24]}"

    def kept_settings(self, seeds: Sequence[int]) -> LinkConfig | None:
        """See `KeepsSettings`: links of an ontology, by score functions and texts with a name."""
        models, dim, epochs = self._settings
        if self.links.made is None or not all(isinstance(model, str) for model in models):
            return None
        return LinkConfig(
            models=tuple(map(str, models)),
            dim=dim or 0,
            epochs=epochs or 0,
            budget=str(self.budget or 0),
            device=self.device,
            data=self.links.made,
        )

    def go_on_from(self, models: Mapping[int, FittedModel]) -> None:
        """Update models of the headline, by seed, instead of training them from scratch."""
        self._origins = models

    @property
    def data(self) -> str:
        """Name of the links."""
        return self.links.name

    @property
    def test(self) -> str:
        """Name of the links too: the test links are among them."""
        return self.links.name

    @property
    def graph(self) -> KnowledgeGraph:
        """The descriptions, as a graph."""
        return self.links.graph

    @cached_property
    def hash(self) -> str:
        """Digest of links, descriptions, types and settings."""
        features = self.links.features.contiguous()
        content = hashlib.sha256(features.numpy().tobytes()).hexdigest()
        recipes = self.recipes.values()
        settings = repr([recipe.settings() | score_settings(recipe.model) for recipe in recipes])
        types = repr(sorted(self.links.types.items()))
        budget = (str(self.budget), str(self._rank)) if self.budget else ()
        parts = (repr(features.shape), content, types, settings, *budget)
        return digest(self.links.triples.digest, *parts)

    @property
    def arms(self) -> tuple[Arm[LinkMethod], ...]:
        """All arms, or those without knowledge where nothing describes the entities."""
        if self.links.features.shape[1]:
            return ARMS
        return tuple(arm for arm in ARMS if arm.role == "plain")

    @property
    def headline(self) -> str:
        """The arm with knowledge, else the last without: the strongest."""
        return (headline_of(self.arms) or self.arms[-1]).name

    def settings(self, arms: Sequence[Arm[LinkMethod]]) -> list[Setting[LinkMethod]]:
        """One setting: the test links."""
        return [Setting("test", tuple(arms))]

    def fit(
        self,
        setting: Setting[LinkMethod],
        arm: Arm[LinkMethod],
        seed: int,
        *,
        model_file: Path | None = None,
    ) -> FitResult:
        """Fit an arm with a seed, and rank the test links by it.

        Args:
            setting: the only one.
            arm: what to fit.
            seed: of initial values, of the order of the links, and of the shuffle.
            model_file: where to write the tensors of an embedding; its whole folder stands beside
                it, under the same name without suffix.

        Raises:
            ConfigError: the arm has no method.
        """
        started = time.perf_counter()
        if arm.method is None:
            raise ConfigError(
                f"the arm {arm.name} has no method", cure="give method=LinkMethod(...)"
            )
        if arm.method.by == "popularity":
            return self._scored(self._popular_ranks(), started)
        model, valid = self._model(arm, arm.method, seed)
        gates = {"descriptions": model.recipe.text_weight} if arm.method.by == "described" else {}
        if arm.name == self.headline and self._fits:
            model.save(self._fits / str(seed))
        if model_file is not None:
            model.save(model_file.with_suffix(""))
            shutil.copyfile(model_file.with_suffix("") / "model.safetensors", model_file)
        return self._scored(self._ranks(model), started, valid, gates)

    def _model(
        self, arm: Arm[LinkMethod], method: LinkMethod, seed: int
    ) -> tuple[FittedModel, dict[str, float]]:
        """An arm's embedding, and the validation MRR of the score functions."""
        if arm.name == self.headline and seed in self._origins:
            origin, features = self._origins[seed], self.links.features
            known = features if origin.is_described else None
            change = update(
                origin, self.links.triples, features=known, seed=seed, device=self.device
            )
            return change.fitted, {}
        model, valid = self.baseline(seed)
        if method.by == "described":
            model = self._described(model, seed, shuffled=method.shuffled)
        return model, valid

    def baseline(self, seed: int) -> tuple[FittedModel, dict[str, float]]:
        """Seed -> the embedding of the best score function, and the validation MRR of each."""
        if seed not in self._baselines:
            triples = self.links.triples
            models = {name: self._fit(name, seed) for name in self.recipes}
            mrr = {name: model.valid.get("mrr", 0.0) for name, model in models.items()}
            best = models[max(mrr, key=lambda name: mrr[name])]
            self._baselines[seed] = best, mrr if len(triples.valid) else {}
        return self._baselines[seed]

    def findings(self, runs: Mapping[str, SettingRuns]) -> dict[str, Any]:
        """Sizes of the data, and the baseline's candidates by their validation MRR."""
        triples, fits = self.links.triples, next(iter(runs.values())).runs
        learnt = next((fits[arm.name] for arm in ARMS if arm.is_seeded and arm.name in fits), [])
        embedding: dict[str, Any] = {
            "entities": len(triples.entities),
            "relations": len(triples.relations),
            "training links": len(triples.train),
            "validation links": len(triples.valid),
            "test links": len(triples.test),
        }
        for name in self.recipes:
            values = [
                run.metrics[f"valid {name}"] for run in learnt if f"valid {name}" in run.metrics
            ]
            if values:
                embedding[f"validation MRR of {name}"] = sum(values) / len(values)
        searches = {name: s.summary() for name, (_, s) in self._searches.items() if s}
        return {"embedding": embedding} | ({"search": searches} if searches else {})

    def save(self, folder: Path, runs: Mapping[str, SettingRuns]) -> None:
        """Write the headline's embeddings, for `FittedModel.load`: `model` is the first seed's.

        In `models` are those of all seeds, as their whole training left them.
        """
        for name in (MODEL, MODELS):
            shutil.rmtree(folder / name, ignore_errors=True)
        for seed, origin in self._origins.items():
            origin.save(folder / MODELS / str(seed))
        if self._fits and self._fits.is_dir() and not self._origins:
            shutil.copytree(self._fits, folder / MODELS)
        if self.links.texts is not None and self.links.made:
            parts, provenance = {"text": self.links.texts}, {"encoder": self.links.made.text}
            concepts = ConceptEmbeddings.from_parts(self.graph.concepts, parts, provenance)
            concepts.save(folder)
        models = next(iter(runs.values())).models
        if self.headline in models:
            shutil.copytree(models[self.headline].with_suffix(""), folder / MODEL)

    def _fit(self, name: str, seed: int) -> FittedModel:
        """The embedding of a score function, with the settings that its search chose."""
        triples, recipe = self.links.triples, self.recipes[name]
        if not self.budget:
            return fit(triples, recipe, seed=seed, device=self.device)
        if name not in self._searches:
            self._searches[name] = fit_within(
                triples, recipe, self.budget, rank=self._rank, device=self.device
            )
        first, _ = self._searches[name]
        return first if seed == 0 else fit(triples, first.recipe, seed=seed, device=self.device)

    def _recipe(self, model: ScoreLike, dim: int, epochs: int | None) -> TrainingRecipe:
        recipe = recipe_for(len(self.links.triples.train), model, dim)
        return replace(recipe, epochs=epochs or recipe.epochs)

    def _described(self, model: FittedModel, seed: int, *, shuffled: bool) -> FittedModel:
        """The baseline with a text head over the descriptions, or over shuffled ones."""
        triples, features = self.links.triples, self.links.features
        if shuffled:
            features = features[shuffled_rows(triples.entities, self.links.types, seed)]
        sample = self.ranking.sample(model.recipe.validate_most, seed)
        with threads_for(model.recipe, triples):
            return learn_described(
                model,
                features,
                self.ranking,
                sample,
                seed=seed,
                progress=lambda message, done: None,
            )

    def _ranks(self, model: FittedModel) -> Tensor:
        return filtered_ranks(
            model.score,
            model.entities.to(self.device),
            model.relations.to(self.device),
            self.links.triples.test,
            self.ranking.true_triples,
            irreflexive=model.irreflexive.to(self.device),
        )

    def _popular_ranks(self) -> Tensor:
        triples = self.links.triples
        entities, relations = popularity_rows(triples)
        return filtered_ranks(
            Popularity(),
            entities,
            relations,
            triples.test,
            self.ranking.true_triples,
            irreflexive=irreflexive(triples),
        )

    def _scored(
        self,
        ranks: Tensor,
        started: float,
        valid: Mapping[str, float] | None = None,
        gates: Mapping[str, float] | None = None,
    ) -> FitResult:
        """Ranks of tails, then of heads -> scores of the test links."""
        both = ranks.view(2, -1)
        metrics = {f"hits@{k}": (both <= k).double().mean().item() for k in (1, 10)}
        metrics |= {f"valid {name}": mrr for name, mrr in (valid or {}).items()}
        return FitResult(
            both.reciprocal().mean(dim=0).numpy(),
            metrics,
            gates or {},
            seconds=time.perf_counter() - started,
        )
