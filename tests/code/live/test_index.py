"""After any edits the index is that of a rebuild from nothing."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from kgtransfer.backbones.text import TextEncoder
from kgtransfer.code.index import SearchIndex
from kgtransfer.code.live.index import LiveIndex
from kgtransfer.code.live.sources import Sources
from kgtransfer.errors import RunError
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.retrieval.vectors import TextVectors

Make = Callable[..., LiveIndex]

FILES = {
    "shop/__init__.py": '"""A shop."""\nfrom shop.money import total\n',
    "shop/money.py": (
        '"""Prices in cents."""\n\n\ndef total(prices):\n    return sum(prices)\n\n\n'
        "def discount(prices, share):\n    return total(prices) * share\n"
    ),
    "shop/basket.py": (
        '"""Baskets."""\nfrom shop import total\n\n\nclass Holder:\n    """Holds articles."""\n\n'
        "    def count(self, articles):\n        return len(articles)\n\n\n"
        "class Basket(Holder):\n    def price(self, articles):\n"
        "        self.count(articles)\n        return total(articles)\n"
    ),
    "tool.py": "import shop.money\n\n\ndef run(prices):\n    return shop.money.total(prices)\n",
}
# Changes of meaning that reach beyond their file: names, bases, comments, re-exports, duplicates.
VARIANTS = (
    *FILES.values(),
    "",
    "def total(prices, start):\n    return start\n",
    '"""Money, otherwise."""\n\n\ndef sum_up(prices):\n    raise ValueError(prices)\n',
    "from shop.money import sum_up as total\n",
    "class Holder:\n    def price(self, articles):\n        return self.count(articles)\n",
    "class Basket:\n    def count(self):\n        return run(self)\n",
    "def broken(:\n",
    FILES["shop/money.py"].replace("Prices in cents", "What articles cost"),
    FILES["shop/basket.py"].replace("Holds articles", "Counts").replace("(Holder)", ""),
)
NAMES = st.sampled_from([*FILES])
EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), NAMES | st.just("more.py"), st.sampled_from(VARIANTS)),
        st.tuples(st.just("remove"), NAMES, st.just("")),
        st.tuples(st.just("rename"), NAMES, st.sampled_from(["a.py", "shop/b.py"])),
    ),
    min_size=1,
    max_size=5,
)


@pytest.fixture(scope="session")
def make(search: tuple[SearchIndex, Path], graph: KnowledgeGraph, encoder: TextEncoder) -> Make:
    nothing = KnowledgeGraph(())

    def make(like: LiveIndex | None = None) -> LiveIndex:
        known = (like.texts, like.concept_texts) if like else (TextVectors(),)
        return LiveIndex(search[0], graph, nothing, encoder, *known)

    return make


def _write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def _edit(root: Path, edit: tuple[str, str, str]) -> None:
    what, name, argument = edit
    file = root / name
    if what == "write":
        _write(root, {name: argument})
    elif what == "remove":
        file.unlink(missing_ok=True)
    elif file.exists():
        file.replace(root / argument)


def _same(live: SearchIndex, rebuilt: SearchIndex) -> None:
    assert live.documents == rebuilt.documents
    assert live.grounding.concepts == rebuilt.grounding.concepts
    for row in range(len(live.documents)):
        assert live.grounding.concepts_of(row) == rebuilt.grounding.concepts_of(row)
    assert live.contexts == rebuilt.contexts
    assert live.concepts.iris == rebuilt.concepts.iris
    torch.testing.assert_close(live.concepts.vectors, rebuilt.concepts.vectors, atol=2e-3, rtol=0)
    torch.testing.assert_close(live.vectors, rebuilt.vectors, atol=1e-6, rtol=0)
    found = [hit.iri for hit in live.search("total of prices", 20)]
    assert found == [hit.iri for hit in rebuilt.search("total of prices", 20)]


@pytest.mark.slow
@given(edits=EDITS)
@settings(max_examples=25)
def test_any_edits_lead_where_a_rebuild_from_nothing_leads(
    make: Make, edits: list[tuple[str, str, str]]
) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        _write(root, {**FILES, "kept.py": "def kept(article):\n    return article\n"})
        live, sources = make(), Sources([root])
        live.few = 0  # looks at the neighbourhood of what changed, however much that is
        live.update(sources.modules())
        for edit in edits:
            _edit(root, edit)
            live.update(sources.modules())
            rebuilt = make(live)  # texts that are known have the same vectors to the bit
            rebuilt.few = 10**9  # looks at the whole graph
            rebuilt.update(Sources([root]).modules())
            _same(live.index(), rebuilt.index())


def test_vectors_are_those_of_an_index_that_knew_nothing(make: Make, tmp_path: Path) -> None:
    _write(tmp_path, FILES)
    live, sources = make(), Sources([tmp_path])
    live.update(sources.modules())
    _edit(tmp_path, ("write", "shop/money.py", VARIANTS[6]))
    live.update(sources.modules())
    rebuilt = make()
    rebuilt.update(Sources([tmp_path]).modules())
    torch.testing.assert_close(live.index().vectors, rebuilt.index().vectors, atol=5e-3, rtol=0)


def test_one_function_edited_is_one_function_encoded(make: Make, tmp_path: Path) -> None:
    _write(tmp_path, FILES)
    live, sources = make(), Sources([tmp_path])
    first = live.update(sources.modules())
    assert (first.functions, first.changed, first.encoded) == (5, 5, 10)
    text = FILES["shop/money.py"].replace("* share", "- share")
    _edit(tmp_path, ("write", "shop/money.py", text))
    edited = live.update(sources.modules())
    assert (edited.functions, edited.changed, edited.encoded) == (5, 1, 2)
    _edit(tmp_path, ("write", "shop/money.py", FILES["shop/money.py"]))
    assert live.update(sources.modules()).encoded == 0  # as it was: its vectors are known


def test_a_comment_of_a_class_moves_the_functions_in_it(make: Make, tmp_path: Path) -> None:
    _write(tmp_path, FILES)
    live, sources = make(), Sources([tmp_path])
    live.update(sources.modules())
    text = FILES["shop/basket.py"].replace("Holds articles.", "Holds what is bought.")
    _edit(tmp_path, ("write", "shop/basket.py", text))
    assert live.update(sources.modules()).encoded == 1  # the context of Holder.count
    contexts = live.index().contexts
    assert [c for c in contexts if "Holds what is bought" in c and "def count" in c]


def test_files_that_stay_are_the_same_modules(tmp_path: Path) -> None:
    _write(tmp_path, FILES)
    sources = Sources([tmp_path])
    before = {module.path: module for module in sources.modules()}
    os.utime(tmp_path / "tool.py", (1, 1))  # touched, not changed
    _edit(tmp_path, ("write", "shop/money.py", "def f():\n    pass\n"))
    after = {module.path: module for module in sources.modules()}
    changed = {path.name for path in before if after[path] is not before[path]}
    assert changed == {"money.py"}


def test_concepts_that_were_chosen_otherwise_than_by_class_are_refused(
    search: tuple[SearchIndex, Path], graph: KnowledgeGraph, encoder: TextEncoder
) -> None:
    index = search[0]
    lacking = KnowledgeGraph(
        t for t in graph.triples if t.subject.value != index.concepts.iris[0]
    ) | KnowledgeGraph(())
    with pytest.raises(RunError, match="not all those of some classes"):
        LiveIndex(index, lacking, KnowledgeGraph(()), encoder, TextVectors())
