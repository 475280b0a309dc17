"""First sentences of documentation."""

from __future__ import annotations

import pytest

from kgtransfer.code.sentences import first_sentence, flat


@pytest.mark.parametrize(
    ("docstring", "sentence"),
    [
        ("Read it. Then stop.", "Read it."),
        ("Use e.g. this\n    one here.\n\nMore.", "Use e.g. this one here."),
        ("", ""),
    ],
)
def test_first_sentence(docstring: str, sentence: str) -> None:
    assert first_sentence(docstring) == sentence


def test_flat_texts_differ_in_words_alone() -> None:
    assert flat("  Read a *file*,\n row-by-row. ") == "read a file row by row"
