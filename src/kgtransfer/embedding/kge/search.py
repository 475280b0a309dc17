"""Settings for a graph that nobody tuned on: successive halving within a budget of computing.

Jamieson & Talwalkar, AISTATS 2016; Li et al., "Hyperband", JMLR 2018.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from kgtransfer.embedding.kge.candidates import coarse_candidates, fine_candidates
from kgtransfer.embedding.kge.trials import recipe_key
from kgtransfer.embedding.kge.work import epoch_work

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kgtransfer.embedding.kge.budget import Budget
    from kgtransfer.embedding.kge.recipe import TrainingRecipe
    from kgtransfer.embedding.kge.trials import Trial, Trials

__all__ = ["Candidate", "Search", "search"]

# A rung's share of the budget, and how many candidates go on after it; the rest of the budget is
# for the winner's training.
RUNGS = ((0.3, 3), (0.3, 3), (0.2, 1))
CHANCE = 0.2  # over the square root of the ranks: a gain in MRR that may be luck
LEAST = 2  # passes by which candidates are told apart; rather than fewer, fewer are tried


@dataclass(frozen=True)
class Candidate:
    """Settings, and what they had reached at a rung.

    Args:
        n3, relation_weight, batch_size, negatives, dim: as of `TrainingRecipe`; the other settings
            are the recipe's.
        epochs: passes so far.
        mrr: best filtered MRR on the validation triples so far.
        kept: whether its training goes on.
    """

    n3: float
    relation_weight: float
    batch_size: int
    negatives: int | None
    dim: int
    epochs: int
    mrr: float
    kept: bool


@dataclass(frozen=True)
class Search:
    """What a search tried, and the settings that it chose.

    Args:
        recipe: the chosen settings.
        budget: as it was asked for.
        trainings: the same as a multiple of the training by the recipe; with it the search is the
            same on every machine.
        spent: what was spent beside that training, in the same unit, by foretold work.
        rungs: the candidates at each rung, the best first; last the winner and the recipe at their
            ends, the chosen one first.
        held_out: training triples that were held out to choose by; 0 where there are valid ones.
    """

    recipe: TrainingRecipe
    budget: str
    trainings: float
    spent: float
    rungs: tuple[tuple[Candidate, ...], ...]
    held_out: int = 0

    def summary(self) -> dict[str, Any]:
        """The search as plain data, for a file; the chosen settings stand beside it there."""
        return {
            "budget": self.budget,
            "trainings": round(self.trainings, 3),
            "spent": round(self.spent, 3),
            "held_out": self.held_out,
            "rungs": [[asdict(candidate) for candidate in rung] for rung in self.rungs],
        }


def search(
    trials: Trials,
    recipe: TrainingRecipe,
    budget: Budget,
    *,
    rank: bool = True,
    rungs: Sequence[tuple[float, int]] = RUNGS,
    tell: Callable[[str], None] = lambda line: None,
) -> Search:
    """Trials on a graph -> the settings of the best filtered MRR on its validation triples.

    The recipe is trained to its end: it is the first candidate, and its training the unit of the
    budget. At each rung new candidates join those that are left, all come to the same work, and
    the best go on from where they stopped; the last one is trained to its end, and chosen if it is
    better than the recipe by more than a difference that luck makes with so few triples.

    Args:
        trials: trains settings on the graph.
        recipe: what suits the size of the graph.
        budget: what may be spent beside the training by the recipe.
        rank: whether the number of factors may change.
        rungs: each one's share of the budget, and how many candidates go on after it.
        tell: takes a line after each rung.

    Raises:
        ConfigError, DataError, RunError: as `fit`.
    """
    first = trials.run(recipe, recipe.epochs)
    tell(f"the recipe for this size: filtered MRR {first.mrr:.3f} after {first.epochs} epochs")
    trainings = budget.trainings(lambda: trials.seconds_per_epoch(recipe) * first.epochs)
    entities = len(trials.triples.entities)
    tried, alive = {first.key: first}, [first]
    table: list[tuple[Candidate, ...]] = []
    for number, (share, kept) in enumerate(rungs):
        near = fine_candidates(alive[0].recipe, entities=entities, rank=rank)
        proposed = [coarse_candidates(recipe), near] + [[]] * len(rungs)
        work = share * trainings * first.work
        fresh = _affordable(proposed[number], tried, work, first.epoch_work)
        ranked = _advance(trials, first, alive, fresh, work)
        tried |= {trial.key: trial for trial in ranked if trial.key != first.key}
        alive = ranked[:kept]
        for trial in ranked[kept:]:
            if trial.key != first.key:
                trials.drop(trial.recipe)
        table.append(_rows(ranked, kept))
        tell(_line(f"rung {number + 1} of {len(rungs)}", table[-1]))
    winner = trials.run(alive[0].recipe, recipe.epochs)
    tried |= {winner.key: winner}
    gain = winner.mrr - first.mrr
    better = gain > CHANCE / (2 * trials.validated(recipe)) ** 0.5
    ends = [first] if winner.key == first.key else [winner, first] if better else [first, winner]
    table.append(_rows(ends, 1))
    tell(_line("the end", table[-1]))
    spent = sum(trial.work for trial in tried.values()) / first.work - 1
    return Search(ends[0].recipe, str(budget), trainings, spent, tuple(table))


def _affordable(
    proposed: Sequence[TrainingRecipe], tried: Mapping[str, Trial], work: float, epoch_work: float
) -> list[TrainingRecipe]:
    """Those proposed settings that are new, as many of the first as can come to `LEAST` passes."""
    by_key = {recipe_key(recipe): recipe for recipe in proposed}
    new = [recipe for key, recipe in by_key.items() if key not in tried]
    return new[: max(1, int(work / (LEAST * epoch_work)))]


def _advance(
    trials: Trials,
    first: Trial,
    alive: Sequence[Trial],
    fresh: Sequence[TrainingRecipe],
    work: float,
) -> list[Trial]:
    """Candidates, old and new, trained to where all have cost the same, the best first.

    The recipe stands among them as it was when it had cost as much. New settings of which one
    pass costs more than that are not tried.
    """
    older = [trial for trial in alive if trial.key != first.key]
    runners = [*(trial.recipe for trial in older), *fresh]
    depth = (work + sum(trial.work for trial in older)) / max(1, len(runners))
    passes = {recipe_key(r): int(depth / epoch_work(r, trials.triples)) for r in runners}
    affordable = [recipe for recipe in runners if passes[recipe_key(recipe)]]
    others = [trials.run(r, min(passes[recipe_key(r)], r.epochs)) for r in affordable]
    return _ranked([trials.run(first.recipe, max(1, int(depth / first.epoch_work))), *others])


def _ranked(trained: Sequence[Trial]) -> list[Trial]:
    """The best first; of equals, the earlier one."""
    return sorted(trained, key=lambda trial: -trial.mrr)


def _rows(ranked: Sequence[Trial], kept: int) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(
            n3=trial.recipe.n3,
            relation_weight=trial.recipe.relation_weight,
            batch_size=trial.recipe.batch_size,
            negatives=trial.recipe.negatives,
            dim=trial.recipe.dim,
            epochs=trial.epochs,
            mrr=trial.mrr,
            kept=place < kept,
        )
        for place, trial in enumerate(ranked)
    )


def _line(stage: str, rung: Sequence[Candidate]) -> str:
    """A rung in words: how many candidates there were, how many are left, and the best."""
    best, left = rung[0], sum(candidate.kept for candidate in rung)
    return (
        f"{stage}: {len(rung)} candidates, {left} left; filtered MRR {best.mrr:.3f} after "
        f"{best.epochs} epochs with N3 {best.n3:g}, relation weight {best.relation_weight:g}, "
        f"batch {best.batch_size}, rank {best.dim}"
    )
