"""What a search of settings within a budget reaches on graphs that nobody tuned on.

    python benchmarks/embedding_search.py search --seeds 1   # by the recipe, and by a search
    python benchmarks/embedding_search.py grid               # long trainings: the best known
    python benchmarks/embedding_search.py leave-one-out      # replays halvings on their curves

UMLS, Kinships and Nations are whole. FB15k-237 and CoDEx-M are induced subgraphs: 1,500 entities
drawn from the 4,000 of the highest degree, and 1,800 from 2,500, with the links of each split among
them. WN18RR is its published inductive part v1. `search --graphs "fb15k237 v2"`, another part of
FB15k-237, was run once, when the search was as it is. The full graphs are not run here. Selection
is on validation triples; test is ranked once a training. Rows go to
`results/embedding_search.json` as they come, and those that are there are not made again. One
thread.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from dataclasses import replace
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

import numpy as np
import torch

from kgtransfer.embedding.kge.budget import Budget
from kgtransfer.embedding.kge.evaluate import Ranking
from kgtransfer.embedding.kge.files import read_triples
from kgtransfer.embedding.kge.fit import fit
from kgtransfer.embedding.kge.recipe import TrainingRecipe, recipe_for
from kgtransfer.embedding.kge.search import CHANCE, LEAST, RUNGS, search
from kgtransfer.embedding.kge.trials import Trials
from kgtransfer.embedding.kge.triples import Rows, Triples
from kgtransfer.embedding.kge.work import epoch_work

RESULTS = Path(__file__).parent / "results" / "embedding_search.json"
DATA = Path(os.environ.get("KGTRANSFER_DATA", "data")) / "kg"
GRAPHS = ("nations", "umls", "kinships", "wn18rr part", "codex_m part", "fb15k237 part")
PARTS = {"wn18rr part": "wn18rr_ind/v1", "fb15k237 v2": "fb15k237_ind/v2"}
# What is chosen on all graphs but one: shares and survivors of the rungs, and the margin.
SHAPES = {"three rungs": RUNGS, "two rungs": ((0.5, 2), (0.3, 1)), "one rung": ((0.8, 1),)}
CHANCES = (0.0, CHANCE, 2 * CHANCE)

# N3, relation weight, batch, rank and learning rate of the long trainings; the recipe's come first.
Values: TypeAlias = tuple[float, ...]
SMALL = (
    *((n3, weight, 100, 128, 0.1) for weight in (1.0, 0.0) for n3 in (0.02, 0.1, 0.05, 0.005)),
    *((n3, 4.0, 100, 128, 0.1) for n3 in (0.02, 0.05)),
    *((n3, 0.25, 100, 128, 0.1) for n3 in (0.02, 0.1, 0.005)),
    *((0.02, weight, 500, 128, 0.1) for weight in (0.0, 1.0)),
    *((0.02, 1.0, 100, dim, 0.1) for dim in (64, 256)),
)
MIDDLE = (
    *((n3, 0.0, 500, 128, 0.1) for n3 in (0.1, 0.05, 0.02, 0.01, 0.005, 0.002)),
    *((0.02, 1.0, 100, 128, 0.1), (0.02, 0.0, 100, 128, 0.1), (0.005, 0.0, 100, 128, 0.1)),
    *((0.005, 0.25, 500, 128, 0.1), (0.005, 1.0, 500, 128, 0.1), (0.005, 0.0, 500, 128, 0.2)),
    *((n3, 0.0, 500, 256, 0.1) for n3 in (0.005, 0.02, 0.05)),
)


def graph(name: str) -> Triples:
    """Name -> a graph, whole or a part."""
    if name == "fb15k237 part":
        return _induced(read_triples(DATA / "fb15k237"), 4_000, 1_500)
    if name == "codex_m part":
        return _induced(read_triples(DATA / "codex_m"), 2_500, 1_800)
    if name in PARTS:
        return _inductive(DATA / PARTS[name])
    return read_triples(DATA / name)


def _induced(triples: Triples, most: int, count: int) -> Triples:
    """The links among some of the entities of the highest degree that train has."""
    size = len(triples.entities)
    degree = np.bincount(triples.train[:, [0, 2]].ravel(), minlength=size)
    drawn = np.sort(np.random.default_rng(0).permutation(most)[:count])
    chosen = np.zeros(size, dtype=bool)
    chosen[np.argsort(-degree, kind="stable")[:most][drawn]] = True

    def among(rows: Rows) -> Rows:
        return rows[chosen[rows[:, 0]] & chosen[rows[:, 2]]]

    train = among(triples.train)
    entities, relations = np.unique(train[:, [0, 2]]), np.unique(train[:, 1])
    row, link = np.full(size, -1), np.full(len(triples.relations), -1)
    row[entities], link[relations] = np.arange(len(entities)), np.arange(len(relations))

    def numbered(rows: Rows) -> Rows:
        moved = np.stack([row[rows[:, 0]], link[rows[:, 1]], row[rows[:, 2]]], axis=1)
        return moved[(moved >= 0).all(axis=1)]

    return Triples(
        tuple(triples.entities[i] for i in entities),
        tuple(triples.relations[i] for i in relations),
        numbered(train),
        numbered(among(triples.valid)),
        numbered(among(triples.test)),
    )


def _inductive(folder: Path) -> Triples:
    with TemporaryDirectory() as out:
        for split in ("train", "valid", "test"):
            content = (folder / f"transductive_{split}.tsv.gz").read_bytes()
            (Path(out) / f"{split}.tsv.gz").write_bytes(content)
        return read_triples(out)


def searches(names: list[str], seeds: int, budget: str) -> None:
    """Recipe and chosen settings on each graph, by seed."""
    for name in names:
        for seed in range(seeds):
            key = f"{name}, seed {seed}, {budget}"
            if key not in _results().get("search", {}):
                _add("search", key, one_search(name, seed, budget))


def one_search(name: str, seed: int, budget: str) -> dict[str, Any]:
    triples = graph(name)
    ranking, recipe = Ranking(triples), recipe_for(len(triples.train))
    with TemporaryDirectory() as folder:
        trials = Trials(triples, Path(folder), seed=seed, device="cpu", progress=lambda m, d: None)
        begin = time.process_time()
        trials.run(recipe, recipe.epochs)
        alone = time.process_time() - begin
        result = search(trials, recipe, Budget.of(budget))
        total = time.process_time() - begin
        ends = {}
        for candidate in result.rungs[-1]:
            named = {k: v for k, v in vars(candidate).items() if hasattr(recipe, k)}
            settings = replace(recipe, **named | {"epochs": recipe.epochs})
            fitted = fit(triples, settings, seed=seed, checkpoint=trials.checkpoint(settings))
            ends["recipe" if settings == recipe else "winner"] = {
                "valid": round(fitted.valid["mrr"], 4),
                "test": round(ranking.metrics(fitted, triples.test)["mrr"], 4),
                "valid_before_the_cooldown": round(candidate.mrr, 4),
                **{k: named[k] for k in ("n3", "relation_weight", "batch_size", "dim")},
            }
    return {
        "links": len(triples.train),
        "validation_triples": len(triples.valid),
        **ends,
        "chosen": "recipe" if result.recipe == recipe else "winner",
        "cpu_seconds_of_the_recipe": round(alone, 1),
        "cpu_seconds_in_all": round(total, 1),
        "search": result.summary(),
    }


def grid(names: list[str]) -> None:
    """Long trainings of many settings, seed 0: the best on validation is the best known."""
    for name in names:
        for values in SMALL if name in GRAPHS[:4] else MIDDLE:
            if _key(name, values) not in _results().get("grid", {}):
                _add("grid", _key(name, values), one_training(name, values))


def one_training(name: str, values: Values) -> dict[str, Any]:
    triples = graph(name)
    begin = time.process_time()
    fitted = fit(triples, replace(_recipe(values), epochs=60, patience=5))
    return {
        "cpu_seconds": round(time.process_time() - begin, 2),
        "valid": round(fitted.valid["mrr"], 4),
        "test": round(Ranking(triples).metrics(fitted, triples.test)["mrr"], 4),
        "history": [round(mrr, 4) for mrr in fitted.history.values()],
    }


def leave_one_out() -> None:
    """Halvings replayed on the curves of the long trainings: shape and margin are chosen on others.

    The candidates are the grid's settings instead of those that a search proposes. Settings are
    chosen on validation triples; shape and margin by the mean test MRR of the other graphs.
    """
    rows = _results()["grid"]
    curves = {
        name: {v: rows[_key(name, v)] for v in grid if _key(name, v) in rows}
        for name in GRAPHS
        for grid in (SMALL if name in GRAPHS[:4] else MIDDLE,)
    }
    curves = {name: known for name, known in curves.items() if len(known) >= 5}
    options = [(shape, chance) for shape in SHAPES for chance in CHANCES]
    picks = {
        (name, option): replay(graph(name), known, SHAPES[option[0]], option[1])
        for name, known in curves.items()
        for option in options
    }

    def others(option: tuple[str, float], left_out: str) -> float:
        names = [name for name in curves if name != left_out]
        return mean(curves[name][picks[name, option]]["test"] for name in names)

    for name, known in curves.items():
        best = max(options, key=lambda option: others(option, name))
        top = max(known.values(), key=lambda row: row["valid"])
        row = {
            "chosen_on_the_others": f"{best[0]}, margin {best[1]}",
            "test": known[picks[name, best]]["test"],
            "test_by_the_recipe": next(iter(known.values()))["test"],
            "test_of_the_best_on_validation": top["test"],
            "all_options": {
                f"{o[0]}, margin {o[1]}": known[picks[name, o]]["test"] for o in options
            },
            "settings": len(known),
        }
        _add("leave one out", name, row)


def replay(
    triples: Triples,
    known: dict[Values, dict[str, Any]],
    rungs: tuple[tuple[float, int], ...],
    chance: float,
) -> Values:
    """Curves of settings -> those that a halving with twice the first one's work ends with."""
    first = next(iter(known))
    work = {values: epoch_work(_recipe(values), triples) for values in known}
    unit = len(known[first]["history"]) * work[first]
    most = max(1, int(rungs[0][0] * 2 * unit / (LEAST * work[first])))
    alive, depth = list(known)[1 : most + 1], 0.0

    def reached(values: Values) -> float:
        history = known[values]["history"]
        return max(history[: max(1, int(depth / work[values]))])

    for share, kept in rungs:
        depth += share * 2 * unit / len(alive)
        alive = sorted(alive, key=reached, reverse=True)[:kept]
    ends = {values: max(known[values]["history"]) for values in (first, alive[0])}
    margin = chance / (2 * min(len(triples.valid), 3_000)) ** 0.5
    return alive[0] if ends[alive[0]] - ends[first] > margin else first


