"""Source code in many languages, read by the tables of their syntax."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from kgtransfer.code.languages.reading import read_modules
from kgtransfer.code.languages.source import Definition, SourceModule
from kgtransfer.code.languages.tables import Language


def _read(folder: Path, name: str, source: str, *languages: Language | str) -> SourceModule:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(dedent(source), encoding="utf-8")
    (module,) = (m for m in read_modules([folder], languages) if m.path == file)
    return module


def _named(module: SourceModule, name: str) -> Definition:
    (found,) = (d for d in module.definitions if d.name == name)
    return found


#: Language, file, source; then what is expected of the function `total`.
EXAMPLES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "java": (
        "Basket.java",
        """
        package shop.basket;

        import shop.money.Price;

        /** Holds articles. */
        public class Basket extends Container<Article> implements Payable {
            /**
             * Sums up {@code prices}, less a {@link Price#off discount}. Never negative.
             *
             * @param prices in cents
             */
            @Override
            private long total(final Price[] prices, int discount) throws ShopError {
                // keep it
                if (discount < 0) throw new IllegalArgumentException("no");
                return this.sum(prices).minus(discount);
            }
        }
        """,
        {
            "qualified": "shop.basket.Basket.total",
            "docstring": "Sums up prices, less a discount. Never negative.",
            "parameters": ("prices", "discount"),
            "calls": ("IllegalArgumentException", ".minus", "self.sum"),
            "raises": ("ShopError", "IllegalArgumentException"),
            "types": ("Price", "int"),
            "returns": ("long",),
            "decorators": ("Override",),
            "is_hidden": True,
        },
    ),
    "rust": (
        "src/basket.rs",
        """
        use crate::money::{self, Price as Cents};

        /// Holds articles.
        pub struct Basket { articles: Vec<Article> }

        impl Payable for Basket {
            /// Sums up `prices`, less a [`discount`](Price::off).
            ///
            /// # Panics
            /// Never.
            #[inline]
            pub fn total(&self, prices: &[Cents], discount: u64) -> Result<u64, ShopError> {
                // keep it
                return Ok(money::sum(prices) - self.off(discount));
            }
        }
        """,
        {
            "qualified": "REPO.basket.Basket.total",
            "docstring": "Sums up `prices`, less a discount.",
            "parameters": ("prices", "discount"),
            "calls": ("Ok", "money.sum", "self.off"),
            "types": ("Cents", "u64"),
            "returns": ("Result",),
            "returned": "Ok",
            "decorators": ("inline",),
        },
    ),
    "javascript": (
        "basket.js",
        """
        const { sum, off: less } = require("./money");

        /**
         * Sums up prices, less a discount.
         *
         * @param {number[]} prices
         */
        exports.total = function (prices, discount = 0) {
          // keep it
          if (discount < 0) throw new RangeError("no");
          return less(sum(prices), discount);
        };
        """,
        {
            "qualified": "REPO.basket.total",
            "docstring": "Sums up prices, less a discount.",
            "parameters": ("prices", "discount"),
            "calls": ("RangeError", "less", "sum"),
            "raises": ("RangeError",),
            "returned": "less",
        },
    ),
    "typescript": (
        "basket.ts",
        """
        import { Price } from "./money.js";

        /** Holds articles. */
        export class Basket<T> extends Container<T> implements Payable {
          /** Sums up prices, less a discount. */
          @cached()
          private total(prices: Price[], discount?: number): Promise<Price> {
            // keep it
            return this.sum(prices, discount);
          }
        }
        """,
        {
            "qualified": "REPO.basket.Basket.total",
            "docstring": "Sums up prices, less a discount.",
            "parameters": ("prices", "discount"),
            "calls": ("self.sum",),
            "types": ("Price", "number"),
            "returns": ("Promise",),
            "decorators": ("cached",),
            "is_hidden": True,
        },
    ),
    "go": (
        "basket/basket.go",
        """
        // Package basket holds what a customer wants to buy.
        package basket

        import "example.org/shop/money"

        type Basket struct {
            Container
            articles []int
        }

        // total sums up prices, less a discount.
        func (b *Basket) total(prices, more []money.Price, discount int) (int, error) {
            // keep it
            return b.sum(money.All(prices)), nil
        }
        """,
        {
            "qualified": "REPO.basket.Basket.total",
            "docstring": "total sums up prices, less a discount.",
            "parameters": ("prices", "more", "discount"),
            "calls": ("self.sum", "money.All"),
            "types": ("money.Price", "int"),
            "returns": ("int", "error"),
        },
    ),
    "c": (
        "basket.c",
        """
        #include "money.h"

        struct basket { int count; };

        /* Sums up prices, less a discount. */
        static long total(const struct price *prices, int discount[])
        {
            // keep it
            return sum(prices);
        }
        """,
        {
            "qualified": "REPO.basket.total",
            "docstring": "Sums up prices, less a discount.",
            "parameters": ("prices", "discount"),
            "calls": ("sum",),
            "returned": "sum",
        },
    ),
    "cpp": (
        "basket.cpp",
        """
        namespace shop {
        /// Holds articles.
        class Basket : public Container<int> {
         public:
          /// Sums up prices, less a discount.
          long total(const Price& prices, int discount) {
            // keep it
            return this->sum(prices);
          }
        };
        }
        """,
        {
            "qualified": "REPO.basket.Basket.total",
            "docstring": "Sums up prices, less a discount.",
            "parameters": ("prices", "discount"),
            "calls": ("self.sum",),
            "types": ("Price", "int"),
        },
    ),
    "csharp": (
        "Basket.cs",
        """
        using Shop.Money;
        namespace Shop.Baskets {
          class Basket : Container, IPayable {
            /// <summary>Sums up prices, less a discount.</summary>
            /// <param name="prices">in cents</param>
            private long total(Price prices, int discount) {
              // keep it
              return this.Sum(prices);
            }
          }
        }
        """,
        {
            "qualified": "Shop.Baskets.Basket.total",
            "docstring": "Sums up prices, less a discount.",
            "parameters": ("prices", "discount"),
            "calls": ("self.Sum",),
            "is_hidden": True,
        },
    ),
    "ruby": (
        "basket.rb",
        """
        class Basket < Container
          # Sums up prices, less a discount.
          def total(prices, discount = 0)
            # keep it
            self.sum(prices)
          end
        end
        """,
        {
            "qualified": "REPO.basket.Basket.total",
            "docstring": "Sums up prices, less a discount.",
            "parameters": ("prices", "discount"),
            "calls": ("self.sum",),
        },
    ),
    "php": (
        "Basket.php",
        """<?php
        namespace Shop\\Baskets;
        use Shop\\Money\\Price;
        class Basket extends Container implements Payable {
            /** Sums up prices, less a discount. */
            private function total(Price $prices, int $discount): int {
                // keep it
                return $this->sum($prices);
            }
        }
        """,
        {
            "qualified": "Shop.Baskets.Basket.total",
            "docstring": "Sums up prices, less a discount.",
            "parameters": ("prices", "discount"),
            "calls": ("self.sum",),
            "types": ("Price", "int"),
            "is_hidden": True,
        },
    ),
    "kotlin": (
        "Basket.kt",
        """
        package shop.baskets

        import shop.money.Price

        class Basket(val name: String) : Container(), Payable {
            /** Sums up prices, less a discount. */
            private fun total(prices: List<Price>, discount: Int): Int {
                // keep it
                return this.sum(prices)
            }
        }
        """,
        {
            "qualified": "shop.baskets.Basket.total",
            "docstring": "Sums up prices, less a discount.",
            "parameters": ("prices", "discount"),
            "calls": ("self.sum",),
            "is_hidden": True,
        },
    ),
    "scala": (
        "Basket.scala",
        """
        package shop.baskets
        import shop.money.{Price, Sum => Total}
        class Basket(name: String) extends Container with Payable {
          /** Sums up prices, less a discount. */
          def total(prices: Price, discount: Int): Int = {
            // keep it
            this.sum(prices)
          }
        }
        """,
        {
            "qualified": "shop.baskets.Basket.total",
            "docstring": "Sums up prices, less a discount.",
            "parameters": ("prices", "discount"),
            "calls": ("self.sum",),
            "types": ("Price", "Int"),
        },
    ),
    "lua": (
        "basket.lua",
        """
        local money = require("shop.money")
        local Basket = {}
        --- Sums up prices, less a discount.
        function Basket.total(prices, discount)
          -- keep it
          return money.sum(prices)
        end
        """,
        {
            "qualified": "REPO.basket.total",
            "docstring": "Sums up prices, less a discount.",
            "parameters": ("prices", "discount"),
            "calls": ("money.sum",),
        },
    ),
}


@pytest.mark.parametrize("language", EXAMPLES)
def test_a_function_is_read_alike_in_every_language(language: str, tmp_path: Path) -> None:
    name, source, expected = EXAMPLES[language]
    module = _read(tmp_path / "REPO", name, source)
    total = _named(module, "total")
    assert {field: getattr(total, field) for field in expected} == expected
    assert (module.language, total.language) == (language, language)
    assert "keep it" in total.code
    assert "less a" not in total.code


@pytest.mark.parametrize(
    ("language", "bases"),
    [
        ("java", ("Container", "Payable")),
        ("rust", ("Payable",)),
        ("typescript", ("Container", "Payable")),
        ("go", ("Container",)),
        ("cpp", ("Container",)),
        ("csharp", ("Container", "IPayable")),
        ("ruby", ("Container",)),
        ("php", ("Container", "Payable")),
        ("kotlin", ("Container", "Payable")),
        ("scala", ("Container", "Payable")),
    ],
)
def test_what_a_class_extends(language: str, bases: tuple[str, ...], tmp_path: Path) -> None:
    name, source, _ = EXAMPLES[language]
    assert _named(_read(tmp_path, name, source), "Basket").bases == bases


@pytest.mark.parametrize(
    ("language", "imports"),
    [
        ("java", {"Price": "shop.money.Price"}),
        ("rust", {"money": "REPO.money", "Cents": "REPO.money.Price"}),
        ("javascript", {"sum": "REPO.money.sum", "less": "REPO.money.off"}),
        ("typescript", {"Price": "REPO.money.Price"}),
        ("go", {"money": "example_org.shop.money"}),
        ("c", {"money": "REPO.money"}),
        ("php", {"Price": "Shop.Money.Price"}),
        ("scala", {"Price": "shop.money.Price", "Total": "shop.money.Sum"}),
        ("kotlin", {"Price": "shop.money.Price"}),
        ("lua", {"money": "shop_money"}),
    ],
)
def test_imports_say_what_a_name_stands_for(
    language: str, imports: dict[str, str], tmp_path: Path
) -> None:
    name, source, _ = EXAMPLES[language]
    assert _read(tmp_path / "REPO", name, source).imports == imports


def test_the_files_of_a_go_module_are_named_as_others_import_them(tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text("module example.org/shop\n\ngo 1.22\n")
    module = _read(tmp_path, *EXAMPLES["go"][:2])
    assert module.name == "shop.basket"
    assert module.imports == {"money": "shop.money"}
    assert module.docstring == "Package basket holds what a customer wants to buy."


def test_a_language_of_ones_own_is_a_table(tmp_path: Path) -> None:
    swift = Language(
        name="swift",
        grammars={".swift": "swift"},
        classes=frozenset({"class_declaration"}),
        functions=frozenset({"function_declaration"}),
        calls=frozenset({"call_expression"}),
        documentation=("///",),
    )
    source = """
    class Basket {
        /// Sums up prices.
        func total(prices: Int) -> Int { return sum(prices) }
    }
    """
    module = _read(tmp_path / "REPO", "basket.swift", source, swift)
    total = _named(module, "total")
    assert (total.qualified, total.kind) == ("REPO.basket.Basket.total", "method")
    assert (total.docstring, total.calls) == ("Sums up prices.", ("sum",))
    assert total.language == "swift"


def test_definitions_around_an_error_are_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = (
        "class A {\n  int f() { return 1; }\n  int g() { return @@; }\n  int h() { return 2; }\n}\n"
    )
    module = _read(tmp_path, "A.java", source)
    assert {"f", "h"} <= {d.name for d in module.definitions}
    assert "A.java:3: java syntax error" in capsys.readouterr().err


def test_inline_tests_of_rust_are_passed_over(tmp_path: Path) -> None:
    module = _read(tmp_path, "a.rs", "fn f() {}\n#[cfg(test)]\nmod tests { fn g() {} }\n")
    assert [d.name for d in module.definitions] == ["f"]


def test_a_licence_documents_nothing(tmp_path: Path) -> None:
    source = "/* Copyright 2024. All rights reserved. */\nint f(int x) { return x; }\n"
    module = _read(tmp_path, "a.c", source)
    assert (module.docstring, module.definitions[0].docstring) == ("", "")


def test_a_type_that_is_only_mentioned_is_not_defined(tmp_path: Path) -> None:
    module = _read(tmp_path, "a.c", "struct point *f(struct point *p) { return p; }\n")
    assert [d.name for d in module.definitions] == ["f"]
