"""Shared fixtures: a small package, a generated family, and the real pre-trained encoder."""

from __future__ import annotations

import csv
import runpy
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import hypothesis
import numpy as np
import pyoxigraph as ox
import pytest
from PIL import Image

from kgtransfer import cli
from kgtransfer.backbones.text import TextEncoder
from kgtransfer.code.corpus import SearchCorpus, source_corpus
from kgtransfer.code.graphs.api import build_code_graph
from kgtransfer.code.languages.python import find_source
from kgtransfer.code.languages.reading import read_modules
from kgtransfer.code.languages.source import SourceModule
from kgtransfer.config import read_config
from kgtransfer.embedding import ConceptEmbeddings, embed
from kgtransfer.experiments.results import RunResult
from kgtransfer.images.config import VisionConfig
from kgtransfer.knowledge.graph import KnowledgeGraph

# Examples are timed by nobody: a busy machine must not fail a property that holds.
hypothesis.settings.register_profile("kgtransfer", deadline=None)
hypothesis.settings.load_profile("kgtransfer")

SHOP = {
    "__init__.py": '"""A shop that sells tea."""\nfrom shop.basket import Basket\n',
    "basket.py": '''
        """Baskets hold what a customer wants to buy."""
        from shop import money

        class Container:
            """Anything that holds articles."""

            def _count(self, articles):
                return len(articles)

        class Basket(Container):
            """Collects articles until they are paid for. Add an article to the basket."""

            def add(self, article, amount=1):
                """Add an article to the basket."""
                # keep it
                if amount < 1:
                    raise ValueError(amount)
                self._count([article])
                return money.total([article])

            def empty(self):
                return self.add(None)
        ''',
    "money.py": '''
        """Prices in cents."""

        def total(prices, *, discount=0):
            """Sum up prices, less a discount."""
            return sum(prices) - discount

        def _round(cents):
            value = total([cents])
            return value // 5 * 5
        ''',
}


