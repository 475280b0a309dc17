"""Code search as it is served: re-index after an edit, and an answer among 100,000 functions.

    python benchmarks/code_speed.py --out benchmarks/results/code_speed.json

Re-index: a repository of 10,000 functions is generated (500 modules with imports, classes, calls);
one function of it is edited, again and again, under the real encoder, `warm`: in the process that
`kgtransfer serve --watch` is, until a question has been answered by cosine and BM25. Vectors of the
texts before the edits are drawn at random: no edit encodes them, and what they are takes no time.

Other programs on the machine lengthen the seconds: those of the processor stand beside them.

Answers: 100,000 vectors of the width of MiniLM in 2,000 clusters with decaying variance, questions
encoded by the real encoder, then answered with all they take: evidence and code. Recall is of the
ten nearest by the index, against all cosines, over vectors beside those of the functions.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F

import kgtransfer as kgt
from kgtransfer.code.corpus import Snippet
from kgtransfer.code.graphs.api import build_code_graph
from kgtransfer.code.index import SearchIndex
from kgtransfer.code.languages.reading import read_modules
from kgtransfer.code.live.index import LiveIndex
from kgtransfer.code.live.sources import Sources
from kgtransfer.code.verbalisers.functions import FUNCTIONS
from kgtransfer.conditioning.attachment import condition
from kgtransfer.embedding.concepts import ConceptEmbeddings
from kgtransfer.grounding.base import Grounding
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.retrieval.context_gate import ContextGate
from kgtransfer.retrieval.neighbours import Neighbours, nearest
from kgtransfer.retrieval.vectors import TextVectors
from kgtransfer.utils.files import json_bytes, write_atomically

FUNCTIONS_A_MODULE, MODULES, WIDTH = 20, 500, 384
LEXICAL = 0.5  # weight of BM25, which looks at all functions
WORDS = "read write parse load save send fetch merge split count sort find close open build"
THINGS = "row file table header packet user order price token graph node image frame buffer"
VERBS, NOUNS = WORDS.split(), THINGS.split()
QUESTIONS = ("read the rows of a table", "send a packet to a user", "sort orders by their price")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/code_speed.json"))
    parser.add_argument("--functions", type=int, default=100_000)
    parser.add_argument("--edits", type=int, default=10)
    chosen = parser.parse_args()
    encoder = kgt.TextEncoder.from_pretrained("minilm")
    with tempfile.TemporaryDirectory() as folder:
        reindex = measured_edits(Path(folder), encoder, chosen.edits)
    answers = measured_answers(encoder, chosen.functions)
    result = {
        "command": "python benchmarks/code_speed.py",
        "machine": {
            "processor": processor(),
            "cores": os.cpu_count(),
            "threads": torch.get_num_threads(),
            "load": os.getloadavg()[0],
            "torch": torch.__version__,
            "python": platform.python_version(),
        },
        "reindex": reindex,
        "answers": answers,
    }
    write_atomically(chosen.out, json_bytes(result))
    print(json_bytes(result).decode())


def measured_edits(root: Path, encoder: kgt.TextEncoder, edits: int) -> dict[str, Any]:
    """Seconds of the update after each of some edits of one function."""
    files = list(generate(root))
    graph = build_code_graph(read_modules([files[0]]))
    run = index_of(encoder, graph)
    run.lexical = LEXICAL
    live = LiveIndex(run, graph, KnowledgeGraph(()), encoder, TextVectors())
    sources = Sources([root])
    started = time.perf_counter()
    modules = sources.modules()
    parsed = time.perf_counter() - started
    with drawn(live, encoder):
        first = live.update(modules)
    live.index().search(QUESTIONS[0], 10)  # as a server does before it listens
    seconds, cpu, encoded = [], [], []
    for edit in range(edits):
        file = files[random.Random(edit).randrange(len(files))]
        text = file.read_text(encoding="utf-8")
        changed = text.replace("return [result", f"return [{edit}, result", 1)
        file.write_text(changed, encoding="utf-8")
        started, worked = time.perf_counter(), time.process_time()
        update = live.update(sources.modules())
        live.index().search(QUESTIONS[0], 10)
        seconds.append(time.perf_counter() - started)
        cpu.append(time.process_time() - worked)
        encoded.append(update.encoded)
    return {
        "functions": first.functions,
        "seconds_to_parse_all": parsed,
        "seconds_to_index_all_without_encoding": first.seconds,
        "edits": edits,
        "texts_encoded_an_edit": statistics.mean(encoded),
        "seconds_an_edit": {"median": statistics.median(seconds), "most": max(seconds)},
        "cpu_seconds_an_edit": {"median": statistics.median(cpu), "most": max(cpu)},
    }


def measured_answers(encoder: kgt.TextEncoder, functions: int) -> dict[str, Any]:
    """Milliseconds of an answer, exact and by the index, and the recall of the index."""
    graph = KnowledgeGraph(())
    index = index_of(encoder, graph, clustered(functions))
    found: dict[str, Any] = {"functions": functions}
    found["exact"] = milliseconds(lambda question: index.search(question, 10))
    index.lexical = LEXICAL
    found["exact_with_bm25"] = milliseconds(lambda question: index.search(question, 10))
    index.lexical = 0.0
    started = time.perf_counter()
    neighbours = Neighbours.of(index.vectors)
    assert neighbours is not None, "install usearch"
    found["seconds_to_build"] = time.perf_counter() - started
    found["megabytes"] = len(neighbours.to_bytes()) / 1e6
    index.neighbours = neighbours
    found["by_index"] = milliseconds(lambda question: index.search(question, 10))
    draw = torch.Generator().manual_seed(1)
    beside = index.vectors[torch.randint(functions, (500,), generator=draw)]
    questions = F.normalize(beside + 0.03 * torch.randn(500, WIDTH, generator=draw), dim=1)
    same = [
        len({*nearest(index.vectors, q, 10)[0]} & {*nearest(index.vectors, q, 10, neighbours)[0]})
        for q in questions
    ]
    found["recall_at_10"] = sum(same) / (10 * len(same))
    return found


def milliseconds(ask: Callable[[str], object]) -> dict[str, float]:
    """Median and most of thirty answers, after a first one; and the processor's time for them."""
    ask(QUESTIONS[0])
    taken, worked = [], time.process_time()
    for turn in range(30):
        question = f"{QUESTIONS[turn % len(QUESTIONS)]} {turn}"
        started = time.perf_counter()
        ask(question)
        taken.append(1000 * (time.perf_counter() - started))
    cpu = 1000 * (time.process_time() - worked) / len(taken)
    return {"median_ms": statistics.median(taken), "most_ms": max(taken), "mean_cpu_ms": cpu}


