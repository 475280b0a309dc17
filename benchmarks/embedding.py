"""Quality and speed of concept embeddings on public graphs.

    python benchmarks/embedding.py umls kinships                     # filtered metrics, 5 seeds
    python benchmarks/embedding.py fb15k237 --seeds 1 --dim 256      # 75 minutes of one core
    python benchmarks/embedding.py wn18rr+text --seeds 1             # reads the entities' texts too
    python benchmarks/embedding.py umls+loops kinships+loops         # all may answer themselves
    python benchmarks/embedding.py evaluation update inductive

Graphs are folders of `$KGTRANSFER_DATA/kg`. Settings are those that `kgtransfer embed --budget 0`
takes, but for what is given here; selection is on validation triples, test is ranked once. Each
figure goes to `results/embedding.json` under the name of its graph, the others stay.
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
from statistics import mean, stdev
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from kgtransfer.backbones.text import TextEncoder
from kgtransfer.embedding.kge.evaluate import Ranking, filtered_ranks
from kgtransfer.embedding.kge.features import text_features
from kgtransfer.embedding.kge.files import read_texts, read_triples
from kgtransfer.embedding.kge.fit import fit
from kgtransfer.embedding.kge.recipe import recipe_for
from kgtransfer.embedding.kge.scores import SCORES
from kgtransfer.embedding.kge.update import update
from kgtransfer.link_prediction.embed import embed_folder

if TYPE_CHECKING:
    from kgtransfer.embedding.kge.triples import Triples

RESULTS = Path(__file__).parent / "results" / "embedding.json"
DATA = Path(os.environ.get("KGTRANSFER_DATA", "data")) / "kg"


def quality(name: str, seeds: int, dim: int) -> dict[str, Any]:
    """Filtered metrics of a graph, by seed; of `NAME+text`, with texts."""
    folder, text = DATA / name.removesuffix("+text"), name.endswith("+text")
    encoder = TextEncoder.from_pretrained("minilm", max_tokens=48) if text else None
    with TemporaryDirectory() as out:  # one for all seeds, which share the vectors of texts
        runs = [
            embed_folder(folder, out, dim=dim, budget=0, text=encoder, seed=seed)
            for seed in range(seeds)
        ]
    mrr = [run["test"]["mrr"] for run in runs]
    return {"test_mrr": round(mean(mrr), 4), "sd": _sd(mrr), "per_seed": runs}


def with_loops(name: str, seeds: int, dim: int) -> dict[str, Any]:
    """Filtered metrics where an entity may answer for itself, as in most papers."""
    triples = read_triples(DATA / name.removesuffix("+loops"))
    recipe, ranking = recipe_for(len(triples.train), dim=dim), Ranking(triples)
    runs = []
    for seed in range(seeds):
        fitted = fit(triples, replace(recipe, no_loops=False), seed=seed)
        runs.append({"valid": fitted.valid, "test": ranking.metrics(fitted, triples.test)})
    mrr = [run["test"]["mrr"] for run in runs]
    return {"test_mrr": round(mean(mrr), 4), "sd": _sd(mrr), "per_seed": runs}


def evaluation() -> dict[str, Any]:
    """Test triples of FB15k-237 ranked per CPU-second, building the filter included."""
    from pykeen.evaluation import RankBasedEvaluator
    from pykeen.models import ComplEx
    from pykeen.triples import CoreTriplesFactory

    triples, dim, few = read_triples(DATA / "fb15k237"), 128, 256
    model = ComplEx(
        triples_factory=CoreTriplesFactory(
            torch.from_numpy(triples.train), len(triples.entities), len(triples.relations)
        ),
        embedding_dim=dim,
        random_seed=0,
    ).eval()
    some = triples.test[np.random.default_rng(0).permutation(len(triples.test))[:few]]
    evaluator = RankBasedEvaluator(filtered=True, clear_on_finalize=False)
    begin = time.process_time()
    evaluator.evaluate(
        model=model,
        mapped_triples=torch.from_numpy(some),
        additional_filter_triples=[torch.from_numpy(triples.all)],
        batch_size=32,
        use_tqdm=False,
    )
    theirs = few / (time.process_time() - begin)
    entities, relations = (
        torch.cat([rows.real, rows.imag], dim=1).detach()
        for rows in (model.entity_representations[0](), model.relation_representations[0]())
    )
    both = torch.cat([relations, relations * torch.tensor([1.0] * dim + [-1.0] * dim)])
    begin = time.process_time()
    known = Ranking(triples).true_triples
    filtered_ranks(SCORES["complex"], entities, both, triples.test, known)
    ours = len(triples.test) / (time.process_time() - begin)
    sides = [evaluator.ranks[side, "realistic"] for side in ("tail", "head")]
    expected = np.concatenate([ranks for side in sides for ranks in side])
    found = filtered_ranks(SCORES["complex"], entities.double(), both.double(), some, known)
    return {
        "triples_per_cpu_second": {"pykeen": round(theirs, 1), "ours": round(ours, 1)},
        "ratio": round(ours / theirs, 1),
        "pykeen_triples": few,
        "our_triples": len(triples.test),
        "largest_difference_of_a_rank": float(np.abs(found.numpy() - expected).max()),
    }


def updates(names: tuple[str, ...] = ("umls", "kinships"), seeds: int = 5) -> dict[str, Any]:
    """1 % of the training triples changed, half of them added and half removed.

    A removed triple counts as wrong afterwards, for the retrained model as for the updated one.
    """
    return {name: [one_update(name, seed) for seed in range(seeds)] for name in names}


def one_update(name: str, seed: int) -> dict[str, float]:
    triples = read_triples(DATA / name)
    recipe = recipe_for(len(triples.train))
    changed = np.random.default_rng(seed).permutation(len(triples.train))
    changed = changed[: round(0.01 * len(triples.train))]
    absent, gone = np.array_split(changed, 2)
    before = replace(triples, train=np.delete(triples.train, absent, axis=0))
    after = replace(triples, train=np.delete(triples.train, gone, axis=0))
    old = fit(before, recipe, seed=seed)
    begin = time.process_time()
    again = fit(after, recipe, seed=seed)
    retraining = time.process_time() - begin
    change = update(old, after, seed=seed)
    ranking = Ranking(after)
    states = {"before": old, "updated": change.fitted, "retrained": again}
    return {
        **{f"test_mrr_{k}": ranking.metrics(v, triples.test)["mrr"] for k, v in states.items()},
        "added_mrr_updated": change.new_facts["after"],
        "share_of_retraining_cpu": change.cpu_seconds / retraining,
        "drift_untouched": change.drift["untouched"],
    }


def inductive() -> dict[str, Any]:
    """Unseen entities described by text alone: learnt on one graph, ranked on another."""
    encoder = TextEncoder.from_pretrained("minilm", max_tokens=48)
    found = {}
    for name in ("wn18rr", "fb15k237"):
        texts, folder = read_texts(DATA / name), DATA / f"{name}_ind" / "v1"
        seen, unseen = _inductive(folder, "transductive"), _inductive(folder, "inference")
        unseen = _same_relations(unseen, seen)
        known, new = (text_features(t.entities, texts, encoder) for t in (seen, unseen))
        runs = []
        for seed in range(3):
            # Vectors of links are of no use for entities that have none.
            recipe = replace(recipe_for(len(seen.train), dim=8), epochs=1, cooldown=0)
            old = fit(seen, recipe, features=known, seed=seed)
            placed = update(old, unseen, features=new, epochs=0, seed=seed).fitted
            ranking = Ranking(unseen)
            runs.append(ranking.metrics(placed, unseen.test))
        mrr = [run["mrr"] for run in runs]
        found[f"{name}_ind_v1"] = {
            "test_mrr": round(mean(mrr), 4),
            "sd": _sd(mrr),
            "per_seed": runs,
            "candidates": len(unseen.entities),
        }
    return found


def _inductive(folder: Path, part: str) -> Triples:
    with TemporaryDirectory() as out:
        for split in ("train", "valid", "test"):
            (Path(out) / f"{split}.tsv.gz").write_bytes(
                (folder / f"{part}_{split}.tsv.gz").read_bytes()
            )
        return read_triples(out)


def _same_relations(triples: Triples, other: Triples) -> Triples:
    """The triples with the relations' rows of the other graph."""
    row = np.array([other.relations.index(name) for name in triples.relations])
    splits = {"train": triples.train, "valid": triples.valid, "test": triples.test}
    moved = {name: np.stack([r[:, 0], row[r[:, 1]], r[:, 2]], 1) for name, r in splits.items()}
    return replace(triples, relations=other.relations, **moved)


def _sd(values: list[float]) -> float:
    return round(stdev(values), 4) if len(values) > 1 else 0.0


SPECIAL = {"evaluation": evaluation, "update": updates, "inductive": inductive}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", default=["umls", "kinships", "nations", *SPECIAL])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--dim", type=int, default=128)
    given = parser.parse_args()
    torch.set_num_threads(1)
    for name in given.names:
        kind = with_loops if name.endswith("+loops") else quality
        result = SPECIAL[name]() if name in SPECIAL else kind(name, given.seeds, given.dim)
        note = {"command": f"python benchmarks/embedding.py {' '.join(sys.argv[1:])}"}
        note |= {"machine": f"{platform.machine()}, 1 thread", "torch": torch.__version__}
        held = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
        RESULTS.write_text(json.dumps(held | {name: note | result}, indent=1) + "\n")
        print(name, json.dumps({k: v for k, v in result.items() if k != "per_seed"}))


if __name__ == "__main__":
    main()