def _key(name: str, values: Values) -> str:
    return f"{name}, {', '.join(map(str, values))}"


def _recipe(values: Values) -> TrainingRecipe:
    n3, relation_weight, batch_size, dim, lr = values
    return TrainingRecipe(
        n3=n3, relation_weight=relation_weight, batch_size=int(batch_size), dim=int(dim), lr=lr
    )


def _results() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
    return content


def _add(part: str, key: str, row: dict[str, Any]) -> None:
    results = _results()
    results |= {"machine": f"{platform.machine()}, 1 thread", "torch": torch.__version__}
    commands = results.setdefault("commands", {})
    commands[part] = f"python benchmarks/embedding_search.py {' '.join(sys.argv[1:])}"
    results.setdefault(part, {})[key] = row
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    print(
        part,
        key,
        json.dumps({k: v for k, v in row.items() if k not in ("search", "history")}),
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["search", "grid", "leave-one-out"])
    parser.add_argument("--graphs", default=",".join(GRAPHS))
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--budget", default="2x")
    given = parser.parse_args()
    torch.set_num_threads(1)
    names = given.graphs.split(",")
    if given.what == "search":
        searches(names, given.seeds, given.budget)
    elif given.what == "grid":
        grid(names)
    else:
        leave_one_out()


if __name__ == "__main__":
    main()
