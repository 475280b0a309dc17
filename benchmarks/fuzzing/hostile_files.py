"""A folder of files of every kind that verbs read, whole and damaged, and of paths that are odd."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image
from safetensors.numpy import save as tensor_bytes

from fuzzing.ontologies import SAMPLES as ONTOLOGIES
from fuzzing.ontologies import mutated
from kgtransfer.experiments.arms import Arm
from kgtransfer.experiments.comparison import ArmScores
from kgtransfer.experiments.results import RunResult, signed
from kgtransfer.experiments.setting import SettingResult
from kgtransfer.utils.files import json_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "damage_run",
    "damaged",
    "forge",
    "make_run",
    "odd_paths",
    "place_damaged",
    "place_odd",
    "whole_files",
]

NAMES = (
    *("a\x1b[31mb", "a\u202eb.ttl", "ü ñ 細胞.png", "a\u200b.csv", "[red]x.toml", "-x", "a\nb"),
    *("[link=x]y[b].ttl", ":smile:"),
)
JUNK = (None, True, -1, 1e308, 10**400, "", "../../x", "a\x1b[2J\u202e", [], {}, [[]], {"": None})
TRIPLES = "".join(f"a{n}\tr{n % 2}\ta{n * 7 % 12}\n" for n in range(40))


def _image(kind: str, size: tuple[int, int] = (40, 40)) -> bytes:
    pixels = np.random.default_rng(0).integers(0, 256, (*size, 3), dtype=np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, format=kind)
    return stream.getvalue()


def _graph() -> bytes:
    stream = io.BytesIO()
    np.savez(stream, edge_index=np.array([[0, 1, 2], [1, 2, 0]]), x=np.eye(3), y=np.arange(3))
    return stream.getvalue()


def whole_files() -> dict[str, bytes]:
    """Small files that are as they should be, by name."""
    return {
        **{f"ontology{Path(name).suffix}": data for name, data in ONTOLOGIES.items()},
        "image.png": _image("PNG"),
        "image.jpg": _image("JPEG"),
        "image.tif": _image("TIFF"),
        "labels.csv": b"image,label\nimage.png,a\nimage.jpg,b\n",
        "graph.npz": _graph(),
        "records.jsonl": b'{"id": 1, "text": "a"}\n{"id": 2, "text": null}\n',
        "weights.safetensors": tensor_bytes({"conv.weight": np.zeros((2, 3), np.float32)}),
        "weights.pth": b"\x80\x02}q\x00.",
        "triples/train.tsv": TRIPLES.encode(),
        "triples/valid.tsv": b"a0\tr0\ta1\n",
        "packed/train.tsv.gz": gzip.compress(TRIPLES.encode()),
        "settings.toml": b"seeds = 1\narms = ['kg']\n[data]\npath = 'x'\n",
        "settings.py": b"raise SystemExit",
        "query.cypher": b"// What is there?\nMATCH (n) RETURN n.uri",
        "store.kglite": b"RGF\x01",
        "result.json": json.dumps({"pipeline": "wbc", "settings": []}).encode(),
        "source/m.py": b'def f(x):\n    """Say what f does of x."""\n    return x\n',
        "shapes/shapes.ttl": b"@prefix sh: <http://www.w3.org/ns/shacl#> . <a:s> a sh:NodeShape ; "
        b"sh:targetClass <a:c> ; sh:sparql [ sh:select 'SELECT $this WHERE { $this ' ] .",
    }  # fmt: skip


def damaged(data: bytes, rng: random.Random) -> bytes:
    """The file's content cut off, empty, with bytes of another kind, or changed here and there."""
    other = rng.choice(list(whole_files().values()))
    return rng.choice(
        (
            lambda: b"",
            lambda: data[: rng.randrange(len(data) + 1)],
            lambda: other,
            lambda: data + other,
            lambda: b"\0" * 64,
            lambda: rng.randbytes(100),
            lambda: mutated(data, rng),
            lambda: mutated(data, rng),
            lambda: mutated(data, rng),
        )
    )()


