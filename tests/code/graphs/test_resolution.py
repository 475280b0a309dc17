"""What names mean in code of any language: calls, types and what extends what."""

from __future__ import annotations

from pathlib import Path

from kgtransfer.code.graphs.api import API, build_code_graph, iri_of
from kgtransfer.code.languages.reading import read_modules
from kgtransfer.knowledge.check.validate import check_graph
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.utils.resources import resource

JAVA = {
    "Basket.java": """
package shop;
import shop.money.Price;
import javax.cache.Cached;
class Basket extends Container {
  @Cached long total(Price price) throws ShopError {
    store(price);
    helper.round(price);
    throw new IllegalStateException();
  }
}
""",
    "Container.java": "package shop;\nclass Container { void store(Object o) { } }\n",
    "money/Price.java": "package shop.money;\nclass Price { Price round() { return this; } }\n",
    "ShopError.java": "package shop;\nclass ShopError extends Exception { }\n",
}
RUST = {
    "Cargo.toml": "",
    "src/lib.rs": "pub mod basket;\npub mod money;\n",
    "src/money.rs": "pub struct Price;\nimpl Price { pub fn off(&self) {} }\npub fn sum() {}\n",
    "src/basket.rs": """
use crate::money::{self, Price};
pub struct Basket;
impl Basket {
    pub fn total(&self, price: Price) -> Price { money::sum(); price.off(); Self::empty() }
    fn empty() {}
}
""",
    "src/more.rs": "use crate::basket::Basket;\nimpl Basket { pub fn more(&self) {} }\n",
}
PYTHON = {
    "shop.py": """
import functools

class Price: ...
class ShopError(Exception): ...

@functools.cache
def total(prices: list[Price], limit: "Price | None" = None) -> Price:
    raise ShopError
""",
}


def _graph(folder: Path, files: dict[str, str]) -> KnowledgeGraph:
    for name, source in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(source)
    return build_code_graph(read_modules([folder]))


def _links(graph: KnowledgeGraph, name: str, language: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for predicate, terms in graph.description(iri_of(name, language)).items():
        if predicate.startswith(API):
            ends = {term.value.rpartition("/")[2] for term in terms}
            found[predicate.removeprefix(API)] = ends
    return found


def _require_valid(graph: KnowledgeGraph) -> None:
    vocabulary = read_ontology(resource("ontology/api.ttl"))
    assert check_graph(graph | vocabulary, [resource("ontology/shapes")]) == []


def test_java_packages_inheritance_and_imports(tmp_path: Path) -> None:
    graph = _graph(tmp_path, JAVA)
    assert _links(graph, "shop.Basket.total", "java") == {
        "partOf": {"shop.Basket"},
        "hasParameter": {"price"},
        "calls": {"shop.Container.store", "shop.money.Price.round"},
        "raises": {"shop.ShopError", "IllegalStateException"},
        "hasType": {"shop.money.Price"},
        "decoratedBy": {"javax.cache.Cached"},
    }
    assert _links(graph, "shop.Basket", "java")["extends"] == {"shop.Container"}
    assert _links(graph, "shop", "java") == {"imports": {"shop.money"}}
    assert _links(graph, "shop.money", "java") == {"partOf": {"shop"}}
    _require_valid(graph)


def test_rust_paths_and_impls_in_other_files(tmp_path: Path) -> None:
    graph = _graph(tmp_path / "shop", RUST)
    assert _links(graph, "shop.basket.Basket.total", "rust") == {
        "partOf": {"shop.basket.Basket"},
        "hasParameter": {"price"},
        "calls": {"shop.money.sum", "shop.money.Price.off", "shop.basket.Basket.empty"},
        "hasType": {"shop.money.Price"},
        "returns": {"shop.money.Price"},
    }
    assert _links(graph, "shop.more.Basket.more", "rust")["partOf"] == {"shop.basket.Basket"}
    _require_valid(graph)


def test_python_annotations_and_decorators(tmp_path: Path) -> None:
    graph = _graph(tmp_path, PYTHON)
    assert _links(graph, "shop.total", "python") == {
        "partOf": {"shop"},
        "hasParameter": {"prices", "limit"},
        "raises": {"shop.ShopError"},
        "hasType": {"shop.Price", "builtins.list"},
        "returns": {"shop.Price"},
        "decoratedBy": {"functools.cache"},
    }
    _require_valid(graph)


def test_one_name_in_two_languages_is_two_entities(tmp_path: Path) -> None:
    graph = _graph(tmp_path / "m", {"a.py": "def f(): g()", "a.lua": "function f() h() end"})
    assert graph.label(iri_of("a.f")) == graph.label(iri_of("m.a.f", "lua")) == "f"
    assert graph.compact(iri_of("m.a.f", "lua")) == "lua:m.a.f"


def test_a_repository_of_one_function_has_a_graph(tmp_path: Path) -> None:
    graph = _graph(tmp_path, {"a.go": "package a\nfunc F() {}\n"})
    name = f"{tmp_path.name}.F"
    assert _links(graph, name, "go") == {"partOf": {tmp_path.name}}
    _require_valid(graph)
