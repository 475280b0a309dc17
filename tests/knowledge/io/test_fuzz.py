"""A few hundred of the hostile ontologies of `benchmarks/fuzz.py`."""

from __future__ import annotations

import random
import socket
from pathlib import Path
from typing import NoReturn

import pytest

from fuzzing.ontologies import SAMPLES, mutated, outcome

FINE = ("read", "refused", "refused with its line")


def refuse(*_: object, **__: object) -> NoReturn:
    raise AssertionError("the network was asked for")


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_hostile_inputs_give_a_graph_or_an_error_that_names_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    sample = SAMPLES[name]
    assert outcome(name, sample, tmp_path) in ("read", "refused with its line")
    for seed in range(60):
        data = mutated(sample, random.Random(f"{name} {seed}"))
        result = outcome(name, data, tmp_path)
        assert result in FINE, (seed, data)
