"""Trainings that several processes share, started as a user starts them."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
import torch

SCRIPT = """
import json, os, pathlib, sys, torch
import numpy as np
from kgtransfer.embedding.kge.fit import fit
from kgtransfer.embedding.kge.recipe import TrainingRecipe
from kgtransfer.embedding.kge.triples import Triples

folder, batch = pathlib.Path(sys.argv[1]), int(sys.argv[2])
n = 12
ring = np.array([[i, r, (i + step) % n] for r, step in ((0, 1), (1, 2)) for i in range(n)])
names = tuple(map(str, range(n)))
told = []
fitted = fit(
    Triples(names, ("next", "after"), ring, ring[::5], ring[:0]),
    TrainingRecipe(dim=16, batch_size=batch, epochs=20, n3=0.001, patience=20),
    checkpoint=folder / "checkpoint",
    progress=lambda news, done: told.append(news),
)
rank = os.environ["RANK"]
torch.save(
    {"entities": fitted.entities, "mrr": fitted.valid["mrr"], "told": len(told)},
    folder / f"{rank}.pt",
)
"""


def two_processes(*what: str) -> str:
    """Run a script or a module so; returns what both print."""
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2"]
    command += ["--standalone", "--local-addr", "127.0.0.1", *what]
    environment = os.environ | {"GLOO_SOCKET_IFNAME": "lo", "OMP_NUM_THREADS": "1"}
    ended = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE, text=True)
    return ended.stdout


@pytest.mark.slow
@pytest.mark.parametrize("batch", [10, 1_000])
def test_two_processes_end_with_the_same_finite_vectors(tmp_path, batch):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    # On the CPU `accelerate launch` starts several processes only through MPI.
    two_processes(str(script), str(tmp_path), str(batch))
    first, second = (torch.load(tmp_path / f"{rank}.pt") for rank in range(2))
    assert torch.equal(first["entities"], second["entities"])
    assert first["entities"].isfinite().all()
    assert first["mrr"] == second["mrr"] >= 0.9
    assert (first["told"], second["told"]) == (20, 0)
    assert json.loads((tmp_path / "checkpoint" / "last" / "model.json").read_text())


@pytest.mark.slow
def test_one_of_two_processes_writes_and_tells(tmp_path):
    (tmp_path / "train.tsv").write_text("a\tr\tb\nb\tr\tc\nc\tr\ta\n")
    out = tmp_path / "out"
    command = ["-m", "kgtransfer", "embed", str(tmp_path), "--out", str(out), "--epochs", "2"]
    assert two_processes(*command).count("3 concepts") == 1
    assert json.loads((out / "result.json").read_text())["entities"] == 3
    assert not (out / "checkpoint").exists()
