"""Names in pieces of syntax."""

from __future__ import annotations

import pytest

from kgtransfer.code.languages.names import called_name, dotted_names, imported_names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Map<String, List<Price>>", ("Map",)),
        (": public shop::Basket, private Base<T>", ("shop.Basket", "Base")),
        ("&'a mut [money::Price]", ("a", "money.Price")),
        ("package shop\\Baskets;", ("shop.Baskets",)),
        ("", ()),
    ],
)
def test_dotted_names(text: str, names: tuple[str, ...]) -> None:
    assert dotted_names(text) == names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("this.store", "self.store"),
        ("a::b::<T>", "a.b"),
        ("p->next", "p.next"),
        ("f(x)\n    .store", ".store"),
        ("new Basket<Tea>", "Basket"),
        ("this", ""),
        ("(x)", ""),
        ("f(x)." * 100 + "store", ".store"),
    ],
)
def test_called_names(text: str, name: str) -> None:
    assert called_name(text, {"this"}) == name


@pytest.mark.parametrize(
    ("text", "imports"),
    [
        ("import a.b.C;", {"C": "a.b.C"}),
        ("import static a.B.c;", {"c": "a.B.c"}),
        ("import a.*;", {}),
        ("pub use a::{b, c::{self, D as E}};", {"b": "a.b", "c": "a.c", "E": "a.c.D"}),
        ("import X, { y as z } from './m';", {"X": '"./m"', "z": '"./m".y'}),
        ("import * as m from 'm'", {"m": '"m"'}),
        ("const { y: z } = require('./m')", {"z": '"./m".y'}),
        ("#include <sys/types.h>", {"types": '"sys/types.h"'}),
        ('x "a/b"', {"x": '"a/b"'}),
        ("using M = A.B;", {"M": "A.B"}),
    ],
)
def test_imported_names(text: str, imports: dict[str, str]) -> None:
    assert imported_names(text) == imports
