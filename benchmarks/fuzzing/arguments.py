"""Hostile command lines: every verb, under any arguments, settings and files, ends in a word.

Verbs and options are read from the command line's own description, settings from their models, so
that a new one is tried without being named here. What counts as a failure: any exception but a
`KgTransferError` or an error of usage, of the system or of memory; a traceback, a secret or
something that steers a terminal in what is printed; JSON that is none; use of the network; a crash.
"""

from __future__ import annotations

import contextlib
import faulthandler
import importlib
import json
import os
import random
import resource
import runpy
import tempfile
import tomllib
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer.main
from pydantic import BaseModel

from fuzzing.base import Tally
from fuzzing.hostile_files import (
    damage_run,
    make_run,
    odd_paths,
    place_damaged,
    place_odd,
    whole_files,
)
from fuzzing.running import SECRET, loopback_only, run
from kgtransfer.cli import app

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Workshop", "battery", "command_lines", "setting_lines", "verbs"]

ROOT = Path(__file__).parents[2]
LIMIT = 20.0  # seconds a command
CHUNK = 100
MEMORY = 24 << 30  # bytes of address space
NUMBERS = (
    *("0", "-1", "1", "2", "99999999999", "9" * 5_000, "nan", "inf", "-inf", "1e400", "0x10", ""),
)
TEXTS = (
    *("", " ", "none", "x", "a\x1b[2Jb", "a\u202eb", "[red]x[/nope]", "\U000e0041", "a=b"),
    *("x" * 9_000, f"password={SECRET}", f"bolt://kim:{SECRET}@h", "MATCH (n) RETURN n", "a,b"),
    *("MATCH (", "hubs", "CREATE (n:X) RETURN n", "RETURN 1.0/0 AS x", "-p", "--", "{}"),
    *("uri=http://e/a", "cpu", "cuda:9", "auto", "minilm", "complex", "resnet18", "word2vec"),
    *("attribute", "kg", "\udcff", "a\nb"),
)
VALUES = (  # of settings, in TOML
    *("true", "0", "1", "-1", "1.0", "nan", "inf", "-inf", "99999999999999999999", "9" * 5_000),
    *("''", "'x'", "[]", "[1]", "['x']", "[[1]]", "[true]", "{}", "{x = 1}", "1979-05-27"),
    *("07:32:00", "1979-05-27T07:32:00Z", '"\\u0000"', '"\\u001b[2J\\u202e"', "'/dev/null'"),
    *(f"'s3://kim:{SECRET}@h'", f"'{'x' * 9_000}'", "['kg', 'kg']", "'random'", "1e-400", "2"),
    *("32", "[-1]", "[nan]", "[0.5, 0.5, 0.0]"),
)
KINDS = (  # a word of an option's help -> files that would fit it
    ("run", ("a run", "an embedding")),
    ("embedding", ("an embedding",)),
    ("store", ("a.kglite", "store.kglite")),
    ("ontolog", ("ontology.ttl", "ontology.obo", "ontology.owl", "triples", "packed")),
    ("shapes", ("shapes",)),
    ("image", (".", "image.png", "image.jpg", "image.tif")),
    ("scene", ("image.png", "image.jpg")),
    ("TOML", ("settings.toml", "wbc.toml", "code_search.toml", "graph_control.toml")),
    ("Folder for", ("out", "out 2")),
)  # fmt: skip


class Workshop:
    """A folder of hostile files, and commands that are to stumble over them."""

    def __init__(self, folder: Path, runs: Sequence[Path] = ()) -> None:
        self.folder, self.runs, self.files = folder, runs, whole_files()
        for script in (ROOT / "pipelines").glob("*.toml"):
            self.files[script.name] = script.read_bytes()
            (folder / _script(script).name).write_bytes(_script(script).read_bytes())
        place_odd(folder)

    def scatter(self, rng: random.Random) -> None:
        """Write all files anew, some of them damaged."""
        place_damaged(self.folder, self.files, rng)
        for run_ in self.runs:
            damage_run(run_, self.folder / run_.name, rng)

    def path(self, rng: random.Random, about: str) -> str:
        """A path for an option with such a help text: one that fits, or any."""
        fitting = [name for word, names in KINDS if word in about for name in names]
        if fitting and rng.random() < 0.75:
            return str(self.folder / rng.choice(fitting))
        if rng.random() < 0.5:
            return str(self.folder / rng.choice(list(self.files)))
        return odd_paths(self.folder, rng)


@cache
def verbs() -> dict[str, Any]:
    """The command line's verbs by name, with what they say of their arguments."""
    group: Any = typer.main.get_command(app)
    return dict(group.commands)


