from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.io.nesting import (
    refuse_deep_json,
    refuse_deep_triples,
    refuse_deep_turtle,
)

FILE = Path("a")


@pytest.mark.parametrize("brackets", ["[]", "{}"])
def test_deep_json_is_refused_at_the_bracket_too_many(brackets: str) -> None:
    start, end = brackets
    refuse_deep_json(start * 200 + end * 200, FILE)
    with pytest.raises(OntologyError, match="a:2:201: nested deeper than 200"):
        refuse_deep_json("\n" + start * 201, FILE)


def test_brackets_in_strings_and_beside_each_other_are_not_deep() -> None:
    refuse_deep_json('["' + r"[\"" * 300 + '"]', FILE)
    refuse_deep_json("[" + "{}," * 300 + "{}]", FILE)
    refuse_deep_triples('<a> "' + "<<" * 300 + '" . # ' + "<<" * 300 + "\n", FILE)
    refuse_deep_triples("<<( <a> <b> <c> )>> " * 300, FILE)


def test_deep_triples_are_refused() -> None:
    with pytest.raises(OntologyError, match="a:1:401: nested deeper"):
        refuse_deep_triples("<<" * 300, FILE)


@pytest.mark.parametrize("brackets", ["()", "[]"])
def test_deep_turtle_is_refused_at_the_bracket_too_many(brackets: str) -> None:
    start, end = brackets
    refuse_deep_turtle(f":a :b {start * 200}{end * 200} .", FILE)
    with pytest.raises(OntologyError, match="a:2:207: nested deeper than 200"):
        refuse_deep_turtle(f"\n:a :b {start * 300}{end * 300} .", FILE)


@pytest.mark.parametrize(
    "hidden",
    ['")"', "')'", '"""a\n)"b""c"""', "''')\n'd'''", "<http://e/a)>", "# )\n", r":a\)b", r'"\")"'],
)
def test_what_stands_in_texts_and_names_closes_nothing(hidden: str) -> None:
    with pytest.raises(OntologyError, match="nested deeper than 200"):
        refuse_deep_turtle(f":a :b {f'( {hidden} ' * 201}", FILE)


@pytest.mark.parametrize(
    "hidden", ['"("', "'['", '"""(\n["""', "<http://e/((>", "# ((((\n", r":a\(b", r'"\"("', '"(']
)
def test_what_stands_in_texts_and_names_opens_nothing(hidden: str) -> None:
    refuse_deep_turtle(f":a :b {f'{hidden} ( ) ' * 300} .", FILE)