def index_of(
    encoder: kgt.TextEncoder, graph: KnowledgeGraph, vectors: torch.Tensor | None = None
) -> SearchIndex:
    """An index of some vectors, its gates at work; functions rest on all concepts of a graph."""
    texts = encoder.encode([graph.text(iri) for iri in graph.concepts]) if graph.concepts else None
    concepts = ConceptEmbeddings.from_parts(
        graph.concepts, {"text": torch.zeros(0, WIDTH) if texts is None else texts}, {}
    )
    count = 1 if vectors is None else len(vectors)
    documents = [
        Snippet(f"urn:f/{row}", f"f{row}", "m", f"def f{row}():\n    return {row % 50}")
        for row in range(count)
    ]
    grounding = Grounding.from_lists(concepts.iris, tuple(FUNCTIONS.paths), [{}] * count)
    model = condition(ContextGate(encoder), concepts, grounding, width=WIDTH)
    contexts = [f"module {row % 50}\n{document.code}" for row, document in enumerate(documents)]
    vectors = torch.zeros(count, WIDTH) if vectors is None else vectors
    index = SearchIndex(model.eval(), concepts, documents, grounding, contexts, vectors)
    if count > 1:  # a run folder keeps what its texts were encoded to
        texts_read = [*(d.code for d in documents), *contexts]
        index.read = TextVectors.of(dict(zip(texts_read, vectors.repeat(2, 1), strict=True)))
    return index


def clustered(count: int) -> torch.Tensor:
    """Unit vectors in clusters, of a variance that decays from direction to direction."""
    draw = torch.Generator().manual_seed(0)
    scale = torch.arange(1, WIDTH + 1) ** -0.5
    centres = torch.randn(2_000, WIDTH, generator=draw) * scale
    noise = 0.6 * torch.randn(count, WIDTH, generator=draw) * scale
    return F.normalize(centres[torch.randint(2_000, (count,), generator=draw)] + noise, dim=1)


class drawn:  # noqa: N801  # a context, read as a word
    """While it lasts, texts get vectors that are drawn by their content."""

    def __init__(self, live: LiveIndex, encoder: kgt.TextEncoder) -> None:
        self.live, self.encoder = live, encoder

    def __enter__(self) -> None:
        self.live._run.encode = self.encoder.encode = draw_vectors  # type: ignore[method-assign]

    def __exit__(self, *_: object) -> None:
        del self.live._run.encode, self.encoder.encode


def draw_vectors(texts: Sequence[str], **_: object) -> torch.Tensor:
    seeds = (int.from_bytes(hashlib.sha256(t.encode()).digest()[:6], "big") for t in texts)
    rows = [torch.randn(WIDTH, generator=torch.Generator().manual_seed(seed)) for seed in seeds]
    return F.normalize(torch.stack(rows), dim=1)


def generate(root: Path) -> Iterator[Path]:
    """Write a repository; its modules."""
    draw = random.Random(0)
    names = [f"pkg.sub{m % 25}.mod{m}" for m in range(MODULES)]
    functions = [
        [f"{draw.choice(VERBS)}_{draw.choice(NOUNS)}_{i}" for i in range(FUNCTIONS_A_MODULE)]
        for _ in names
    ]
    for m, name in enumerate(names):
        file = root / f"{name.replace('.', '/')}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        others = draw.sample([o for o in range(MODULES) if o != m], 3)
        lines = [f'"""Handles {draw.choice(NOUNS)}s of part {m}."""']
        lines += [f"from {names[o]} import {functions[o][0]}, Kind{o}" for o in others]
        for place, function in enumerate(functions[m]):
            if place == FUNCTIONS_A_MODULE // 2:
                lines += [
                    "",
                    f"class Kind{m}(Kind{others[0]}):",
                    f'    """A {draw.choice(NOUNS)}."""',
                ]
            indent = "    " if place >= FUNCTIONS_A_MODULE // 2 else ""
            first, second = draw.sample(NOUNS, 2)
            called = functions[draw.choice(others)][0]
            receiver = "self, " if indent else ""
            lines += [
                "",
                f"{indent}def {function}({receiver}{first}, {second}):",
                f"{indent}    if not {first}:",
                f"{indent}        raise ValueError({second})",
                f"{indent}    result = {called}({first}, {second})",
                f"{indent}    return [result, {second}]",
            ]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        yield file
    for package in (root / "pkg", *(root / "pkg").glob("sub*")):
        (package / "__init__.py").write_text('"""A package."""\n', encoding="utf-8")


def processor() -> str:
    info = Path("/proc/cpuinfo")
    names = [r for r in info.read_text().splitlines() if r.startswith("model name")]
    return names[0].partition(":")[2].strip() if names else platform.processor()


if __name__ == "__main__":
    main()