def command_lines(workshop: Workshop, rng: random.Random) -> list[str]:
    """A verb with arguments of any kind, most of which could be meant."""
    name = rng.choice(sorted(verbs()))
    line = [name]
    for param in verbs()[name].params:
        if param.param_type_name == "option" and not param.required and rng.random() < 0.6:
            continue
        if param.param_type_name == "argument" and rng.random() < 0.03:
            continue
        if param.param_type_name == "option":
            line.append(rng.choice([*param.opts, *param.secondary_opts]))
        if not getattr(param, "is_flag", False):
            line += [_value(workshop, rng, param) for _ in range(2 if rng.random() < 0.1 else 1)]
    if rng.random() < 0.05:
        line.append(rng.choice(TEXTS))
    return line


def setting_lines(workshop: Workshop, rng: random.Random) -> list[str]:
    """`train` with one to three settings of a pipeline set to anything."""
    script = rng.choice(sorted((ROOT / "pipelines").glob("*.toml")))
    schema = runpy.run_path(str(_script(script)), run_name="pipeline")["Config"]
    line = [
        "train",
        str(script),
        "--out",
        str(workshop.folder / "run"),
        "--set",
        "data.path=triples",
    ]
    for _ in range(rng.choice((1, 1, 2, 3))):
        name = rng.choice([*_settings(schema), "unknown", "data.unknown", "a.b.c", ""])
        value = rng.choice(VALUES)
        line += ["--set", f"{name}={value}"]
    return line


def _script(toml: Path) -> Path:
    """Settings -> the pipeline that reads them: that of their name, or the one that they name."""
    beside = toml.with_suffix(".py")
    named = tomllib.loads(toml.read_text(encoding="utf-8")).get("pipeline", "")
    return beside if beside.is_file() else toml.with_name(f"{named}.py")


def _settings(schema: type[BaseModel], before: str = "") -> Iterator[str]:
    for name, field in schema.model_fields.items():
        yield before + name
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _settings(field.annotation, f"{before}{name}.")


def _value(workshop: Workshop, rng: random.Random, param: Any) -> str:
    kind, about = str(param.type_descriptor.annotation), str(param.help)
    if "Path" in kind:
        return workshop.path(rng, about)
    if "int" in kind or "float" in kind:
        return rng.choice((*NUMBERS, *TEXTS)) if rng.random() < 0.3 else rng.choice(NUMBERS)
    return rng.choice(TEXTS) if rng.random() < 0.6 else workshop.path(rng, about)


def battery(inputs: int) -> Tally:
    """Try command lines in processes of their own: a crash loses one chunk."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        runs = _made(Path(folder))
        for start in range(0, inputs, CHUNK):
            with ProcessPoolExecutor(1) as pool:
                try:
                    chunk = pool.submit(_chunk, start, min(CHUNK, inputs - start), runs)
                    tally.add(chunk.result())
                except BrokenProcessPool:
                    tally.outcomes["crashed"] += 1
                    tally.complaints.append(f"crash between {start} and {start + CHUNK}")
            print(f"{start + CHUNK:>7} inputs, {len(tally.complaints)} failures", flush=True)
    return tally


def _made(folder: Path) -> list[Path]:
    """An embedding and a run, made by the verbs themselves."""
    (folder / "triples").mkdir()
    for name, data in whole_files().items():
        if name.startswith("triples/"):
            (folder / name).write_bytes(data)
    embedding = folder / "an embedding"
    run(["embed", str(folder / "triples"), "--out", str(embedding), "--dim", "4", "--epochs", "1"],
        seconds=120)  # fmt: skip
    return [path for path in (embedding, make_run(folder / "a run")) if path.is_dir()]


def _chunk(start: int, count: int, runs: Sequence[Path]) -> Tally:
    importlib.import_module("torch")  # cut off by the time limit, it could not be imported again
    loopback_only()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        workshop = Workshop(Path(folder), runs)
        for seed in range(start, start + count):
            rng = random.Random(seed)
            workshop.scatter(rng)
            lines = setting_lines if rng.random() < 0.25 else command_lines
            line = lines(workshop, rng)
            faulthandler.dump_traceback_later(LIMIT * 4, exit=True)
            outcome = run(line, seconds=LIMIT)
            faulthandler.cancel_dump_traceback_later()
            tally.outcomes[f"{line[0]}: {outcome.kind}"] += 1
            if outcome.kind == "failed":
                complaint = f"{seed} {json.dumps(line)[:300]}: {outcome.complaint}"
                tally.complaints.append(complaint)
                print(complaint, flush=True)
            os.chdir(folder)
    return tally
