"""A few hundred of the hostile inputs of `benchmarks/fuzz.py`."""

from __future__ import annotations

import random
import runpy
import socket
from pathlib import Path
from typing import NoReturn

import pytest

FUZZ = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "fuzz.py"))
FINE = ("read", "refused", "refused with its line")


def refuse(*_: object, **__: object) -> NoReturn:
    raise AssertionError("the network was asked for")


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", sorted(FUZZ["SAMPLES"]))
def test_hostile_inputs_give_a_graph_or_an_error_that_names_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    sample, outcome = FUZZ["SAMPLES"][name], FUZZ["outcome"]
    assert outcome(name, sample, tmp_path) in ("read", "refused with its line")
    for seed in range(60):
        data = FUZZ["mutated"](sample, random.Random(f"{name} {seed}"))
        result = outcome(name, data, tmp_path)
        assert result in FINE, (seed, data)