def odd_paths(folder: Path, rng: random.Random) -> str:
    """A path that no file should have, or that is none of a file."""
    return rng.choice(
        (
            *("", ".", "/", "..", "no/such/file", "/dev/null", "/proc/self/mem", "~nobody/x"),
            *("x" * 300, "y/" * 3_000, "https://kim:open-sesame@host/x.ttl", "a\udcffb", "-"),
            *("neo4j://[::1", "bolt://localhost:abc", "bolt:/kim:open-sesame@h", "HEAD:x"),
            *("bolt://h?password=open-sesame", "kim:open-sesame@host", "x?token=open-sesame"),
            *(str(folder / name) for name in NAMES),
            *(str(folder / name) for name in ("a folder", "a link", "a loop", "a pipe", "unread")),
        )
    )


def place_odd(folder: Path) -> None:
    """Make what `odd_paths` names."""
    for name in NAMES:
        (folder / name).write_bytes(b"odd")
    (folder / "a folder").mkdir(exist_ok=True)
    for name, target in (("a link", "nowhere"), ("a loop", "a loop")):
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(target)
    if not (folder / "a pipe").exists():
        os.mkfifo(folder / "a pipe")
    (folder / "unread").write_bytes(b"x")
    (folder / "unread").chmod(0)


def place_damaged(folder: Path, files: Mapping[str, bytes], rng: random.Random) -> None:
    """Write the files, one in three of them damaged."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(damaged(data, rng) if rng.random() < 1 / 3 else data)


def damage_run(run: Path, copy: Path, rng: random.Random) -> None:
    """A copy of a run's folder with one or two files damaged, missing or swapped."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(run, copy)
    if rng.random() < 0.5:
        forge(copy, rng)
        return
    files = sorted(path for path in copy.rglob("*") if path.is_file())
    for path in rng.sample(files, min(len(files), rng.choice((0, 1, 1, 2)))):
        change = rng.randrange(4)
        if change == 0:
            path.unlink()
        elif change == 1:
            path.write_bytes(rng.choice([file for file in files if file.exists()]).read_bytes())
        else:
            path.write_bytes(damaged(path.read_bytes()[:200_000], rng))


def make_run(folder: Path) -> Path:
    """The folder of a finished run: its scores are random, and it has no model."""
    scores = np.random.default_rng(0)
    arms = (
        Arm("none"),
        Arm("baseline", compare_to=("none",)),
        Arm("kg", "knowledge", compare_to=("baseline", "none", "shuffled")),
        Arm("shuffled", "placebo", compare_to=("baseline",)),
    )
    table = [ArmScores(arm, scores.random((2, 20)), 1.0, {"f1": [0.5, 0.4]}) for arm in arms]
    settings = {"source": SettingResult.of("source", table)}
    details = {"command": "kgtransfer train", "weights": {"http://e/a": 0.5}, "gates": {}}
    RunResult("wbc", "cells", "", "accuracy", [0, 1], settings, "images", details=details).save(
        folder
    )
    (folder / "ontology.ttl").write_bytes(ONTOLOGIES["a.ttl"])
    (folder / "run.toml").write_text("seeds = 2\n[ontology]\nvocabulary = 'ontology.ttl'\n")
    return folder


def forge(run: Path, rng: random.Random) -> None:
    """Put one value of a run's result.json into another's place, or junk, and sign it."""
    path = run / "result.json"
    try:
        content = json.loads(path.read_bytes())
        values = [(holder, key) for holder in _holders(content) for key in _keys(holder)]
        holder, key = rng.choice(values)
        other, other_key = rng.choice(values)
        holder[key] = rng.choice((*JUNK, other[other_key]))
        content.pop("sha256", None)
        path.write_bytes(json_bytes(signed(content)))
    except (OSError, ValueError, TypeError, IndexError):
        return  # damaged already


def _holders(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        yield value
        for item in value.values() if isinstance(value, dict) else value:
            yield from _holders(item)


def _keys(holder: Any) -> list[Any]:
    return list(holder) if isinstance(holder, dict) else list(range(len(holder)))
