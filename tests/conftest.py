"""Shared fixtures: a small package, a generated family, and the real pre-trained encoder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import hypothesis
import pyoxigraph as ox
import pytest

from kgtransfer.backbones.text import TextEncoder
from kgtransfer.data.pairs import SearchCorpus, python_corpus
from kgtransfer.embedding import ConceptEmbeddings, embed
from kgtransfer.knowledge.build.code import build_code_graph
from kgtransfer.knowledge.build.python_source import SourceModule, find_source, read_modules
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
    return python_corpus(library)


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


@pytest.fixture
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
