"""A slice of the hostile command lines of `benchmarks/fuzz.py`, and what they found."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from fuzzing.arguments import Workshop, command_lines, verbs
from fuzzing.running import SECRET, run

SHELL = ("check", "diff", "sync", "query", "report", "runs", "versus", "promote")  # no networks


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    monkeypatch.chdir(tmp_path)
    return Workshop(tmp_path)


def test_every_verb_is_tried(workshop: Workshop) -> None:
    tried = {command_lines(workshop, random.Random(seed))[0] for seed in range(300)}
    assert tried == set(verbs())


@pytest.mark.slow
def test_hostile_command_lines_end_in_a_word(workshop: Workshop) -> None:
    for seed in range(40):
        rng = random.Random(f"slice {seed}")
        workshop.scatter(rng)
        line = command_lines(workshop, rng)
        if line[0] in SHELL:
            outcome = run(line, seconds=10)
            assert outcome.kind != "failed", (seed, line, outcome)


@pytest.mark.parametrize(
    "line",
    [
        ["sync", "ontology.ttl", "--store"],
        ["query", "hubs", "--store"],
        ["check"],
        ["diff", "ontology.ttl"],
        ["check", "ontology.ttl", "--shapes"],
        ["runs", "--store"],
        ["runs"],
        ["report"],
        ["promote"],
        ["query", "hubs", "--timeout"],
        ["query"],
        ["no-such-verb"],
        [],
    ],
)
@pytest.mark.parametrize(
    "address",
    [
        "neo4j://kim:{}@h",
        "bolt:/kim:{}@h",
        "kim:{}@h",
        "bolt://h?password={}",
        "https://{}@h/x.ttl",
    ],
)
def test_no_verb_repeats_a_secret(workshop: Workshop, line: list[str], address: str) -> None:
    workshop.folder.joinpath("ontology.ttl").write_bytes(workshop.files["ontology.ttl"])
    outcome = run([*line, address.format(SECRET)], seconds=20)
    assert outcome.kind == "refused", outcome
    written = [path for path in workshop.folder.rglob("*") if path.is_file()]
    kept = [path for path in written if path.stat().st_mode & 0o400]
    assert not [path for path in kept if SECRET.encode() in path.read_bytes()]
