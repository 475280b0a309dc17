"""Names of modules by where files stand, and what import paths mean there."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.code.languages.places import Place
from kgtransfer.code.languages.tables import LANGUAGES


@pytest.mark.parametrize(
    ("file", "language", "module"),
    [
        ("src/money/mod.rs", "rust", "shop.money"),
        ("src/lib.rs", "rust", "shop"),
        ("lib/index.js", "javascript", "shop.lib"),
        ("lib/old.money.js", "javascript", "shop.lib.old_money"),
        ("money/euro.go", "go", "shop.money"),
        ("money/euro.c", "c", "shop.money.euro"),
    ],
)
def test_a_module_is_named_from_the_root_on(
    file: str, language: str, module: str, tmp_path: Path
) -> None:
    root = tmp_path / "shop"
    root.mkdir()
    assert Place.of(root / file, root, LANGUAGES[language]).module == module


@pytest.mark.parametrize(
    ("file", "language", "target", "meaning"),
    [
        ("lib/a.js", "javascript", '"../money.js".sum', "shop.money.sum"),
        ("lib/a.ts", "typescript", '"./b.js"', "shop.lib.b"),
        ("lib/a.js", "javascript", '"lodash"', "lodash"),
        ("src/a/b.rs", "rust", "crate.money.sum", "shop.money.sum"),
        ("src/a/b.rs", "rust", "super.c", "shop.a.c"),
        ("src/a/b.rs", "rust", "super.super.c", "shop.c"),
        ("src/a/b.rs", "rust", "std.fmt", "std.fmt"),
    ],
)
def test_what_an_import_means(
    file: str, language: str, target: str, meaning: str, tmp_path: Path
) -> None:
    root = tmp_path / "shop"
    root.mkdir()
    place = Place.of(root / file, root, LANGUAGES[language])
    assert place.absolute(target, place.module) == meaning
