"""The site: every page is in its menu, every public name in its reference, links lead somewhere."""

from __future__ import annotations

import ast
import pydoc
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

import kgtransfer as kgt

from .pages import blocks

LINK = re.compile(r"\]\(([^)#\s]+)")


@pytest.fixture
def menu(repository: Path) -> list[str]:
    settings = yaml.safe_load((repository / "mkdocs.yml").read_text(encoding="utf-8"))
    return list(_pages(settings["nav"]))


def _pages(entry: Any) -> Iterator[str]:
    if isinstance(entry, str):
        yield entry
    elif isinstance(entry, dict):
        for value in entry.values():
            yield from _pages(value)
    else:
        for value in entry:
            yield from _pages(value)


def test_its_menu_has_every_page_once(repository: Path, menu: list[str]) -> None:
    docs = repository / "docs"
    assert sorted(menu) == sorted(str(p.relative_to(docs)) for p in docs.rglob("*.md"))


def test_links_of_every_page_lead_somewhere(repository: Path) -> None:
    dead = {
        (page.name, link)
        for page in (repository / "docs").rglob("*.md")
        for link in LINK.findall(re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL))
        if "://" not in link and not (page.parent / link).exists()
    }
    assert dead == set()


def test_its_reference_has_every_public_name_once(repository: Path) -> None:
    reference = repository / "docs" / "reference"
    text = "\n".join(page.read_text("utf-8") for page in reference.glob("*.md"))
    documented = re.findall(r"^::: kgtransfer\.(\S+)$", text, re.MULTILINE)
    assert len(documented) == len(set(documented))
    public = {name for name in kgt.__all__ if name != "__version__"}
    for room in kgt._ROOMS:
        names = getattr(import_module(f"kgtransfer.{room}"), "__all__", ())
        public |= {f"{room}.{name}" for name in names if name not in public}
    missing = public - set(documented)
    assert missing == set(), "write ::: kgtransfer.NAME on a page of docs/reference"


def test_the_house_is_as_it_is_drawn(repository: Path) -> None:
    text = (repository / "docs" / "architecture.md").read_text(encoding="utf-8")
    drawn = text.partition("src/kgtransfer/\n")[2].partition("```")[0]
    package = repository / "src" / "kgtransfer"
    rooms = {path.name for path in package.iterdir() if (path / "__init__.py").is_file()}
    assert rooms - set(re.findall(r"(\w+)/", drawn)) == set()


def test_names_that_examples_use_exist(repository: Path) -> None:
    pages = [repository / "README.md", *(repository / "docs").rglob("*.md")]
    examples = [
        block.text for page in pages for block in blocks(page) if block.language == "python"
    ]
    names = {name for text in examples for name in _names(ast.parse(text))}
    assert len(names) > 40
    for name in sorted(names):
        module, _, attribute = name.rpartition(".")
        owner = pydoc.locate(module)
        assert hasattr(owner, attribute) or pydoc.locate(name), name


def _names(tree: ast.Module) -> Iterator[str]:
    """Dotted names of kgtransfer's that code imports, or takes from `kgt`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("kgtransfer."):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Attribute):
            dotted = ast.unparse(node)
            if re.fullmatch(r"kgt(\.\w+)+", dotted):
                yield f"kgtransfer.{dotted.removeprefix('kgt.')}"
