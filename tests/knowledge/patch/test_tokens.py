from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgtransfer.knowledge.patch.tokens import tokens

FILES = sorted((Path(__file__).parents[3] / "ontology").rglob("*.ttl"))
PIECES = ("@prefix", ":a", "ex:b.c", "<http://e/#x>", '"t # ."', "'''a\n'b'''", '""', "# c\n", "[",
          "]", "(", ")", ";", ",", ".", "^^", "@en-GB", "1.5e3", "-7", "_:b1", "true", "\ufeff",
          "\r\n", "\\", '"', "'", "<", "\u00e9", "\U0001f600")  # fmt: skip


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)))
def test_nothing_is_left_out(text: str) -> None:
    pieces = list(tokens(text))
    assert "".join(token.text for token in pieces) == text
    assert all(text[token.start : token.end] == token.text for token in pieces)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_letter_of_our_ontologies_is_in_a_token_that_turtle_has(path: Path) -> None:
    pieces = list(tokens(path.read_text("utf-8")))
    assert "".join(token.text for token in pieces) == path.read_text("utf-8")
    assert not [token for token in pieces if token.kind == "other"]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("a:b.", ["name", "mark"]),
        ("a:b.c", ["name"]),
        (r"e:a\,b%20c:d,", ["name", "mark"]),
        (":a:b#c", ["name", "comment"]),
        ("_:b.1.", ["blank", "mark"]),
        ("1.", ["integer", "mark"]),
        ("1.5.", ["decimal", "mark"]),
        (".5e-3 ;", ["double", "space", "mark"]),
        ('"a\\"b"@en-GB', ["string", "at"]),
        ('"""a"b""c\n"""^^:t', ["string", "mark", "name"]),
        ("'''it''s'''", ["string"]),
        ('"" ""', ["string", "space", "string"]),
        ("<a#b>#c", ["iri", "comment"]),
        ("<a b>", ["other", "word", "space", "word", "other"]),
        ("PREFIX : <>", ["word", "space", "name", "space", "iri"]),
        ("caf\u00e9:\u00e9", ["name"]),
    ],
)
def test_kinds(text: str, kinds: list[str]) -> None:
    assert [token.kind for token in tokens(text)] == kinds
