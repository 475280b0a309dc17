"""CPU seconds to a filtered MRR of .33 on FB15k-237, beside PyKEEN's two training loops.

    python benchmarks/embedding_peers.py ours lcwa slcwa [--budget 900]

ComplEx of rank 128 everywhere, one thread. Filtered MRR is taken on the same 3,000 validation
triples after each epoch, outside the clock; a run ends at .33, at its budget, or after three
epochs without a gain. PyKEEN 1.11.1 has reciprocal relations, cross-entropy, Adagrad and initial
values as ours; each loop is run with every setting of `PEERS`, and the quickest counts. `n3`
weighs the sum of cubes of the moduli (`PowerSumRegularizer`), a mean over the heads and relations
of a batch and over what it is scored against: of the LCWA loop all entities, of the sLCWA loop its
negatives. That loop takes one negative triple at a time, so that it has 64 of them a positive.

Runs are kept by their setting in `results/embedding_peers.json`, each with its command.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import json
import os
import platform
import sys
import time
from pathlib import Path
from typing import Any

import torch

from kgtransfer.embedding.kge.evaluate import Ranking, filtered_ranks, ranking_metrics
from kgtransfer.embedding.kge.files import read_triples
from kgtransfer.embedding.kge.learner import Learner
from kgtransfer.embedding.kge.recipe import recipe_for
from kgtransfer.embedding.kge.scores import SCORES

RESULTS = Path(__file__).parent / "results" / "embedding_peers.json"
DATA = Path(os.environ.get("KGTRANSFER_DATA", "data")) / "kg" / "fb15k237"
GOAL, DIM, PATIENCE = 0.33, 128, 3  # epochs without a gain end a run
PEERS: dict[str, list[dict[str, Any]]] = {
    "lcwa": [
        {"batch_size": 256, "lr": 0.1, "n3": 0.0},
        {"batch_size": 1024, "lr": 0.1, "n3": 0.05},
        {"batch_size": 256, "lr": 0.1, "n3": 0.05},
        {"batch_size": 256, "lr": 0.1, "n3": 0.01},
        {"batch_size": 1024, "lr": 0.1, "n3": 0.2},
    ],
    "slcwa": [
        {"batch_size": 1024, "lr": 0.1, "n3": 0.0},
        {"batch_size": 1024, "lr": 0.1, "n3": 0.01},
    ],
}


class Reached(Exception):
    """The goal, the end of the budget, or of all gain."""


class Clock:
    """CPU seconds of training, and the curve of validation MRR over them."""

    def __init__(self, budget: float) -> None:
        self.budget, self.spent, self.curve = budget, 0.0, list[tuple[float, float]]()
        self._start = time.process_time()

    def note(self, mrr: float, spent: float) -> None:
        """A point of the curve; raises `Reached` at the last one."""
        self.curve.append((round(spent, 1), round(mrr, 4)))
        print(self.curve[-1], flush=True)
        heights = [height for _, height in self.curve]
        flat = len(heights) - heights.index(max(heights)) > PATIENCE
        if mrr >= GOAL or spent >= self.budget or flat:
            raise Reached

    def stop(self) -> float:
        """Seconds so far."""
        self.spent += time.process_time() - self._start
        return self.spent

    def go_on(self) -> None:
        """Count from here on."""
        self._start = time.process_time()

    def result(self) -> dict[str, Any]:
        """Seconds to the goal, null where it was not reached, and the curve."""
        reached = next((spent for spent, mrr in self.curve if mrr >= GOAL), None)
        best = max(mrr for _, mrr in self.curve)
        return {"cpu_seconds": reached, "best_mrr": best, "curve": self.curve}


def ours(budget: float) -> dict[str, Any]:
    """The recipe that `kgtransfer embed` takes by itself."""
    triples = read_triples(DATA)
    ranking = Ranking(triples)
    sample = ranking.sample(3_000, 0)
    clock = Clock(budget)
    learner = Learner(triples, recipe_for(len(triples.train), dim=DIM))
    clock.go_on()
    with contextlib.suppress(Reached):
        for epoch in range(1, 100):
            learner.learn(epoch)
            spent = clock.stop()
            clock.note(ranking.metrics(learner.snapshot(epoch), sample)["mrr"], spent)
            clock.go_on()
    return clock.result()


def peer(loop: str, setting: dict[str, Any], budget: float) -> dict[str, Any]:
    """One of PyKEEN's loops with one setting."""
    from pykeen.models import ComplEx
    from pykeen.regularizers import PowerSumRegularizer
    from pykeen.training import LCWATrainingLoop, SLCWATrainingLoop, TrainingCallback
    from pykeen.triples import CoreTriplesFactory

    triples = read_triples(DATA)
    ranking = Ranking(triples)
    sample = ranking.sample(3_000, 0)
    factory = CoreTriplesFactory(
        torch.from_numpy(triples.train),
        len(triples.entities),
        len(triples.relations),
        create_inverse_triples=True,
    )
    small = functools.partial(torch.nn.init.normal_, std=1e-3)
    n3 = setting["n3"]
    model = ComplEx(
        triples_factory=factory,
        embedding_dim=DIM,
        loss="crossentropy",
        regularizer=PowerSumRegularizer(p=3.0, weight=n3) if n3 else None,
        entity_initializer=small,
        relation_initializer=small,
        random_seed=0,
    )
    clock = Clock(budget)

    class Watch(TrainingCallback):
        def post_epoch(self, epoch: int, epoch_loss: float, **kwargs: Any) -> None:
            spent = clock.stop()
            rows = [model.entity_representations[0](), model.relation_representations[0]()]
            entities, relations = (torch.cat([v.real, v.imag], 1).detach() for v in rows)
            halves = torch.cat([relations[0::2], relations[1::2]])
            ranks = filtered_ranks(
                SCORES["complex"], entities, halves, sample, ranking.true_triples
            )
            clock.note(ranking_metrics(ranks)["mrr"], spent)
            clock.go_on()

    kinds = {"lcwa": LCWATrainingLoop, "slcwa": SLCWATrainingLoop}
    negatives = {"negative_sampler_kwargs": {"num_negs_per_pos": 64}} if loop == "slcwa" else {}
    trainer = kinds[loop](
        model=model,
        triples_factory=factory,
        optimizer="adagrad",
        optimizer_kwargs={"lr": setting["lr"]},
        **negatives,
    )
    clock.go_on()
    with contextlib.suppress(Reached):
        trainer.train(
            factory,
            num_epochs=100,
            batch_size=setting["batch_size"],
            use_tqdm=False,
            callbacks=[Watch()],
        )
    return setting | clock.result()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", default=["ours", *PEERS])
    parser.add_argument("--budget", type=float, default=1_200.0, help="CPU seconds of a run")
    parser.add_argument("--settings", type=int, nargs="*", help="which of a loop's, by number")
    given = parser.parse_args()
    torch.set_num_threads(1)
    for name in given.names:
        settings = PEERS.get(name, [{}])
        numbers = range(len(settings)) if given.settings is None else given.settings
        for number in numbers:
            setting = settings[number]
            _keep(name, peer(name, setting, given.budget) if setting else ours(given.budget))


def _keep(name: str, run: dict[str, Any]) -> None:
    """Write a run in the place of an earlier one of the same setting."""
    note = {
        "command": f"python benchmarks/embedding_peers.py {' '.join(sys.argv[1:])}",
        "machine": f"{platform.machine()}, 1 thread",
    }
    held = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
    same = [each for each in held.get(name, []) if _setting(each) == _setting(run)]
    held[name] = [each for each in held.get(name, []) if each not in same] + [note | run]
    RESULTS.write_text(json.dumps(held, indent=1) + "\n")


def _setting(run: dict[str, Any]) -> list[Any]:
    return [run.get(key) for key in ("batch_size", "lr", "n3")]


if __name__ == "__main__":
    main()