@pytest.fixture
def here(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str, str]]:
    """Runs the command line in this process: status, output, errors."""

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["kgtransfer", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> list[SourceModule]:
    """The modules of a package of three files."""
    folder = tmp_path_factory.mktemp("source") / "shop"
    folder.mkdir()
    for name, source in SHOP.items():
        (folder / name).write_text(dedent(source), encoding="utf-8")
    return read_modules([folder])


@pytest.fixture(scope="session")
def shop_graph(shop: list[SourceModule]) -> KnowledgeGraph:
    """The API graph of the package, with the queries withheld."""
    queries = ["Add an article to the basket.", "Sum up prices, less a discount."]
    return build_code_graph(shop, withheld=queries)


@pytest.fixture(scope="session")
def library() -> list[SourceModule]:
    """Real code: four packages of the standard library."""
    return read_modules(find_source("stdlib", ["json", "configparser", "mailbox", "calendar"]))


@pytest.fixture(scope="session")
def corpus(library: list[SourceModule]) -> SearchCorpus:
    """The search task of that code."""
    return source_corpus(library)


@pytest.fixture(scope="session")
def graph(library: list[SourceModule], corpus: SearchCorpus) -> KnowledgeGraph:
    """The API graph of that code."""
    return build_code_graph(library, withheld=corpus.held_out)


@pytest.fixture(scope="session")
def encoder() -> TextEncoder:
    """The real pre-trained encoder."""
    return TextEncoder.from_pretrained("minilm", trained_layers=1, max_tokens=64)


@pytest.fixture(scope="session")
def concepts(graph: KnowledgeGraph, encoder: TextEncoder) -> ConceptEmbeddings:
    """Text and structure of the graph's concepts."""
    return embed(graph, text=encoder, dim=16, epochs=1)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return Path(__file__).parents[1]


FAMILY = "https://example.org/family/"
RDFS_LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")


def _links(couples: int, children: int) -> Iterator[tuple[str, str, str]]:
    for c in range(couples):
        parents = [f"mother{c}", f"father{c}"]
        kids = [f"child{c}-{k}" for k in range(children)]
        yield parents[0], "marriedTo", parents[1]
        yield parents[1], "marriedTo", parents[0]
        for kid in kids:
            for parent in parents:
                yield parent, "parentOf", kid
                yield kid, "childOf", parent
            yield from ((kid, "siblingOf", other) for other in kids if other != kid)


@pytest.fixture(scope="session")
def family() -> KnowledgeGraph:
    """Eight couples with four children each, and a hermit without any link."""
    triples = [ox.Triple(*(ox.NamedNode(FAMILY + name) for name in link)) for link in _links(8, 4)]
    people = {t.subject for t in triples} | {ox.NamedNode(FAMILY + "hermit")}
    labels = [ox.Triple(p, RDFS_LABEL, ox.Literal(p.value[len(FAMILY) :])) for p in people]
    return KnowledgeGraph(triples + labels, {"f": FAMILY})


ROOT = Path(__file__).parents[1]
SMALL = (  # settings of a run in a minute
    "seeds=2",
    'candidates=["measures_fine_tuned"]',
    "labels_per_class=[3]",
    'arms=["none", "baseline", "shuffled", "axioms", "measures"]',
    "embedding.dim=8",
    "backbone.weights=random",
    "backbone.size=32",
    "training.steps=0.5",
)
LAMPS = {"source": (1.0, 1.0, 1.0), "away": (0.9, 1.0, 0.8)}


def _cell(label: str, random: np.random.Generator, lamp: tuple[float, ...]) -> np.ndarray:
    """A lymphocyte is small with a large round nucleus; the others are large and lobed.

    A neutrophil has three lobes in a pale cytoplasm, an eosinophil two in an orange one.
    """
    rows, columns = np.ogrid[:96, :96]

    def disk(row: float, column: float, radius: float) -> np.ndarray:
        return np.asarray((rows - row) ** 2 + (columns - column) ** 2 <= radius**2)

    image = np.full((96, 96, 3), (240, 228, 210), dtype=np.float64)
    size = random.uniform(0.92, 1.08)
    if label == "lymphocyte":
        cell, nucleus = disk(48, 48, 17 * size), disk(48, 47, 14.5 * size)
    elif label == "neutrophil":
        lobes = (disk(40, 40, 9 * size), disk(40, 56, 8 * size), disk(57, 49, 9 * size))
        cell, nucleus = disk(48, 48, 27 * size), np.logical_or.reduce(lobes)
    else:
        lobes = (disk(48, 38, 10 * size), disk(48, 58, 10 * size))
        cell, nucleus = disk(48, 48, 27 * size), np.logical_or.reduce(lobes)
    image[cell] = (235, 150, 130) if label == "eosinophil" else (215, 190, 215)
    image[nucleus & cell] = (90, 50, 130)
    image += random.normal(0, 2, image.shape)
    return np.clip(image * lamp, 0, 255).astype(np.uint8)


def _drawn(folder: Path, domain: str, per_class: int) -> Path:
    folder.mkdir()
    random = np.random.default_rng(0 if domain == "source" else 1)
    rows = [("image", "label")]
    for number in range(per_class):
        for label in ("eosinophil", "lymphocyte", "neutrophil"):
            name = f"{label}{number}.png"
            Image.fromarray(_cell(label, random, LAMPS[domain])).save(folder / name)
            rows.append((name, label))
    with (folder / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return folder


@pytest.fixture(scope="session")
def run_cells() -> Callable[..., RunResult]:
    """`pipelines/images.py --preset wbc`, small: folder, data set, further settings -> result."""
    toml = ROOT / "pipelines" / "wbc.toml"
    script = runpy.run_path(str(toml.with_name("images.py")), run_name="pipeline")

    def run(out: Path, data: Path, *more: str) -> RunResult:
        overrides = [*SMALL, f"data.path={data}", "data.test=[]", *more]
        result: RunResult = script["run"](read_config(toml, VisionConfig, overrides), out)
        return result

    return run


@pytest.fixture(scope="session")
def cell_labs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Drawn blood cells of two domains, which differ in their lamps."""
    root = tmp_path_factory.mktemp("cells")
    return _drawn(root / "source", "source", 36), _drawn(root / "away", "away", 14)


@pytest.fixture(scope="session")
def cell_run(
    cell_labs: tuple[Path, Path],
    run_cells: Callable[..., RunResult],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Folder of a finished run over drawn cells of both domains; nobody changes it."""
    source, away = cell_labs
    out = tmp_path_factory.mktemp("runs") / "wbc"
    run_cells(out, source, f"data.test={away}")
    return out
